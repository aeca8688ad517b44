"""For any death and any course of events: due times against a slow second opinion, no task lost."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cdop import editions
from cdop.cases import corrections
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.core import steps
from cdop.core.clocks import due_times
from cdop.core.refusals import Refused
from cdop.rapid_response import actions, discussions, facts, responses, visits
from cdop.rapid_response.states import DiscussionState, ItemState, ResponseState, VisitOutcome
from tests.cast import TESTS, person
from tests.makers import opened_case

LONDON = ZoneInfo("Europe/London")
A_SECOND, A_DAY = timedelta(seconds=1), timedelta(days=1)

# The bank holidays of England around the days that are drawn, as they were proclaimed.
PROCLAIMED = """
2013-12-25 2013-12-26 2014-01-01 2014-04-18 2014-04-21 2014-05-05 2014-05-26 2014-08-25 2014-12-25
2014-12-26 2015-01-01 2015-04-03 2015-04-06 2015-05-04 2015-05-25 2015-08-31 2015-12-25 2015-12-28
2021-12-27 2021-12-28 2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29
2022-09-19 2022-12-26 2022-12-27 2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29
2023-08-28 2023-12-25 2023-12-26 2024-01-01
"""
BANK_HOLIDAYS = {date.fromisoformat(day) for day in PROCLAIMED.split()}
# Whole years of both editions, with what follows from the last of their days.
SPANS = {
    "lscb-2015": (datetime(2014, 1, 1, tzinfo=UTC), datetime(2015, 8, 1, tzinfo=UTC)),
    "cdr-2018": (datetime(2022, 1, 1, tzinfo=UTC), datetime(2023, 8, 1, tzinfo=UTC)),
}


def moments(code: str) -> st.SearchStrategy[datetime]:
    """Any second of two years, in UTC: both hours of an October night are among them."""
    first, last = SPANS[code]
    seconds = int((last - first) / A_SECOND)
    return st.integers(0, seconds).map(lambda number: first + number * A_SECOND)


def wall(moment: datetime) -> datetime:
    """What a clock in London shows, without a zone: nothing is counted with it across a change."""
    return moment.astimezone(LONDON).replace(tzinfo=None)


@cache
def last_moment_of(day: date) -> datetime:
    """The last microsecond of a day in London, found by walking back from the next day's first."""
    at = datetime.combine(day + 2 * A_DAY, time(), UTC)
    while wall(at).date() > day:
        at -= timedelta(minutes=15)
    while wall(at + timedelta(microseconds=1)).date() == day:
        step = timedelta(minutes=15)
        while wall(at + step).date() != day:
            step /= 2
            if step < timedelta(microseconds=1):
                return at
        at += step
    return at


def works(day: date) -> bool:
    return day.strftime("%a") not in ("Sat", "Sun") and day not in BANK_HOLIDAYS


def slowly(start: datetime, offset: int, unit: str) -> datetime:
    """When something is due, one hour or one day after the other."""
    if unit == "hours":
        at = start
        for _ in range(offset):
            at += timedelta(minutes=60)
        return at
    day, way = wall(start).date(), A_DAY if offset >= 0 else -A_DAY
    if unit == "days":
        for _ in range(abs(offset)):
            day += way
        return last_moment_of(day)
    if offset == 0:
        while not works(day):
            day += A_DAY
    for _ in range(abs(offset)):
        day += way
        while not works(day):
            day += way
    return last_moment_of(day)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), code=st.sampled_from(sorted(SPANS)))
def test_each_task_of_each_edition_is_due_when_a_slow_count_says_so(data, code):
    tasks = editions.get(code).checklist
    clocks = {
        clock: data.draw(moments(code), label=clock)
        for clock in ("death", "notification", "meeting", "panel", "inquest")
    }
    expected = {
        task.code: slowly(clocks[task.due.clock], task.due.offset, task.due.unit)
        if task.due
        else None
        for task in tasks
    }

    assert due_times(tasks, clocks) == expected


