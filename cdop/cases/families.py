"""A family: who they are and how to reach them, for the cases of all its children together.

It is sealed under a key of its own, because the cases of twins are disposed of on different days:
the family's record goes with the last of them. It is found by traces of a name or of a telephone
number, as a child is, and every opening and every search is recorded.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from cdop.cases import family_traces, identity
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case
from cdop.core import names, sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused, Stale
from cdop.core.sealing import DataKey

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "family"
NAME_LIMIT = 200


class Family(Record):
    """The family of one or more children who died, and the worker who is there for it."""

    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    key_worker = models.CharField(max_length=NAME_LIMIT, blank=True)
    key_worker_at = models.CharField(max_length=NAME_LIMIT, blank=True)
    key_worker_phone = models.CharField(max_length=40, blank=True)
    last_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    joined_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "data_key": Note("The key of all that is sealed", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note(
            "People, numbers, what may not be said", "A10", Sensitivity.IDENTITY, Seen.TEAM
        ),
        "key_worker": Note("Who is there for the family", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "key_worker_at": Note("Where they work", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "key_worker_phone": Note("How to reach them", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "last_on": Note("When they were last spoken to", "", Sensitivity.NONE, Seen.TEAM),
        "next_on": Note("When they hear from us next", "", Sensitivity.NONE, Seen.TEAM),
        "joined_to": Note("The record that took this one in", "", Sensitivity.NONE, Seen.NOBODY),
    }

    class Meta:
        verbose_name_plural = "families"
        indexes: ClassVar = [models.Index(fields=["next_on"], name="family_next_word")]

    def __str__(self) -> str:
        return f"family {self.pk}"

    @property
    def key_worker_in_words(self) -> str:
        """Name, place and number; "" where nobody is named."""
        return ", ".join(filter(None, [self.key_worker, self.key_worker_at, self.key_worker_phone]))


class FamilyCase(Record):
    """Which family a case belongs to."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="in_family")
    family = models.ForeignKey(Family, models.PROTECT, related_name="cases")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Which case", "", Sensitivity.NONE, Seen.NOBODY),
        "family": Note("Of which family", "", Sensitivity.NONE, Seen.NOBODY),
    }

    def __str__(self) -> str:
        return f"family of case {self.case_id}"


class FamilyToken(models.Model):
    """One searchable trace of a family: the HMAC of a part of a name, or of a number."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    hmac = models.CharField(max_length=64)

    catalogue: ClassVar[dict[str, Note]] = {
        "family": Note("Of which family", "", Sensitivity.NONE, Seen.NOBODY),
        "kind": Note("What kind of trace", "", Sensitivity.NONE, Seen.NOBODY),
        "hmac": Note("The trace, under a secret key", "", Sensitivity.IDENTITY, Seen.NOBODY),
    }

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hmac", "kind"], name="family_token")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "kind", "hmac"], name="family_token_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of family {self.family_id}"


@dataclass(frozen=True)
class FamilyRecord:
    """The sealed record of a family.

    people  a list of {"name", "relationship", "details"}, all text; numbers stand in the details
    limits  what may not be said to whom, and by whose word (police, court)
    wishes  how they want to be spoken to: language, interpreter, times, not by post …
    """

    people: list[dict[str, str]] = field(default_factory=list)
    limits: str = ""
    wishes: str = ""

    catalogue: ClassVar[dict[str, Note]] = {
        name: Note(meaning, form, Sensitivity.IDENTITY, Seen.TEAM)
        for name, meaning, form in [
            ("people", "Parents and others who may ring or be rung", "A10"),
            ("limits", "What may not be said, and by whose word", ""),
            ("wishes", "How they want to be spoken to", ""),
        ]
    }

    @classmethod
    def of(cls, known: IdentityRecord) -> FamilyRecord:
        """What a notifier said of the parents: the mother, and whoever else is responsible."""
        people = [dict(carer) for carer in known.carers]
        mother = {"name": known.mother_name, "relationship": "Mother", "details": ""}
        if known.mother_name and not any(_same(mother, person) for person in people):
            people.insert(0, mother)
        return cls(people=people)


def open_for(case: Case, known: IdentityRecord, *, by: User | Job) -> Family:
    """Begin the record of the family of a new case with what its notifier said."""
    with act():
        return _begin(case, FamilyRecord.of(known), by)


def begin(case: Case, *, by: User) -> Family:
    """Begin it for a case that was there before families had records; what is there is kept."""
    with act():
        row = Case.objects.held(case.pk)
        if found := of(row):
            return found
        known = identity.read(row, by=by, purpose="begin the record of the family")
        return _begin(row, FamilyRecord.of(known), by)


def of(case: Case) -> Family | None:
    """The family of a case; None where nobody has begun its record."""
    return Family.objects.filter(cases__case=case).select_related("data_key").first()


def cases_of(family: Family) -> list[Case]:
    """The cases of a family, the first opened first."""
    return list(Case.objects.filter(in_family__family=family).order_by("pk"))


def read(family: Family, case: Case, *, by: User | Job, purpose: str) -> FamilyRecord:
    """Open the record; the reading is recorded first, as one about this case."""
    identity.why_not_read(by, purpose)
    record("family.read", family, by=by, case=case.pk, purpose=purpose)
    return unseal(family)


def people_of(case: Case, *, by: User | Job, purpose: str) -> list[dict[str, str]]:
    """The people of a case's family, for the system to look for; the reading is recorded."""
    family = of(case)
    return read(family, case, by=by, purpose=purpose).people if family else []


