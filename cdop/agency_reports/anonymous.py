"""What agencies said about a death as the panel may have it: in words, and in days from the death.

Dates become days, answers that say who somebody is are left out, and an agency goes by its kind.
What agencies told in their own words is handed over as they wrote it: the panel searches it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cdop import editions
from cdop.agency_reports.collating import Line, collated
from cdop.agency_reports.models import Request
from cdop.cases import clock_readings, contacts
from cdop.cases.clock_readings import Happened
from cdop.cases.models import Case
from cdop.core.audit import record
from cdop.core.fields import GAPS

if TYPE_CHECKING:
    from cdop.core.users import User

IDENTIFYING = ("name", "nhs_number", "postcode", "email", "phone", "people", "professionals")
"""Kinds of question whose answers say who somebody is."""
SETTLED = "What holds"


@dataclass(frozen=True)
class Told:
    """One question with what each agency answered.

    answers  kind of agency, and its words; where they differ and somebody settled it, what holds
    """

    heading: str
    question: str
    answers: tuple[tuple[str, str], ...]


def composite(case: Case, *, by: User, purpose: str) -> list[Told]:
    """The composite record of a case, without what nobody knew. The reading is recorded."""
    record_ = collated(case, by=by, purpose=purpose)
    return [
        Told(part.section.title, line.question.label, tuple(_answers(line, case.pk)))
        for part in record_.parts
        for line in part.told
        if line.question.kind not in IDENTIFYING
    ]


def _answers(line: Line, case_id: int) -> Iterable[tuple[str, str]]:
    for said in line.known:
        yield said.agency, _words(line.question.kind, said.answer, said.words, case_id)
    if line.settled and not line.open_again:
        yield SETTLED, line.settled.said["answer"]


def _words(kind: str, answer: object, words: str, case_id: int) -> str:
    if kind != "date" or not isinstance(answer, str) or answer in dict(GAPS):
        return words
    return clock_readings.from_death(case_id, date.fromisoformat(answer))


def happened(case: Case) -> list[Happened]:
    """When each kind of agency was asked and answered."""
    found = []
    for row in Request.objects.filter(case=case):
        label = contacts.kind_label(editions.get(row.edition), row.agency)
        found.append((row.asked_at, f"Report asked for: {label}"))
        if row.returned_at:
            found.append((row.returned_at, f"Report came: {label}, {row.state_label}"))
    return clock_readings.in_days(case.pk, found)


def people_asked(case: Case, *, by: User, purpose: str) -> list[str]:
    """The names of everybody at an agency who was asked; recorded as a read."""
    rows = list(Request.objects.filter(case=case).select_related("case__data_key"))
    if rows:
        record("agency_reports.people_read", case, by=by, purpose=purpose)
    parts = ("name", "respondent_name", "board_name")
    return [name for row in rows for part in parts if (name := row.people.get(part, ""))]
