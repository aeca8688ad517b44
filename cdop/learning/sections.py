"""The parts of what the panel learns, as links between their first pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from cdop.core.roles import Permission as P

if TYPE_CHECKING:
    from cdop.core.users import User

SECTIONS = (
    (
        "Recommendations",
        "learning:list",
        (P.RECOMMENDATIONS_MANAGE, P.RECOMMENDATIONS_READ, P.RECOMMENDATIONS_READ_AREA),
    ),
    ("Themes and briefings", "themes:list", (P.LEARNING_READ,)),
    ("Training and campaigns", "themes:training", (P.TRAINING_READ,)),
)


def for_user(user: User, here: str) -> list[tuple[str, str]]:
    """Name and address of each part that the person sees; none of the one that is on the page."""
    return [
        (text, "" if name == here else reverse(name))
        for text, name, permissions in SECTIONS
        if any(map(user.can, permissions))
    ]
