"""What the first days put on other pages: overdue tasks, a section of the case page, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.audit import Job
from cdop.core.casework import CasePanel, Event, Named, OnCase, Task, Wait
from cdop.core.dates import end_of
from cdop.core.jinja import count as number_of
from cdop.core.roles import Permission
from cdop.core.rows import rows_of
from cdop.editions.schema import Edition
from cdop.rapid_response import (
    actions,
    agreed,
    discussions,
    facts,
    letters,
    queries,
    responses,
    rules,
    visits,
)
from cdop.rapid_response.discussion_models import AgreedAction, Discussion
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.response_models import Response
from cdop.rapid_response.states import DiscussionState, ItemState, ResponseState

if TYPE_CHECKING:
    from cdop.core.users import User

MOST_ON_HOME_PAGE = 10
MOST_ON_WORKLIST = 200
POST_MORTEM = ("post_mortem", "full_post_mortem")
"""The tasks of every edition that wait for the post-mortem and for its full report."""
PAGES = (
    ("Checklist", "checklist"),
    ("Whether it is started", "response"),
    ("Meetings of the agencies", "meetings"),
    ("What was done in the first hours", "care"),
)
ENDED = (CaseState.CLOSED, CaseState.WITHDRAWN)


def tasks_for(user: User) -> list[Task]:
    """Responses to decide, and the person's cases with overdue tasks, the longest waiting first.

    What was due before this system was told stands apart, in one line, and one for each import.
    A professional is told of their own tasks alone: those of others are not theirs to do.
    """
    if not user.can(Permission.CHECKLIST_COMPLETE):
        return []
    now = timezone.now()
    undecided = [_undecided(item, now) for item in responses.undecided(user)[:MOST_ON_HOME_PAGE]]
    late, passed = _late(user, now) if user.can(Permission.CASES_MANAGE) else _own(user, now)
    met = [_unsettled(row) for row in discussions.unsettled(user, now)[:MOST_ON_HOME_PAGE]]
    owed = [_owed(row) for row in agreed.overdue(user, localdate(now))[:MOST_ON_HOME_PAGE]]
    return undecided + late + met + owed + passed


def _late(user: User, now: datetime) -> tuple[list[Task], list[Task]]:
    """The cases with overdue tasks, and what was due before this system was told."""
    late = [_task(case) for case in queries.behind(user, now)[:MOST_ON_HOME_PAGE]]
    return late, [_passed(each) for each in queries.passed(user)]


def _own(user: User, now: datetime) -> tuple[list[Task], list[Task]]:
    """The same of a professional's own tasks, which stand on a page of their own."""
    mine, href = queries.mine(user, now), reverse("rapid_response:mine")
    by_case: dict[str, list[datetime | None]] = {}
    for line in mine.waiting:
        if line.overdue:
            by_case.setdefault(line.item.case.reference, []).append(line.item.due_at)
    late = [
        Task(
            f"Case {reference}: your overdue tasks",
            href,
            due[0],
            overdue=True,
            count=len(due),
            stage="Checklist",
        )
        for reference, due in by_case.items()
    ]
    text = "Your tasks that were due before we were told of them"
    passed = [Task(text, href, count=len(mine.passed), stage="Checklist")] if mine.passed else []
    return late[:MOST_ON_HOME_PAGE], passed


def on_case(case: Case, user: User) -> OnCase:
    """How far the checklist is and what is due next; each task that was settled, and when."""
    edition, items = editions.get(case.edition), rows_of(ChecklistItem, "case", case.pk)
    response, met = responses.of(case), rows_of(Discussion, "case", case.pk)
    events = [*_events(items, edition), *_decided(response, edition), *_held(met, edition)]
    return OnCase(_panel(case, items, edition, response, met), tuple(events))


def ahead(case: Case) -> list[Event]:
    """The meetings of agencies that are planned."""
    edition = editions.get(case.edition)
    labels = {kind.code: kind.label for kind in edition.discussions}
    stage, now = edition.words["unexpected_response"], timezone.now()
    return [
        Event(row.planned_for, f"{labels[row.kind]}: planned", stage)
        for row in rows_of(Discussion, "case", case.pk)
        if row.state == DiscussionState.PLANNED and row.planned_for and row.planned_for > now
    ]


def _panel(
    case: Case,
    items: list[ChecklistItem],
    edition: Edition,
    response: Response | None,
    met: list[Discussion],
) -> CasePanel:
    stands = queries.standing_of(items, timezone.now())
    behind = stands.overdue > 0 and case.state not in ENDED
    passed = stands.passed if case.state not in ENDED else 0
    before = queries.before_what(next((item.told_by for item in items), ""))
    asked = any(item.task == visits.RECORDED for item in items)
    visited = queries.visit_words(visits.of(case), case.clocks) if asked else ""
    return CasePanel(
        title=edition.words["unexpected_response"],
        status=f"{stands.overdue} overdue" if behind else "nothing overdue",
        lines=(
            *([("Decided", queries.response_words(response))] if items or response else []),
            ("Tasks", stands.words),
            *([("Visit", visited)] if visited else []),
            *([("Meetings", _meetings_in_words(met))] if met else []),
            *([("Still to be said", f"{passed} that were due {before}")] if passed else []),
            ("Next", _label(stands.next, edition) if stands.next else "nothing that has a time"),
        ),
        links=tuple(
            (text, reverse(f"rapid_response:{name}", args=[case.reference])) for text, name in PAGES
        ),
        overdue=behind,
        whose=_leads(items, edition) if behind else "",
    )


