"""Lines of a release in which all deaths have the same answer: nothing small, and still telling.

Whoever knows that a child is counted in such a line knows the answer for that child. No solver of
counts hides it, so a person looks at each before the release is published, and decides.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from analytics.dimensions import TOTAL
from analytics.renderers.layout import cells, codes, label

BOTH_WAYS = 2


def lines(release: Mapping[str, Any]) -> list[str]:
    """A sentence for each line of which a reader sees that all its deaths have one answer."""
    return [
        sentence
        for table in release["tables"]
        if table["statistic"] == "count" and len(table["dimensions"]) == BOTH_WAYS
        for sentence in _of_table(release, table)
    ]


def _of_table(release: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[str]:
    first, second = table["dimensions"]
    by_codes = cells(table)
    for along, across in ((first, second), (second, first)):
        whole_of_one_area = across == "area"
        for code in codes(release, table, along):
            if code == TOTAL or whole_of_one_area:
                continue
            answer = _only_answer(release, table, by_codes, along, code, across)
            if answer:
                said = label(release, along, code), label(release, across, answer)
                yield f"{table['title']}: all deaths of “{said[0]}” are “{said[1]}”."


def _only_answer(
    release: Mapping[str, Any],
    table: Mapping[str, Any],
    by_codes: Mapping[tuple[str, ...], Mapping[str, Any]],
    along: str,
    code: str,
    across: str,
) -> str:
    """The one value that all deaths of a line have, as far as a reader sees; else ""."""

    def count(value: str) -> int | None:
        at = {along: code, across: value}
        found: int | None = by_codes[tuple(at[d] for d in table["dimensions"])]["value"]
        return found

    whole = count(TOTAL)
    parents = {value["parent"] for value in release["dimensions"][across]}
    leaves = [c for c in codes(release, table, across) if c != TOTAL and c not in parents]
    return next((value for value in leaves if whole and count(value) == whole), "")
