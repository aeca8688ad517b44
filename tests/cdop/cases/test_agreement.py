"""Who reviews a death, by whose word, and what is waited for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from cdop.cases import actions, placement, work
from cdop.cases.models import Case, CaseFacts
from cdop.cases.placement import Placement
from cdop.cases.states import PlacementState
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cast import TESTS
from tests.cdop.cases.placing import AGREED, agreed, placed, url
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

P = PlacementState


# Who reviews


def test_a_death_reviewed_elsewhere_counts_nowhere_and_says_why(client, coordinator, case):
    said = {"state": "elsewhere", **AGREED, **date_parts("agreed_on", 1, 6, 2014), "version": 0}

    sign_in(client, coordinator).post(url("agreement", case), said)

    row, facts = Placement.objects.get(), CaseFacts.objects.get(case=case)
    assert (row.state, row.reviewed_by, row.agreed_by) == ("elsewhere", *AGREED.values())
    assert (row.agreed_on, facts.in_scope) == (date(2014, 6, 1), False)
    assert (row.scope_rule, row.scope_reason) == (
        "resident",
        "The panel of Invented-Shire reviews this death",
    )
    page = text_of(client.get(url("case", case)))
    assert "This panel does not review the death, and counts it nowhere. It belongs to" in page
    assert "reviewed elsewhere, awaiting outcome" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose who reviews this death"),
        ({"state": "elsewhere"}, "Say which panel reviews this death"),
        (
            {"state": "elsewhere", "reviewed_by": "Invented"},
            "Say who agreed that another panel reviews this death, and when",
        ),
        ({"state": "outcome", "reviewed_by": "Invented"}, "Choose one of the answers on the page"),
        (
            {"state": "agreeing", **date_parts("agreed_on", 1, 1, 2099)},
            "The date must be today or in the past",
        ),
    ],
)
def test_what_is_missing_from_an_agreement_is_said(client, coordinator, case, said, sentence):
    page = sign_in(client, coordinator).post(url("agreement", case), said | {"version": 0})

    assert f"There is a problem {sentence}" in text_of(page)
    assert CaseFacts.objects.get(case=case).in_scope


def test_an_outcome_is_kept_with_its_date(client, coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)
    said = {
        "state": "outcome",
        **date_parts("outcome_on", 2, 3, 2015),
        "outcome": "Reviewed.\nNo modifiable factors.",
        "version": Placement.objects.get().version,
    }

    sign_in(client, coordinator).post(url("agreement", case), said)

    row = Placement.objects.get()
    assert (row.state, row.outcome_on, row.outcome) == (
        "outcome",
        date(2015, 3, 2),
        "Reviewed.\nNo modifiable factors.",
    )
    assert "No modifiable factors." in text_of(client.get(url("agreement", case)))


def test_an_outcome_without_its_date_is_refused_behind_the_page_too(coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)

    with pytest.raises(Refused, match="Say when the outcome came."):
        agreed(case, P.OUTCOME, coordinator)

    assert Placement.objects.get().state == "elsewhere"


def test_a_death_that_comes_back_is_decided_anew_before_it_counts(client, coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)
    said = {"state": "ours", "version": Placement.objects.get().version}

    page = sign_in(client, coordinator).post(url("agreement", case), said, follow=True)

    assert "The death is counted nowhere at present." in text_of(page)
    assert page.redirect_chain[-1][0] == url("change_scope", case)
    assert not CaseFacts.objects.get(case=case).in_scope
    actions.change_scope(case, in_scope=True, reason="It came back", by=coordinator)
    row = Placement.objects.get()
    assert CaseFacts.objects.get(case=case).in_scope
    assert (row.state, row.reviewed_by, row.scope_rule) == ("ours", "", "")


def test_this_panel_cannot_take_a_death_that_another_reviews(coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)

    with pytest.raises(
        Refused, match="The panel of Invented-Shire reviews this death. Agree first"
    ):
        actions.change_scope(case, in_scope=True, reason="We want it", by=coordinator)

    assert not CaseFacts.objects.get(case=case).in_scope


def test_a_ready_case_that_goes_elsewhere_is_ready_no_more(coordinator, case):
    actions.make_ready(case, by=coordinator)

    agreed(case, P.ELSEWHERE, coordinator)

    assert Case.objects.get().state == "gathering"


def test_a_case_on_an_agenda_stays(coordinator, chair, member):
    item = on_agenda(planned_meeting(member, chair=chair))
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match="This case is on the agenda of"):
        agreed(item.case, P.ELSEWHERE, coordinator)
    with pytest.raises(Refused, match="This case is on the agenda of"):
        actions.change_scope(item.case, in_scope=False, reason="No", rule="age", by=coordinator)

    assert CaseFacts.objects.get(case=item.case).in_scope
    assert not Placement.objects.exists()
    assert AuditEntry.objects.count() == before


def test_of_two_who_agree_the_second_is_told(client, coordinator, case):
    agreed(case, P.AGREEING, coordinator)

    said = {"state": "elsewhere", **AGREED, **date_parts("agreed_on", 1, 6, 2014), "version": 0}
    page = sign_in(client, coordinator).post(url("agreement", case), said)

    assert page.status_code == 409
    assert "Somebody else changed this while you had it open." in text_of(page)
    assert Placement.objects.get().state == "agreeing"
    with pytest.raises(Stale):
        agreed(case, P.OURS, coordinator, version=99)


# What is waited for


def test_an_agreement_is_due_after_five_working_days(coordinator, case):
    placed(case, P.AGREEING, state_since=datetime(2026, 3, 2, 12, tzinfo=UTC))

    due = placement.due_at(Placement.objects.get(), frozenset())

    assert due.date() == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("died_on", "since", "due"),
    [
        # Two panels had half a year; no earlier standard names another time.
        (date(2014, 5, 6), datetime(2014, 5, 10, tzinfo=UTC), date(2014, 11, 4)),
        # Found out a year later: the other panel has twenty working days.
        (date(2025, 1, 1), datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 30)),
    ],
)
def test_an_outcome_is_due_half_a_year_after_the_death_but_not_at_once(db, died_on, since, due):
    case = opened_case({"date_of_birth": "2013-02-01"}, died_on=died_on)
    placed(case, P.ELSEWHERE, state_since=since)

    found = placement.due_at(Placement.objects.select_related("case__clocks").get(), frozenset())

    assert found.date() == due


@pytest.mark.parametrize("state", [P.OURS, P.OUTCOME])
def test_where_nothing_is_waited_for_nothing_is_due(case, state):
    assert placement.due_at(placed(case, state), frozenset()) is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (P.AGREEING, "agree with the other panel who reviews it"),
        (P.ELSEWHERE, "ask the other panel for its outcome"),
    ],
)
def test_what_is_overdue_is_a_task_and_shown_on_the_case(coordinator, chair, case, state, words):
    long_ago = timezone.now() - timedelta(days=300)
    row = placed(case, state, state_since=long_ago)

    tasks = [task for task in work.tasks_for(coordinator) if task.overdue]

    assert [(task.text, task.href) for task in tasks] == [
        (f"Case {case}: {words}", url("agreement", case))
    ]
    assert work.on_case(Case.objects.get(), coordinator).panel.overdue
    assert work.tasks_for(chair) == []
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    assert not [task for task in work.tasks_for(coordinator) if task.overdue]
    assert not work.on_case(Case.objects.get(), coordinator).panel.overdue
    assert row.state == state


def test_the_home_page_asks_as_much_for_one_case_as_for_many(
    coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    placed(case, P.AGREEING, state_since=timezone.now() - timedelta(days=300))
    work.tasks_for(coordinator)  # the hat is read once
    with django_assert_max_num_queries(20) as one:
        work.tasks_for(coordinator)
    for _ in range(4):
        more = opened_case()
        placement.open_for(more, by=TESTS, agreeing=True)
    Placement.objects.update(state_since=timezone.now() - timedelta(days=300))

    with django_assert_num_queries(len(one)):
        found = work.tasks_for(coordinator)

    assert len([task for task in found if task.overdue]) == 5
