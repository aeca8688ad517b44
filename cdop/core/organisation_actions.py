"""The list of organisations is kept by the team: one is added, changed, ended, taken up again.

None is ever deleted: a record that names one goes on naming it. Two of one name are refused, and
who adds one whose name is like another is asked first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from rapidfuzz import fuzz, utils

from cdop.core import casework, steps
from cdop.core.audit import act
from cdop.core.organisations import Area, Organisation
from cdop.core.refusals import Refused, refuse_if, refused_if_overtaken
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

KEEPING = Permission.NOTIFICATIONS_TRIAGE
ALIKE = 85
"""Of 100: from here on two names may be of one organisation, and whoever adds it is asked."""
MOST_NAMED = 5


def add(*, name: str, kind: str, area: Area | None, by: User) -> Organisation:
    """A new organisation. Raises Refused where one of this name is there already."""
    _must_keep(by)
    made = Organisation(name=one_line(name), kind=kind, area=area)
    with act(), _alone_of_the_name(made.name):
        return steps.create(made, by=by)


def change(
    organisation: Organisation, *, version: int, name: str, kind: str, area: Area | None, by: User
) -> Organisation:
    """Correct name, kind or area; every record that names it shows the new name.

    Raises Refused where another one has the name, Stale where it was changed since ``version``.
    """
    _must_keep(by)
    said: dict[str, Any] = {"name": one_line(name), "kind": kind, "area": area}
    with act(), _alone_of_the_name(said["name"], but=organisation):
        return steps.edit(organisation, by=by, version=version, **said)


def end(organisation: Organisation, *, version: int, by: User) -> Organisation:
    """Offer it no more from now on. Raises Refused while something of it goes on by itself."""
    _must_keep(by)
    with act():
        refuse_if(why_not_end(organisation))
        action, now = "organisation.ended", timezone.now()
        return steps.edit(organisation, by=by, version=version, action=action, ended_at=now)


def take_up(organisation: Organisation, *, version: int, by: User) -> Organisation:
    """Offer it again."""
    _must_keep(by)
    action = "organisation.taken_up"
    return steps.edit(organisation, by=by, version=version, action=action, ended_at=None)


def why_not_end(organisation: Organisation) -> str:
    """Why its use cannot end now; "" means that it can."""
    if organisation.ended_at:
        return "This organisation is not in use any more."
    return casework.why_not_end_organisation(organisation)


def alike(name: str, *, but: Organisation | None = None) -> list[Organisation]:
    """The organisations, ended ones too, whose names may mean the same, the most alike first."""
    wanted = utils.default_process(name)
    scored = [(fuzz.token_ratio(wanted, utils.default_process(o.name)), o) for o in _all(but)]
    near = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [organisation for _, organisation in near[:MOST_NAMED]]


def of_the_name(name: str, *, but: Organisation | None = None) -> Organisation | None:
    """The organisation that has this name, whatever its capitals and spaces."""
    wanted = one_line(name).casefold()
    return next((each for each in _all(but) if one_line(each.name).casefold() == wanted), None)


def one_line(name: str) -> str:
    """A name with single spaces, as it is kept."""
    return " ".join(name.split())


def former_names(organisation: Organisation) -> list[str]:
    """The names that it had before, the latest first."""
    rows = organisation.history.exclude(name=organisation.name).order_by("-version")
    return list(dict.fromkeys(rows.values_list("name", flat=True)))


def _all(but: Organisation | None) -> list[Organisation]:
    return [each for each in Organisation.objects.all() if each != but]


def _must_keep(by: User) -> None:
    if not by.can(KEEPING):
        raise Refused("Your role does not keep the list of organisations.", HTTPStatus.FORBIDDEN)


@contextmanager
def _alone_of_the_name(name: str, but: Organisation | None = None) -> Iterator[None]:
    """Raises Refused where another one has the name, also where it got it in this moment."""
    if there := of_the_name(name, but=but):
        raise Refused(there_already(there))
    with refused_if_overtaken(f"There is an organisation called {name} already."):
        yield


def there_already(organisation: Organisation) -> str:
    """Why another one of this name is refused."""
    again = " Its use has ended: take it up again instead." if organisation.ended_at else ""
    return f"There is an organisation called {organisation.name} already.{again}"
