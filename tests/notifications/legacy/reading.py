"""Reading the rows of an invented sheet."""

from datetime import UTC, datetime

from notifications import legacy_rows, legacy_sheets
from tests.notifications.legacy import sheets

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def read(*rows, extra=()):
    sheet = legacy_sheets.read(sheets.as_csv(rows, extra=extra))
    return legacy_rows.read(sheet, NOW)


def one(row, **changes):
    found = read(row | changes)
    assert found.problems == []
    return found.cases[0]


def wrong(row, extra=(), **changes):
    """(column, reason) of everything that is wrong with the row."""
    found = read(row | changes, extra=extra)
    assert found.cases == []
    assert {problem.line for problem in found.problems} == {2}
    return [(problem.column, problem.reason) for problem in found.problems]
