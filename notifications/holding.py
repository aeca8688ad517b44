"""Which unfinished form a browser holds, for somebody without an account.

A signed cookie names the draft and its token; neither is ever part of an address. It lasts a day
after the last page that was saved: long enough for a lapsed session, a restart or the end of a
shift, short enough for a computer that a whole ward shares.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest

from cdop.core import drafts
from cdop.core.cookies import Response, SignedCookie
from cdop.core.drafts import Draft
from notifications import returning
from notifications.intake import DRAFT_KIND
from notifications.models import Notification
from notifications.returning import ReturnLink

LASTS = timedelta(hours=24)
BETWEEN = ":"

LINK = SignedCookie("report_link", "report:return", timedelta(hours=1))


@dataclass(frozen=True)
class Held:
    """What a browser holds of one form: the drafts' ``kind``, and the cookie."""

    kind: str
    cookie: SignedCookie

    def draft_of(self, request: HttpRequest, *, lock: bool = False) -> Draft | None:
        """The draft, if it is there still; ``lock`` until the act ends."""
        return drafts.by_token(self.kind, self._kept(request)[1], lock=lock)

    def sent_from(self, request: HttpRequest) -> Notification | None:
        """The notification that was sent from the draft, by the browser that held it last."""
        draft, token = self._kept(request)
        if not draft:
            return None
        return Notification.objects.filter(draft=draft, draft_token=drafts.hashed(token)).first()

    def lost(self, request: HttpRequest) -> bool:
        """Whether another browser took the draft over, and has it yet or has sent it."""
        draft, token = self._kept(request)
        if not draft or drafts.by_token(self.kind, token):
            return False
        elsewhere = Notification.objects.filter(draft=draft).exclude(
            draft_token__in=("", drafts.hashed(token))
        )
        return drafts.by_key(self.kind, UUID(draft)) is not None or elsewhere.exists()

    def hold(self, response: Response, draft: Draft, token: str) -> Response:
        """Let the browser hold a draft, from now on for as long as it lasts."""
        return self.cookie.keep(response, f"{draft.pk}{BETWEEN}{token}")

    def hold_on(self, response: Response, request: HttpRequest) -> Response:
        """Let the browser hold what it holds for as long again."""
        return self.cookie.keep(response, self.cookie.read(request))

    def let_go(self, response: Response) -> Response:
        """Let the browser forget its draft."""
        return self.cookie.forget(response)

    def _kept(self, request: HttpRequest) -> tuple[str, str]:
        draft, _, token = self.cookie.read(request).partition(BETWEEN)
        return draft, token


REPORT = Held(DRAFT_KIND, SignedCookie("report", "report:start", LASTS))


def link_of(request: HttpRequest) -> ReturnLink | None:
    """The link by which this browser came."""
    return returning.find(LINK.read(request))


def hold_link(response: Response, token: str) -> Response:
    """Let the browser hold what a link carries, so that the next address need not."""
    return LINK.keep(response, token)
