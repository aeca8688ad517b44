"""What is wrong with a sheet of earlier cases, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from notifications.legacy_sheets import Sheet


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell. ``value`` is what stood there; ``reason`` never repeats it."""

    line: int
    column: str
    reason: str
    value: str = ""


def reading_order(sheet: Sheet) -> Callable[[Problem], tuple[int, int]]:
    """Line by line, from the left to the right; last in its line what has no column there."""
    places = {heading: place for place, (heading, _) in enumerate(sheet.columns.values())}
    return lambda problem: (problem.line, places.get(problem.column, len(places)))
