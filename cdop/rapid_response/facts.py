"""What is counted of the first weeks: each action writes its columns of the one flat row."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cdop.cases.models import Case, Clocks
from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.clocks import clock_start
from cdop.core.dates import elapsed_hours
from cdop.core.refusals import Refused, Stale
from cdop.rapid_response import rules
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.models import Visit
from cdop.rapid_response.response_models import Response, ResponseFacts
from cdop.rapid_response.states import DiscussionState, ItemState, Known

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_RECORDED = 0
DONE = ("history_taken", "examination", "samples", "skeletal_survey")
CARE = ("ambulance_protocol", "ambulance_why", *DONE, "care_why")
"""The columns that a responder fills in on one short form."""
NEEDS_A_REASON = (Known.NO, Known.NOT_APPLICABLE)
TASKS: Mapping[str, tuple[str, ...]] = {
    "history_taken": ("take_history",),
    "examination": ("examine_child",),
    "samples": ("take_samples",),
    "skeletal_survey": ("skeletal_survey", "skeletal_survey_older"),
}
"""The tasks of every edition that ask for the same."""
ANSWERS: Mapping[str, Known] = {
    ItemState.DONE: Known.YES,
    ItemState.NOT_DONE: Known.NO,
    ItemState.NOT_APPLICABLE: Known.NOT_APPLICABLE,
}


def of(case: Case) -> ResponseFacts | None:
    """What is counted of the case, if anything was recorded."""
    return ResponseFacts.objects.filter(case=case).first()


def note_response(response: Response, *, by: User | Job) -> None:
    """Whether a response was started, and whether any criterion applied."""
    met = bool(response.criteria)
    write(response.case, by=by, response=response.state, criteria_met=met)


def note_visit(visit: Visit, *, by: User | Job) -> None:
    """Who visited, and how many hours after the death by the clocks as they stand."""
    hours = None
    if visit.visited_at:
        clocks = Clocks.objects.get(case=visit.case_id)
        start = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
        hours = elapsed_hours(start, visit.visited_at)
    write(visit.case, by=by, visit=visit.outcome, visit_hours=hours)


def note_discussions(case: Case, *, by: User | Job) -> None:
    """How many discussions were held."""
    held = Discussion.objects.filter(case=case, state=DiscussionState.HELD).count()
    write(case, by=by, discussions_held=held)


def why_not(case: Case, user: User) -> str:
    """Why ``user`` may not say what was done in the first hours; "" means they may."""
    return rules.why_not_work_on(case, user)


def record_care(case: Case, *, by: User, version: int, **said: str) -> ResponseFacts:
    """Record what was done in the first hours, or correct it.

    said     the columns of ``CARE``
    version  that of the row on the page; 0 where there was none
    Raises Refused where the role does not record it, or a reason is missing; Stale where somebody
    else said something else about these meanwhile. A visit or a meeting recorded meanwhile moves
    the version of the row too, and is no reason to stop anybody.
    """
    if forbidden := why_not(case, by):
        raise Refused(forbidden, HTTPStatus.FORBIDDEN)
    if missing := why_incomplete(said):
        raise Refused(next(iter(missing.values())))
    with act():
        held = Case.objects.held(case.pk)
        row = of(held)
        if row and _care_at(row, version) != care_of(row):
            raise Stale(row)
        return write(held, by=by, **said)


def why_incomplete(said: Mapping[str, str]) -> dict[str, str]:
    """By column, which reason is missing for what was not done or does not apply."""
    missing = {}
    if said.get("ambulance_protocol") in NEEDS_A_REASON and not said.get("ambulance_why"):
        missing["ambulance_why"] = "Say why the protocol was not followed, or does not apply"
    if any(said.get(name) in NEEDS_A_REASON for name in DONE) and not said.get("care_why"):
        missing["care_why"] = "Say why, of each that was not done or does not apply"
    return missing


def care_of(row: ResponseFacts | None) -> dict[str, str]:
    """What was said of the first hours, by column; "" where nobody has said it."""
    return {name: getattr(row, name) if row else "" for name in CARE}


def _care_at(row: ResponseFacts, version: int) -> dict[str, str]:
    """The same as it was in one version of the row."""
    return care_of(row.history.filter(version=version).first())


def from_checklist(case: Case) -> dict[str, str]:
    """What the checklist knows of it already: where a task is settled, its answer; else ""."""
    states = dict(case.checklist.values_list("task", "state"))
    found = {name: [states.get(task, "") for task in tasks] for name, tasks in TASKS.items()}
    return {
        name: next((ANSWERS[state] for state in states if state in ANSWERS), "")
        for name, states in found.items()
    }


def follow(case: Case, *, by: User | Job) -> None:
    """Count the hours to the visit anew, where the time of death was corrected."""
    visit = Visit.objects.filter(case=case).first()
    if visit:
        note_visit(visit, by=by)


def write(case: Case, *, by: User | Job, **columns: Any) -> ResponseFacts:
    """Write columns of the row of a case, which is made where there is none.

    The case is held (``Case.objects.held``) by whoever calls.
    """
    row = of(case)
    if row is None:
        return steps.create(ResponseFacts(case=case, **columns), by=by)
    return steps.edit(row, by=by, **columns)
