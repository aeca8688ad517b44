"""What holds up a case: it explains time, stops no clock, and somebody looks at it again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from cdop.cases import actions, corrections, holding, holds, rules, waiting_work, watching
from cdop.cases.holds import Hold, Meanwhile
from cdop.cases.models import Case, CaseFacts
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cast import person
from tests.cdop.cases.holding_up import BEGAN_ON, backdated, checked, held, in_days
from tests.makers import DIED_ON, opened_case

SIGNED_OFF_AT = datetime(2014, 9, 3, 10, tzinfo=UTC)  # 120 days after the death


def reviewed(case, coordinator, chair) -> CaseFacts:
    actions.make_ready(case, by=coordinator)
    found = {"category": "infection", "modifiable": "not_modifiable", "expectedness": "unexpected"}
    actions.take_finding(
        case.pk, by=chair, signed_off_at=SIGNED_OFF_AT, edition="lscb-2015", **found
    )
    return CaseFacts.objects.get(case=case)


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 1, 15), date(2026, 4, 15)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_the_next_check_is_at_most_three_months_ahead(today, last):
    assert watching.latest(today) == last
    assert watching.why_not_next(last, today) == ""
    assert watching.why_not_next(last + timedelta(days=1), today)
    assert watching.why_not_next(today - timedelta(days=1), today)


D = date


@pytest.mark.parametrize(
    ("spans", "days"),
    [
        ([], 0),
        ([(D(2014, 6, 1), D(2014, 6, 11))], 10),
        ([(D(2014, 6, 1), None)], 94),
        ([(D(2014, 6, 1), D(2014, 6, 11)), (D(2014, 6, 5), D(2014, 6, 21))], 20),  # both at once
        ([(D(2014, 6, 1), D(2014, 6, 21)), (D(2014, 6, 5), D(2014, 6, 11))], 20),  # one in another
        ([(D(2014, 6, 1), D(2014, 6, 11)), (D(2014, 6, 11), D(2014, 6, 21))], 20),  # in a row
        ([(D(2014, 4, 1), D(2014, 5, 16))], 10),  # never before the death
        ([(D(2014, 9, 13), None)], 0),  # never after the sign-off
        ([(D(2014, 6, 1), D(2014, 6, 1))], 0),
    ],
)
def test_days_are_counted_once_and_between_death_and_sign_off_alone(spans, days):
    assert holds.days_held(spans, DIED_ON, SIGNED_OFF_AT.date()) == days
    assert holds.days_held(reversed(spans), DIED_ON, SIGNED_OFF_AT.date()) == days


def test_both_times_are_kept_at_the_sign_off(coordinator, chair, case):
    hold = held(case, coordinator)
    checked(hold, coordinator)

    facts = reviewed(case, coordinator, chair)

    assert (facts.days_to_sign_off, facts.days_not_held) == (120, 26)


def test_without_a_hold_both_times_are_the_same(coordinator, chair, case):
    facts = reviewed(case, coordinator, chair)

    assert (facts.days_to_sign_off, facts.days_not_held) == (120, 120)


def test_what_is_put_right_later_counts_in_the_time_that_was_not_held(coordinator, chair, case):
    hold = checked(held(case, coordinator), coordinator)
    reviewed(case, coordinator, chair)

    holding.end(
        hold,
        ended_on=date(2014, 6, 11),
        how_ended="Concluded: natural causes.",
        by=coordinator,
        version=hold.version,
    )
    facts = CaseFacts.objects.get(case=case)
    assert (facts.days_to_sign_off, facts.days_not_held) == (120, 110)

    clocks = {"died_on": date(2014, 5, 4), "died_at": None, "confirmed_at": None}
    corrections.correct_clocks(case, by=coordinator, version=1, **clocks)
    facts = CaseFacts.objects.get(case=case)
    assert (facts.days_to_sign_off, facts.days_not_held) == (122, 112)


def test_a_held_case_is_reviewed_only_after_somebody_was_asked_and_agrees(coordinator, case):
    hold = held(case, coordinator)
    assert rules.why_not_ready(case) == [
        "The case waits for something (inquest). Ask whether the panel may review it meanwhile, or "
        "end the hold."
    ]
    with pytest.raises(Refused, match="Ask whether the panel may review it"):
        actions.make_ready(case, by=coordinator)

    hold = checked(hold, coordinator, Meanwhile.WAIT)
    with pytest.raises(Refused, match="The coroner's officer asked on .* that the panel wait"):
        actions.make_ready(case, by=coordinator)

    checked(hold, coordinator)
    assert actions.make_ready(case, by=coordinator).state == "ready"


def test_an_ended_hold_stops_nobody(coordinator, case):
    hold = held(case, coordinator)
    said = {"ended_on": in_days(0), "how_ended": "Concluded.", "version": hold.version}
    holding.end(hold, by=coordinator, **said)

    assert rules.why_not_ready(case) == []


def test_a_reviewed_case_is_not_closed_while_something_may_change_what_was_found(
    coordinator, chair, case
):
    hold = checked(held(case, coordinator), coordinator)
    reviewed(case, coordinator, chair)

    with pytest.raises(Refused, match="End the hold first"):
        actions.close(case, by=coordinator)
    said = {"ended_on": in_days(0), "how_ended": "Concluded.", "version": hold.version}
    holding.end(hold, by=coordinator, **said)

    assert actions.close(Case.objects.get(), by=coordinator).state == "closed"
    with pytest.raises(Refused, match="This case is closed, so nothing holds it up"):
        held(case, coordinator)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"next_check_on": in_days(120)}, "within three months"),
        ({"next_check_on": in_days(-1)}, "today or in the future"),
        ({"began_on": in_days(1)}, "today or in the past"),
        ({"began_on": DIED_ON - timedelta(days=1)}, "before the child died"),
        ({"next_family_on": None}, "when the family hears from us next, or why it does not"),
        ({"next_family_on": in_days(-1)}, "next word to the family is today or"),
    ],
    ids=["far", "past", "future", "before the death", "family", "family in the past"],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(coordinator, case, said, sentence):
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match=sentence):
        held(case, coordinator, **said)

    assert not Hold.objects.exists() and AuditEntry.objects.count() == before


def test_only_somebody_of_the_team_can_own_it(coordinator, chair, case):
    with pytest.raises(Refused, match="Choose somebody of the team"):
        held(case, coordinator, owner=chair)


def test_a_view_is_of_somebody_on_a_day(coordinator, case):
    hold = held(case, coordinator)

    with pytest.raises(Refused, match="Say who was asked"):
        checked(hold, coordinator, Meanwhile.WAIT, view_of=" ")


def test_two_who_check_at_once_are_not_written_over(coordinator, case):
    hold = held(case, coordinator)
    checked(hold, coordinator, found="First.")

    with pytest.raises(Stale) as stale:
        checked(hold, coordinator, found="Second.")

    assert stale.value.current.check_found == "First."


def test_each_check_stays_in_the_history(coordinator, case):
    hold = checked(held(case, coordinator), coordinator, found="First.")
    checked(hold, coordinator, found="Second.")

    found = list(Hold.history.order_by("version").values_list("check_found", flat=True))
    assert found == ["", "First.", "Second."]


def test_a_hold_that_had_not_ended_runs_again(coordinator, case):
    hold = held(case, coordinator)
    said = {"ended_on": in_days(0), "how_ended": "Concluded.", "version": hold.version}
    hold = holding.end(hold, by=coordinator, **said)
    with pytest.raises(Refused, match="This hold has ended"):
        checked(hold, coordinator)

    again = holding.run_again(hold, by=coordinator, version=hold.version, next_check_on=in_days(10))

    assert (again.state, again.ended_on, again.how_ended) == ("running", None, "")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"state": "ended"}, "hold_ended_when_and_how"),
        ({"ended_on": BEGAN_ON}, "hold_ended_when_and_how"),
        ({"next_family_on": None}, "hold_says_when_the_family_hears"),
        ({"meanwhile": "wait"}, "hold_view_of_somebody"),
    ],
)
def test_the_database_keeps_no_half_of_a_hold(coordinator, case, changed, name):
    hold = held(case, coordinator)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(**changed)


# Tasks and the page of the case


def test_a_check_that_is_due_is_a_task_with_its_owner(coordinator, chair, case):
    nurse = person("cdop_nurse", "Nurse Invented")
    overdue = backdated(held(case, coordinator, owner=nurse), in_days(-1))
    other = opened_case()
    today = backdated(held(other, coordinator, kind="criminal"), in_days(0))
    held(opened_case(), coordinator)

    tasks = waiting_work.tasks_for(coordinator)

    assert [(task.text, task.overdue) for task in tasks] == [
        (f"Case {case}: check the hold (inquest), Nurse Invented", True),
        (
            f"Case {other}: check the hold (criminal investigation or proceedings), yours",
            False,
        ),
    ]
    assert tasks[0].href.endswith(f"/{case}/holds/{overdue.pk}/check/")
    assert today.owner == coordinator
    assert waiting_work.tasks_for(chair) == []


def test_nothing_is_asked_about_a_case_that_was_withdrawn(coordinator, case):
    backdated(held(case, coordinator), in_days(-1))
    actions.withdraw(case, by=coordinator, reason="A mistake")

    assert waiting_work.tasks_for(coordinator) == []
    assert Hold.objects.get().state == "running", "what was is kept"


def test_the_tasks_ask_as_much_for_one_hold_as_for_many(
    coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    backdated(held(case, coordinator), in_days(-1))
    waiting_work.tasks_for(coordinator)
    with django_assert_max_num_queries(5) as one:
        waiting_work.tasks_for(coordinator)
    for _ in range(4):
        backdated(held(opened_case(), coordinator), in_days(-2))

    with django_assert_num_queries(len(one)):
        assert len(waiting_work.tasks_for(coordinator)) == 5
