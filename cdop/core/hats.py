"""Which of a person's roles is worn in this session."""

from typing import cast

from django.http import HttpRequest

from cdop.core.users import RoleHolding, User

SESSION_KEY = "hat"


def worn(request: HttpRequest) -> list[RoleHolding]:
    """Put on the hat chosen in this session, or the only one held; return all that are held."""
    user = cast(User, request.user)
    held = user.holdings_in_force()
    chosen = [holding for holding in held if holding.pk == request.session.get(SESSION_KEY)]
    if chosen or len(held) == 1:
        user.wear((chosen or held)[0])
    else:
        user.hat = None
    return held


def choose(request: HttpRequest, holding: RoleHolding) -> None:
    """Wear one of the person's hats from now on in this session."""
    request.session[SESSION_KEY] = holding.pk
    cast(User, request.user).wear(holding)
