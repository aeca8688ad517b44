"""A release as one tidy CSV file: a line per figure."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from analytics.renderers.layout import for_area, label, marking
from cdop.core.delimited import safe

ABOUT = ("release", "version", "table", "title", "basis", "period", "statistic")
FIGURES = ("value", "mark", "lower", "upper", "numerator", "denominator", "flag")


def render(release: Mapping[str, Any], area: str | None = None) -> bytes:
    """UTF-8 text with a header line.

    Each dimension has a column of codes and one of words, both empty where a table is not
    divided by it. A hidden figure is empty and has its mark.
    """
    shown = for_area(release, area) if area else release
    dimensions = list(dict.fromkeys(d for t in shown["tables"] for d in t["dimensions"]))
    places = [name for d in dimensions for name in (d, f"{d}_label")]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*ABOUT, *places, *FIGURES, "marking"], restval="")
    writer.writeheader()
    for line in _lines(shown):
        writer.writerow({name: safe(value) for name, value in line.items()})
    return text.getvalue().encode()


def _lines(release: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    about = release["release"]
    for table in release["tables"]:
        for cell in table["cells"]:
            yield {
                "release": about["id"],
                "version": about["version"],
                "table": table["id"],
                **{name: table[name] for name in ("title", "basis", "period", "statistic")},
                **{d: cell[d] for d in table["dimensions"]},
                **{f"{d}_label": label(release, d, cell[d]) for d in table["dimensions"]},
                **{name: cell[name] for name in FIGURES if name in cell},
                "marking": marking(release),
            }
