"""Terms of office: who sits on which seat of the panel, for which organisation, from when to when.

One person sits on one seat at a time, and one organisation has one person on a seat at a time.
A holder's place can be covered by somebody else for some days of the term. Invitations are proposed
from here; the seat is a code of the edition that is in force at the meeting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate

from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.jinja import day
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.users import User
from cdop.panel.models import Meeting
from cdop.panel.queries import invitable

if TYPE_CHECKING:
    from cdop.editions.schema import CoreMember

NOT_YOURS = "Your role does not arrange who sits on the panel."


class Spell(Protocol):
    """Days from one to another, both of them in it; None where no end is set."""

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date | None: ...


class TermQuerySet(models.QuerySet["Term"]):
    def on(self, day: date) -> TermQuerySet:
        """Those that run on a day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def visible_to(self, user: User) -> TermQuerySet:
        return self if user.can(Permission.MEETINGS_ARRANGE) else self.none()


class Term(Record):
    """One person on one seat of the panel for one organisation, from a day to a day."""

    seat = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = TermQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "seat": Note("Which seat of the core membership", "", Sensitivity.STAFF, Seen.TEAM),
        "user": Note("Who sits on it", "", Sensitivity.STAFF, Seen.TEAM),
        "organisation": Note("For which organisation", "", Sensitivity.STAFF, Seen.TEAM),
        "starts_on": Note("First day", "", Sensitivity.STAFF, Seen.TEAM),
        "ends_on": Note("Last day, if set", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["seat", "starts_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="term_ends_after_it_starts",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.seat}"

    audit_case = None


class Cover(Record):
    """Somebody who takes the place of a seat's holder for some days of the term."""

    term = models.ForeignKey(Term, models.PROTECT, related_name="covers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "term": Note("Whose place", "", Sensitivity.STAFF, Seen.TEAM),
        "user": Note("Who takes it", "", Sensitivity.STAFF, Seen.TEAM),
        "starts_on": Note("First day", "", Sensitivity.STAFF, Seen.TEAM),
        "ends_on": Note("Last day", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["term_id", "starts_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cover_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.term}"

    audit_case = None


@dataclass(frozen=True)
class Proposal:
    """Who would be invited to a meeting, on which seat, in whose place, and why not ("": can)."""

    user: User
    seat: CoreMember
    organisation: Organisation
    stands_in_for: User | None
    why_not: str


def overlap(one: Spell, other: Spell) -> bool:
    """Whether two spells have a day in common."""
    return _reaches(one, other) and _reaches(other, one)


def save(
    term: Term | None,
    *,
    seat: str,
    user: User,
    organisation: Organisation,
    starts_on: date,
    ends_on: date | None,
    version: int,
    by: User | Job,
) -> Term:
    """Record a term, or change one. Raises Stale, and Refused where it overlaps with another."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    if ends_on and ends_on < starts_on:
        raise Refused("A term ends on the day on which it begins, or later.")
    said: dict[str, Any] = {"seat": seat, "user": user, "organisation": organisation}
    said |= {"starts_on": starts_on, "ends_on": ends_on}
    with act():
        # Of two terms that would overlap one waits for the other here.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        User.objects.select_for_update().get(pk=user.pk)
        row = None if term is None else Term.objects.select_for_update().get(pk=term.pk)
        if row is not None and row.version != version:
            raise Stale(row)
        new = Term(pk=row.pk if row else None, **said)
        refuse_if(_why_not_beside(new) or _why_not_around(new))
        if row is None:
            return steps.create(Term(**said), by=by)
        return steps.edit(row, by=by, version=version, **said)


def plan_cover(
    term: Term, *, user: User, starts_on: date, ends_on: date, version: int, by: User | Job
) -> Cover:
    """Plan who takes the holder's place for some days. ``version`` is that of the term."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    if ends_on < starts_on:
        raise Refused("The cover ends on the day on which it begins, or later.")
    with act():
        row = Term.objects.select_for_update().get(pk=term.pk)
        if row.version != version:
            raise Stale(row)
        new = Cover(term=row, user=user, starts_on=starts_on, ends_on=ends_on)
        refuse_if(_why_not_cover(new))
        return steps.create(new, by=by)


def change_cover(
    cover: Cover, *, user: User, starts_on: date, ends_on: date, version: int, by: User | Job
) -> Cover:
    """Change a planned cover. Raises Stale, Refused."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    if ends_on < starts_on:
        raise Refused("The cover ends on the day on which it begins, or later.")
    with act():
        term = Term.objects.select_for_update().get(pk=cover.term_id)
        new = Cover(pk=cover.pk, term=term, user=user, starts_on=starts_on, ends_on=ends_on)
        refuse_if(_why_not_cover(new))
        said: dict[str, Any] = {"user": user, "starts_on": starts_on, "ends_on": ends_on}
        return steps.edit(cover, by=by, version=version, **said)


def terms(user: User) -> list[Term]:
    """All terms that the person sees, those that run first, each with its covers."""
    today = localdate()
    rows = Term.objects.visible_to(user).select_related("user", "organisation")
    found = list(
        rows.prefetch_related(models.Prefetch("covers", Cover.objects.select_related("user")))
    )
    return sorted(found, key=lambda row: (bool(row.ends_on and row.ends_on < today), row.seat))


def proposed(meeting: Meeting) -> list[Proposal]:
    """Who would be invited to a meeting by the terms of its day, in the order of its seats.

    Where a holder is covered on that day, who covers them; those who are invited already are not
    in it, nor is anybody whose place somebody was invited to take.
    """
    on = meeting.held_on
    invited = list(meeting.attendance.all())
    there = {row.user_id for row in invited} | {row.stands_in_for_id for row in invited}
    may = set(invitable(on).values_list("pk", flat=True))
    seats = {seat.code: seat for seat in meeting.edition.core_membership}
    rows = Term.objects.on(on).filter(seat__in=seats).select_related("user", "organisation")
    covers = Cover.objects.filter(starts_on__lte=on, ends_on__gte=on).select_related("user")
    running = rows.prefetch_related(models.Prefetch("covers", covers, to_attr="covering"))
    order = list(seats)
    return [
        _proposal(term, seats[term.seat], may, there)
        for term in sorted(running, key=lambda term: (order.index(term.seat), term.pk))
        if term.user_id not in there
    ]


def _proposal(term: Term, seat: CoreMember, may: set[int], there: set[int | None]) -> Proposal:
    covers: list[Cover] = term.covering  # type: ignore[attr-defined]
    user = covers[0].user if covers else term.user
    why = ""
    if user.pk in there:
        why = f"{user} is invited for another seat. Invite somebody else for this one."
    elif user.pk not in may:
        why = f"{user} holds no role of the panel on that day."
    return Proposal(user, seat, term.organisation, term.user if covers else None, why)


def _reaches(one: Spell, other: Spell) -> bool:
    return one.ends_on is None or one.ends_on >= other.starts_on


def _first_overlapping(new: Spell, rows: Iterable[Term]) -> Term | None:
    return next((row for row in rows if overlap(new, row)), None)


def _why_not_beside(new: Term) -> str:
    """Why a term cannot stand beside those that are there."""
    others = Term.objects.exclude(pk=new.pk).select_related("user", "organisation")
    if found := _first_overlapping(new, others.filter(user=new.user)):
        return f"{found.user} sits on a seat of the panel already, {_spell(found)}."
    same = others.filter(seat=new.seat, organisation=new.organisation)
    if found := _first_overlapping(new, same):
        return f"{found.user} sits there for {found.organisation} already, {_spell(found)}."
    return ""


def _why_not_around(new: Term) -> str:
    """Why a term cannot end before a cover that is planned within it, nor begin after one."""
    for cover in Cover.objects.filter(term=new.pk) if new.pk else ():
        if not _within(cover, new):
            return f"A cover is planned within this term, {_spell(cover)}. Change it first."
        if cover.user_id == new.user_id:
            return "Nobody covers their own place. Change the cover of this term first."
    return ""


def _why_not_cover(new: Cover) -> str:
    if new.user_id == new.term.user_id:
        return "Nobody covers their own place."
    if not _within(new, new.term):
        return f"The cover lies outside the term, which runs {_spell(new.term)}."
    others = Cover.objects.filter(term=new.term_id).exclude(pk=new.pk).select_related("user")
    taken = next((row for row in others if overlap(new, row)), None)
    return f"{taken.user} covers this place already, {_spell(taken)}." if taken else ""


def _within(inner: Spell, outer: Spell) -> bool:
    if inner.starts_on < outer.starts_on:
        return False
    return outer.ends_on is None or (inner.ends_on or date.max) <= outer.ends_on


def _spell(spell: Spell) -> str:
    until = f" to {day(spell.ends_on)}" if spell.ends_on else ""
    return f"from {day(spell.starts_on)}{until}"
