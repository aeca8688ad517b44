"""Whoever receives the statistics is told by e-mail that there are new ones, without a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localdate

from cdop.core import outbox
from cdop.core.roles import Role
from cdop.core.users import RoleHolding, User

if TYPE_CHECKING:
    from analytics.models import Release

TEMPLATE = "statistics_published"
RECEIVE = (Role.AREA_READER, Role.BOARD_MANAGER)


def tell_readers(release: Release, *, by: User) -> None:
    """Queue a message to each of them, within the act that publishes."""
    held = RoleHolding.objects.in_force(localdate()).filter(role__in=RECEIVE)
    people = User.objects.filter(pk__in=held.values("user"), is_active=True).exclude(email="")
    outbox.queue(
        TEMPLATE,
        {f"{release.reference}:published:{user.pk}": user.email for user in people},
        about=release.reference,
        by=by,
        context={
            "reference": release.reference,
            "period": release.period,
            "version": str(release.number),
            "link": outbox.link(reverse("analytics:release", args=[release.reference])),
        },
    )
