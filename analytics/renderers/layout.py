"""A release as rows and columns of words, the same for every page and file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.dimensions import TOTAL
from analytics.tables import BASES
from cdop.core.marks import SYNTHETIC

WHOLE = "Pan-Cheshire"
DRAFT = "Draft \N{EN DASH} not for publication"
RESTRICTED = "OFFICIAL-SENSITIVE \N{EN DASH} not for publication"
HIDDEN = "[c]"
COUNTED = "Deaths"
RANGE = "95% range"

Cells = Mapping[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class EstimateNames:
    """What the columns of a table of estimates are called."""

    value: str
    numerator: str
    denominator: str


def estimate_names(table: Mapping[str, Any]) -> EstimateNames:
    """The columns of a table that shows no counts: a percentage, or a rate of some population."""
    if table["statistic"] == "rate":
        return EstimateNames(f"Per {table['per']:,}", COUNTED, table["population"])
    return EstimateNames("Percentage", "Number", "Out of")


@dataclass(frozen=True)
class Row:
    """One line: its label, how deep it stands under a subtotal, and its figures as text."""

    label: str
    depth: int
    is_total: bool
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """One table, ready to set. ``heading`` names the column of labels; ``hidden`` counts
    the cells that carry the mark."""

    id: str
    number: int
    title: str
    caption: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    hidden: int


def for_area(release: Mapping[str, Any], area: str) -> dict[str, Any]:
    """The same release with the figures of one area beside those of Pan-Cheshire.

    Raises ValueError if the release does not hold the area.
    """
    if area not in [value["code"] for value in release["dimensions"]["area"]]:
        raise ValueError(f"The release has no area {area!r}.")
    wanted = (area, TOTAL)
    tables = [
        {**table, "cells": [c for c in table["cells"] if c.get("area", TOTAL) in wanted]}
        for table in release["tables"]
    ]
    return {**release, "tables": tables}


def heading(release: Mapping[str, Any], code: str) -> str:
    """The name of a dimension."""
    return str(release["dimension_labels"][code])


def label(release: Mapping[str, Any], dimension: str, code: str) -> str:
    """The words for one value; the total of the areas is Pan-Cheshire."""
    if code == TOTAL:
        return WHOLE if dimension == "area" else "Total"
    return str(_value(release, dimension, code)["label"])


def grids(release: Mapping[str, Any]) -> list[Grid]:
    """Every table in order, numbered from 1."""
    return [_grid(release, table, number) for number, table in enumerate(release["tables"], 1)]


def codes(release: Mapping[str, Any], table: Mapping[str, Any], dimension: str) -> list[str]:
    """The values that a table shows, in the order of the page, the total last."""
    present = {cell[dimension] for cell in table["cells"]}
    order = [*(value["code"] for value in release["dimensions"][dimension]), TOTAL]
    return [code for code in order if code in present]


def cells(table: Mapping[str, Any]) -> Cells:
    """The cells of a table by their codes."""
    return {tuple(cell[d] for d in table["dimensions"]): cell for cell in table["cells"]}


def _grid(release: Mapping[str, Any], table: Mapping[str, Any], number: int) -> Grid:
    first = table["dimensions"][0]
    columns, figures = _figures(release, table)
    rows = [
        Row(label(release, first, code), _depth(release, first, code), code == TOTAL, figures[code])
        for code in codes(release, table, first)
    ]
    return Grid(
        id=table["id"],
        number=number,
        title=table["title"],
        caption=f"Basis: {BASES[table['basis']].label.lower()}. Period: {table['period']}.",
        heading=heading(release, first),
        columns=columns,
        rows=tuple(rows),
        notes=tuple(table["notes"]),
        hidden=sum(cell["mark"] == HIDDEN for cell in table["cells"]),
    )


def _figures(
    release: Mapping[str, Any], table: Mapping[str, Any]
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The names of the columns, and the figures by row."""
    first, *rest = table["dimensions"]
    rows, by_codes = codes(release, table, first), cells(table)
    if table["statistic"] != "count":
        names = estimate_names(table)
        unit = "%" if table["statistic"] == "percentage" else ""
        return (
            (names.value, RANGE, names.numerator, names.denominator),
            {row: _estimate(by_codes[(row,)], unit) for row in rows},
        )
    if not rest:
        return (COUNTED,), {row: (_count(by_codes[(row,)]),) for row in rows}
    columns = codes(release, table, rest[0])
    return (
        tuple(label(release, rest[0], column) for column in columns),
        {row: tuple(_count(by_codes[row, column]) for column in columns) for row in rows},
    )


