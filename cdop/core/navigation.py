"""The links at the top of every page, by what the hat may do."""

from collections.abc import Iterable
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse

from cdop.core.roles import Permission
from cdop.core.users import User

LINKS = [
    ("Home", "home", None),
    ("Notifications", "notifications:list", Permission.NOTIFICATIONS_TRIAGE),
    ("Cases", "cases:list", Permission.CASES_MANAGE),
    ("A parent rings", "cases:call", Permission.CASES_MANAGE),
    ("My cases", "cases:list", Permission.CASES_RESPOND),
    ("Agency reports", "agency_reports:overview", Permission.CASES_MANAGE),
    ("My tasks", "rapid_response:mine", Permission.CASES_RESPOND),
    ("Panel meetings", "panel:meetings", Permission.MEETINGS_ARRANGE),
    ("Panel meetings", "panel:meetings", Permission.PACKS_READ),
    ("Statistics", "analytics:internal", Permission.STATISTICS_INTERNAL),
    ("Learning", "learning:list", Permission.RECOMMENDATIONS_MANAGE),
    ("Learning", "learning:list", Permission.RECOMMENDATIONS_READ),
    ("Learning", "learning:list", Permission.RECOMMENDATIONS_READ_AREA),
    ("Releases", "analytics:releases", Permission.RELEASES_READ),
    ("Organisations", "organisations", Permission.NOTIFICATIONS_TRIAGE),
    ("People", "people", Permission.ROLES_GRANT),
    ("People", "people", Permission.ROLES_APPROVE),
    ("Who read what", "cases:oversight", Permission.AUDIT_READ),
    ("Who did what", "audit", Permission.AUDIT_READ),
    ("Guidance", "guidance", None),
]


def items(request: HttpRequest) -> list[dict[str, Any]]:
    """The links for this person, in the order of the way of the data; none when signed out."""
    if not request.user.is_authenticated:
        return []
    user = cast(User, request.user)
    links = [
        (text, reverse(name))
        for text, name, permission in LINKS
        if permission is None or user.can(permission)
    ]
    here = _nearest([href for _, href in links], request.path)
    return [{"text": text, "href": href, "active": href == here} for text, href in links]


def _nearest(hrefs: Iterable[str], path: str) -> str:
    """The address of the link below which a page stands; "" for none. Only home is itself alone."""
    above = [href for href in hrefs if path == href or (href != "/" and path.startswith(href))]
    return max(above, key=len, default="")