def edit(
    case: Case,
    *,
    by: User,
    version: int,
    people: list[dict[str, str]],
    limits: str,
    wishes: str,
    key_worker: str,
    key_worker_at: str,
    key_worker_phone: str,
) -> Family:
    """Write who they are, what may not be said, and who is there for them.

    Raises Stale where somebody else wrote it since ``version``, Refused where it was not begun.
    """
    identity.why_not_read(by, "edit")
    with act():
        row = locked(case, version)
        was = unseal(row)
        now = FamilyRecord(people, limits.strip(), wishes.strip())
        staff = {"key_worker": key_worker, "key_worker_at": key_worker_at}
        changed: dict[str, Any] = {**staff, "key_worker_phone": key_worker_phone}
        if now != was:
            changed["sealed"] = _seal(row.data_key, now)
        row = steps.edit(row, by=by, version=version, **changed)
        if now.people != was.people:
            _write_tokens(row, now)
    return row


def locked(case: Case, version: int | None = None) -> Family:
    """The family, held until the act ends. Raises Stale, Refused."""
    case = Case.objects.held(case.pk)
    rows = Family.objects.select_for_update(of=("self",)).select_related("data_key")
    row = rows.filter(cases__case=case).first()
    if row is None:
        raise Refused("Begin the record of this family first.")
    if version is not None and row.version != version:
        raise Stale(row)
    return row


def join(one: Case, other: Case, *, by: User | Job) -> None:
    """The cases are of one family: from now on it has one record, that of the first case.

    What the other record said of people is added; its conversations stay as they were written.
    """
    with act():
        first, second = (Case.objects.held(key) for key in sorted((one.pk, other.pk)))
        kept, left = of(first), of(second)
        if kept and left and kept != left:
            _take_in(kept, left, by)
        elif kept and not left:
            steps.create(FamilyCase(case=second, family=kept), by=by)
        elif left and not kept:
            steps.create(FamilyCase(case=first, family=left), by=by)


def _same(one: dict[str, str], other: dict[str, str]) -> bool:
    return names.parts(one.get("name", "")) == names.parts(other.get("name", ""))


def _begin(case: Case, known: FamilyRecord, by: User | Job) -> Family:
    key = sealing.new_key()
    family = steps.create(Family(data_key=key, sealed=_seal(key, known)), by=by)
    steps.create(FamilyCase(case=case, family=family), by=by)
    _write_tokens(family, known)
    return family


def _take_in(kept: Family, left: Family, by: User | Job) -> None:
    mine, theirs = unseal(kept), unseal(left)
    more = [p for p in theirs.people if not any(_same(p, known) for known in mine.people)]
    both = replace(
        mine,
        people=[*mine.people, *more],
        limits="\n".join(dict.fromkeys(filter(None, [mine.limits, theirs.limits]))),
        wishes="\n".join(dict.fromkeys(filter(None, [mine.wishes, theirs.wishes]))),
    )
    changed: dict[str, Any] = {"last_on": _latest(kept.last_on, left.last_on)}
    changed["next_on"] = kept.next_on or left.next_on
    if both != mine:
        changed["sealed"] = _seal(kept.data_key, both)
    if not kept.key_worker:
        for name in ("key_worker", "key_worker_at", "key_worker_phone"):
            changed[name] = getattr(left, name)
    kept = steps.edit(kept, by=by, action="family.joined", **changed)
    for bound in FamilyCase.objects.filter(family=left):
        steps.edit(bound, by=by, family=kept)
    for earlier in Family.objects.filter(joined_to=left):
        steps.edit(earlier, by=by, joined_to=kept)
    steps.edit(left, by=by, joined_to=kept)
    FamilyToken.objects.filter(family=left).delete()
    _write_tokens(kept, both)


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)


def _seal(key: DataKey, known: FamilyRecord) -> bytes:
    return sealing.seal_json(key, PURPOSE, asdict(known))


def unseal(family: Family) -> FamilyRecord:
    """The record without a word to anybody: for this module and the search, which record it."""
    return FamilyRecord(**sealing.unseal_json(family.data_key, PURPOSE, family.sealed))


def _write_tokens(family: Family, known: FamilyRecord) -> None:
    FamilyToken.objects.filter(family=family).delete()
    FamilyToken.objects.bulk_create(
        FamilyToken(family=family, kind=kind, hmac=hmac)
        for kind, hmac in sorted(family_traces.of(known.people))
    )
