"""Files of populations and births, as the Office for National Statistics gives them out, or tidy.

Two shapes are read. Tidy: a line per group with its code, sex, age (or first and last age) and
number. Wide: a line per area with its code and a column for each single age, one sheet for each
sex. Other areas and older people are passed over; what is missing or contradicts itself is told
with its line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from analytics.populations import BIRTHS, EVERYBODY, OLDEST, SEXES, Group, Year

AREA = ("gss_code", "code", "area code", "ladcode", "laua", "area_code", "ladcode23")
SEX = ("sex", "gender")
AGE, FROM, TO = ("age",), ("age_from",), ("age_to",)
NUMBER = ("population", "births", "live births", "number", "count", "value", "all live births")
WORDS_FOR_SEX = {
    **dict.fromkeys(("all", "persons", "people", "both", "total", "t", "3", ""), EVERYBODY),
    **dict.fromkeys(("male", "males", "m", "1", "boys"), "male"),
    **dict.fromkeys(("female", "females", "f", "2", "girls"), "female"),
}
MOST_LINES_BEFORE_THE_HEAD = 20
MOST_PROBLEMS = 20

Rows = list[list[Any]]


class Unreadable(Exception):
    """The file cannot be taken; ``problems`` say why, a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class _Head:
    """Where the columns stand: by what they hold, and by single age."""

    line: int
    columns: dict[str, int]
    ages: dict[int, int]


def read(name: str, content: bytes, kind: str, areas: Collection[str]) -> tuple[Group, ...]:
    """The groups of ``areas`` in a file. Raises Unreadable, having taken nothing."""
    groups: dict[tuple[str, str, int, int], Group] = {}
    problems: list[str] = []
    for sheet, rows in _sheets(name, content):
        head = _head(rows, kind)
        if head is None:
            continue
        for line, row in enumerate(rows[head.line + 1 :], head.line + 2):
            try:
                found = list(_groups(row, head, sheet, kind, areas))
            except ValueError as problem:
                problems.append(f"{sheet}, line {line}: {problem}")
                continue
            for group in found:
                key = (group.area, group.sex, group.age_from, group.age_to)
                if groups.setdefault(key, group) != group:
                    problems.append(f"{sheet}, line {line}: the same group has another number.")
    if not groups and not problems:
        problems = [
            "No line of these areas was found. The file needs a column of area codes "
            f"({', '.join(AREA[:3])}), and either columns for single ages or the columns age (or "
            "age_from and age_to) and population; births need a column births."
        ]
    problems = problems or list(_doubts(tuple(groups.values()), kind, areas))
    if problems:
        raise Unreadable(problems[:MOST_PROBLEMS])
    return tuple(groups.values())


def _sheets(name: str, content: bytes) -> Iterator[tuple[str, Rows]]:
    if name.lower().endswith(".csv"):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
        yield "The file", [list(row) for row in csv.reader(io.StringIO(text))]
        return
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            yield sheet, book.get_sheet_by_name(sheet).to_python()
    except CalamineError as problem:
        raise Unreadable(
            ["The file is neither CSV nor a workbook that can be opened (.xlsx, .xls, .ods)."]
        ) from problem


def _head(rows: Rows, kind: str) -> _Head | None:
    """The first line that names a column of areas and something to count."""
    for line, row in enumerate(rows[:MOST_LINES_BEFORE_THE_HEAD]):
        names = [str(cell).strip().lower() for cell in row]
        columns = {
            what: names.index(name)
            for what, known in (
                ("area", AREA),
                ("sex", SEX),
                ("age", AGE),
                ("from", FROM),
                ("to", TO),
                ("number", NUMBER),
            )
            for name in known[::-1]
            if name in names
        }
        ages = {int(float(n)): at for at, n in enumerate(names) if re.fullmatch(r"\d+(\.0)?", n)}
        aged = "age" in columns or {"from", "to"} <= columns.keys() or kind == BIRTHS
        if "area" in columns and (0 in ages or ("number" in columns and aged)):
            return _Head(line, columns, {a: at for a, at in ages.items() if a <= OLDEST})
    return None


def _groups(
    row: Sequence[Any], head: _Head, sheet: str, kind: str, areas: Collection[str]
) -> Iterator[Group]:
    def cell(what: str) -> str:
        at = head.columns.get(what)
        return "" if at is None or at >= len(row) else str(row[at]).strip()

    area = cell("area")
    if area not in areas:
        return
    if "number" not in head.columns and kind != BIRTHS:
        sex = _sex_of_sheet(sheet)
        for age, at in head.ages.items():
            yield Group(area, sex, age, age, _number(row[at] if at < len(row) else ""))
        return
    sex = _sex(cell("sex"))
    if kind == BIRTHS:
        yield Group(area, sex, 0, 0, _number(cell("number")))
        return
    ages = (cell("from"), cell("to")) if cell("from") else (cell("age"), cell("age"))
    first, last = (_number(age) for age in ages)
    if first <= OLDEST:
        if last > OLDEST or last < first:
            raise ValueError(f"ages {first} to {last} are not ages of children.")
        yield Group(area, sex, first, last, _number(cell("number")))


def _sex_of_sheet(sheet: str) -> str:
    words = re.findall(r"[a-z]+", sheet.lower())
    return next((WORDS_FOR_SEX[w] for w in words if WORDS_FOR_SEX.get(w)), EVERYBODY)


def _sex(word: str) -> str:
    if word.lower() not in WORDS_FOR_SEX:
        raise ValueError(f"“{word}” is not a sex: write all, male or female.")
    return WORDS_FOR_SEX[word.lower()]


def _number(written: Any) -> int:
    text = str(written).replace(",", "").strip()
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"“{written}” is not a whole number.") from None
    if number < 0 or number != int(number):
        raise ValueError(f"“{written}” is not a whole number, 0 or more.")
    return int(number)


def _doubts(groups: tuple[Group, ...], kind: str, areas: Collection[str]) -> Iterator[str]:
    """What is missing, and what does not add up."""
    year = Year(kind, 0, 0, "", groups)
    ages = (0, 0) if kind == BIRTHS else (0, OLDEST)
    for area in sorted(areas):
        whole = year.people(area, ages)
        if whole is None:
            what = "births" if kind == BIRTHS else f"all ages from 0 to {OLDEST}"
            yield f"{area}: the file does not hold {what}."
            continue
        halves = [year.people(area, ages, sex) for sex in SEXES[1:]]
        if None not in halves and sum(half or 0 for half in halves) != whole:
            told = " and ".join(f"{half:,}" for half in halves)
            yield f"{area}: boys and girls, {told}, do not add up to {whole:,}."
