"""What somebody of the team works through: their own, what is overdue, what is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from cdop.cases import holds, linked, urgent
from cdop.cases.holds import Hold
from cdop.cases.linked import LinkedReview
from cdop.cases.signals import Signal
from cdop.cases.urgent import UrgentNotice
from cdop.core.dates import london_date

if TYPE_CHECKING:
    from cdop.core.users import User

MOST = 200


@dataclass(frozen=True)
class Mine:
    """Something of a case that one person owns, and the day on which it is due."""

    reference: str
    text: str
    href: str
    due_on: date


def mine(user: User) -> list[Mine]:
    """All that this person owns and that goes on, soonest due first."""
    found = [*_holds(user), *_reviews(user), *_notices(user), *_signals(user)]
    return sorted(found, key=lambda each: (each.due_on, each.text))


def _holds(user: User) -> Iterator[Mine]:
    rows = Hold.objects.running().filter(owner=user).select_related("case")
    for hold in rows.order_by("next_check_on")[:MOST]:
        text = f"Check the hold: {holds.kind_label(hold.case, hold.kind)}"
        href = reverse("cases:check_hold", args=[hold.case.reference, hold.pk])
        yield Mine(hold.case.reference, text, href, hold.next_check_on)


def _reviews(user: User) -> Iterator[Mine]:
    rows = LinkedReview.objects.waiting().filter(owner=user).select_related("case")
    for review in rows.order_by("next_check_on")[:MOST]:
        text = f"Ask how it stands: {linked.kind_label(review.case, review.kind)}"
        href = reverse("cases:linked_review", args=[review.case.reference, review.pk])
        if review.next_check_on:
            yield Mine(review.case.reference, text, href, review.next_check_on)


def _notices(user: User) -> Iterator[Mine]:
    rows = UrgentNotice.objects.to_send().filter(owner=user).select_related("case")
    for notice in rows.order_by("due_at")[:MOST]:
        href = reverse("cases:urgent", args=[notice.case.reference])
        text = urgent.kind_label(notice.case, notice.kind)
        yield Mine(notice.case.reference, text, href, london_date(notice.due_at))


def _signals(user: User) -> Iterator[Mine]:
    rows = Signal.objects.going_on().filter(owner=user).order_by("due_on")
    for signal in rows[:MOST]:
        if signal.due_on:
            href = reverse("cases:signal", args=[signal.pk])
            yield Mine("", f"Signal: {signal.kind_label}", href, signal.due_on)
