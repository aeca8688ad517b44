"""How much the public form takes from one address of the net: a flood is slowed down, people not.

A whole hospital may stand behind one address. So nobody is refused who took the time that a person
takes, and only what no hospital ever does is refused for a while.
"""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cdop.core import limits
from cdop.core.drafts import Draft
from cdop.core.strangers import address_of

WITHIN = timedelta(hours=1)
IN_HASTE = timedelta(minutes=2)
"""Nobody types a notification faster; a machine does."""

BEGINNING, SENDING = "report.begin", "report.send"
LINKS, LINKS_TO, LINKS_OF = "report.link", "report.link.to", "report.link.of"
MOST_LINKS = 60
MOST_LINKS_TO_ONE = 5


class Level(IntEnum):
    """How much came from an address within the hour."""

    QUIET, BUSY, FLOODED = range(3)


def level(kind: str, request: HttpRequest) -> Level:
    """Count one more of ``kind`` for the address of the request."""
    count = limits.counted(kind, address_of(request), within=WITHIN)
    if count > settings.REPORTS_AT_MOST:
        return Level.FLOODED
    return Level.BUSY if count > settings.REPORTS_AN_HOUR else Level.QUIET


def why_wait(crowd: Level, draft: Draft, *, hurried: bool = False) -> str:
    """Why a draft is not taken at the moment: "haste", "flood", or "" where it is.

    ``hurried`` where it was begun while very much came from the same address.
    """
    if crowd == Level.FLOODED:
        return "flood"
    return "haste" if (hurried or crowd == Level.BUSY) and _in_haste(draft) else ""


def _in_haste(draft: Draft) -> bool:
    """Whether the draft was begun so recently that nobody can have typed it."""
    return timezone.now() - draft.data_key.made_at < IN_HASTE


def may_send_link(request: HttpRequest, draft: Draft, to: str) -> bool:
    """Whether another link may go to ``to``: nobody's post is filled from here.

    All three are counted each time.
    """
    return all(
        [
            _allow(LINKS, address_of(request), MOST_LINKS),
            _allow(LINKS_TO, to.lower(), MOST_LINKS_TO_ONE),
            _allow(LINKS_OF, str(draft.pk), MOST_LINKS_TO_ONE),
        ]
    )


def _allow(kind: str, who: str, most: int) -> bool:
    return limits.allow(kind, who, most=most, within=WITHIN)
