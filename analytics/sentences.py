"""What a release says of one area, in sentences, from its published figures and nothing else.

A figure that is kept back is told as kept back: no sentence can be turned back into a count.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from analytics.dimensions import NOT_KNOWN, TOTAL
from analytics.renderers import layout
from analytics.renderers.layout import WHOLE, cells, codes, label

KEPT_BACK = "is kept back, so that no child can be recognised"
DIVIDED = {
    "age_band": "By age when they died",
    "sex": "By sex",
    "expectedness": "By whether the death was expected",
    "category": "By category of death",
    "modifiable": "By modifiable factors",
}


def of_area(release: Mapping[str, Any], area: str) -> list[str]:
    """Sentences for the section of one area: how many, then who and why."""
    return [sentence for table in release["tables"] for sentence in _of_table(release, table, area)]


def _of_table(release: Mapping[str, Any], table: Mapping[str, Any], area: str) -> Iterator[str]:
    if table["statistic"] != "count" or "area" not in table["dimensions"]:
        return
    if table["dimensions"] == ["area"]:
        yield _how_many(release, table, area)
    elif table["basis"] == "reviewed" and not table["where"]:
        yield from _divided(release, table, area)


def _how_many(release: Mapping[str, Any], table: Mapping[str, Any], area: str) -> str:
    by_codes = cells(table)
    here, everywhere = by_codes[(area,)], by_codes[(TOTAL,)]
    what = table["title"].partition(",")[0]
    place = label(release, "area", area)
    there = f"In {WHOLE} there were {_number(everywhere)}." if everywhere["value"] else ""
    if here["value"] is None:
        return f"{what} in {table['period']}: the number for {place} {KEPT_BACK}. {there}".strip()
    return f"{what} in {table['period']}: {_number(here)} in {place}. {there}".strip()


def _divided(release: Mapping[str, Any], table: Mapping[str, Any], area: str) -> Iterator[str]:
    """The values that have deaths; those kept back are named as such, not counted."""
    [dimension] = [code for code in table["dimensions"] if code != "area"]
    by_codes = cells(table)
    first = table["dimensions"][0] == "area"
    parents = {value["parent"] for value in release["dimensions"][dimension]}
    shown, hidden = [], False
    for code in codes(release, table, dimension):
        if code in {TOTAL, NOT_KNOWN, *parents}:
            continue
        cell = by_codes[(area, code) if first else (code, area)]
        hidden = hidden or cell["value"] is None
        if cell["value"]:
            shown.append(f"{_lower(label(release, dimension, code))}: {_number(cell)}")
    if not shown:
        return
    rest = " Other figures of this table are kept back." if hidden else ""
    said = DIVIDED.get(dimension.partition(":")[0], layout.heading(release, dimension))
    yield f"{said}, deaths reviewed in {table['period']} were \N{EN DASH} {'; '.join(shown)}.{rest}"


def _number(cell: Mapping[str, Any]) -> str:
    return f"{cell['value']:,}"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
