"""What a meeting of the agencies agreed: what, which agency, by which day, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from cdop import editions
from cdop.cases.models import Case
from cdop.core import sealing, steps
from cdop.core.audit import act
from cdop.core.refusals import Refused, refuse_if
from cdop.rapid_response import discussions
from cdop.rapid_response.discussion_models import Agreed, AgreedAction, Discussion
from cdop.rapid_response.states import AgreedState, DiscussionState

if TYPE_CHECKING:
    from cdop.core.users import User

SEALED_AS = "agreed action"


@dataclass(frozen=True)
class Line:
    """One action as it is shown: what, which agency, and how it stands on a day."""

    action: AgreedAction
    what: str
    lead: str
    overdue: bool

    @property
    def standing(self) -> str:
        return "overdue" if self.overdue else AgreedState(self.action.state).label


def add(discussion: Discussion, *, by: User, what: str, lead: str, due_on: date) -> AgreedAction:
    """Record what a meeting agreed that an agency does by a day."""
    refuse_if(discussions.why_not(discussion.case, by, discussion.kind), HTTPStatus.FORBIDDEN)
    with act():
        case = Case.objects.held(discussion.case_id)
        row = Discussion.objects.get(pk=discussion.pk)
        if row.state != DiscussionState.HELD:
            raise Refused(f"This meeting is {row.state_label}. Record first that it was held.")
        sealed = sealing.seal_json(case.data_key, SEALED_AS, asdict(Agreed(what)))
        made = AgreedAction(discussion=row, sealed=sealed, lead=lead, due_on=due_on)
        return steps.create(made, by=by)


def settle(
    action: AgreedAction,
    to: AgreedState,
    *,
    by: User,
    version: int,
    on: date | None = None,
    note: str = "",
) -> AgreedAction:
    """It was done on a day, is no longer needed since a day and why, or is open after all."""
    refuse_if(discussions.why_not(action.discussion.case, by), HTTPStatus.FORBIDDEN)
    still_open = to == AgreedState.OPEN
    stamps: dict[str, Any] = {
        "settled_on": None if still_open else on,
        "note": "" if still_open else note,
    }
    return steps.step(action, to, by=by, version=version, **stamps)


def lines(discussion: Discussion, on: date) -> list[Line]:
    """The actions of a meeting in the order of their days. What they say is opened: record it."""
    case = discussion.case
    leads = {term.code: term.label for term in editions.get(case.edition).attending}
    return [
        Line(
            action=row,
            what=Agreed(**sealing.unseal_json(case.data_key, SEALED_AS, row.sealed)).what,
            lead=leads[row.lead],
            overdue=row.state == AgreedState.OPEN and row.due_on < on,
        )
        for row in discussion.actions.all()
    ]


def overdue(user: User, on: date) -> QuerySet[AgreedAction]:
    """The open actions past their day, of the open cases that the person sees."""
    cases = Case.objects.visible_to(user).open()
    late = AgreedAction.objects.filter(state=AgreedState.OPEN, due_on__lt=on)
    held = late.filter(discussion__case__in=cases, discussion__state=DiscussionState.HELD)
    return held.select_related("discussion__case").order_by("due_on", "pk")
