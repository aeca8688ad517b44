"""Who told us of a death that several notifications report, and whether two are of one sender.

Whoever wants to deceive can send twice. A second notification confirms a death only where nothing
says that it is the first notifier's as well; else a call back to the organisation does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from cdop.cases.models import Case
from cdop.core.audit import record
from cdop.core.casework import Told
from notifications import notices, queries
from notifications.intake import Route
from notifications.undoing import behind

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "whether a second source confirms the death"
LEAST_DIGITS = 6
"""Of a telephone number; fewer are an extension that many organisations have."""


def told_by(case: Case, user: User) -> dict[str, Told]:
    """By reference, who sent each notification behind a case, and whether it is the first's sender.

    What was sent is opened for it, which is recorded.
    """
    found = list(behind(case).filter(data_key__wrapped__isnull=False).select_related("data_key"))
    if len(found) > 1:
        count = {"notifications": len(found)}
        record("notification.compared", case, by=user, purpose=PURPOSE, after=count)
    if not found:
        return {}
    first = found[0].answers
    return {
        row.reference: Told(
            who=f"{queries.role_label(row)}, {Route(row.route).label}",
            same="" if row == found[0] else " and ".join(_same(first, row.answers)),
            corrects=notices.correction(row.answers),
        )
        for row in found
    }


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """What two notifiers have in common that two people would not."""
    for field, words, read in (
        ("notifier_email", "the same email address", _folded),
        ("notifier_phone", "the same telephone number", _digits),
        ("notifier_name", "the same name", _folded),
    ):
        mine = read(one.get(field))
        if mine and mine == read(other.get(field)):
            yield words


def _folded(typed: Any) -> str:
    return " ".join(str(typed or "").casefold().split())


def _digits(typed: Any) -> str:
    """The digits without the way of writing the country; "" where they are too few to tell."""
    digits = "".join(filter(str.isdigit, str(typed or "")))
    national = digits.removeprefix("0044").removeprefix("44").lstrip("0")
    return national if len(national) >= LEAST_DIGITS else ""
