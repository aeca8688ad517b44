"""Whether the dates of a death speak against a reason for which it would be left aside."""

from __future__ import annotations

from datetime import date

from cdop.core import ages

NEWBORN_DAYS = 28
"""A child who lived longer died of no termination of the pregnancy."""


def age_against(reason: str, born: date | None, died: date | None) -> str:
    """The age, in words, that the dates give and that does not fit the reason.

    reason  a code that a decline and a settled line share
    "" where it fits, or where a date is missing or cannot be right
    """
    if born is None or died is None or born > died:
        return ""
    days = (died - born).days
    against = {
        "grown_up": ages.is_child(born, died),
        "not_born_alive": days > 0,
        "termination": days >= NEWBORN_DAYS,
    }
    return ages.age_in_words(born, died) if against.get(reason) else ""
