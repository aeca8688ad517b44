"""Briefings: what is searched for, who stands for one, and what is published stays."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import product

import pikepdf
import pytest
from django.db import DatabaseError, connections, transaction

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import edit, why_not
from cdop.learning import briefing_search, briefings, theme_reviews
from cdop.learning.briefing_models import Briefing, BriefingPlace, PublishedBriefing
from cdop.learning.briefing_pdf import briefing_pdf, lines_too_many
from cdop.learning.briefing_search import NamesSomebody
from cdop.learning.briefing_text import Block, blocks, of
from cdop.learning.theme_states import BRIEFING_STEPS, BriefingState
from tests.cast import TESTS, person
from tests.cdop.learning.theme_makers import (
    SAID,
    a_case_of,
    a_theme,
    checked,
    published,
    reviewed,
    said,
    written,
)
from tests.cdop.panel.makers import ready_case
from tests.databases import committed_database
from tests.guard import nothing_forbidden

__all__ = ["committed_database"]

B = BriefingState
PEOPLE = ["coordinator", "deputy", "chair", "member", "doctor", "reader", "stranger"]


@pytest.fixture
def deputy(db):
    return person("deputy_coordinator")


@pytest.fixture
def theme(db):
    return a_theme()


def places(briefing) -> list[tuple[str, str]]:
    return [(place.words, place.kind) for place in briefing.places]


def pages_of(content: bytes) -> int:
    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


def keep_all(briefing, by) -> Briefing:
    for place in briefings.undecided(briefing):
        briefings.keep_place(
            briefing, place.mark, "A usual phrase.", version=briefing.version, by=by
        )
    return briefing


def test_a_briefing_is_written_by_one_checked_by_another_and_published_by_who_did_not_check_it(
    theme, coordinator, deputy
):
    with nothing_forbidden():
        row = written(theme, coordinator)
        row = checked(row, deputy)
        version = briefings.publish(row, version=row.version, by=coordinator)

    assert (version.number, version.checked_by, version.published_by) == (1, deputy, coordinator)
    assert version.said == SAID.texts
    assert version.digest == theme_reviews.digest(SAID.texts)
    row.refresh_from_db()
    assert (row.state, row.published_number, row.address) == (
        B.PUBLISHED,
        1,
        "safer-sleep-for-every-baby",
    )


def test_nobody_checks_what_they_wrote_nor_publishes_what_they_checked(theme, coordinator, deputy):
    row = written(theme, coordinator)
    with pytest.raises(Refused, match="You wrote some of this version") as refused:
        checked(row, coordinator)
    assert refused.value.status == 403

    row = checked(row, deputy)
    with pytest.raises(Refused, match="You checked it") as refused:
        briefings.publish(row, version=row.version, by=deputy)

    assert (refused.value.status, PublishedBriefing.objects.count()) == (403, 0)


def test_whoever_wrote_any_of_a_version_does_not_check_it_however_little_it_was(
    theme, coordinator, deputy
):
    row = written(theme, coordinator)
    row = briefings.write(row, said(more="More."), version=row.version, by=deputy)

    for by in (coordinator, deputy):
        with pytest.raises(Refused, match="You wrote some of this version"):
            checked(row, by)
    assert checked(row, person("cdop_nurse")).state == B.CHECKED


def test_a_checked_briefing_that_is_changed_is_checked_again(theme, coordinator, deputy):
    row = checked(written(theme, coordinator), deputy)

    row = briefings.write(row, said(more="Other words."), version=row.version, by=coordinator)

    assert (row.state, row.checked_by) == (B.DRAFT, None)
    with pytest.raises(Refused, match="so it cannot become published"):
        briefings.publish(row, version=row.version, by=coordinator)


@pytest.mark.parametrize(("here", "there"), list(product(B, B)))
def test_a_briefing_takes_only_the_listed_steps_and_only_by_the_team(here, there, request):
    row = Briefing(state=here)
    allowed = [who for who in PEOPLE if not why_not(row, there, by=request.getfixturevalue(who))]

    assert allowed == (["coordinator", "deputy"] if (here, there) in BRIEFING_STEPS else [])


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_nobody_else_writes_keeps_checks_publishes_or_withdraws(who, request, theme, coordinator):
    row, by = written(theme, coordinator, learned="Two babies died."), request.getfixturevalue(who)

    for forbidden in (
        lambda: written(theme, by),
        lambda: briefings.write(row, SAID, version=row.version, by=by),
        lambda: briefings.keep_place(row, row.places[0].mark, "x", version=row.version, by=by),
        lambda: checked(row, by),
        lambda: briefings.publish(row, version=row.version, by=by),
        lambda: briefings.withdraw(row, why="x", version=row.version, by=by),
    ):
        with pytest.raises(Refused) as refused:
            forbidden()
        assert refused.value.status == 403
    assert AuditEntry.objects.filter(action="identity.read", actor=by).count() == 0


# What is searched for


def test_what_names_somebody_is_not_saved_and_the_search_for_it_is_recorded(theme, coordinator):
    case = a_case_of(theme, coordinator)

    with pytest.raises(NamesSomebody, match="What the reviews showed: Line 1 has “Aaaa”"):
        written(theme, coordinator, learned="Aaaa slept on a sofa.")

    assert Briefing.objects.count() == 0
    [read] = AuditEntry.objects.filter(action="identity.read", actor=coordinator)
    assert (read.case_number, read.purpose) == (case.pk, briefing_search.redaction.LEARNED)
    [searched] = AuditEntry.objects.filter(action="theme.searched")
    assert searched.detail == '{"after": {"cases": 1, "named": 1, "places": 0}}'


def test_a_name_behind_a_title_is_a_name_and_no_pattern_that_can_be_kept(theme, coordinator):
    a_case_of(theme, coordinator)

    with pytest.raises(NamesSomebody):
        written(theme, coordinator, learned="Their carer, Mrs Bbbb Invented-Child, was told.")


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Two babies died on sofas.", "Two babies", "a count below 5"),
        ("This was so for 3 of 12 deaths.", "3 of 12 deaths", "a count below 5"),
        ("Of these, four had died before.", "four had died", "a count below 5"),
        ("A baby aged 12 days is small.", "aged 12 days", "an age to the day or the week"),
        ("At 3-weeks-old this matters.", "3-weeks-old", "an age to the day or the week"),
        ("A child in Halton slept so.", "A child in Halton", "words about one child or one death"),
        ("One boy was found late.", "One boy was", "words about one child or one death"),
        ("In one case nobody asked.", "In one case", "words about one child or one death"),
        ("Services in Runcorn help.", "Runcorn", "the name of a place"),
        ("It began on 3 May 2014 here.", "3 May 2014", "a date"),
        ("Ask at Marzipan Hill Surgery.", "Marzipan Hill Surgery", None),
    ],
)
def test_what_may_let_somebody_recognise_a_child_is_marked(theme, coordinator, text, words, kind):
    row = written(theme, coordinator, learned=text)

    [found] = [place for place in places(row) if place[0] == words]
    assert kind in (None, found[1])


@pytest.mark.parametrize(
    "text",
    [
        "Babies sleep safest on their backs.",
        "More than 40 babies die in this way each year.",
        "Ask every mother about smoking.",
        "The four areas work together.",
        "Halton and Warrington have a guideline.",
        "Under 6 months babies share a room with their parents.",
    ],
)
def test_what_tells_of_nobody_is_not_marked(theme, coordinator, text):
    assert places(written(theme, coordinator, learned=text)) == []


def test_a_passage_of_a_finding_or_paper_is_marked_as_a_quotation(
    theme, coordinator, chair, member
):
    passage = "The cot had been put away so that visitors could stay for the night"
    reviewed(ready_case(), chair=chair, member=member, learning=f"Noted. {passage}.")

    row = written(theme, coordinator, learned=f"Often {passage.lower()}, as it was.")
    other = written(theme, coordinator, learned="The cot had been put away, so nobody slept there.")

    quoted = "words as they stand in the papers or the finding of a case"
    assert places(row) == [(passage.lower(), quoted)]
    assert places(other) == []


def test_a_place_is_kept_with_a_reason_by_somebody_who_did_not_write(theme, coordinator, deputy):
    row = written(theme, coordinator, learned="Services in Runcorn help.")
    [place] = row.places
    with pytest.raises(Refused, match="1.place may let somebody recognise a child: “Runcorn”"):
        checked(row, deputy)
    for by, why, sentence in (
        (coordinator, "It is public.", "You wrote some of this version"),
        (deputy, " ", "Say why these words can stay"),
    ):
        with pytest.raises(Refused, match=sentence):
            briefings.keep_place(row, place.mark, why, version=row.version, by=by)

    kept = briefings.keep_place(row, place.mark, "Its clinic.", version=row.version, by=deputy)

    assert (kept.words, kept.why, kept.kept_by) == ("Runcorn", "Its clinic.", deputy)
    assert checked(row, deputy).state == B.CHECKED


def test_what_somebody_kept_counts_no_more_once_they_write_in_it(theme, coordinator, deputy):
    row = written(theme, coordinator, learned="Services in Runcorn help.")
    keep_all(row, deputy)

    row = briefings.write(
        row, said(learned="Services in Runcorn help.", more=""), version=row.version, by=deputy
    )

    assert [place.words for place in briefings.undecided(row)] == ["Runcorn"]
    with pytest.raises(Refused, match="may let somebody recognise"):
        checked(row, person("cdop_nurse"))


def test_a_case_that_joins_after_the_check_is_searched_for_before_it_is_published(
    theme, coordinator, deputy
):
    row = written(theme, coordinator, more="Ask for the guideline of Aaaa.")
    row = checked(keep_all(row, deputy), deputy)
    a_case_of(theme, coordinator)

    with pytest.raises(NamesSomebody, match="Where to find more: Line 1 has “Aaaa”"):
        briefings.publish(row, version=row.version, by=coordinator)

    assert (PublishedBriefing.objects.count(), Briefing.objects.get().state) == (0, B.CHECKED)
    assert AuditEntry.objects.filter(action="identity.read", actor=coordinator).exists()


# One page


def test_the_pdf_has_one_page_wherever_the_text_is_said_to_fit_and_two_wherever_not():
    for lines in range(20, 44):
        long = said(to_do="\n".join(f"- Point {number}." for number in range(lines)))
        fits = lines_too_many(long) == 0
        assert (pages_of(briefing_pdf(long, None)) == 1) == fits, lines


def test_a_briefing_that_is_too_long_says_by_how_much_and_is_not_checked(
    theme, coordinator, deputy
):
    long = "\n".join(f"- Ask again about where it sleeps, point {number}." for number in range(50))
    row = written(theme, coordinator, to_do=long)

    lines = lines_too_many(of(row))

    assert 10 < lines < 30
    with pytest.raises(Refused, match=f"too long for one page by about {lines}.lines"):
        checked(row, deputy)


def test_page_and_file_read_the_same_blocks():
    assert blocks("One.\nStill one.\n\n- A\n- B\n  goes on\n\nEnd.") == [
        Block(text="One. Still one."),
        Block(points=("A", "B goes on")),
        Block(text="End."),
    ]


# What is published


def test_what_is_published_is_never_changed_and_a_change_is_a_new_version(
    theme, coordinator, deputy
):
    first = published(theme, coordinator, deputy)
    row = first.briefing
    row.refresh_from_db()
    with pytest.raises(Refused, match="published, so it stays as it is"):
        briefings.write(row, said(more="x"), version=row.version, by=coordinator)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        edit(first, by=TESTS, digest="0" * 64)

    row = briefings.begin_change(row, version=row.version, by=deputy)
    row = briefings.write(row, said(more="More."), version=row.version, by=deputy)
    row = checked(row, coordinator)
    second = briefings.publish(row, version=row.version, by=deputy)

    assert (first.number, second.number, second.said["more"]) == (1, 2, "More.")
    assert PublishedBriefing.objects.get(pk=first.pk).said == SAID.texts


def test_a_withdrawn_briefing_is_not_public_until_a_version_is_published_again(
    theme, coordinator, deputy
):
    row = published(theme, coordinator, deputy).briefing
    row.refresh_from_db()

    gone = briefings.withdraw(row, why="It is out of date.", version=row.version, by=deputy)

    assert (gone.is_public, list(Briefing.objects.public())) == (False, [])
    with pytest.raises(Refused, match="not public"):
        briefings.withdraw(gone, why="Again.", version=gone.version, by=deputy)
    row = briefings.begin_change(gone, version=gone.version, by=coordinator)
    row = checked(row, deputy)
    briefings.publish(row, version=row.version, by=coordinator)
    assert [each.is_public for each in Briefing.objects.public()] == [True]


def test_two_briefings_of_one_title_have_two_addresses(theme, coordinator):
    rows = [written(theme, coordinator), written(a_theme("Another"), coordinator)]

    assert [row.address for row in rows] == [
        "safer-sleep-for-every-baby",
        "safer-sleep-for-every-baby-2",
    ]


def test_of_two_who_publish_in_the_same_moment_one_is_told(committed_database):
    writer, second, third = (person("coordinator") for _ in range(3))
    row = checked(written(a_theme(), writer), second)

    def press(by):
        try:
            return briefings.publish(row, version=row.version, by=by).number
        except Stale:
            return "stale"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as both:
        said_of_it = list(both.map(press, [writer, third]))

    assert sorted(map(str, said_of_it)) == ["1", "stale"]
    assert (PublishedBriefing.objects.count(), BriefingPlace.objects.count()) == (1, 0)
