"""A release as the sheets of a workbook, the same for every kind of spreadsheet.

What people read stands above each table and nothing beside or below it; a figure is a number, a
figure that is kept back is its mark. After the good-practice guidance of the Government Analysis
Function for releasing statistics in spreadsheets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.renderers import layout
from analytics.renderers.layout import cells, codes, heading, label, marking
from cdop.core.marks import PANEL

Value = str | int | float


@dataclass(frozen=True)
class Sheet:
    """One table. ``about`` stands above it, a line each; ``notes`` are numbered on their sheet."""

    name: str
    title: str
    about: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Workbook:
    """All of a release. ``cover`` is read first, a line each."""

    title: str
    cover: tuple[str, ...]
    legend: tuple[str, ...]
    sheets: tuple[Sheet, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """Every note once, in the order in which the tables name them."""
        return tuple(dict.fromkeys(note for sheet in self.sheets for note in sheet.notes))


def workbook(release: Mapping[str, Any], area: str | None) -> Workbook:
    """The workbook of Pan-Cheshire, or of one area beside it."""
    shown = layout.for_area(release, area) if area else release
    about = release["release"]
    place = label(release, "area", area) if area else layout.WHOLE
    grids = layout.grids(shown)
    return Workbook(
        title=f"Child deaths {about['period']}: {place}",
        cover=tuple(
            line
            for line in (
                marking(release),
                PANEL,
                f"Release {about['id']}, version {about['version']}.",
                f"Replaces {about['supersedes']}." if about["supersedes"] else "",
                f"Counted from the records as they stood at {about['snapshot']}.",
                *layout.bases(release),
                *layout.sources(release),
                *_sentences(layout.how_to_read(release)),
            )
            if line
        ),
        legend=layout.legend(shown),
        sheets=tuple(
            _sheet(shown, table, f"Table {grid.number}", grid.caption)
            for table, grid in zip(shown["tables"], grids, strict=True)
        ),
    )


def _sentences(text: str) -> list[str]:
    """A line for each sentence, since a cell does not grow with what stands in it."""
    return [f"{sentence.rstrip('.')}." for sentence in text.split(". ")]


def _sheet(release: Mapping[str, Any], table: Mapping[str, Any], name: str, caption: str) -> Sheet:
    first = table["dimensions"][0]
    columns, figures = _figures(release, table)
    return Sheet(
        name=name,
        title=f"{name}. {table['title']}",
        about=tuple(line for line in (marking(release), caption) if line),
        columns=(heading(release, first), *columns),
        rows=tuple((label(release, first, code), *values) for code, values in figures.items()),
        notes=tuple(table["notes"]),
    )


def _figures(
    release: Mapping[str, Any], table: Mapping[str, Any]
) -> tuple[tuple[str, ...], dict[str, tuple[Value, ...]]]:
    """The names of the columns, and the values of each row."""
    first, *rest = table["dimensions"]
    rows, by_codes = codes(release, table, first), cells(table)
    if table["statistic"] != "count":
        names = layout.estimate_names(table)
        return (
            (names.value, "Lower 95% limit", "Upper 95% limit", names.numerator, names.denominator),
            {row: _estimate(by_codes[(row,)]) for row in rows},
        )
    if not rest:
        return (layout.COUNTED,), {row: (_value(by_codes[(row,)], "value"),) for row in rows}
    across = codes(release, table, rest[0])
    return (
        tuple(label(release, rest[0], code) for code in across),
        {row: tuple(_value(by_codes[row, code], "value") for code in across) for row in rows},
    )


def _estimate(cell: Mapping[str, Any]) -> tuple[Value, ...]:
    return tuple(
        _value(cell, name) for name in ("value", "lower", "upper", "numerator", "denominator")
    )


def _value(cell: Mapping[str, Any], name: str) -> Value:
    """A number, or the mark of a figure that is not shown."""
    figure: Value | None = cell[name]
    return str(cell["mark"]) if figure is None else figure
