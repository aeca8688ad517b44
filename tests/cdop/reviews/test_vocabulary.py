"""The list of factors: what is offered, counted as the same, undone; and counts that add up."""

from functools import partial

import pytest
from django.utils.timezone import localdate

from cdop import editions
from cdop.core.periods import Period
from cdop.core.refusals import Refused, Stale
from cdop.reviews import actions, counting, queries, vocabulary, vocabulary_actions
from cdop.reviews.analysis_models import Factor
from cdop.reviews.content import FactorLine
from cdop.reviews.counting import Found
from cdop.reviews.forms import AnalysisForm
from cdop.reviews.vocabulary_models import FactorTerm, FoldedWords
from tests.at_once import at_once, names
from tests.cast import person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, ready_case
from tests.cdop.reviews.makers import recorded

LSCB = editions.get("lscb-2015")
ASLEEP, SUPERVISION = ("parenting", "unsafe_sleep"), ("parenting", "supervision")
WORDS = FactorLine(1, "parenting", "", "Slept on a  SOFA", "2", True)
SAME_WORDS = FactorLine(2, "parenting", "", "slept on a sofa", "2", False)
LISTED = FactorLine(0, "parenting", "unsafe_sleep", "", "2", True)
NOW = Period.of(localdate())


@pytest.fixture
def signed(db, chair):
    """Two cases with a signed finding: three lines on the one, one on the other."""
    meeting = planned_meeting(chair=chair)
    first, second = on_agenda(meeting), on_agenda(meeting, ready_case({"nhs_number": "9990000131"}))
    opened(meeting, chair=chair)
    for item, lines in ((first, (LISTED, WORDS, SAME_WORDS)), (second, (LISTED,))):
        finding = recorded(item, chair, factors=lines)
        actions.sign_off(finding, version=1, by=chair)
    return first, second


def counted():
    return {(row.label, row.words): row.found for row in counting.counted(NOW)}


def test_free_words_are_counted_by_themselves_until_they_are_folded_and_again_after(
    signed, coordinator
):
    before = counted()
    assert before == {
        ("Unsafe sleeping arrangements", False): Found(2, 2, 2),
        ("slept on a sofa", True): Found(2, 1, 1),
    }
    [used] = counting.free_words()
    assert (used.words, used.times, used.folded) == ("Slept on a  SOFA", 2, None)

    folded = vocabulary_actions.fold(
        LSCB, "parenting", used.words, ASLEEP, version=0, by=coordinator
    )

    assert counted() == {("Unsafe sleeping arrangements", False): Found(4, 2, 3)}
    words = [row.words for row in Factor.objects.exclude(words="")]
    assert words == ["Slept on a  SOFA", "slept on a sofa"], "no line is rewritten"
    vocabulary_actions.unfold(folded, version=1, by=coordinator)
    assert counted() == before
    again = FoldedWords.objects.get()
    assert (again.term, again.history.count()) == (None, 2)


def test_merges_are_followed_to_their_end_and_can_be_undone(signed, coordinator):
    own = vocabulary_actions.add(LSCB, domain="parenting", label="Sofa", by=coordinator)
    key = ("parenting", own.code)
    vocabulary_actions.fold(LSCB, "parenting", WORDS.words, key, version=0, by=coordinator)
    assert counted()[("Sofa", False)] == Found(2, 1, 1)

    merged = vocabulary_actions.merge(LSCB, key, ASLEEP, version=1, by=coordinator)
    vocabulary_actions.merge(LSCB, ASLEEP, SUPERVISION, version=0, by=coordinator)

    assert counted() == {("Supervision and safety", False): Found(4, 2, 3)}
    vocabulary_actions.undo_merge(merged, version=2, by=coordinator)
    assert counted() == {
        ("Supervision and safety", False): Found(2, 2, 2),
        ("Sofa", False): Found(2, 1, 1),
    }


def test_no_ring_of_merges_can_be_made(coordinator):
    vocabulary_actions.merge(LSCB, ASLEEP, SUPERVISION, version=0, by=coordinator)

    for source, into, why in (
        (SUPERVISION, ASLEEP, "is counted under another term. Choose that one"),
        (ASLEEP, SUPERVISION, "already. Undo that first"),
        (SUPERVISION, SUPERVISION, "not counted under itself"),
        (("service", "access"), SUPERVISION, "the same part of the child's life"),
    ):
        with pytest.raises(Refused, match=why):
            vocabulary_actions.merge(LSCB, source, into, version=0, by=coordinator)
    assert FactorTerm.objects.exclude(merged_into=None).count() == 1


