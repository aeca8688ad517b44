"""Where notifications and assurance name organisations, and what of one still goes on by itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.timezone import localdate

from cdop.core.casework import Named
from cdop.core.organisations import Organisation
from notifications.api_models import System
from notifications.assurance.models import DeathList, Return, ReturningOrganisation
from notifications.models import Notification

PLACES = (
    ("Notifications", Notification, "organisation"),
    ("Systems", System, "organisation"),
    ("Monthly returns", Return, "asked_of__organisation"),
    ("Lists of deaths", DeathList, "organisation"),
)
"""In a heading, the records, and their column."""


def named() -> Iterator[Named]:
    """How often each organisation is named. One statement for each kind of record."""
    for where, records, column in PLACES:
        rows = records.objects.order_by().exclude(**{column: None})
        yield Named(where, dict(rows.values_list(column).annotate(Count("pk"))))


def why_not_end(organisation: Organisation) -> str:
    """Why it cannot go out of use yet; "" means nothing of it goes on."""
    if System.objects.filter(organisation=organisation, ended_at=None).exists():
        return (
            "A system of this organisation may still report. First end its access, under Systems "
            "that report."
        )
    lasting = Q(last_month=None) | Q(last_month__gte=localdate().replace(day=1))
    if ReturningOrganisation.objects.filter(lasting, organisation=organisation).exists():
        return (
            "This organisation is asked for a return every month. First set the last month to ask "
            "about, under Monthly returns."
        )
    return ""