# The nights on which clocks change, a Friday before Easter, and the days about Christmas.
NIGHTS = (
    datetime(2014, 3, 30, 0, 59, 59, tzinfo=UTC),
    datetime(2014, 10, 25, 23, 30, tzinfo=UTC),
    datetime(2014, 10, 26, 0, 30, tzinfo=UTC),
    datetime(2014, 10, 26, 1, 30, tzinfo=UTC),
    datetime(2014, 4, 17, 22, 59, 59, tzinfo=UTC),
    datetime(2014, 4, 17, 23, 0, tzinfo=UTC),
    datetime(2014, 12, 24, 23, 59, 59, tzinfo=UTC),
)


@settings(max_examples=15, deadline=None)
@given(start=moments("lscb-2015"))
@example(start=NIGHTS[0])
@example(start=NIGHTS[1])
@example(start=NIGHTS[2])
@example(start=NIGHTS[3])
@example(start=NIGHTS[4])
@example(start=NIGHTS[5])
@example(start=NIGHTS[6])
def test_days_end_with_the_day_in_london_and_hours_are_hours_that_pass(start):
    tasks = editions.get("lscb-2015").checklist
    due = due_times(tasks, {"death": start, "notification": start})

    assert due["decide_visit"] - start == timedelta(hours=24)
    assert wall(due["case_discussion"]).time() == time.max
    assert due["inform_services"] == slowly(start, 2, "working_days")
    assert works(wall(due["inform_services"]).date())


def known_clocks(case) -> dict[str, datetime | None]:
    """When the clocks of a case started, read out of its rows and nothing else."""
    clocks = Clocks.objects.get(case=case)
    death = clocks.died_at or clocks.confirmed_at
    if death is None:
        death = datetime.combine(clocks.died_on, time(), LONDON).astimezone(UTC)
    kinds = editions.get(case.edition).discussions
    starting = [kind.code for kind in kinds if kind.starts == "meeting"]
    held = case.discussions.filter(state=DiscussionState.HELD, kind__in=starting)
    last = max((row.held_at for row in held), default=None)
    return {"death": death, "notification": clocks.notified_at, "meeting": last}


