"""The case of an agenda that a page of reviews is about."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from cdop.core.access import PersonRequest
from cdop.panel import queries as panel
from cdop.panel import reading
from cdop.panel.models import AgendaItem


def item_of(request: PersonRequest, number: int, serial: str) -> AgendaItem:
    """The case at its meeting, whose papers this person may read (404, or 403 with the reason)."""
    found = get_object_or_404(panel.item(number, serial, request.user))
    return reading.must_read(found, request.user)
