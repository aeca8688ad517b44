"""The organisation that told us: suggested by what the notifier wrote, chosen by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from rapidfuzz import fuzz, process, utils

from cdop.core import organisations
from cdop.core.organisations import Organisation, OrganisationKind
from notifications.intake import Route

LEAST = 80
"""Of 100: less alike than this is another organisation."""
OFFICES: dict[str, OrganisationKind] = {
    Route.REGISTRAR: OrganisationKind.REGISTRAR,
    Route.CORONER: OrganisationKind.CORONER,
}
"""By the route of a notice in law, who alone can give it."""
CLEARLY = 5
"""By how much the best must be better than the next: of two trusts of one town none is proposed."""


def written(answers: Mapping[str, Any]) -> str:
    """Where the notifier said that they work, in their words."""
    return str(answers.get("notifier_organisation") or "").strip()


def named(wrote: str, among: Iterable[Organisation]) -> Organisation | None:
    """The organisation in use of just this name, whatever its capitals and spaces."""
    found = [
        each for each in among if each.ended_at is None and _folded(each.name) == _folded(wrote)
    ]
    return found[0] if wrote and len(found) == 1 else None


def proposed(wrote: str, among: Iterable[Organisation]) -> Organisation | None:
    """The organisation in use that the words may mean, where one is clearly the most alike.

    A person is asked whether it is: nothing is chosen for them because it is only alike.
    """
    if not wrote:
        return None
    names = {each: each.name for each in among if each.ended_at is None}
    best = process.extract(
        wrote, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=2
    )
    if not best or best[0][1] < LEAST:
        return None
    if len(best) > 1 and best[0][1] - best[1][1] < CLEARLY:
        return None
    return best[0][2]


def could_be(route: str) -> QuerySet[Organisation]:
    """The organisations in use that can have told us by a route: a notice comes from an office.

    An office writes the name of its district, which a trust of the same town has in its name too.
    """
    kind = OFFICES.get(route)
    in_use = Organisation.objects.in_use()
    return in_use.filter(kind=kind) if kind else in_use


def choices(keep: str = "") -> list[tuple[str, str]]:
    """The organisations by name, for a select; first what stands in no list.

    keep  the key of the one that the notification names, which stays although it has ended
    """
    return [("", "Not in the list, or not known"), *organisations.choices(keep)]


def panels() -> list[tuple[str, str]]:
    """The other panels that are known here, by name."""
    found = Organisation.objects.in_use().filter(kind=OrganisationKind.PANEL)
    return [(each.name, each.name) for each in found]


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
