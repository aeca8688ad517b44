"""Who knew the child, by what the notifications behind a case say: each person and agency once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone

from cdop.cases import reports
from cdop.cases.models import Case, Contact
from cdop.core import sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.typed import Professional
from cdop.editions.schema import Edition

if TYPE_CHECKING:
    from cdop.core.users import User

PROFESSIONALS, AGENCIES = "known_professionals", "agencies_known"
PROFESSIONAL = "professional"
SEALED = "contact"
WHO = ("name", "role", "organisation", "telephone", "relationship", "details")
"""What tells one professional from another; whether they were told does not."""


@dataclass(frozen=True)
class Knew:
    """One who knew the child: the code of an agency, or "professional" with who it was."""

    agency: str
    details: Mapping[str, str]
    source: str = ""

    @property
    def who(self) -> str:
        """The professional on one line; "" where only an agency was named."""
        return Professional.of(self.details).words if self.details else ""

    def words(self, edition: Edition) -> str:
        """Who it was, how to reach them, and the notification that named them."""
        said = self.who or kind_label(edition, self.agency)
        return f"{said} ({self.source})" if self.source else said

    def says_no_more(self, than: Knew) -> bool:
        """Whether all that this says is said by the other too, whatever the capitals and spaces."""
        if self.agency != than.agency:
            return False
        mine = {part: _folded(self.details.get(part)) for part in WHO}
        return all(_folded(than.details.get(part)) == said for part, said in mine.items() if said)


def keep(case: Case, answers: Mapping[str, Any], *, source: str, by: User | Job) -> None:
    """Keep whom a notification names, with its reference; not those who are named already."""
    with act():
        there = [_opened(case, row) for row in standing(case)]
        new = []
        for each in _named(answers, source):
            if any(each.says_no_more(other) for other in there):
                continue
            sealed = sealing.seal_json(case.data_key, SEALED, dict(each.details))
            new.append(Contact(case=case, agency=each.agency, source=source, sealed=sealed))
            there.append(each)
        steps.create_all(new, by=by)


def withdraw(case: Case, source: str, *, by: User | Job) -> None:
    """Take off whom only this notification named, after what it reported was taken back."""
    with act():
        now = timezone.now()
        for row in standing(case).filter(source=source):
            steps.edit(row, by=by, action="contact.withdrawn", withdrawn_at=now)
        for other, answers in reports.answers_by_source(case, (PROFESSIONALS, AGENCIES)).items():
            keep(case, answers, source=other, by=by)


def standing(case: Case) -> QuerySet[Contact]:
    """Those whom a notification names that stands behind the case, by kind of agency."""
    return Contact.objects.filter(case=case, withdrawn_at=None)


def read(case: Case, rows: Collection[Contact], *, by: User | Job, purpose: str) -> list[Knew]:
    """Open some contacts of a case, in their order; recorded as a read."""
    if rows:
        record("contacts.read", case, by=by, purpose=purpose, after={"contacts": len(rows)})
    return [_opened(case, row) for row in rows]


def kind_label(edition: Edition, agency: str) -> str:
    """The kind of an agency in words."""
    if agency == PROFESSIONAL:
        return "Professional named in the notification"
    return edition.vocabularies["agencies"].label(agency)


def _opened(case: Case, row: Contact) -> Knew:
    details = sealing.unseal_json(case.data_key, SEALED, row.sealed)
    return Knew(row.agency, details, row.source)


def _named(answers: Mapping[str, Any], source: str) -> Iterator[Knew]:
    for person in answers.get(PROFESSIONALS) or []:
        yield Knew(PROFESSIONAL, person, source)
    for agency in answers.get(AGENCIES) or []:
        yield Knew(agency, {}, source)


def _folded(typed: Any) -> str:
    return " ".join(str(typed or "").casefold().split())