class Course(RuleBasedStateMachine):
    """Anything that people may do in the first weeks, in any order.

    After each step every required task stands on the list, and what is open is due by the clocks.
    """

    code = "lscb-2015"
    by = None

    def __init__(self) -> None:
        super().__init__()
        self.started = False

    @precondition(lambda self: not self.started)
    @rule(data=st.data(), expectedness=st.sampled_from(["unexpected", "expected", ""]))
    def begin(self, data, expectedness):
        died_at = data.draw(moments(self.code), label="died")
        self.notified = died_at + data.draw(st.integers(0, 200)) * timedelta(hours=1)
        self.case = opened_case(
            {"expectedness": expectedness, "date_of_birth": str(wall(died_at).date() - 30 * A_DAY)},
            died_on=wall(died_at).date(),
            died_at=data.draw(st.sampled_from([died_at, None])),
            notified_at=self.notified,
        )
        self.began = died_at
        actions.start(self.case, by=TESTS)
        self.tasks = set(self.case.checklist.values_list("task", flat=True))
        self.started = True

    def later(self, data) -> datetime:
        return self.began + data.draw(st.integers(0, 90 * 24)) * timedelta(hours=1)

    def chosen(self, data):
        code = data.draw(st.sampled_from(sorted(self.tasks)), label="task")
        return self.case.checklist.get(task=code)

    @precondition(lambda self: self.started)
    @rule(data=st.data(), what=st.sampled_from(["done", "left", "aside", "open"]))
    def settle(self, data, what):
        item, at = self.chosen(data), self.later(data)
        try:
            if what == "done":
                actions.complete(item, by=self.by, done_at=at)
            elif what == "left":
                actions.leave_undone(item, by=self.by, reason="Invented")
            elif what == "aside":
                actions.set_aside(item, by=self.by, reason="Invented")
            else:
                actions.open_again(item, by=self.by)
        except Refused as refused:
            assert "cannot become" in refused.reason

    @precondition(lambda self: self.started)
    @rule(data=st.data(), to=st.sampled_from(list(ResponseState)))
    def decide(self, data, to):
        there = responses.of(self.case)
        responses.record(
            self.case,
            to,
            by=self.by,
            version=there.version if there else 0,
            criteria=[],
            decided_at=self.later(data),
            decided_by="Invented",
            why="Invented",
        )

    @precondition(lambda self: self.started)
    @rule(data=st.data(), outcome=st.sampled_from(list(VisitOutcome)))
    def visit(self, data, outcome):
        there = visits.of(self.case)
        visits.record(
            self.case,
            by=self.by,
            version=there.version if there else 0,
            outcome=outcome,
            visited_at=self.later(data),
            decided_by="Invented",
            why="Invented",
        )

    @precondition(lambda self: self.started)
    @rule(data=st.data(), kind=st.sampled_from(["planning", "case", "final"]))
    def meet(self, data, kind):
        rows = list(self.case.discussions.all())
        row = data.draw(st.sampled_from([*rows, None]), label="which")
        to = data.draw(st.sampled_from(list(DiscussionState)), label="to")
        at = self.later(data)
        try:
            discussions.save(
                self.case,
                row.number if row else 0,
                to,
                by=self.by,
                version=row.version if row else 0,
                kind=kind,
                planned_for=at,
                held_at=at,
                chair="Invented",
                why="Invented",
            )
        except Refused as refused:
            assert "cannot become" in refused.reason

    @precondition(lambda self: self.started)
    @rule(data=st.data())
    def correct_the_death(self, data):
        clocks = Clocks.objects.get(case=self.case)
        died_at = self.began - data.draw(st.integers(1, 72)) * timedelta(hours=1)
        corrections.correct_clocks(
            self.case,
            by=self.by,
            version=clocks.version,
            died_on=wall(died_at).date(),
            died_at=died_at,
            confirmed_at=None,
        )

    @precondition(lambda self: self.started)
    @rule(expectedness=st.sampled_from(["unexpected", "expected", ""]))
    def learn_more(self, expectedness):
        row = CaseFacts.objects.get(case=self.case)
        steps.edit(row, by=TESTS, expectedness=expectedness)
        actions.follow(self.case, by=self.by)
        self.tasks |= set(self.case.checklist.values_list("task", flat=True))

    @invariant()
    def no_task_is_lost_and_each_is_due_by_its_clock(self):
        if not self.started:
            return
        case = Case.objects.get(pk=self.case.pk)
        items = list(case.checklist.all())
        clocks, tasks = known_clocks(case), {t.code: t for t in editions.get(self.code).checklist}
        assert {item.task for item in items} == self.tasks
        for item in items:
            due = tasks[item.task].due
            start = clocks.get(due.clock) if due else None
            expected = slowly(start, due.offset, due.unit) if start else None
            if item.state == ItemState.OPEN or (due and due.clock == "death"):
                assert item.due_at == expected, item.task
            assert item.by_response <= (item.state == ItemState.NOT_APPLICABLE)

    @invariant()
    def what_is_counted_is_what_was_recorded(self):
        if not self.started or (row := facts.of(self.case)) is None:
            return
        visit, response = visits.of(self.case), responses.of(self.case)
        held = self.case.discussions.filter(state=DiscussionState.HELD).count()
        assert row.visit == (visit.outcome if visit else "")
        assert row.response == (response.state if response else "")
        assert row.discussions_held == held


class LaterCourse(Course):
    """The same under the guidance of 2018."""

    code = "cdr-2018"


SETTINGS = settings(
    max_examples=5,
    stateful_step_count=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_no_course_of_events_loses_a_task_or_moves_a_due_time(db):
    run(Course)


def test_nor_under_the_guidance_of_2018(db):
    run(LaterCourse)


def run(machine: type[Course]) -> None:
    machine.by = person("coordinator")
    run_state_machine_as_test(machine, settings=SETTINGS)
