"""What was done in the first weeks, over a period: against a count by hand of random deaths."""

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.cases.models import CaseFacts
from cdop.core import steps
from cdop.core.audit import AuditEntry
from cdop.core.counts import DoesNotAddUp
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.rapid_response import actions, compliance, visits
from cdop.rapid_response.compliance import Visits
from cdop.rapid_response.models import ChecklistItem, Visit
from cdop.rapid_response.states import MADE, ItemState, VisitOutcome
from tests.cast import TESTS
from tests.makers import HALTON, opened_case
from tests.pages import sign_in, text_of

YEAR = Period.parse("2014-15")
WARRINGTON = "E06000007"
V = VisitOutcome
HOURS = timedelta(hours=1)


def died(day: int, **said):
    """A case after a death of May 2014, with its checklist."""
    at = datetime(2014, 5, day, 9, 0, tzinfo=UTC)
    made = opened_case(died_on=at.date(), died_at=at, notified_at=at + HOURS * 30, **said)
    actions.start(made, by=TESTS)
    return made


def visited(case, by, outcome, hours=10):
    death = case.clocks.died_at
    return visits.record(
        case,
        by=by,
        version=0,
        outcome=outcome,
        visited_at=death + timedelta(hours=hours) if outcome in MADE else None,
        decided_by="The senior investigating officer",
        why="" if outcome == V.JOINTLY else "Invented reason",
    )


@pytest.fixture
def deaths(db, coordinator):
    """Eleven deaths: settled at random, visited in every way there is, two areas and none."""
    chance, made = Random(20), []
    for number in range(11):
        case = died(number + 1)
        area = [HALTON, WARRINGTON, None][number % 3]
        facts = CaseFacts.objects.get(case=case)
        steps.edit(facts, by=TESTS, area=Area.objects.get(code=area) if area else None)
        outcome = [*V, None][number % 6]
        if outcome:
            visited(case, coordinator, outcome, hours=chance.choice([3, 24, 25, 60]))
        for item in case.checklist.filter(state=ItemState.OPEN):
            _settle(item, coordinator, chance)
        made.append(case)
    return made


def _settle(item, by, chance):
    what = chance.choice([*ItemState])
    if what == ItemState.DONE:
        after = timedelta(hours=chance.choice([0, 1, 23, 24, 25, 500]))
        actions.complete(item, by=by, done_at=item.case.clocks.died_at + after)
    elif what == ItemState.NOT_DONE:
        actions.leave_undone(item, by=by, reason="Invented reason")
    elif what == ItemState.NOT_APPLICABLE:
        actions.set_aside(item, by=by, reason="Invented reason")


def by_hand(cases, now) -> dict[str, Counter]:
    """The outcomes of each task, one row of the database after the other."""
    found: dict[str, Counter] = {}
    for item in ChecklistItem.objects.filter(case__in=cases).select_related("case__clocks"):
        row = found.setdefault(item.task, Counter())
        row["of"] += 1
        if item.state == ItemState.DONE:
            row["late" if item.due_at and item.done_at > item.due_at else "in_time"] += 1
        elif item.state == ItemState.OPEN:
            row[_open(item, now)] += 1
        else:
            row[item.state] += 1
    return found


def _open(item, now) -> str:
    if item.due_at is None or item.due_at >= now:
        return "to_come"
    return "due_before" if item.due_at < item.case.clocks.notified_at else "overdue"


def test_every_task_equals_a_count_by_hand(deaths):
    now = timezone.now()
    found = compliance.tasks(compliance.deaths(YEAR, None), now)
    counted = {row.task: row for row in found.each}
    expected = by_hand(deaths, now)
    parts = (
        "of",
        "in_time",
        "late",
        "not_done",
        "not_applicable",
        "overdue",
        "to_come",
        "due_before",
    )

    assert counted.keys() == expected.keys()
    for task, row in counted.items():
        assert {part: getattr(row, part) for part in parts} == {
            part: expected[task][part] for part in parts
        }, task


def test_the_median_is_that_of_the_hours_from_each_death(deaths):
    rows = compliance.tasks(compliance.deaths(YEAR, None), timezone.now())
    for row in rows.each:
        done = ChecklistItem.objects.filter(task=row.task, state=ItemState.DONE)
        hours = [(item.done_at - item.case.clocks.died_at) / timedelta(hours=1) for item in done]
        assert row.median_hours == (pytest.approx(median(hours)) if hours else None)


