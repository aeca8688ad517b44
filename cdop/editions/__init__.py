"""The guidance as data: one folder of plain files per edition, read once and kept.

``get`` gives an edition by its code, ``in_force`` the one for a day: the day of death for the
notification and the checklist, the day of the review for the analysis. Adding an edition is adding
a folder; the day before its first is then the last day of the edition before it.
"""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from cdop.editions.loader import day, first_day, load
from cdop.editions.nodes import BadEdition
from cdop.editions.schema import Edition, one

__all__ = ["BadEdition", "Edition", "codes", "get", "in_force", "one"]

ROOT = Path(__file__).parent


def codes() -> tuple[str, ...]:
    """The codes of all editions, earliest first."""
    return tuple(first_days(ROOT))


@cache
def get(code: str) -> Edition:
    """The edition with this code. Raises KeyError if there is none, BadEdition if it is faulty."""
    days = first_days(ROOT)
    later = [first for first in days.values() if first > days[code]]
    return load(ROOT / code, min(later) - timedelta(days=1) if later else None)


def in_force(on: date) -> Edition:
    """The edition for a day; a day before the first edition falls to the first."""
    days = first_days(ROOT)
    begun = [code for code, first in days.items() if first <= on]
    return get(begun[-1] if begun else codes()[0])


@cache
def first_days(root: Path) -> dict[str, date]:
    """The first day of each edition in ``root``, earliest first; no two may share one."""
    found: dict[str, date] = {}
    for file in sorted(root.glob("*/edition.yaml")):
        value = first_day(file.parent)
        if day(value) in found.values():
            value.refuse(f'another edition is also in force from "{day(value)}"')
        found[file.parent.name] = day(value)
    return dict(sorted(found.items(), key=lambda edition: edition[1]))
