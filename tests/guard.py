"""A database that refuses what later stages must not read: identity, clocks, contacts, reports.

``nothing_forbidden`` fails on any statement that names one of those tables, unless it was sent
from one of the two modules that may: the search for identifying words, which records its reading,
and the reading of the clocks that gives whole numbers only.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

FORBIDDEN = re.compile(
    r"\b(cdop_(?:historical)?(?:identity|identitytoken|clocks|contact|reportedvalue|family\w*|conversation|signal\w*|urgentnotice)"
    r"|notifications_\w+)\b"
)
MAY = ("cdop/panel/redaction.py", "cdop/cases/clock_readings.py")


class Forbidden(AssertionError):
    """A statement named a table that this stage must not read."""


@contextmanager
def nothing_forbidden() -> Iterator[None]:
    """Fail on statements that name the tables of identity and clocks, while the block runs."""
    with connection.execute_wrapper(_refuse):
        yield


def _refuse(execute, sql, params, many, context):
    named = FORBIDDEN.search(sql)
    if named and not _sent_from_where_it_may():
        raise Forbidden(f"A statement names {named[1]}: {sql}")
    return execute(sql, params, many, context)


def _sent_from_where_it_may() -> bool:
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.endswith(MAY):
            return True
        frame = frame.f_back
    return False
