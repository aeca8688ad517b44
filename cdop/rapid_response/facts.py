"""What is counted of the first weeks: each action writes its columns of the one flat row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cdop.cases.models import Case, Clocks
from cdop.core import steps
from cdop.core.audit import Job
from cdop.core.clocks import clock_start
from cdop.core.dates import elapsed_hours
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.models import Visit
from cdop.rapid_response.response_models import Response, ResponseFacts
from cdop.rapid_response.states import DiscussionState

if TYPE_CHECKING:
    from cdop.core.users import User


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


def follow(case: Case, *, by: User | Job) -> None:
    """Count the hours to the visit anew, where the time of death was corrected."""
    visit = Visit.objects.filter(case=case).first()
    if visit:
        note_visit(visit, by=by)


def write(
    case: Case, *, by: User | Job, version: int | None = None, **columns: Any
) -> ResponseFacts:
    """Write columns of the row of a case, which is made where there is none.

    The case is held (``Case.objects.held``) by whoever calls. Raises Stale for an old version.
    """
    row = of(case)
    if row is None:
        return steps.create(ResponseFacts(case=case, **columns), by=by)
    return steps.edit(row, by=by, version=version, **columns)
