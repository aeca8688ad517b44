"""How much the public form takes from one address of the net: a flood is slowed down, people not.

A whole hospital may stand behind one address. So nobody is refused who took the time that a person
takes, and only what no hospital ever does is refused for a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import IntEnum
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cdop.core import limits
from cdop.core.drafts import Draft

WITHIN = timedelta(hours=1)
IN_HASTE = timedelta(minutes=2)
"""Nobody types a notification faster; a machine does."""

BEGINNING, SENDING = "report.begin", "report.send"
LINKS, LINKS_TO, LINKS_OF = "report.link", "report.link.to", "report.link.of"
MOST_LINKS = 60
MOST_LINKS_TO_ONE = 5

MOST_BOXES = 200
MOST_BYTES = 200_000
IPV6_NETWORK = 64  # bits; the rest of an address a household or a machine chooses itself


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


def too_much(posted: QueryDict) -> str:
    """Why a page holds more than the form takes; "" means it does not."""
    boxes = [(name, value) for name, values in posted.lists() for value in values]
    if len(boxes) > MOST_BOXES:
        return f"A page of this form has no more than {MOST_BOXES} boxes. You sent {len(boxes):,}."
    size = sum(len(f"{name}{value}".encode(errors="replace")) for name, value in boxes)
    if size > MOST_BYTES:
        return (
            f"A page of this form takes no more than {MOST_BYTES:,} letters altogether. "
            f"You sent {size:,}."
        )
    return ""


def address_of(request: HttpRequest) -> str:
    """The address from which somebody writes, as the outermost of our own proxies saw it.

    What stands further left in X-Forwarded-For anybody can have written. Of an IPv6 address the
    network counts.
    """
    return _network(_seen(request.META))


def _seen(meta: Mapping[str, str]) -> str:
    passed_on = [each.strip() for each in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(passed_on) >= trusted and passed_on[-trusted]:
        return passed_on[-trusted]
    return meta.get("REMOTE_ADDR", "")


def _network(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or IPv6Address(int(known) >> IPV6_NETWORK << IPV6_NETWORK))


def _allow(kind: str, who: str, most: int) -> bool:
    return limits.allow(kind, who, most=most, within=WITHIN)
