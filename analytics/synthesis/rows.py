"""Writing many rows at once, each with its history and none through ``core.steps``.

A population has no acts of people to lock, check and record one by one: it is one act with one
audit entry, and would take hours otherwise. Nothing but invented rows may be written this way.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from django.db import connections, router
from django.db.models import AutoField, Model

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
        insert(written[0].history.model, (_said(row, at, by) for row, at in dated))
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


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows given as values by attribute, without an instance of the model for any of them.

    Those take half the time of a population: this is for rows of which nobody asks the key.
    """
    connection = connections[router.db_for_write(model)]
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places})",  # nosec B608 # names of models
            [
                [field.get_db_prep_save(row[field.attname], connection) for field in fields]
                for row in rows
            ],
        )


def _said(row: Record, at: datetime, by: User) -> dict[str, Any]:
    """The one row of history of a row: it was added then, by this person."""
    return vars(row) | {
        "history_id": uuid4(),
        "history_date": at,
        "history_type": ADDED,
        "history_change_reason": REASON,
        "history_user_id": by.pk,
    }