def test_visits_equal_a_count_by_hand_in_each_area_and_make_up_the_deaths(deaths):
    rows = dict(compliance.visits(compliance.deaths(YEAR, None)))
    areas = {"Halton": HALTON, "Warrington": WARRINGTON, compliance.NO_AREA: None}

    assert list(rows) == [*areas, "Total"]
    for name, code in areas.items():
        of = [case for case in deaths if CaseFacts.objects.get(case=case).area_id == code]
        made = Counter(Visit.objects.filter(case__in=of).values_list("outcome", flat=True))
        soon = sum(
            visit.visited_at - visit.case.clocks.died_at <= timedelta(hours=24)
            for visit in Visit.objects.filter(case__in=of, outcome__in=MADE)
        )
        recorded = {each.value: made[each] for each in V}
        expected = Visits(
            asked=len(of),
            not_recorded=len(of) - sum(made.values()),
            within_a_day=soon,
            **recorded,
        )
        assert rows[name] == expected
    assert rows["Total"].asked == len(deaths)
    assert rows["Total"] == compliance.sum_of(rows[name] for name in areas)


def test_one_area_counts_its_own_deaths_alone(deaths):
    halton = Area.objects.get(code=HALTON)
    rows = compliance.visits(compliance.deaths(YEAR, halton))

    assert [area for area, _ in rows] == ["Halton", "Total"]
    assert rows[0][1] == rows[1][1]


def test_deaths_of_other_months_or_of_other_panels_are_not_counted(db, coordinator):
    died(1)
    outside = died(2)
    steps.edit(CaseFacts.objects.get(case=outside), by=TESTS, in_scope=False)
    later = opened_case(died_on=date(2015, 4, 1), died_at=datetime(2015, 4, 1, 9, tzinfo=UTC))
    actions.start(later, by=TESTS)

    assert compliance.deaths(YEAR, None).count() == 1
    assert dict(compliance.visits(compliance.deaths(YEAR, None)))["Total"].asked == 1


def test_a_case_without_a_checklist_is_said_and_counted_in_no_table(db):
    opened_case(died_on=date(2014, 5, 1))
    counted = compliance.deaths(YEAR, None)

    assert compliance.without_checklist(counted) == 1
    assert compliance.visits(counted) == [("Total", Visits())]
    assert compliance.tasks(counted, timezone.now()) == compliance.Tasks([], [])


@pytest.mark.parametrize(
    "row",
    [Visits(asked=1), Visits(asked=1, police=2), Visits(asked=1, none=1, within_a_day=1)],
)
def test_a_row_that_does_not_add_up_is_shown_to_nobody(row):
    with pytest.raises(DoesNotAddUp):
        row.checked()


def test_a_visit_by_twenty_four_hours_is_within_a_day_and_a_second_later_is_not(db, coordinator):
    visited(died(1), coordinator, V.JOINTLY, hours=24)
    visited(died(2), coordinator, V.POLICE, hours=24 + 1 / 3600)

    assert dict(compliance.visits(compliance.deaths(YEAR, None)))["Total"].within_a_day == 1


def test_the_number_of_statements_does_not_grow(deaths, django_assert_num_queries):
    with django_assert_num_queries(5):
        counted = compliance.deaths(YEAR, None)
        compliance.without_checklist(counted)
        compliance.visits(counted)
        compliance.tasks(counted, timezone.now())


def test_the_page_says_the_share_with_both_numbers_and_is_recorded(client, coordinator, deaths):
    sign_in(client, coordinator)
    page = text_of(client.get(reverse("rapid_response:first_weeks"), {"period": "2014-15"}))
    total = dict(compliance.visits(compliance.deaths(YEAR, None)))["Total"]

    said = page.replace("\N{NO-BREAK SPACE}", " ")
    assert f"Total {total.jointly} of {total.indicated}" in said
    assert "official-sensitive" in page.lower()
    entry = AuditEntry.objects.get(action="compliance.read")
    assert (entry.actor, entry.subject) == (
        coordinator,
        "the first weeks, 2014-15, All four areas",
    )


def test_the_file_holds_every_number_of_the_page_once(client, coordinator, deaths):
    sign_in(client, coordinator)
    answer = client.get(reverse("rapid_response:first_weeks_file"), {"period": "2014-15"})
    lines = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    numbers = {(line["Table"], line["Row"], line["Column"]): line["Number"] for line in lines}
    total = dict(compliance.visits(compliance.deaths(YEAR, None)))["Total"]

    assert len(numbers) == len(lines)
    assert numbers["Visits", "Total", "Jointly"] == str(total.jointly)
    assert numbers["Visits", "Total", "Deaths"] == str(total.asked)
    assert {line["Months"] for line in lines} == {"2014-15"}
    assert {line["Table"] for line in lines} == {
        "Visits",
        "Response",
        "First hours",
        "Agencies",
        "Tasks",
    }


@pytest.mark.parametrize("period", ["nonsense", "2014-16", str(date.max.year) + "-01"])
def test_months_that_cannot_be_read_are_answered_beside_the_box(client, coordinator, period):
    sign_in(client, coordinator)
    answer = client.get(reverse("rapid_response:first_weeks"), {"period": period})

    assert answer.status_code == 200
    assert "There is a problem" in text_of(answer) or "error" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="compliance.read").exists()