def _count(cell: Mapping[str, Any]) -> str:
    return str(cell["mark"]) if cell["value"] is None else f"{cell['value']:,}"


def _estimate(cell: Mapping[str, Any], unit: str) -> tuple[str, ...]:
    pair = [
        str(cell["mark"]) if cell[name] is None else f"{cell[name]:,}"
        for name in ("numerator", "denominator")
    ]
    if cell["value"] is None:
        return (str(cell["mark"]), str(cell["mark"]), *pair)
    between = f"{cell['lower']:.1f} to {cell['upper']:.1f}"
    flag = f" {cell['flag']}" if cell.get("flag") else ""
    return (f"{cell['value']:.1f}{unit}{flag}", between, *pair)


def _depth(release: Mapping[str, Any], dimension: str, code: str) -> int:
    if code == TOTAL:
        return 0
    parent = _value(release, dimension, code)["parent"]
    return 0 if parent is None else 1 + _depth(release, dimension, parent)


def _value(release: Mapping[str, Any], dimension: str, code: str) -> Mapping[str, Any]:
    values: Sequence[Mapping[str, Any]] = release["dimensions"][dimension]
    return next(value for value in values if value["code"] == code)


def marking(release: Mapping[str, Any]) -> str:
    """What every page and file of this release must say of itself; may be empty."""
    about = release["release"]
    marks = [RESTRICTED] * (not about["protected"]) + [DRAFT] * about.get("draft", False)
    marks += [SYNTHETIC] * about["synthetic"]
    return " \N{MIDDLE DOT} ".join(marks)


def bases(release: Mapping[str, Any]) -> list[str]:
    """Which deaths each basis of this release counts, a sentence each."""
    used = dict.fromkeys(table["basis"] for table in release["tables"])
    return [f"{BASES[basis].label}: {BASES[basis].meaning}" for basis in used]


def sources(release: Mapping[str, Any]) -> list[str]:
    """Whose populations the rates are of; releases made before there were rates name none."""
    return list(release["release"].get("sources", ()))


MARKS = {
    HIDDEN: "kept back so that no child can be recognised; it may be none, a few or many",
    "[z]": "not applicable: there is nobody of whom it could be said, or nobody knows how many",
    "[x]": "not given: on fewer than 3 deaths a rate says nothing",
    "[u]": "unreliable: the rate is of fewer than 20 deaths",
}


def legend(release: Mapping[str, Any]) -> tuple[str, ...]:
    """What each mark that stands in these tables means, a line each."""
    used = {
        mark
        for table in release["tables"]
        for cell in table["cells"]
        for mark in (cell["mark"], cell.get("flag"))
    }
    return tuple(f"{mark} {meaning}." for mark, meaning in MARKS.items() if mark in used)


def how_to_read(release: Mapping[str, Any]) -> str:
    """What the mark means under this release's threshold."""
    about = release["release"]
    if not about["protected"]:
        return (
            "Every count is shown, small ones too. This report is for the people it was given "
            "to; nothing in it may be passed on or published."
        )
    return (
        f"{HIDDEN} stands where a count is kept back so that no child can be recognised. It may "
        f"be a small count, 1 to {about['threshold'] - 1}; a larger one from which a small one "
        "could be worked out; or none at all. A percentage is kept back with its counts."
    )
