"""Pages of themes, reviews, briefings, training and exchange: with those who may and may not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.learning import briefings, theme_reviews, theme_work
from cdop.learning.briefing_models import Briefing
from cdop.learning.exchange import Exchange
from cdop.learning.theme_models import ThematicReview, Theme
from cdop.learning.training import Training
from tests.cast import person
from tests.cdop.learning.theme_makers import (
    REVIEW,
    SAID,
    a_case_of,
    a_review,
    a_theme,
    checked,
    held,
    published,
    reviewed,
    said,
    shared,
    with_chair,
    written,
)
from tests.cdop.panel.makers import ready_case
from tests.guard import nothing_forbidden
from tests.pages import date_parts, sign_in, text_of

pytestmark = pytest.mark.pages


@pytest.fixture
def theme(db):
    return a_theme()


@pytest.fixture
def deputy(db):
    return person("deputy_coordinator")


def at(name: str, *keys) -> str:
    return reverse(f"themes:{name}", args=keys)


def test_a_theme_is_begun_with_words_and_codes_of_both_editions(client, coordinator):
    sign_in(client, coordinator)
    empty = client.post(at("new"), {"version": 0})
    assert "Enter what the theme is called" in text_of(empty)

    client.post(
        at("new"),
        {
            "version": 0,
            "title": "Smoking in pregnancy",
            "belongs": "Where the mother smoked.",
            "lscb-2015-factors": ["family_environment.smoking_pregnancy"],
            "cdr-2018-factors": ["social.smoking_pregnancy"],
        },
    )

    assert Theme.objects.get().rule == {
        "cdr-2018": {"factors": ["social.smoking_pregnancy"]},
        "lscb-2015": {"factors": ["family_environment.smoking_pregnancy"]},
    }
    page = text_of(client.get(at("theme", Theme.objects.get().pk)))
    assert page.count("Smoking in pregnancy (") == 2


def test_the_words_of_a_theme_name_nobody_either(client, theme, coordinator):
    a_case_of(theme, coordinator)
    sign_in(client, coordinator)
    typed = {"version": theme.version, "title": "Safe sleeping", "belongs": "Such as Aaaa."}

    page = client.post(at("edit", theme.pk), typed)

    assert (page.status_code, b"Such as Aaaa." in page.content) == (409, True)
    assert "part of the child's name" in text_of(page)
    assert Theme.objects.get().belongs == theme.belongs


def test_a_new_theme_names_nobody_of_the_cases_that_its_rule_proposes(
    client, coordinator, chair, member
):
    reviewed(ready_case(), chair=chair, member=member, categories=("perinatal",))
    sign_in(client, coordinator)
    typed = {"version": 0, "title": "Early births", "belongs": "Such as Aaaa."}
    codes = {"lscb-2015-categories": ["perinatal"]}

    page = client.post(at("new"), typed | codes)

    assert (page.status_code, b"Such as Aaaa." in page.content) == (409, True)
    assert "part of the child's name" in text_of(page)
    assert Theme.objects.count() == 0
    assert AuditEntry.objects.filter(action="theme.searched").count() == 1

    client.post(at("new"), typed)  # by no code: a word like any other
    assert Theme.objects.get().belongs == "Such as Aaaa."


def test_a_case_whose_child_the_theme_names_is_not_added_to_it(client, coordinator):
    theme, case = a_theme(title="The Aaaa case"), ready_case()
    sign_in(client, coordinator)
    typed = {"version": 0, "reference": case.reference, "reason": "It belongs to it."}

    page = client.post(at("add_case", theme.pk), typed)

    assert page.status_code == 409
    assert "Title: Line 1 has “Aaaa”, which is part of the child's name." in text_of(page)
    assert theme.by_hand.count() == 0


def test_the_panel_reads_counts_and_never_a_reference(client, theme, chair, member):
    [case] = reviewed(ready_case(), chair=chair, member=member)

    for user in (chair, member):
        sign_in(client, user)
        with nothing_forbidden():
            page = text_of(client.get(at("theme", theme.pk)))
        assert "OFFICIAL-SENSITIVE" in page and "by chance alone" in page
        assert case.reference not in page
        assert client.get(at("cases", theme.pk)).status_code == 404


def test_the_team_sees_which_cases_belong_and_why_and_leaves_one_out(
    client, theme, coordinator, chair, member
):
    [case] = reviewed(ready_case(), chair=chair, member=member)
    sign_in(client, coordinator)
    assert case.reference in text_of(client.get(at("cases", theme.pk)))
    address = at("settle_case", theme.pk, case.reference)
    assert "Say why" in text_of(client.post(address, {"version": 0, "reason": ""}))

    done = client.post(address, {"version": 0, "reason": "Something else."}, follow=True)

    assert "Left out by hand: Something else." in text_of(done)
    again = client.post(address, {"version": 7, "reason": "It was."})
    assert (again.status_code, "It was." in text_of(again)) == (409, True)
    assert theme.by_hand.get().standing == "left_out"


def test_a_case_is_added_by_its_reference_and_an_unknown_one_keeps_what_was_typed(
    client, theme, coordinator
):
    case = ready_case()
    sign_in(client, coordinator)
    typed = {"version": 0, "reference": "C-0000-0000", "reason": "It fits."}
    wrong = client.post(at("add_case", theme.pk), typed)
    assert wrong.status_code == 409
    assert "There is no case C-0000-0000" in text_of(wrong)
    assert b"It fits." in wrong.content

    client.post(at("add_case", theme.pk), typed | {"reference": case.reference.lower()})

    assert theme.by_hand.get().case == case


def test_who_reads_which_version_of_a_thematic_review(client, theme, coordinator, chair, member):
    row = a_review(theme, coordinator)
    address = at("review", theme.pk, row.number)

    def statuses() -> list[int]:
        return [
            sign_in(client, user).get(address).status_code for user in (coordinator, chair, member)
        ]

    assert statuses() == [200, 404, 404]
    row = theme_reviews.put_to_chair(row, version=row.version, by=coordinator)
    assert statuses() == [200, 200, 404]
    sign_in(client, chair).post(
        at("approve_review", theme.pk, row.number), {"version": row.version}
    )
    assert statuses() == [200, 200, 200]
    assert ThematicReview.objects.get().approved_by == chair


def test_a_name_in_a_review_stands_beside_its_section_and_nothing_typed_is_lost(
    client, theme, coordinator
):
    a_case_of(theme, coordinator)
    row = a_review(theme, coordinator)
    sign_in(client, coordinator)
    typed = REVIEW | {"found": "Aaaa slept on a sofa.", "version": row.version}

    page = client.post(at("edit_review", theme.pk, row.number), typed)

    said_there = text_of(page)
    assert page.status_code == 409
    assert "Line 1 has “Aaaa”, which is part of the child's name. Write “the child”." in said_there
    assert b"Aaaa slept on a sofa." in page.content
    assert ThematicReview.objects.get().found == REVIEW["found"]
    assert AuditEntry.objects.filter(action="identity.read", actor=coordinator).exists()


def test_a_review_that_is_given_back_is_a_task_of_the_team(client, theme, coordinator, chair):
    row = with_chair(theme, coordinator)
    assert [task.text for task in theme_work.tasks_for(chair)] == [
        "Read and approve the thematic review on Safe sleeping"
    ]
    sign_in(client, chair)

    client.post(
        at("give_back_review", theme.pk, row.number), {"version": row.version, "remark": "Shorter."}
    )

    assert theme_work.tasks_for(chair) == []
    assert [task.text for task in theme_work.tasks_for(coordinator)] == [
        "Mend, as the chair asks, the thematic review on Safe sleeping"
    ]
    page = text_of(sign_in(client, coordinator).get(at("review", theme.pk, row.number)))
    assert "The chair gave it back: Shorter." in page


# Briefings


def test_a_briefing_goes_from_one_person_to_another_and_to_everybody(
    client, theme, coordinator, deputy
):
    sign_in(client, coordinator)
    told = SAID.texts | {"learned": "Services in Runcorn help.", "version": 0}
    page = client.post(at("new_briefing", theme.pk), told, follow=True)
    row = Briefing.objects.get()
    page = text_of(client.get(at("briefing", row.pk)))
    assert "“Runcorn” may be the name of a place" in page and "Keep it" not in page
    assert [task.text for task in theme_work.tasks_for(deputy)] == [
        "Check the briefing “Safer sleep for every baby”"
    ]
    assert theme_work.tasks_for(coordinator) == []

    sign_in(client, deputy)
    keep = at("keep_place", row.pk, row.places[0].mark)
    assert "Say why these words can stay" in text_of(client.post(keep, {"version": row.version}))
    client.post(keep, {"version": row.version, "why": "Its clinic."})
    client.post(at("check_briefing", row.pk), {"version": row.version})
    row.refresh_from_db()
    own = client.post(at("publish_briefing", row.pk), {"version": row.version})
    assert (own.status_code, "You checked it" in text_of(own)) == (403, True)
    public = reverse("briefings:briefing", args=[row.address])
    assert client.get(public).status_code == 404
    sign_in(client, coordinator)
    client.post(at("publish_briefing", row.pk), {"version": row.version})

    client.logout()
    read = text_of(client.get(public))
    assert "Services in Runcorn help." in read and "OFFICIAL-SENSITIVE" not in read
    assert "Safer sleep for every baby" in text_of(client.get(reverse("briefings:index")))
    file = client.get(reverse("briefings:file", args=[row.address]))
    assert (file["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_briefing_that_names_somebody_comes_back_with_the_sentence_and_all_that_was_typed(
    client, theme, coordinator
):
    a_case_of(theme, coordinator)
    sign_in(client, coordinator)
    told = SAID.texts | {"to_do": "Remember Aaaa.", "version": 0}

    page = client.post(at("new_briefing", theme.pk), told)

    assert (page.status_code, Briefing.objects.count()) == (409, 0)
    assert "Line 1 has “Aaaa”, which is part of the child's name." in text_of(page)
    assert b"Remember Aaaa." in page.content


def test_a_public_page_says_nothing_of_drafts_counts_or_cases(client, theme, coordinator, deputy):
    case = a_case_of(theme, coordinator)
    version = published(theme, coordinator, deputy)
    row = Briefing.objects.get()
    row = briefings.begin_change(row, version=row.version, by=coordinator)
    briefings.write(row, said(title="Not yet"), version=row.version, by=coordinator)

    for address in (reverse("briefings:index"), reverse("briefings:briefing", args=[row.address])):
        page = text_of(client.get(address))
        assert version.said["title"] in page
        for hidden in ("Not yet", case.reference, "Coordinator", "OFFICIAL-SENSITIVE"):
            assert hidden not in page


def test_a_withdrawn_briefing_says_so_under_its_address(client, theme, coordinator, deputy):
    row = published(theme, coordinator, deputy).briefing
    row.refresh_from_db()
    sign_in(client, deputy)
    client.post(
        at("withdraw_briefing", row.pk), {"version": row.version, "why": "It is out of date."}
    )
    client.logout()

    page = client.get(reverse("briefings:briefing", args=[row.address]))

    assert (page.status_code, "do not use it any more" in text_of(page)) == (410, True)
    assert "It is out of date." not in text_of(page)
    assert client.get(reverse("briefings:file", args=[row.address])).status_code == 404
    assert "None is published at present" in text_of(client.get(reverse("briefings:index")))


def test_two_windows_on_one_briefing_show_both_sides(client, theme, coordinator):
    row = written(theme, coordinator)
    briefings.write(row, said(more="First."), version=row.version, by=coordinator)
    sign_in(client, coordinator)
    told = SAID.texts | {"more": "Second.", "version": row.version}

    page = client.post(at("edit_briefing", row.pk), told)

    assert page.status_code == 409
    assert "Your words" in text_of(page)
    assert "First." in text_of(page) and "Second." in text_of(page)


# Training and exchange


def test_training_is_recorded_and_its_year_read_by_who_receives_the_statistics(
    client, theme, coordinator, reader
):
    sign_in(client, coordinator)
    typed = {
        "version": 0,
        "theme": theme.pk,
        "kind": "session",
        "what": "For foster carers",
        "known": "recorded",
        "areas": ["E06000006"],
    } | date_parts("held_on", 3, 6, 2014)
    assert "Enter how many people it reached" in text_of(client.post(at("new_training"), typed))
    client.post(at("new_training"), typed | {"people": "34"})
    assert Training.objects.get().people == 34

    sign_in(client, reader)
    page = text_of(client.get(at("training"), {"period": "2014-15"}))

    assert "In words: one session, 34 professionals." in page
    assert "For foster carers" in page and "Record training" not in page
    file = client.get(at("training_file"), {"period": "2014-15"}).content.decode()
    assert file.splitlines()[1].startswith("By theme,Safe sleeping,1,1,0,0,0,0,34,0,April 2014")
    for name in ("list", "exchange", "new_training"):
        assert client.get(at(name)).status_code == 404


def test_a_period_that_is_none_is_said_beside_its_box(client, reader):
    page = sign_in(client, reader).get(at("training"), {"period": "soon"})

    assert (page.status_code, "is not a period" in text_of(page)) == (200, True)


def test_what_was_shared_is_searched_for_the_names_of_its_theme(client, theme, coordinator):
    a_case_of(theme, coordinator)
    sign_in(client, coordinator)
    typed = {
        "version": 0,
        "direction": "out",
        "kind": "learning",
        "what": "What we learned from Aaaa.",
        "theme": theme.pk,
        "panel_name": "Invented Panel",
        "by_whom": "The coordinator",
        "basis": "An agreement",
    } | date_parts("shared_on", 1, 10, 2014)
    named = text_of(client.post(at("new_exchange"), typed))
    assert "part of the child's name" in named and Exchange.objects.count() == 0

    client.post(at("new_exchange"), typed | {"what": "What we learned of sofas."})

    assert Exchange.objects.get().what == "What we learned of sofas."
    assert "What we learned of sofas." in text_of(client.get(at("exchange")))
    assert b"Invented Panel" in client.get(at("exchange_file")).content


@pytest.mark.parametrize("name", ["list", "theme", "cases", "briefing", "training", "exchange"])
def test_a_page_costs_the_same_however_much_there_is(client, theme, coordinator, name):
    row = written(theme, coordinator, learned="Services in Runcorn help.")
    keys = {"theme": [theme.pk], "cases": [theme.pk], "briefing": [row.pk]}.get(name, [])
    address = at(name, *keys) + ("?period=2014-15" if name == "training" else "")
    sign_in(client, coordinator)

    def fill():
        a_case_of(theme, coordinator)
        held(theme), shared(theme), a_theme(f"Theme {Theme.objects.count()}")

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    fill(), client.get(address)
    before = cost()
    fill(), fill()
    assert cost() == before


def test_the_home_page_costs_the_same_with_more_briefings(theme, coordinator, deputy):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            theme_work.tasks_for(deputy)
        return len(queries)

    checked(written(theme, coordinator), deputy)
    written(theme, coordinator)
    before = cost()
    written(theme, coordinator), written(theme, coordinator)
    assert cost() == before
