"""Which of a person's roles is worn in this session."""

from typing import cast

from django.http import HttpRequest

from cdop.core.users import RoleHolding, User

SESSION_KEY = "hat"


def worn(request: HttpRequest) -> RoleHolding | None:
    """Put on the hat chosen in this session; the only one held needs no choice."""
    user = cast(User, request.user)
    held = user.holdings_in_force()
    chosen = [holding for holding in held if holding.pk == request.session.get(SESSION_KEY)]
    if chosen or len(held) == 1:
        user.wear((chosen or held)[0])
    else:
        user.hat = None
    return user.hat


def choose(request: HttpRequest, holding: RoleHolding) -> None:
    """Wear one of the person's hats from now on in this session."""
    request.session[SESSION_KEY] = holding.pk
    cast(User, request.user).wear(holding)
