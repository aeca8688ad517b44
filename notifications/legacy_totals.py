"""From the sheet with the old system's totals to a count for each place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from notifications import legacy_values as values
from notifications import legacy_words
from notifications.legacy_columns import TOTALS
from notifications.legacy_counts import Place
from notifications.legacy_problems import Problem
from notifications.legacy_sheets import Line
from notifications.legacy_values import Bad
from notifications.legacy_words import Words, every_edition

MOST_CASES = 9_999


def read(lines: Iterable[Line]) -> tuple[dict[Place, int], list[Problem]]:
    """The old system's totals by (year, area, stage), and what is wrong with them."""
    words = legacy_words.with_areas()
    found: Counter[Place] = Counter()
    problems = []
    for line in lines:
        try:
            place, count = _total(line, words)
        except (Bad, ValueError) as error:
            problems.append(Problem(line.number, "Totals", str(error)))
        else:
            found[place] += count
    return dict(found), problems


def _total(line: Line, words: Words) -> tuple[Place, int]:
    by_code = {column.words: column for column in TOTALS if column.words}
    year = values.year(line.values.get("year", ""))
    area = words.code(by_code["areas"], line.values.get("area", ""), every_edition())
    stage = words.code(by_code["stages"], line.values.get("stage", ""), every_edition())
    return (year, area, stage), values.whole(line.values.get("count", ""), MOST_CASES)
