"""The door of an agency's pages: a signed cookie for each request, set once the code was typed.

The reference of the request stands in the address, the token never does after the first page. So
one browser can hold several reports at once, and no page of one can be sent for another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from cdop.agency_reports import answering, invitations
from cdop.agency_reports.models import Invitation
from cdop.core import limits
from cdop.core.access import for_everybody
from cdop.core.cookies import Response, SignedCookie
from cdop.core.strangers import address_of

PAGE = "agency:without_link"
WITHIN = timedelta(hours=1)
CODES, CODES_TO, TRIES, TRIES_OF = (
    "agency.code",
    "agency.code.to",
    "agency.try",
    "agency.try.of",
)
MOST_CODES, MOST_CODES_TO_ONE = 60, 5
MOST_TRIES, MOST_TRIES_OF_ONE = 120, 10


@dataclass(frozen=True)
class Keys:
    """The two cookies of one request: that its link was opened, and that the code was right."""

    reference: str

    @property
    def link(self) -> SignedCookie:
        return SignedCookie(f"agency_link_{self.reference}", PAGE, timedelta(hours=1))

    @property
    def code(self) -> SignedCookie:
        return SignedCookie(f"agency_open_{self.reference}", PAGE, timedelta(hours=4))

    def linked(self, request: HttpRequest) -> Invitation | None:
        """The link that was opened in this browser."""
        return self._held(request, self.link)

    def opened(self, request: HttpRequest) -> Invitation | None:
        """The link whose code was typed in this browser."""
        return self._held(request, self.code)

    def _held(self, request: HttpRequest, cookie: SignedCookie) -> Invitation | None:
        found = invitations.by_token(cookie.read(request))
        return found if found and found.request.reference == self.reference else None

    def hold_on(self, response: Response, request: HttpRequest) -> Response:
        """Keep the request open for as long again."""
        return self.code.keep(response, self.code.read(request))


View = Callable[..., HttpResponse]


def opened(view: View) -> View:
    """A page of a request that is open in this browser; else a page that says how to open it.

    The view gets the link in place of the reference.
    """

    @wraps(view)
    def guarded(request: HttpRequest, reference: str, **kwargs: Any) -> HttpResponse:
        keys = Keys(reference)
        found = keys.opened(request)
        if found is None or answering.why_closed(found):
            return lapsed(request, found)
        return keys.hold_on(view(request, found, **kwargs), request)

    return for_everybody(never_cache(guarded))


def lapsed(request: HttpRequest, found: Invitation | None) -> HttpResponse:
    """Why nothing opens, in words that tell nothing about anybody."""
    closed = answering.why_closed(found) if found else ""
    return render(request, "agency_reports/lapsed.jinja", {"closed": closed})


def may_send_code(request: HttpRequest, invitation: Invitation) -> bool:
    """Whether another code may be sent. Both are counted each time."""
    return all(
        [
            limits.allow(CODES, address_of(request), most=MOST_CODES, within=WITHIN),
            limits.allow(CODES_TO, str(invitation.pk), most=MOST_CODES_TO_ONE, within=WITHIN),
        ]
    )


def may_try(request: HttpRequest, invitation: Invitation) -> bool:
    """Whether another code may be tried: nobody guesses one out of a million. Both are counted."""
    return all(
        [
            limits.allow(TRIES, address_of(request), most=MOST_TRIES, within=WITHIN),
            limits.allow(TRIES_OF, str(invitation.pk), most=MOST_TRIES_OF_ONE, within=WITHIN),
        ]
    )
