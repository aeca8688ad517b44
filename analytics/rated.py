"""Beside each count of a table of rates, the people of whom it is a rate."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from analytics.dimensions import NOT_KNOWN, TOTAL
from analytics.populations import BIRTHS, EVERYBODY, OLDEST, Populations
from analytics.rollup import Codes, Tabulated
from cdop.editions import Edition
from cdop.editions.schema import AgeBand

Ages = tuple[int, int]
ALL_AGES: Ages = (0, OLDEST)


def rated(
    tabulated: Tabulated,
    populations: Populations,
    areas: Collection[str],
    editions: Sequence[Edition],
) -> Tabulated:
    """The table with its denominators: None where a population is not known, 0 where a row, such
    as "not known", has nobody living in it.

    areas  the codes of those that Pan-Cheshire is made of
    """
    ages = age_spans(editions)

    def people(codes: Codes) -> int | None:
        at = dict(zip(tabulated.table.dimensions, codes, strict=True))
        if NOT_KNOWN in codes:
            return 0
        area, band = at.get("area", TOTAL), at.get("age_band", TOTAL)
        span = ALL_AGES if band == TOTAL else ages[band]
        if span is None:
            return None
        wanted = [code for code in areas if area in (TOTAL, code)]
        sex = at.get("sex", TOTAL)
        kind = tabulated.table.population
        if kind == BIRTHS:
            span = (0, 0)
        return populations.people(kind, wanted, span, EVERYBODY if sex == TOTAL else sex)

    return replace(tabulated, denominators={at: people(at) for at in tabulated.counts})


def age_spans(editions: Sequence[Edition]) -> Mapping[str, Ages | None]:
    """First and last completed year of each age band and group; None where it begins or ends
    between two birthdays, since nobody counts residents by days."""
    spans: dict[str, Ages | None] = {}
    for edition in editions:
        groups: dict[str, list[AgeBand]] = {}
        for band in edition.age_bands:
            spans[band.code] = _span(band, band)
            if band.parent:
                groups.setdefault(band.parent, []).append(band)
        for code, bands in groups.items():
            spans[code] = _span(bands[0], bands[-1])
    return spans


def _span(first: AgeBand, last: AgeBand) -> Ages | None:
    start = 0 if first.from_days == 0 else first.from_years
    if start is None or last.until_years is None:
        return None
    return (start, last.until_years - 1)
