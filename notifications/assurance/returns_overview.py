"""Every monthly return that somebody has to do something about, and those of the last months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from cdop.core.periods import Period
from notifications.assurance.asking import last_month_due
from notifications.assurance.models import (
    ListedDeath,
    Return,
    ReturningOrganisation,
)
from notifications.assurance.states import ReturnState

if TYPE_CHECKING:
    from cdop.core.users import User

MONTHS_SHOWN = 6


@dataclass(frozen=True)
class Overview:
    """Months from the latest on, and by organisation the return of each; None where none is.

    older  the returns of earlier months that did not come, or were not settled
    again  the returns of any month that were settled and have a death to be decided again
    """

    months: tuple[date, ...]
    rows: tuple[tuple[ReturningOrganisation, tuple[Return | None, ...]], ...]
    older: tuple[Return, ...]
    again: tuple[Return, ...]


def overview(user: User, now: datetime | None = None) -> Overview:
    """The last six months about which returns can have been asked for, and what is left of others.

    As many statements whatever the number of returns.
    """
    latest = last_month_due(now or timezone.now())
    months = tuple(_last_months(latest))
    organisations = ReturningOrganisation.objects.visible_to(user).select_related("organisation")
    mine = Return.objects.visible_to(user)
    found = mine.filter(month__in=months)
    older = mine.filter(month__lt=months[-1]).exclude(state=ReturnState.SETTLED)
    by_place = {(row.asked_of_id, row.month): row for row in found}
    return Overview(
        months,
        tuple(
            (each, tuple(by_place.get((each.pk, month)) for month in months))
            for each in organisations
        ),
        tuple(older.select_related("asked_of__organisation").order_by("month", "pk")),
        tuple(settled_too_soon(user).select_related("asked_of__organisation")),
    )


def settled_too_soon(user: User) -> QuerySet[Return]:
    """The settled returns with a death to be decided: what it was matched with fell away since."""
    open_again = ListedDeath.objects.filter(on_return__isnull=False).to_decide()
    settled = Return.objects.visible_to(user).filter(state=ReturnState.SETTLED)
    return settled.filter(pk__in=open_again.values("on_return"))


def _last_months(latest: date) -> Sequence[date]:
    months = [Period(latest, latest)]
    while len(months) < MONTHS_SHOWN:
        months.append(months[-1].previous())
    return [month.first_month for month in months]
