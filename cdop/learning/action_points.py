"""What is done with an action that follows from a recommendation: agreed, changed, settled."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.timezone import localdate

from cdop.core import sealing, steps
from cdop.core.audit import act
from cdop.core.organisations import Organisation
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.learning import naming, progress
from cdop.learning.models import CONTACT, ActionPoint, Recommendation
from cdop.learning.states import PointState

if TYPE_CHECKING:
    from cdop.core.users import User

ENDED = "This recommendation is settled. Take that back before you change its actions."


def add(
    recommendation: Recommendation,
    *,
    words: str,
    owner: Organisation,
    contact_name: str,
    contact_email: str,
    due_on: date,
    agreed_on: date | None = None,
    looked_at: bool = False,
    by: User,
) -> ActionPoint:
    """Agree that an organisation does something by a day. Raises Refused.

    contact_email  "" where nobody there can be written to: then nobody is reminded
    agreed_on      today, unless another day is said
    """
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    on = agreed_on or localdate()
    refuse_if(_why_not_said(recommendation, words, contact_name, on, due_on))
    refuse_if(naming.why_not([words], recommendation.finding, looked_at=looked_at, by=by))
    with act():
        held = _going_on(recommendation)
        contact = {"name": contact_name.strip(), "email": contact_email.strip()}
        made = ActionPoint(
            recommendation=held,
            words=words.strip(),
            owner=owner,
            sealed=sealing.seal_json(held.data_key, CONTACT, contact),
            agreed_on=on,
            due_on=due_on,
        )
        return steps.create(made, by=by, action="actionpoint.agreed")


def change(
    point: ActionPoint,
    *,
    words: str,
    owner: Organisation,
    contact_name: str,
    contact_email: str,
    due_on: date,
    agreed_on: date | None = None,
    looked_at: bool = False,
    by: User,
    version: int,
) -> ActionPoint:
    """Change an open action. With another day the reminders begin anew. Raises Stale, Refused."""
    refuse_unless(by, Permission.RECOMMENDATIONS_MANAGE, otherwise=progress.NOT_YOURS)
    on = agreed_on or point.agreed_on
    refuse_if(_why_not_said(point.recommendation, words, contact_name, on, due_on))
    refuse_if(naming.why_not([words], point.recommendation.finding, looked_at=looked_at, by=by))
    with act():
        held = _going_on(point.recommendation)
        row = _locked(point, version)
        if row.state != PointState.OPEN:
            raise Refused(f"This action is {row.state_label}. Open it again to change it.")
        said: dict[str, Any] = {"words": words.strip(), "owner": owner, "agreed_on": on}
        contact = {"name": contact_name.strip(), "email": contact_email.strip()}
        if contact != row.contact:
            said["sealed"] = sealing.seal_json(held.data_key, CONTACT, contact)
        if due_on != row.due_on:
            said |= {"due_on": due_on, "reminders": 0, "reminded_at": None}
        return steps.edit(row, by=by, version=version, **said)


def settle(
    point: ActionPoint,
    to: PointState,
    *,
    settled_on: date,
    outcome: str,
    looked_at: bool = False,
    by: User,
    version: int,
) -> ActionPoint:
    """It was done, with what shows that; or it is not to be done, and why. Raises Stale, Refused.

    Judged by the day on which it was done, not by that on which it is recorded.
    """
    if not outcome.strip():
        raise Refused("Say what shows that it is done." if to == PointState.DONE else "Say why.")
    if not point.agreed_on <= settled_on <= localdate():
        raise Refused("This was between the day on which it was agreed and today.")
    finding = point.recommendation.finding
    refuse_if(naming.why_not([outcome], finding, looked_at=looked_at, by=by))
    with act():
        _going_on(point.recommendation)
        row = _locked(point, version)
        said: dict[str, Any] = {"settled_on": settled_on, "outcome": outcome.strip()}
        return steps.step(row, to, by=by, version=version, **said)


def open_again(point: ActionPoint, *, by: User, version: int) -> ActionPoint:
    """What was recorded of it was wrong: it is still to be done. Raises Stale, Refused."""
    with act():
        _going_on(point.recommendation)
        row = _locked(point, version)
        gone: dict[str, Any] = {"settled_on": None, "outcome": ""}
        return steps.step(row, PointState.OPEN, by=by, version=version, **gone)


def _why_not_said(
    recommendation: Recommendation, words: str, contact_name: str, on: date, due_on: date
) -> str:
    if not (words.strip() and contact_name.strip()):
        return "Say what is to be done, and who sees to it."
    if not recommendation.made_on <= on <= localdate():
        return "It was agreed between the day of the recommendation and today."
    return "It is due on the day on which it was agreed, or later." if due_on < on else ""


def _going_on(recommendation: Recommendation) -> Recommendation:
    """The recommendation, locked, as long as something is to come of it."""
    held = Recommendation.objects.held(recommendation.pk)
    if not held.is_going_on:
        raise Refused(ENDED)
    return held


def _locked(point: ActionPoint, version: int) -> ActionPoint:
    rows = ActionPoint.objects.select_for_update(of=("self",))
    row = rows.select_related("recommendation__data_key", "owner").get(pk=point.pk)
    if row.version != version:
        raise Stale(row)
    return row
