"""Pages for people without an account: from where somebody writes, and how much is too much."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, QueryDict

MOST_BOXES = 200
MOST_BYTES = 200_000
IPV6_NETWORK = 64  # bits; the rest of an address a household or a machine chooses itself


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
