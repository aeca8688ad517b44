"""The deaths that the tables of promptness count, read in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.cases.states import CaseState
from cdop.core.dates import end_of, start_of
from cdop.core.periods import Period
from notifications.assurance.promptness import Death
from notifications.intake import Route
from notifications.legacy_models import LegacyCase
from notifications.models import Notification
from notifications.states import NotificationState

BASES = {
    "notified_in": "Deaths first notified in these months",
    "died_in": "Deaths in these months",
}
"""By the column of the facts: which deaths a period holds."""

PASSED_ON = (NotificationState.PASSED_ON, NotificationState.TAKEN_OVER)
TAKEN = (NotificationState.ACCEPTED, NotificationState.ATTACHED)
NOTICES = {
    Route.REGISTRAR: "Registrar's notice",
    Route.CORONER: "Coroner's notice",
    Route.LIST: "List of deaths",
}
"""What stands for a role where nobody was asked for one: a notice in law, a line of a list."""


@dataclass(frozen=True)
class LeftOut:
    """What the tables do not count, and what they count although something is missing.

    elsewhere  cases of the period that this panel does not review
    withdrawn  cases of the period that turned out to be none
    no_area    deaths that are counted although none of the four areas is known for the child
    declined   notifications that arrived in the period and were declined
    passed_on  notifications that arrived in the period and are another panel's
    waiting    notifications that arrived in the period and wait for triage
    """

    elsewhere: int
    withdrawn: int
    no_area: int
    declined: int
    passed_on: int
    waiting: int


def of(period: Period, basis: str) -> list[Death]:
    """Every death of the period that the panel reviews. ``basis`` is one of ``BASES``."""
    facts = _facts(period, basis).filter(in_scope=True)
    told, made_up = _told(facts), _made_up(facts)
    columns = (
        "case_id",
        "case__edition",
        "area_id",
        "age_years",
        "case__clocks__died_at",
        "case__clocks__confirmed_at",
        "case__clocks__notified_at",
    )
    rows = facts.order_by("pk").values_list(*columns)
    return [_death(row, told[row[0]], row[0] in made_up) for row in rows]


def left_out(period: Period, basis: str, deaths: Iterable[Death]) -> LeftOut:
    """What is said beside the tables, so that every notification of the period is accounted for."""
    arrived = Notification.objects.filter(
        received_at__range=(start_of(period.first_month), end_of(period.last_day))
    )
    outside = _facts(period, basis).filter(in_scope=False)
    withdrawn = Q(case__state=CaseState.WITHDRAWN)
    return LeftOut(
        elsewhere=outside.exclude(withdrawn).count(),
        withdrawn=outside.filter(withdrawn).count(),
        no_area=sum(not death.has_area for death in deaths),
        declined=arrived.filter(state=NotificationState.DECLINED).count(),
        passed_on=arrived.filter(state__in=PASSED_ON).count(),
        waiting=arrived.waiting().count(),
    )


def _facts(period: Period, basis: str) -> QuerySet[CaseFacts]:
    months = Q(**{f"{basis}__range": (period.first_month, period.last_month)})
    return CaseFacts.objects.filter(months)


def _told(facts: QuerySet[CaseFacts]) -> dict[int, list[dict[str, Any]]]:
    """The notifications behind each case, in the order in which they arrived."""
    rows = Notification.objects.filter(case__in=facts.values("case"), state__in=TAKEN)
    columns = ("case_id", "edition", "route", "notifier_role", "organisation__name", "adult_ward")
    told: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("received_at", "pk").values(*columns):
        told[row["case_id"]].append(row)
    return told


def _made_up(facts: QuerySet[CaseFacts]) -> set[int]:
    """The cases of an import whose row did not say at what time the panel was told."""
    rows = LegacyCase.objects.filter(case__in=facts.values("case")).exclude(time_given=True)
    return set(rows.values_list("case_id", flat=True))


def _death(row: tuple[Any, ...], told: list[dict[str, Any]], made_up: bool) -> Death:
    """``made_up``: an import made up the time at which the panel was told, if it told us first."""
    _, edition, area, age_years, died_at, confirmed_at, notified_at = row
    first = told[0] if told else {}
    return Death(
        edition=edition,
        started_at=_known_start(died_at, confirmed_at),
        notified_at=None if made_up and first.get("route") == Route.LEGACY else notified_at,
        age_years=age_years,
        has_area=area is not None,
        kept=bool(told),
        organisation=first.get("organisation__name") or "",
        role=first.get("notifier_role", "") or _notice(first),
        role_label=_role_label(first),
        adult_ward=_ward(told),
    )


def _known_start(died_at: datetime | None, confirmed_at: datetime | None) -> datetime | None:
    """Never midnight of the day: a clock that was guessed can make nobody prompt or late."""
    return died_at or confirmed_at


def _ward(told: Iterable[dict[str, Any]]) -> str:
    """What the notifications say together: one that knows of the ward outweighs one that not."""
    said = {row["adult_ward"] for row in told}
    return next((answer for answer in ("yes", "no") if answer in said), "")


def _role_label(first: dict[str, Any]) -> str:
    role = first.get("notifier_role", "")
    if not role:
        return _notice(first)
    terms = editions.get(first["edition"]).vocabularies["notifier_roles"].terms
    return {term.code: term.label for term in terms}.get(role, "")


def _notice(first: dict[str, Any]) -> str:
    return NOTICES.get(first.get("route", ""), "")
