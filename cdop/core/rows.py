"""The rows of one table that belong to one record, by a statement whose text is composed once.

A page that gathers from twenty tables spends more time on composing its twenty statements than the
database on answering them; most of them find nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.db.models import Field, Model, prefetch_related_objects

Row = TypeVar("Row", bound=Model)


def rows_of(table: type[Row], belonging_to: str, key: int, *beside: str) -> list[Row]:
    """The rows whose foreign key ``belonging_to`` is ``key``, in the table's order or by their key.

    beside  relations to read with them: one statement for each, and none where there are no rows
    """
    manager = table._base_manager
    rows = list(manager.raw(_statement(table, belonging_to), [key]))
    prefetch_related_objects(rows, *beside)
    return rows


@cache
def _statement(table: type[Model], belonging_to: str) -> str:
    meta = table._meta
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    order = ", ".join(_ordered(table, str(name)) for name in meta.ordering or ["pk"])
    where = f'"{_column(table, belonging_to)}" = %s'
    # Names of tables and columns are the models' own; what is looked for is a parameter.
    asked = f'SELECT {columns} FROM "{meta.db_table}" WHERE {where}'  # nosec B608
    return f"{asked} ORDER BY {order}"


def _ordered(table: type[Model], name: str) -> str:
    direction = "DESC" if name.startswith("-") else "ASC"
    return f'"{_column(table, name.removeprefix("-"))}" {direction}'


def _column(table: type[Model], name: str) -> str:
    meta = table._meta
    field = meta.pk if name == "pk" else meta.get_field(name.removesuffix("_id"))
    assert isinstance(field, Field)  # a row's own, no relation of another's
    return str(field.column)
