"""Holds and other reviews of a case, as tests put them down."""

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from cdop.cases import holding, linked
from cdop.cases.holds import Hold, Meanwhile
from cdop.cases.linked import LinkedReview, Origin
from tests.pages import date_parts

BEGAN_ON = date(2014, 6, 1)


def in_days(days: int) -> date:
    return localdate() + timedelta(days=days)


def parts(name: str, on: date) -> dict[str, str]:
    return date_parts(name, on.day, on.month, on.year)


def held(case, by, **said: Any) -> Hold:
    told: dict[str, Any] = {
        "kind": "inquest",
        "reason": "The inquest is not listed yet.",
        "owner": by,
        "began_on": BEGAN_ON,
        "next_check_on": in_days(60),
        "next_family_on": in_days(30),
    }
    return holding.begin(case, by=by, **(told | said))


def checked(hold, by, meanwhile=Meanwhile.AGREES, **said: Any) -> Hold:
    told: dict[str, Any] = {
        "found": "Nothing new.",
        "owner": by,
        "next_check_on": in_days(60),
        "next_family_on": in_days(30),
        "version": hold.version,
    }
    if meanwhile != Meanwhile.NOT_ASKED:
        told |= {"view_of": "The coroner's officer", "view_on": in_days(0)}
    return holding.check(hold, by=by, meanwhile=meanwhile, **(told | said))


def beside(case, by, origin=Origin.REFERRED, **said: Any) -> LinkedReview:
    told: dict[str, Any] = {
        "kind": "serious_case_review",
        "led_by": "Invented safeguarding board",
        "asked_on": BEGAN_ON,
        "owner": by,
        "next_check_on": in_days(14),
        "why": "Neglect is suspected.",
    }
    return linked.add(case, by=by, origin=origin, **(told | said))


def backdated(row, on: date) -> Any:
    """The row as if nobody had looked since: its next check is on that day."""
    type(row).objects.filter(pk=row.pk).update(next_check_on=on)
    return type(row).objects.get(pk=row.pk)
