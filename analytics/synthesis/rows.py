"""Writing many rows at once, each with its history and none through ``core.steps``.

A population has no acts of people to lock, check and record one by one: it is one act with one
audit entry, and would take hours otherwise. Nothing but invented rows may be written this way.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from django.db import connections, router

from cdop.core.records import Record
from cdop.core.users import User

REASON = "synthesised"
ADDED = "+"

R = TypeVar("R", bound=Record)


def write(rows: Iterable[tuple[R, datetime]], *, by: User) -> list[R]:
    """Write rows of one model, each with the moment that its history tells; give them back."""
    dated = list(rows)
    written = [row for row, _ in dated]
    if written:
        type(written[0])._default_manager.bulk_create(written)
        _write_history(written, [at for _, at in dated], by)
    return written


def unused(count: int, draw: Callable[[], str], model: type[Record], column: str) -> list[str]:
    """So many different words out of ``draw``, none of which the column holds already."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = dict.fromkeys(draw() for _ in range(count - len(found)))
        there = model._default_manager.filter(**{f"{column}__in": drawn})
        taken = set(there.values_list(column, flat=True))
        found |= dict.fromkeys(word for word in drawn if word not in taken)
    return list(found)


def _write_history(rows: Sequence[Record], moments: Sequence[datetime], by: User) -> None:
    """One row of history for each: it was added then, by this person.

    An instance of the history's model for every row would double the time that a population takes.
    """
    history = rows[0].history.model
    connection = connections[router.db_for_write(history)]
    fields = history._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(history._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 - names of models
            [
                [field.get_db_prep_save(said[field.attname], connection) for field in fields]
                for said in map(_said, rows, moments, [by] * len(rows))
            ],
        )


def _said(row: Record, at: datetime, by: User) -> dict[str, Any]:
    """The columns of a row's history, by their attributes."""
    return vars(row) | {
        "history_id": uuid4(),
        "history_date": at,
        "history_type": ADDED,
        "history_change_reason": REASON,
        "history_user_id": by.pk,
    }
