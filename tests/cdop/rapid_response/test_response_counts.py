"""Decisions, first hours, meetings and agencies over a period: against a count by hand."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle
from statistics import median

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core import steps
from cdop.core.counts import DoesNotAddUp
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.rapid_response import actions, compliance, facts, response_counts, responses, visits
from cdop.rapid_response import compliance_tables as tables
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.response_counts import Decisions
from cdop.rapid_response.states import ItemState, Known, ResponseState, VisitOutcome
from tests.cast import TESTS
from tests.cdop.rapid_response.meeting import held
from tests.makers import HALTON, opened_case
from tests.pages import sign_in, text_of

YEAR = Period.parse("2014-15")
WARRINGTON = "E06000007"
DECIDED = [
    (ResponseState.STARTED, ["collapse"]),
    (ResponseState.NOT_NEEDED, []),
    (ResponseState.STARTED, []),
    (ResponseState.NOT_NEEDED, ["unsure"]),
    None,
]


@pytest.fixture
def deaths(db, coordinator):
    """Nine unexpected deaths of two areas and none, decided in every way, and an expected one."""
    made, answers = [], cycle(Known.values)
    for number in range(10):
        at = datetime(2014, 5, number + 1, 9, 0, tzinfo=UTC)
        said = {"expectedness": "expected" if number == 9 else "unexpected"}
        case = opened_case(said, died_on=at.date(), died_at=at)
        actions.start(case, by=TESTS)
        area = [HALTON, WARRINGTON, None][number % 3]
        row = CaseFacts.objects.get(case=case)
        steps.edit(row, by=TESTS, area=Area.objects.get(code=area) if area else None)
        if number < 9:
            _record(case, coordinator, DECIDED[number % 5], answers, at)
        made.append(case)
    return made


def _record(case, by, decided, answers, at):
    if decided:
        to, criteria = decided
        told = {"decided_at": at, "decided_by": "Invented", "why": "Invented"}
        responses.record(case, to, by=by, version=0, criteria=criteria, **told)
    said = {name: next(answers) for name in ("ambulance_protocol", *facts.DONE)}
    why = {"ambulance_why": "Invented", "care_why": "Invented"}
    facts.record_care(case, by=by, version=0, **said, **why)
    held(case, by, held_at=at + timedelta(hours=30))


def counted():
    return compliance.deaths(YEAR, None)


def test_decisions_equal_a_count_by_hand_and_make_up_the_deaths(deaths):
    rows = dict(response_counts.decisions(counted()))
    unexpected = deaths[:9]

    assert list(rows) == ["Halton", "Warrington", compliance.NO_AREA, "Total"]
    found = [responses.of(case) for case in unexpected]
    states = Counter(row.state if row else "not_recorded" for row in found)
    met = [row for row in found if row and row.criteria]
    assert rows["Total"] == Decisions(
        of=9,
        met=len(met),
        met_started=sum(row.state == ResponseState.STARTED for row in met),
        **states,
    )
    parts = [row for area, row in rows.items() if area != "Total"]
    assert sum(parts, Decisions()) == rows["Total"]


def test_an_expected_death_is_counted_only_where_a_decision_is_recorded(deaths, coordinator):
    expected = deaths[9]
    assert expected.pk not in response_counts.asked(counted()).values_list("pk", flat=True)

    _record(expected, coordinator, DECIDED[1], cycle(["yes"]), expected.clocks.died_at)

    assert dict(response_counts.decisions(counted()))["Total"].of == 10


@pytest.mark.parametrize(
    "row",
    [Decisions(of=1), Decisions(of=1, started=1, met_started=1), Decisions(not_needed=1)],
)
def test_decisions_that_do_not_add_up_are_shown_to_nobody(row):
    with pytest.raises(DoesNotAddUp):
        row.checked()


def test_the_first_hours_equal_a_count_by_hand(deaths):
    rows = response_counts.first_hours(counted())
    for row, name in zip(rows, response_counts.ASKED, strict=True):
        said = Counter(getattr(facts.of(case), name) for case in deaths[:9])
        assert {code: getattr(row, code) for code in Known.values} == {
            code: said[code] for code in Known.values
        }
        assert (row.of, row.known, row.not_recorded) == (9, said["yes"] + said["no"], 0)


def test_meetings_are_counted_by_kind_with_the_deaths_they_were_about(deaths, coordinator):
    held(deaths[0], coordinator, held_at=deaths[0].clocks.died_at + timedelta(days=9))
    held(deaths[0], coordinator, "final", held_at=deaths[0].clocks.died_at + timedelta(days=70))
    rows = response_counts.meetings(counted())

    assert [(row.label, row.held, row.deaths) for row in rows] == [
        ("First meeting of the agencies", 10, 9),
        ("Final case discussion", 1, 1),
    ]


def test_no_visit_is_asked_for_after_a_death_without_a_response(deaths, coordinator):
    total = dict(compliance.visits(counted()))["Total"]
    started = [case for case in deaths[:9] if facts.of(case).response != ResponseState.NOT_NEEDED]
    assert (total.asked, total.not_recorded) == (len(started), len(started))

    without = next(case for case in deaths if facts.of(case).response == ResponseState.NOT_NEEDED)
    told = {"decided_by": "Invented", "why": "Invented"}
    visits.record(without, by=coordinator, version=0, outcome=VisitOutcome.NONE, **told)
    after = dict(compliance.visits(counted()))["Total"]
    assert (after.asked, after.none) == (len(started) + 1, 1)


def test_an_agencys_row_is_the_sum_of_its_tasks_and_its_median_is_over_all_of_them(
    deaths, coordinator
):
    for number, item in enumerate(ChecklistItem.objects.filter(state=ItemState.OPEN)[:80]):
        if number % 2:
            at = item.case.clocks.died_at + timedelta(hours=number)
            actions.complete(item, by=coordinator, done_at=at)
    found = compliance.tasks(counted(), timezone.now())
    leads = {task.code: task.lead for task in editions.get("lscb-2015").checklist}
    labels = editions.get("lscb-2015").vocabularies["leads"]

    assert {row.label for row in found.by_agency} == {row.lead for row in found.each}
    for agency in found.by_agency:
        own = [row for row in found.each if row.lead == agency.label]
        for name in ("of", "due", "in_time", "late", "not_done", "not_applicable", "to_come"):
            assert getattr(agency, name) == sum(getattr(row, name) for row in own), name
        done = [
            (item.done_at - item.case.clocks.died_at) / timedelta(hours=1)
            for item in ChecklistItem.objects.filter(state=ItemState.DONE)
            if labels.label(leads[item.task]) == agency.label
        ]
        assert agency.median_hours == (pytest.approx(median(done)) if done else None)


def test_due_is_what_applies_and_whose_time_has_come(deaths):
    for row in compliance.tasks(counted(), timezone.now()).each:
        parts = (row.in_time, row.late, row.not_done, row.overdue, row.due_before)
        assert row.due == sum(parts) == row.of - row.not_applicable - row.to_come


def test_one_agency_or_one_task_is_counted_alone(deaths):
    police = compliance.tasks(counted(), timezone.now(), leads=["police"])
    one = compliance.tasks(counted(), timezone.now(), task="take_history")

    assert {row.task for row in police.each} == {"decide_visit", "joint_visit"}
    assert [row.label for row in police.by_agency] == ["Police senior investigating officer"]
    assert [row.task for row in one.each] == ["take_history"]
    assert compliance.tasks(counted(), timezone.now(), leads=["police"], task="take_history") == (
        compliance.Tasks([], [])
    )


def test_the_page_and_the_file_say_the_same_for_one_agency(client, coordinator, deaths):
    sign_in(client, coordinator)
    asked = {"period": "2014-15", "lead": "police"}
    page = text_of(client.get(reverse("rapid_response:first_weeks"), asked))
    file = client.get(reverse("rapid_response:first_weeks_file"), asked)
    lines = list(csv.DictReader(file.content.decode().splitlines()))

    assert "Visit together, police and health professional" in page
    assert {line["Row"] for line in lines if line["Table"] == "Tasks"} == {
        "Decide whether to visit the home or the place",
        "Visit together, police and health professional",
    }
    assert {line["Lead"] for line in lines if line["Table"] == "Tasks"} == {
        "Police senior investigating officer"
    }
    wrong = client.get(reverse("rapid_response:first_weeks"), asked | {"lead": "a bus"})
    assert "Choose an agency" in text_of(wrong) or "Choose one of the answers" in text_of(wrong)


def test_the_number_of_statements_does_not_grow_with_the_deaths(
    deaths, coordinator, django_assert_max_num_queries
):
    with django_assert_max_num_queries(20) as few:
        tables.everything(counted(), timezone.now())
    for number in range(4):
        at = datetime(2014, 6, number + 1, 9, 0, tzinfo=UTC)
        case = opened_case(died_on=at.date(), died_at=at)
        actions.start(case, by=TESTS)
        _record(case, coordinator, DECIDED[number], cycle(Known.values), at)

    with django_assert_max_num_queries(len(few)):
        tables.everything(counted(), timezone.now())
