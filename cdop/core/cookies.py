"""What a browser keeps for somebody without an account: signed, and out of reach of scripts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

SALT = "cdop.core.cookies"

Response = TypeVar("Response", bound=HttpResponseBase)


@dataclass(frozen=True)
class SignedCookie:
    """One cookie.

    name   what the browser calls it
    page   the name of a page: sent back with its address and those below, and with no others
    lasts  from when it was set last
    """

    name: str
    page: str
    lasts: timedelta

    def read(self, request: HttpRequest) -> str:
        """What was kept; "" where nothing was, where it is too old, or where it is forged."""
        kept = request.get_signed_cookie(self.name, default="", salt=SALT, max_age=self.lasts)
        return kept or ""

    def keep(self, response: Response, value: str) -> Response:
        """Let the browser keep ``value``, from now on for as long as it lasts."""
        response.set_signed_cookie(
            self.name,
            value,
            salt=SALT,
            max_age=self.lasts,
            path=reverse(self.page),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def forget(self, response: Response) -> Response:
        """Let the browser forget it."""
        response.delete_cookie(self.name, path=reverse(self.page), samesite="Lax")
        return response
