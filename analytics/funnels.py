"""Funnel plots: whether areas differ by more than chance, drawn from published rates alone.

An area inside the lines is as far from the rate of all areas together as chance alone makes it.
Nothing is said of who did better or worse: the panel's counts are far too small for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analytics.charts import BLUE, GREY, INK, PALE, WIDTH_INCHES, Drawing, chart
from analytics.dimensions import TOTAL
from analytics.rates import count_limits, funnel_limits
from analytics.renderers.layout import HIDDEN, WHOLE, cells, codes, label

HEIGHT_INCHES = 3.4
FEWEST_POINTS = 2
LINES = ((0.95, "--", "95% limits"), (0.998, ":", "99.8% limits"))
STEPS = 60
BEYOND = 1.15


@dataclass(frozen=True)
class Point:
    """One area: its deaths, the people whom they are set against, and the rate."""

    label: str
    deaths: int
    people: int
    rate: float


@dataclass(frozen=True)
class Funnel:
    """The rates of areas around that of all of them.

    average  of all areas together, unrounded
    hidden   the areas whose deaths are kept back, so that they have no point
    """

    title: str
    unit: str
    people: str
    per: int
    average: float
    points: tuple[Point, ...]
    hidden: tuple[str, ...]

    @property
    def text(self) -> str:
        """The plot in words, with what each point says by the 99.8% and the 95% limits."""
        said = "; ".join(f"{p.label} {p.rate:,.1f}, {self.standing(p)}" for p in self.points)
        missing = f" Not shown: {', '.join(self.hidden)}." if self.hidden else ""
        return (
            f"Funnel plot. {self.title}. {WHOLE} {self.average:,.1f} {self.unit}; {said}.{missing}"
        )

    @property
    def about_hidden(self) -> str:
        if not self.hidden:
            return ""
        return f"{' and '.join(self.hidden)} cannot be drawn: the counts are not shown."

    @property
    def inches(self) -> tuple[float, float]:
        return WIDTH_INCHES, HEIGHT_INCHES

    def standing(self, point: Point) -> str:
        """Whether the rate of all areas lies within the limits of this one's own count.

        The limits are of the point, as OHID judges it; the lines are drawn around the average.
        """
        for confidence, words in ((0.998, "99.8%"), (0.95, "95%")):
            low, high, _ = count_limits(point.deaths, confidence=confidence)
            expected = self.average * point.people / self.per
            if not low <= expected <= high:
                side = "above" if expected < low else "below"
                return f"{side} the {words} limits"
        return "within the limits of chance"

    def draw(self, axes: Axes) -> None:
        most = max(point.people for point in self.points) * BEYOND
        sizes = [float(size) for size in np.linspace(most / STEPS, most, STEPS)]
        for confidence, style, words in LINES:
            limits = funnel_limits(self.average, sizes, per=self.per, confidence=confidence)
            axes.plot(sizes, [low for low, _ in limits], style, color=GREY, linewidth=1)
            axes.plot(sizes, [high for _, high in limits], style, color=GREY, lw=1, label=words)
        axes.axhline(self.average, color=INK, linewidth=1, label=f"{WHOLE} {self.average:,.1f}")
        for point in self.points:
            axes.plot(point.people, point.rate, "o", color=BLUE, markersize=6)
            axes.annotate(
                point.label,
                (point.people, point.rate),
                (0, 8),
                textcoords="offset points",
                ha="center",
            )
        smallest = min(point.people for point in self.points)
        at_smallest = funnel_limits(self.average, [smallest * 0.6], per=self.per, confidence=0.998)
        rates = [point.rate for point in self.points]
        axes.set_ylim(0, max(at_smallest[0][1], *rates) * BEYOND)
        axes.set_xlim(0, most)
        axes.set_xlabel(self.people)
        axes.set_ylabel(self.unit[:1].upper() + self.unit[1:])
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.grid(color=PALE, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper right")


def funnel(release: Mapping[str, Any], table: Mapping[str, Any]) -> Funnel | None:
    """The funnel plot of a table of rates by area.

    None for other tables, where the rate of all areas is not shown, and where fewer than two
    areas would have a point.
    """
    if table["statistic"] != "rate" or table["dimensions"] != ["area"]:
        return None
    by_code = cells(table)
    whole = by_code[(TOTAL,)]
    areas = [code for code in codes(release, table, "area") if code != TOTAL]
    named = {code: label(release, "area", code) for code in areas}
    points = [
        Point(
            named[code],
            by_code[(code,)]["numerator"],
            by_code[(code,)]["denominator"],
            per * by_code[(code,)]["numerator"] / by_code[(code,)]["denominator"],
        )
        for per in [table["per"]]
        for code in areas
        if by_code[(code,)]["mark"] is None
    ]
    if whole["mark"] is not None or len(points) < FEWEST_POINTS:
        return None
    return Funnel(
        title=f"{table['title']}: how far chance alone could move them",
        unit=f"per {table['per']:,} {table['population'].lower()}",
        people=table["population"],
        per=table["per"],
        average=table["per"] * whole["numerator"] / whole["denominator"],
        points=tuple(points),
        hidden=tuple(named[c] for c in areas if by_code[(c,)]["mark"] == HIDDEN),
    )


def drawings(
    release: Mapping[str, Any], table: Mapping[str, Any], area: str | None
) -> list[Drawing]:
    """Everything that is drawn of a table: of ``area``, else of Pan-Cheshire."""
    return [each for each in (chart(release, table, area), funnel(release, table)) if each]
