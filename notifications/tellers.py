"""The organisation that told us: proposed from what the notifier wrote, chosen by a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rapidfuzz import fuzz, process, utils

from cdop.core.organisations import Organisation, OrganisationKind

LEAST = 80
"""Of 100: less alike than this is another organisation."""
CLEARLY = 5
"""By how much the best must be better than the next: of two trusts of one town none is proposed."""


def written(answers: Mapping[str, Any]) -> str:
    """Where the notifier said that they work, in their words."""
    return str(answers.get("notifier_organisation") or "").strip()


def proposed(wrote: str, organisations: Iterable[Organisation]) -> Organisation | None:
    """The organisation that the words mean, where one is clearly the most alike."""
    if not wrote:
        return None
    names = {organisation: organisation.name for organisation in organisations}
    best = process.extract(
        wrote, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=2
    )
    if not best or best[0][1] < LEAST:
        return None
    if len(best) > 1 and best[0][1] - best[1][1] < CLEARLY:
        return None
    return best[0][2]


def choices() -> list[tuple[str, str]]:
    """Every organisation by name, for a select; first what stands in no list."""
    found = [(str(each.pk), each.name) for each in Organisation.objects.all()]
    return [("", "Not in the list, or not known"), *found]


def panels() -> list[tuple[str, str]]:
    """The other panels that are known here, by name."""
    found = Organisation.objects.filter(kind=OrganisationKind.PANEL)
    return [(each.name, each.name) for each in found]
