"""Which unfinished notification a browser holds, for somebody without an account.

A signed cookie that scripts cannot read names the draft and its token; neither is ever part of an
address. It lasts a day after the last page that was saved: long enough for a lapsed session, a
restart or the end of a shift, short enough for a computer that a whole ward shares.
"""

from datetime import timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from cdop.core import drafts
from cdop.core.drafts import Draft
from notifications import returning
from notifications.intake import DRAFT_KIND
from notifications.models import Notification
from notifications.returning import ReturnLink

COOKIE = "report"
SALT = "notifications.holding"
LASTS = timedelta(hours=24)
BETWEEN = ":"
SAME_SITE: Literal["Lax"] = "Lax"
START = "report:start"
LINK_COOKIE, RETURN = "report_link", "report:return"
LINK_LASTS = timedelta(hours=1)

Response = TypeVar("Response", bound=HttpResponseBase)


def draft_of(request: HttpRequest, *, lock: bool = False) -> Draft | None:
    """The draft that this browser holds, if it is there still; ``lock`` until the act ends."""
    return drafts.by_token(DRAFT_KIND, _cookie(request)[1], lock=lock)


def sent_from(request: HttpRequest) -> Notification | None:
    """The notification that was sent from the draft that this browser held."""
    draft = _cookie(request)[0]
    return Notification.objects.filter(draft=draft).first() if draft else None


def lost(request: HttpRequest) -> bool:
    """Whether the draft that this browser held was taken over by another one, and is there yet."""
    draft, token = _cookie(request)
    return bool(
        draft
        and drafts.by_token(DRAFT_KIND, token) is None
        and drafts.by_key(DRAFT_KIND, UUID(draft))
    )


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


def link_of(request: HttpRequest) -> ReturnLink | None:
    """The link by which this browser came."""
    kept = request.get_signed_cookie(LINK_COOKIE, default="", salt=SALT, max_age=LINK_LASTS)
    return returning.find(kept or "")


def hold_link(response: Response, token: str) -> Response:
    """Let the browser hold what a link carries, so that the next address need not."""
    options = _options(reverse(RETURN), LINK_LASTS)
    response.set_signed_cookie(LINK_COOKIE, token, salt=SALT, **options)
    return response


def _cookie(request: HttpRequest) -> tuple[str, str]:
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS)
    draft, _, token = (value or "").partition(BETWEEN)
    return draft, token


def _set(response: Response, value: str) -> Response:
    response.set_signed_cookie(COOKIE, value, salt=SALT, **_options(reverse(START), LASTS))
    return response


def _options(path: str, lasts: timedelta) -> dict[str, Any]:
    return {
        "max_age": lasts,
        "secure": settings.SESSION_COOKIE_SECURE,
        "httponly": True,
        "samesite": SAME_SITE,
        "path": path,
    }
