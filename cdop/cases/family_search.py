"""Finding the family of somebody who rings: by a parent's name, a number, or the child's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from cdop.cases import families, family_traces, identity
from cdop.cases.families import Family, FamilyToken
from cdop.cases.family_traces import NAME, SOUND, Trace
from cdop.cases.models import Case, IdentityToken
from cdop.core import names, sealing
from cdop.core.audit import record
from cdop.core.names import Likeness

if TYPE_CHECKING:
    from cdop.core.users import User

MOST_FOUND = 20
# Of a child's own traces, those by which somebody who rings can ask for the case.
OF_THE_CHILD = (NAME, SOUND, "mother")


@dataclass(frozen=True)
class Found:
    """A family that may be the caller's: the people who fit, and its cases.

    family  None where the case has no record of its family yet
    people  {"name", "relationship"} of those whom the search fits; empty where it fits the child
    """

    family: Family | None
    cases: tuple[Case, ...]
    people: tuple[dict[str, str], ...]


def search(typed: str, *, by: User) -> list[Found]:
    """The families that a name or a telephone number fits, the best first; recorded, not kept.

    Only cases that ``by`` sees are found. At most ``MOST_FOUND``.
    """
    identity.why_not_read(by, "search")
    wanted = _sought(typed)
    if not wanted:
        return []
    ranked = _ranked(wanted)
    visible = (
        Case.objects.visible_to(by)
        .filter(pk__in=ranked)
        .select_related("in_family__family__data_key", "data_key")
    )
    found = _by_family(sorted(visible, key=lambda case: (-ranked[case.pk], -case.pk)))[:MOST_FOUND]
    count = {"families": len(found)}
    record("family.searched", "families", by=by, purpose="somebody rings", after=count)
    shown = [_fitting(family, cases, typed) for family, cases in found]
    return sorted(shown, key=lambda each: not each.people)


def _ranked(wanted: set[Trace]) -> dict[int, int]:
    """How many of the traces each case has, itself or by its family, by its primary key."""
    hmacs = {hmac for _, hmac in wanted}
    of_family = FamilyToken.objects.filter(hmac__in=hmacs, family__cases__isnull=False)
    of_child = IdentityToken.objects.filter(hmac__in=hmacs, kind__in=OF_THE_CHILD)
    scores: dict[int, int] = defaultdict(int)
    families = of_family.values("family__cases__case").annotate(n=Count("hmac", distinct=True))
    for key, number in families.values_list("family__cases__case", "n"):
        scores[key] += 2 * number  # who rings is a parent first
    children = of_child.values("case").annotate(n=Count("hmac", distinct=True))
    for key, number in children.order_by().values_list("case", "n"):
        scores[key] += number
    best = sorted(scores, key=lambda key: (-scores[key], -key))[: 4 * MOST_FOUND]
    return {key: scores[key] for key in best}


def _by_family(cases: Iterable[Case]) -> list[tuple[Family | None, list[Case]]]:
    found: dict[tuple[str, int], tuple[Family | None, list[Case]]] = {}
    for case in cases:
        bound = getattr(case, "in_family", None)
        key = ("family", bound.family_id) if bound else ("case", case.pk)
        found.setdefault(key, (bound.family if bound else None, []))[1].append(case)
    return list(found.values())


def _fitting(family: Family | None, cases: Sequence[Case], typed: str) -> Found:
    readable = family is not None and family.data_key.wrapped is not None
    people = families.unseal(family).people if family is not None and readable else []
    fits = [person for person in people if _fits(person, typed)]
    shown = [{name: each.get(name, "") for name in ("name", "relationship")} for each in fits]
    return Found(family, tuple(sorted(cases, key=lambda case: case.pk)), tuple(shown))


def _fits(person: dict[str, str], typed: str) -> bool:
    if number := family_traces.as_number(typed):
        return number in family_traces.numbers(person)
    own = names.parts(person.get("name", ""))
    return any(names.best_likeness([part], own) >= Likeness.SPELT for part in names.parts(typed))


def _sought(typed: str) -> set[Trace]:
    if number := family_traces.as_number(typed):
        return {family_traces.of_number(number)}
    found: set[Trace] = set()
    for part in names.parts(typed):
        found |= set(family_traces.of_name(part))
        found.add(("mother", sealing.token("mother", part)))
    return found