def test_a_later_version_that_is_not_signed_changes_no_count(signed, chair):
    before = counted()

    finding = recorded(signed[0], chair, version=2, why="A line too many", factors=(LISTED,))
    assert counted() == before
    actions.sign_off(finding, version=1, by=chair)

    assert counted() == {("Unsafe sleeping arrangements", False): Found(2, 2, 2)}


def test_a_term_of_the_panel_keeps_in_a_finding_what_it_was_called_then(chair, coordinator):
    term = vocabulary_actions.add(LSCB, domain="parenting", label="Sofa", by=coordinator)
    meeting = planned_meeting(chair=chair)
    item = on_agenda(meeting)
    opened(meeting, chair=chair)
    line = FactorLine(0, "parenting", term.code, "", "2", True)
    finding = recorded(item, chair, factors=(line,))

    vocabulary_actions.rename(term, label="Sleeping on a sofa", version=1, by=coordinator)

    assert queries.content_of(finding.analysis_id).factors[0].label == "Sofa"
    assert [row.label for row in vocabulary.offered(LSCB) if row.code == term.code] == [
        "Sleeping on a sofa"
    ]


def test_what_is_ended_or_merged_is_no_longer_offered_unless_it_is_on_the_page(coordinator):
    term = vocabulary_actions.add(LSCB, domain="parenting", label="Sofa", by=coordinator)
    term = vocabulary_actions.end(term, version=1, by=coordinator)
    vocabulary_actions.merge(LSCB, ASLEEP, SUPERVISION, version=0, by=coordinator)
    said = {"edition": LSCB, "must_be_whole": False}

    def on_offer(form):
        choices = form.fields["factor-0-what"].choices
        return [value for _, group in choices if isinstance(group, list) for value, _ in group]

    plain = on_offer(AnalysisForm(**said))
    kept = on_offer(AnalysisForm(typed={"factor-0-what": [f"parenting/{term.code}"]}, **said))

    gone = {"parenting/unsafe_sleep", f"parenting/{term.code}"}
    assert gone & set(plain) == set()
    assert set(kept) - set(plain) == {f"parenting/{term.code}"}


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_only_the_team_keeps_the_list(request, db, who):
    with pytest.raises(Refused) as refused:
        vocabulary_actions.add(
            LSCB, domain="parenting", label="Sofa", by=request.getfixturevalue(who)
        )

    assert refused.value.status == 403


def test_the_list_has_each_name_once_and_a_stale_page_changes_nothing(coordinator):
    term = vocabulary_actions.add(LSCB, domain="parenting", label="Sofa", by=coordinator)

    for label in ("sofa", "  SOFA ", "unsafe  sleeping arrangements"):
        with pytest.raises(Refused, match="The list has"):
            vocabulary_actions.add(LSCB, domain="parenting", label=label, by=coordinator)
    elsewhere = vocabulary_actions.add(LSCB, domain="service", label="Sofa", by=coordinator)
    vocabulary_actions.rename(term, label="Couch", version=1, by=coordinator)
    with pytest.raises(Stale):
        vocabulary_actions.rename(term, label="Settee", version=1, by=coordinator)

    assert (elsewhere.code, FactorTerm.objects.get(pk=term.pk).label) == (term.code, "Couch")


@pytest.mark.database
def test_of_two_who_add_one_factor_at_once_one_is_told_and_one_row_is_left(committed_database):
    people = person("coordinator"), person("deputy_coordinator")

    came = at_once(
        *[
            partial(vocabulary_actions.add, LSCB, domain="parenting", label="Home alone", by=who)
            for who in people
        ]
    )

    assert names(came) == ["FactorTerm", "Refused"]
    assert FactorTerm.objects.get().label == "Home alone"


@pytest.mark.database
def test_of_two_who_merge_for_the_first_time_at_once_nobody_meets_a_fault(committed_database):
    people = person("coordinator"), person("deputy_coordinator")

    came = at_once(
        *[
            partial(vocabulary_actions.merge, LSCB, ASLEEP, SUPERVISION, version=0, by=who)
            for who in people
        ]
    )

    assert names(came) == ["FactorTerm", "Refused"]
    merged = FactorTerm.objects.exclude(merged_into=None)
    assert [(row.code, row.merged_into.code) for row in merged] == [(ASLEEP[1], SUPERVISION[1])]