def _leads(items: list[ChecklistItem], edition: Edition) -> str:
    """The agencies whose tasks are overdue, each once."""
    at, leads = timezone.now(), edition.vocabularies["leads"]
    late = [item for item in items if rules.is_overdue(item, at)]
    tasks = [editions.one(edition.checklist, item.task) for item in late]
    return ", ".join(dict.fromkeys(leads.label(task.lead) for task in tasks))


def _events(items: list[ChecklistItem], edition: Edition) -> list[Event]:
    """Each task that was settled, at the time when it was done, else when it was recorded."""
    stage = edition.words["unexpected_response"]
    return [
        Event(at, f"{_label(item, edition)}: {ItemState(item.state).label}", stage)
        for item in items
        if item.state != ItemState.OPEN and (at := item.done_at or item.settled_at)
    ]


def _decided(response: Response | None, edition: Edition) -> list[Event]:
    """Whether a response was started, at the time when it was decided."""
    if response is None:
        return []
    stage = edition.words["unexpected_response"]
    text = f"{stage[:1].upper()}{stage[1:]} {ResponseState(response.state).label}"
    return [Event(response.decided_at, text, stage)]


def _held(met: list[Discussion], edition: Edition) -> list[Event]:
    """Each meeting of agencies at the time when it was held."""
    labels = {kind.code: kind.label for kind in edition.discussions}
    stage = edition.words["unexpected_response"]
    return [Event(row.held_at, f"{labels[row.kind]}: held", stage) for row in met if row.held_at]


def _meetings_in_words(met: list[Discussion]) -> str:
    """How many stand where, such as "2 held, 1 planned"."""
    counts = [(state, sum(row.state == state for row in met)) for state in DiscussionState]
    return ", ".join(f"{number} {state.label}" for state, number in counts if number)


def waiting_for(user: User, what: str) -> list[Wait]:
    """The person's cases whose post-mortem, or its full report, is still to come."""
    if what != "post_mortem" or not user.can(Permission.CHECKLIST_COMPLETE):
        return []
    cases = Case.objects.visible_to(user).open()
    items = ChecklistItem.objects.filter(
        task__in=POST_MORTEM, state=ItemState.OPEN, case__in=cases
    ).select_related("case__clocks")
    rows = items.order_by("case__clocks__died_on", "case_id", "position")[:MOST_ON_WORKLIST]
    return [
        Wait(
            item.case.reference,
            what,
            _label(item, editions.get(item.case.edition)),
            reverse("rapid_response:settle", args=[item.case.reference, item.task]),
            item.case.clocks.died_on,
        )
        for item in rows
    ]


def missing_for_panel(cases: Sequence[Case]) -> dict[int, list[str]]:
    """How many tasks of each case are overdue."""
    late = ChecklistItem.objects.filter(case__in=cases, state=ItemState.OPEN)
    by_case = late.filter(due_at__lt=timezone.now()).order_by().values("case")
    counted = by_case.annotate(count=Count("pk")).values_list("case", "count")
    return {key: [f"{number_of(number, 'task')} overdue."] for key, number in counted}


def facts_changed(case: Case, by: User | Job) -> None:
    """A death that turns out otherwise gets the tasks that fit it by now; none is taken away.

    What is due by the clock of the death or of the notification follows that clock.
    """
    actions.follow(case, by=by)
    facts.follow(case, by=by)


def organisations_named() -> list[Named]:
    """How many letters of figures went to each organisation."""
    return [Named("Letters of figures", letters.named())]


def case_stopped(case: Case, reason: str, by: User) -> None:
    """Nothing more is asked of anybody on a case that goes no further."""
    actions.stop(case, by=by, reason=reason)


def _undecided(item: ChecklistItem, now: datetime) -> Task:
    name = editions.get(item.case.edition).words["unexpected_response"]
    href = reverse("rapid_response:response", args=[item.case.reference])
    text = f"Case {item.case.reference}: say whether a {name} was started"
    return Task(text, href, item.due_at, overdue=rules.is_overdue(item, now), stage="Checklist")


def _unsettled(row: Discussion) -> Task:
    label = discussions.kind_of(row).label
    text = f"Case {row.case.reference}: say whether the {label[0].lower()}{label[1:]} was held"
    return Task(text, _meeting(row), row.planned_for, overdue=True, stage="Meetings of agencies")


def _owed(row: AgreedAction) -> Task:
    text = f"Case {row.discussion.case.reference}: an action that a meeting agreed"
    due_at = end_of(row.due_on)
    return Task(text, _meeting(row.discussion), due_at, overdue=True, stage="Meetings of agencies")


def _meeting(row: Discussion) -> str:
    return reverse("rapid_response:meeting", args=[row.case.reference, row.number])


def _task(case: queries.Behind) -> Task:
    href = reverse("rapid_response:checklist", args=[case.reference])
    text = f"Case {case.reference}: overdue tasks"
    return Task(text, href, case.since, overdue=True, count=case.tasks, stage="Checklist")


def _passed(found: queries.Passed) -> Task:
    """One line for all that was due before one moment at which the system was told."""
    href, text = reverse("rapid_response:passed"), "Tasks that were due before we were told of them"
    if found.told_by:
        href = f"{href}?{urlencode({'import': found.told_by})}"
        text = f"Import {found.told_by}: tasks that were due before its cases were brought in"
    return Task(text, href, count=found.tasks, stage="Checklist")


def _label(item: ChecklistItem, edition: Edition) -> str:
    return editions.one(edition.checklist, item.task).label
