"""Which unfinished notification a browser holds, for somebody without an account.

A signed cookie that scripts cannot read names the draft and its token; neither is ever part of an
address. It lasts a day after the last page that was saved: long enough for a lapsed session, a
restart or the end of a shift, short enough for a computer that a whole ward shares.
"""

from datetime import timedelta
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from cdop.core import drafts
from cdop.core.drafts import Draft
from notifications.intake import DRAFT_KIND
from notifications.models import Notification

COOKIE = "report"
SALT = "notifications.holding"
LASTS = timedelta(hours=24)
BETWEEN = ":"
SAME_SITE: Literal["Lax"] = "Lax"
START = "report:start"

Response = TypeVar("Response", bound=HttpResponseBase)


def draft_of(request: HttpRequest) -> Draft | None:
    """The draft that this browser holds, if it is there still."""
    return drafts.by_token(DRAFT_KIND, _cookie(request)[1])


def sent_from(request: HttpRequest) -> Notification | None:
    """The notification that was sent from the draft that this browser held."""
    draft = _cookie(request)[0]
    return Notification.objects.filter(draft=draft).first() if draft else None


def hold(response: Response, draft: Draft, token: str) -> Response:
    """Let the browser hold a draft, from now on for as long as it lasts."""
    return _set(response, f"{draft.pk}{BETWEEN}{token}")


def hold_on(response: Response, request: HttpRequest) -> Response:
    """Let the browser hold what it holds for as long again."""
    return _set(response, BETWEEN.join(_cookie(request)))


def let_go(response: Response) -> Response:
    """Let the browser forget its draft."""
    response.delete_cookie(COOKIE, path=reverse(START), samesite=SAME_SITE)
    return response


def _cookie(request: HttpRequest) -> tuple[str, str]:
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS)
    draft, _, token = (value or "").partition(BETWEEN)
    return draft, token


def _set(response: Response, value: str) -> Response:
    options: dict[str, Any] = {
        "max_age": LASTS,
        "secure": settings.SESSION_COOKIE_SECURE,
        "httponly": True,
        "samesite": SAME_SITE,
        "path": reverse(START),
    }
    response.set_signed_cookie(COOKIE, value, salt=SALT, **options)
    return response
