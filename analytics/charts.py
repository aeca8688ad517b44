"""Charts of a release, drawn from its published figures and from nothing else.

A hidden figure has no bar, no length and no place on the scale, only its mark. Beside each
chart stands a text that says the same in words.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analytics.dimensions import NOT_KNOWN, TOTAL
from analytics.renderers.layout import HIDDEN, WHOLE, cells, codes, label

BLUE, INK, GREY, PALE = "#005eb8", "#212b32", "#4c6272", "#d8dde0"
WIDTH_INCHES, ROW_INCHES, FRAME_INCHES = 6.7, 0.27, 0.55
LONGEST_LABEL = 50
FEWEST_BARS = 2
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "text.color": INK,
    "axes.labelcolor": GREY,
    "xtick.color": GREY,
    "ytick.color": INK,
    "svg.hashsalt": "pan-cheshire",
    "svg.fonttype": "path",
}


@dataclass(frozen=True)
class Bar:
    """One bar; None is hidden. ``between`` are the limits of a percentage."""

    label: str
    value: float | None
    between: tuple[float, float] | None = None


@dataclass(frozen=True)
class Chart:
    """Bars with a title that names what, where and when, and the unit of the scale.

    sign  stands behind each figure with limits
    """

    title: str
    unit: str
    bars: tuple[Bar, ...]
    sign: str = ""

    @property
    def text(self) -> str:
        """The chart in words."""
        said = "; ".join(f"{bar.label} {self._said(bar)}" for bar in self.bars)
        return f"Bar chart. {self.title}. {said}."

    @property
    def hides(self) -> bool:
        return any(bar.value is None for bar in self.bars)

    @property
    def about_hidden(self) -> str:
        """What the drawing leaves out."""
        return "[c] has no bar: the count is not shown." if self.hides else ""

    @property
    def inches(self) -> tuple[float, float]:
        return WIDTH_INCHES, FRAME_INCHES + ROW_INCHES * len(self.bars)

    def draw(self, axes: Axes) -> None:
        _draw(axes, self)

    def _said(self, bar: Bar) -> str:
        if bar.value is None:
            return "not shown"
        return self.figure(bar)

    def figure(self, bar: Bar) -> str:
        """What is written beside a bar that is shown."""
        return f"{bar.value:,.1f}{self.sign}" if bar.between else f"{bar.value:,.0f}"


class Drawing(Protocol):
    """What is drawn of a table, and what it says in words."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def about_hidden(self) -> str: ...
    @property
    def inches(self) -> tuple[float, float]: ...
    def draw(self, axes: Axes) -> None: ...


def chart(
    release: Mapping[str, Any], table: Mapping[str, Any], area: str | None = None
) -> Chart | None:
    """The chart of a table by area, or of rates: of ``area``, else of Pan-Cheshire.

    None for other tables, and where fewer than two bars would be seen.
    """
    if table["statistic"] != "count":
        drawn = _estimates(release, table)
    elif "area" not in table["dimensions"]:
        return None
    elif table["dimensions"] == ["area"]:
        drawn = _areas(release, table)
    else:
        drawn = _rows(release, table, area or TOTAL)
    seen = [bar for bar in drawn.bars if bar.value or bar.between]
    return drawn if len(seen) >= FEWEST_BARS else None


def _areas(release: Mapping[str, Any], table: Mapping[str, Any]) -> Chart:
    by_codes = cells(table)
    areas = [code for code in codes(release, table, "area") if code != TOTAL]
    bars = [_bar(release, "area", code, by_codes[(code,)]) for code in areas]
    return Chart(table["title"], "Deaths", tuple(bars))


def _rows(release: Mapping[str, Any], table: Mapping[str, Any], area: str) -> Chart:
    """Bars for the rows of one area: single values, no subtotals, unknown only where there."""
    first, by_codes = table["dimensions"][0], cells(table)
    parents = {value["parent"] for value in release["dimensions"][first]}
    shown = [code for code in codes(release, table, first) if code not in {TOTAL, *parents}]
    bars = [_bar(release, first, code, by_codes[code, area]) for code in shown]
    known = [b for b, c in zip(bars, shown, strict=True) if c != NOT_KNOWN or b.value != 0]
    return Chart(f"{table['title']}: {label(release, 'area', area)}", "Deaths", tuple(known))


def _estimates(release: Mapping[str, Any], table: Mapping[str, Any]) -> Chart:
    """Percentages, or rates, with their ranges; a row that can have none has no bar."""
    first, by_codes = table["dimensions"][0], cells(table)
    bars = [
        _bar(release, first, code, by_codes[(code,)])
        for code in codes(release, table, first)
        if by_codes[(code,)]["mark"] in (None, HIDDEN)
    ]
    percentage = table["statistic"] == "percentage"
    unit = "Per cent" if percentage else f"Per {table['per']:,} {table['population'].lower()}"
    return Chart(table["title"], f"{unit}, with 95% range", tuple(bars), "%" if percentage else "")


def _bar(release: Mapping[str, Any], dimension: str, code: str, cell: Mapping[str, Any]) -> Bar:
    name = label(release, dimension, code)
    if cell.get("lower") is None:
        return Bar(name, cell["value"])
    return Bar(name, cell["value"], (cell["lower"], cell["upper"]))


def png(drawn: Drawing) -> bytes:
    """For the PDF: 200 dots to the inch, the same bytes for the same chart."""
    return _save(drawn, "png", {"Software": None})


def svg(drawn: Drawing) -> bytes:
    """For a page, as the source of an image."""
    return _save(drawn, "svg", {"Date": None, "Creator": None, "Title": drawn.title})


def _save(drawn: Drawing, kind: str, metadata: Mapping[str, str | None]) -> bytes:
    file = io.BytesIO()
    with rc_context(STYLE):
        figure = Figure(figsize=drawn.inches, layout="constrained")
        drawn.draw(figure.add_subplot())
        figure.savefig(file, format=kind, dpi=200, metadata=dict(metadata))
    return file.getvalue()


def _draw(axes: Axes, drawn: Chart) -> None:
    places = range(len(drawn.bars))
    axes.set_yticks(list(places), [_short(bar.label) for bar in drawn.bars])
    axes.invert_yaxis()
    top = max([bar.between[1] if bar.between else bar.value or 0 for bar in drawn.bars] or [0])
    axes.set_xlim(0, max(top, 1) * 1.12)
    axes.set_ylim(len(drawn.bars) - 0.4, -0.6)
    for place, bar in zip(places, drawn.bars, strict=True):
        _draw_bar(axes, place, bar, max(top, 1), drawn)
    axes.set_xlabel(drawn.unit)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(GREY)


def _draw_bar(axes: Axes, place: int, bar: Bar, top: float, drawn: Chart) -> None:
    gap = top * 0.012
    if bar.value is None:
        axes.text(gap, place, HIDDEN, va="center", color=GREY, style="italic")
        return
    colour = GREY if bar.label == WHOLE else BLUE
    axes.barh(place, bar.value, height=0.62, color=colour)
    end = bar.value
    if bar.between:
        end = bar.between[1]
        axes.plot(bar.between, (place, place), color=INK, linewidth=1.1, marker="|", markersize=6)
    axes.text(end + gap, place, drawn.figure(bar), va="center")


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_LABEL else f"{words[: LONGEST_LABEL - 1].rstrip()}…"
