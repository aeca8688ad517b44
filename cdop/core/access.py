"""The door of every page: strangers learn nothing, the permitted come in."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from cdop.core.roles import Permission
from cdop.core.users import RoleHolding, User

LONGEST_NUMBER = 18  # digits that a key column of either database still holds
View = TypeVar("View", bound=Callable[..., HttpResponse])


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    hats: list[RoleHolding]


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also when it was nothing at all; None where the page was only opened."""
    return request.POST if request.method == "POST" else None


def posted_number(request: HttpRequest, name: str) -> int:
    """A whole number that was posted, such as a key or a version; 0 for anything else."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < LONGEST_NUMBER else 0


def posted_version(request: HttpRequest) -> int:
    """The version that was on the page; a page that carries none was not made here (400)."""
    if not (version := posted_number(request, "version")):
        raise SuspiciousOperation("The version is missing.")
    return version


def asked_for(request: HttpRequest, usual: Mapping[str, str]) -> tuple[QueryDict, list[str]]:
    """What an address asks for, with the usual wherever it says nothing; and of what it says none.

    usual  by the name of a choice, what is shown of it before anybody chooses
    An address that chooses nothing at all leaves nothing out: it is how the page is first opened.
    """
    asked = request.GET.copy()
    left_out = [name for name in usual if not asked.get(name, "").strip()]
    for name in left_out:
        asked[name] = usual[name]
    return asked, left_out if request.GET else []


def page(*permissions: Permission) -> Callable[[View], View]:
    """A page for those whose hat has one of the permissions; for all others it is not there (404).

    What the view then fetches goes through ``visible_to(request.user)``.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(request.user.can(permission) for permission in permissions):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.door = permissions  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def for_everybody(view: View) -> View:
    """A page without a door: no account is asked for."""
    opened = login_not_required(view)
    opened.door = "everybody"  # type: ignore[attr-defined]
    return opened


def for_systems(view: View) -> View:
    """An address for other systems: no account is asked for, but a token, by the view itself."""
    opened = login_not_required(view)
    opened.door = "systems"  # type: ignore[attr-defined]
    return opened


def for_signed_in(view: View) -> View:
    """A page for everybody who is signed in, whatever the hat."""
    view.door = "signed in"  # type: ignore[attr-defined]
    return view
