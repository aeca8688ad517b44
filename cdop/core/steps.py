"""The one writer of what people edit: create, edit, step.

Each runs in an act: the row is locked, the rule is asked, the row is saved with its
history, and the audit entry is collected, all in one transaction. A refusal changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from cdop.core.audit import Job, all_or_nothing, joined, record
from cdop.core.records import Record
from cdop.core.refusals import Stale, refuse_if
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

R = TypeVar("R", bound=Any)

# From a state to a state: the permission that the step needs; None where only a job takes it.
Steps = Mapping[tuple[models.TextChoices, models.TextChoices], Permission | None]


def create(obj: R, *, by: User | Job, action: str = "", reason: str = "") -> R:
    """Save a new row with its history and its audit entry; return it."""
    with joined(), all_or_nothing():
        action = action or f"{obj._meta.model_name}.created"
        # Only ever a new row: what is there already is edited, never written over.
        _save(obj, by, reason or action, force_insert=True)
        record(action, obj, by=by, fields=written(obj))
    return obj


def create_all(rows: list[R], *, by: User | Job, action: str = "", reason: str = "") -> list[R]:
    """Save new rows of one table, each with its history and its audit entry; return them.

    Two statements whatever their number, where ``create`` takes two for each.
    """
    if not rows:
        return rows
    table = type(rows[0])
    with joined(), all_or_nothing():
        action = action or f"{table._meta.model_name}.created"
        for row in rows:
            _signed(row, by, reason or action)
        table._default_manager.bulk_create(rows)
        table.history.bulk_history_create(rows)
        for row in rows:
            record(action, row, by=by, fields=written(row))
    return rows


def edit(
    obj: R,
    *,
    by: User | Job,
    version: int | None = None,
    action: str = "",
    reason: str = "",
    purpose: str = "",
    in_passing: bool = False,
    **changes: Any,
) -> R:
    """Change columns of a row; return the row as it is now.

    version     the version that the person saw; Stale is raised where the row has moved on.
                None for a step of the system that read the row in the same act.
    in_passing  whether no decision about the row hangs on it: the version stays, so that no page
                that somebody has open is refused because of it
    Nothing is saved or recorded where nothing changes. A state is written by ``step`` alone.
    """
    _no_state_among(changes)
    with joined():
        row = _locked(obj, version)
        changed = {name: value for name, value in changes.items() if getattr(row, name) != value}
        if not changed:
            return row
        action = action or f"{row._meta.model_name}.edited"
        with all_or_nothing():
            _write(row, changed, by, reason or action, in_passing=in_passing)
        record(action, row, by=by, case=obj.audit_case, fields=changed, purpose=purpose)
    return row


def step(
    obj: R,
    to: models.TextChoices,
    *,
    by: User | Job,
    version: int | None = None,
    reason: str = "",
    **stamps: Any,
) -> R:
    """Take one step of the row's table ``STEPS``; return the row as it is now.

    version  the version that the person saw; Stale is raised where the row has moved on
    stamps   other columns that belong to the step (who, when, decision)
    Raises Refused, having changed nothing: 409 where the state forbids it, 403 where the
    person may not. ``obj`` was read before the lock and may be stale; use what is returned.
    """
    _no_state_among(stamps)
    with joined():
        row = _locked(obj, version)
        refuse_if(state_forbids(row, to))
        refuse_if(person_may_not(row, to, by), HTTPStatus.FORBIDDEN)
        before = row.state
        action = f"{row._meta.model_name}.{to}"
        with all_or_nothing():
            _write(row, {"state": str(to), **stamps}, by, reason or action)
        record(
            action,
            row,
            by=by,
            case=obj.audit_case,
            fields=stamps,
            before={"state": before},
            after={"state": str(to)},
        )
    return row


def why_not(obj: Any, to: models.TextChoices, *, by: User | Job) -> str:
    """Why the step cannot be taken now by this person; "" means it can."""
    return state_forbids(obj, to) or person_may_not(obj, to, by)


def state_forbids(obj: Any, to: models.TextChoices) -> str:
    """Why no one could take the step from where the row stands; "" means somebody could."""
    here = type(to)(obj.state)
    if (here, to) in obj.STEPS:
        return ""
    return f"This {obj._meta.verbose_name} is {here.label}, so it cannot become {to.label}."


def person_may_not(obj: Any, to: models.TextChoices, by: User | Job) -> str:
    """Why this person may not take the step; "" means they may."""
    needed = obj.STEPS.get((type(to)(obj.state), to))
    if isinstance(by, Job) or (needed is not None and by.can(needed)):
        return ""
    hat = by.hat.rule.label.lower() if by.hat else "person without a role"
    return f"As {hat} you cannot make this {obj._meta.verbose_name} {to.label}."


def _locked(obj: R, version: int | None) -> R:
    row = obj._meta.model._default_manager.select_for_update().get(pk=obj.pk)
    if version is not None and row.version != version:
        raise Stale(row)
    return row


def _no_state_among(columns: Mapping[str, Any]) -> None:
    if "state" in columns:
        raise ValueError("A state is written by step(), which checks it, and by nothing else.")


def _write(
    row: Any, changes: Mapping[str, Any], by: User | Job, reason: str, *, in_passing: bool = False
) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += not in_passing
    _save(row, by, reason, update_fields=[*changes, "version"])


def _save(row: Any, by: User | Job, reason: str, **how: Any) -> None:
    _signed(row, by, reason)
    row.save(**how)


def _signed(row: Any, by: User | Job, reason: str) -> None:
    """Who writes the row and why, for its history."""
    row._history_user = None if isinstance(by, Job) else by
    row._change_reason = reason[:200]


def written(obj: models.Model | Record) -> list[str]:
    """The columns of a new row that its audit entry names."""
    return [f.name for f in obj._meta.concrete_fields if not f.primary_key and f.name != "version"]
