"""Who a child was: read and written here alone, every reading recorded with its purpose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from cdop.cases import tokens
from cdop.cases.models import Case, Identity, IdentityToken
from cdop.core import sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.refusals import Refused
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "identity"


@dataclass(frozen=True)
class IdentityRecord:
    """The sealed record: who the child was, as text. Dates are ISO dates; "" means not known."""

    given_names: str = ""
    family_name: str = ""
    other_names: str = ""
    date_of_birth: str = ""
    nhs_number: str = ""
    address: str = ""
    postcode: str = ""
    mother_name: str = ""
    carers: list[dict[str, str]] = field(default_factory=list)
    siblings: list[dict[str, str]] = field(default_factory=list)

    catalogue: ClassVar[dict[str, Note]] = {
        name: Note(meaning, form, Sensitivity.IDENTITY, Seen.TEAM)
        for name, meaning, form in [
            ("given_names", "First and middle names", "A3"),
            ("family_name", "Family name", "A3"),
            ("other_names", "Aliases and other names", "A3"),
            ("date_of_birth", "Date of birth", "A4"),
            ("nhs_number", "NHS number, as given", "A6"),
            ("address", "Home address", "A7"),
            ("postcode", "Postcode of the home", "A7"),
            ("mother_name", "Mother's name", "A10"),
            ("carers", "People with parental responsibility", "A10"),
            ("siblings", "Brothers, sisters and others in the household", "A11"),
        ]
    }

    @classmethod
    def of(cls, answers: dict[str, Any]) -> IdentityRecord:
        """The record from a notification's answers; other answers are passed over."""
        names = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in answers.items() if name in names and value})

    @property
    def born_on(self) -> date | None:
        return date.fromisoformat(self.date_of_birth) if self.date_of_birth else None

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()


def open_for(case: Case, record_: IdentityRecord, *, by: User | Job) -> Identity:
    """Seal who the child was into a new case."""
    with act():
        sealed = _seal(case, record_)
        identity = steps.create(Identity(case=case, sealed=sealed), by=by)
        _write_tokens(case, record_)
    return identity


def read(case: Case, *, by: User | Job, purpose: str) -> IdentityRecord:
    """Open the identity; the reading is recorded first, and refused where it cannot be."""
    why_not_read(by, purpose)
    record("identity.read", case, by=by, purpose=purpose)
    return _unseal(case, Identity.objects.get(case=case))


def compared(cases: Collection[Case], *, by: User | Job, purpose: str) -> dict[int, IdentityRecord]:
    """The identities of several cases by primary key, for the system to compare; shown to nobody.

    Recorded as one reading of so many. Left out are those whose key was destroyed.
    """
    why_not_read(by, purpose)
    rows = Identity.objects.filter(case__in=[case.pk for case in cases]).select_related(
        "case__data_key"
    )
    found = {row.case_id: row for row in rows if row.case.data_key.wrapped is not None}
    if found:
        count = {"identities": len(found)}
        record("identity.compared", "identities", by=by, purpose=purpose, after=count)
    return {key: _unseal(row.case, row) for key, row in found.items()}


def listed(cases: Collection[Case], *, by: User, purpose: str) -> dict[int, IdentityRecord]:
    """The identities of a few cases that one person looks for, by primary key, to be chosen from.

    Recorded as one reading, with the number of cases. Left out are those whose key was destroyed.
    """
    why_not_read(by, purpose)
    rows = Identity.objects.filter(case__in=[case.pk for case in cases])
    found = [r for r in rows.select_related("case__data_key") if r.case.data_key.wrapped]
    record("identity.searched", "identities", by=by, purpose=purpose, after={"cases": len(found)})
    return {row.case_id: _unseal(row.case, row) for row in found}


def edit(
    case: Case, changed: IdentityRecord, *, by: User | Job, version: int | None = None
) -> Identity:
    """Write a changed identity over the old one; what was there stays in the sealed history.

    Raises Stale where somebody else wrote it since ``version``.
    """
    why_not_read(by, "edit")
    with act():
        before = Identity.objects.select_for_update().get(case=case)
        was, now = asdict(_unseal(case, before)), asdict(changed)
        if was == now:
            return before
        names = [name for name in now if now[name] != was[name]]
        identity = steps.edit(
            before, by=by, version=version, sealed=_seal(case, changed), purpose=", ".join(names)
        )
        IdentityToken.objects.filter(case=case).delete()
        _write_tokens(case, changed)
    return identity


def why_not_read(by: User | Job, purpose: str) -> None:
    """Raises Refused where this person may not open an identity, or says no purpose."""
    if not isinstance(by, Job) and not by.can(Permission.IDENTITY_READ):
        raise Refused("Your role does not open who a child was.", HTTPStatus.FORBIDDEN)
    if not purpose.strip():
        raise Refused("Say why you need to know who the child was.")


def _seal(case: Case, record_: IdentityRecord) -> bytes:
    return sealing.seal_json(case.data_key, PURPOSE, asdict(record_))


def _unseal(case: Case, identity: Identity) -> IdentityRecord:
    return IdentityRecord(**sealing.unseal_json(case.data_key, PURPOSE, identity.sealed))


def _write_tokens(case: Case, record_: IdentityRecord) -> None:
    IdentityToken.objects.bulk_create(
        IdentityToken(case=case, kind=kind, hmac=hmac) for kind, hmac in tokens.of(record_)
    )
