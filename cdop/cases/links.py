"""Cases that belong together: brothers and sisters who died, each with a case of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from cdop.cases import families
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cdop.core.users import User


class Kind(models.TextChoices):
    """What two children are to each other."""

    TWIN = "twin", "twin, or one of several born together"
    SIBLING = "sibling", "brother or sister"


class Link(Record):
    """Two cases of one family; ``case`` is the one opened first."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    other = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("The case opened first", "", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "other": Note("The other case", "", Sensitivity.PERSONAL, Seen.RESPONDERS),
        "kind": Note(
            "What the children are to each other", "", Sensitivity.PERSONAL, Seen.RESPONDERS
        ),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "other"], name="link_once"),
            models.CheckConstraint(name="link_in_order", condition=Q(case__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"cases {self.case_id} and {self.other_id}"


@dataclass(frozen=True)
class Linked:
    """Another case of the family, and what its child is to this one, in words."""

    case: Case
    kind: str


def link(one: Case, other: Case, kind: Kind, *, by: User | Job) -> Link:
    """Say that two cases are of one family; said before, the kind is what is said now.

    From then on the family has one record for both.
    """
    first, second = sorted((one, other), key=lambda case: case.pk)
    row = Link.objects.filter(case=first, other=second).first()
    if row:
        return steps.edit(row, by=by, kind=kind)
    with act():
        row = steps.create(Link(case=first, other=second, kind=kind), by=by)
        families.join(first, second, by=by)
    return row


def of(case: Case, user: User) -> list[Linked]:
    """The other cases of the family that the person sees, those that were withdrawn left out."""
    kinds = {row.other_id: row.kind for row in rows_of(Link, "case", case.pk)}
    kinds |= {row.case_id: row.kind for row in rows_of(Link, "other", case.pk)}
    if not kinds:
        return []
    seen = Case.objects.visible_to(user).exclude(state=CaseState.WITHDRAWN)
    found = seen.filter(pk__in=kinds).order_by("pk")
    return [Linked(other, Kind(kinds[other.pk]).label) for other in found]


def beside(references: Iterable[str], user: User) -> dict[str, list[Linked]]:
    """The same for several cases, by reference; those with none are not in it.

    One statement, and another where there is a link. A case that was withdrawn or is not seen is
    beside none.
    """
    asked, found = set(references), dict[str, list[Linked]]()
    these = Case.objects.filter(reference__in=asked).values("pk")
    linked = Link.objects.filter(Q(case__in=these) | Q(other__in=these))
    rows = list(linked.select_related("case", "other").order_by("pk"))
    seen = _seen({key for row in rows for key in (row.case_id, row.other_id)}, user)
    for row in rows:
        for one, other in ((row.case, row.other), (row.other, row.case)):
            if one.reference in asked and {one.pk, other.pk} <= seen:
                found.setdefault(one.reference, []).append(Linked(other, Kind(row.kind).label))
    return found


def _seen(keys: set[int], user: User) -> set[int]:
    """Of these cases those that the person sees and that were not withdrawn."""
    if not keys:
        return set()
    cases = Case.objects.visible_to(user).exclude(state=CaseState.WITHDRAWN)
    return set(cases.filter(pk__in=keys).values_list("pk", flat=True))


def between(cases: Iterable[int]) -> list[tuple[int, int, str]]:
    """Which of these cases, by their keys, are of one family, and what their children are to each
    other in words. For whom one may see, the caller asks."""
    keys = list(cases)
    rows = Link.objects.filter(case__in=keys, other__in=keys).order_by("pk")
    return [(row.case_id, row.other_id, Kind(row.kind).label) for row in rows]
