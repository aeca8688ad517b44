"""One composite record of a case: question by question, what each agency says, where they differ.

The first page of each report, which says who somebody is, is not in it; it has a page of its own.
To open either is recorded. What holds where agencies differ is settled by a person, with a reason;
an answer that comes later opens the question again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.agency_reports.asking import must_manage
from cdop.agency_reports.models import SETTLED, Reply, Request, Settled
from cdop.agency_reports.papers import says_something
from cdop.agency_reports.states import Came
from cdop.cases import contacts
from cdop.cases.models import Case
from cdop.core import sealing, steps
from cdop.core.audit import act, record
from cdop.core.questions import answer_in_words, is_answered
from cdop.core.refusals import Refused, Stale
from cdop.editions.schema import Edition, Question, ReportForm, Section

if TYPE_CHECKING:
    from cdop.core.users import User

COMPARED = ("choice", "yes_no", "number", "weeks", "date", "time")
"""Kinds of question with one right answer. What is told in words adds to what others tell."""
NOT_SETTLED = 0


@dataclass(frozen=True)
class Said:
    """What one agency answered to one question; ``known`` where it is more than "not known"."""

    request: Request
    agency: str
    answer: Any
    words: str
    known: bool


@dataclass(frozen=True)
class Line:
    """One question with what each agency said.

    over     the trace of what is said now, for whoever settles it
    settled  what holds, if somebody said so; ``open_again`` where another answer came since
    """

    question: Question
    said: tuple[Said, ...]
    over: str
    settled: Settled | None = None

    @property
    def known(self) -> list[Said]:
        return [each for each in self.said if each.known]

    @property
    def unknown(self) -> str:
        """Who had no answer, and whether it was not known or did not apply; on one line."""
        silent = [each for each in self.said if not each.known]
        return "; ".join(f"{each.request.organisation}: {each.words.lower()}" for each in silent)

    @property
    def differs(self) -> bool:
        known = {json.dumps(each.answer) for each in self.known}
        return self.question.kind in COMPARED and len(known) > 1

    @property
    def open_again(self) -> bool:
        return self.settled is not None and self.settled.over != self.over

    @property
    def to_settle(self) -> bool:
        return self.differs and (self.settled is None or self.open_again)


@dataclass(frozen=True)
class Part:
    """The lines of one section of one form."""

    form: ReportForm
    section: Section
    lines: tuple[Line, ...]

    @property
    def told(self) -> list[Line]:
        """Questions to which somebody had an answer."""
        return [line for line in self.lines if line.known]

    @property
    def untold(self) -> list[Line]:
        """Questions that were considered, and nobody had an answer to."""
        return [line for line in self.lines if not line.known]


@dataclass(frozen=True)
class Composite:
    """All that the agencies say about one death, as one record.

    reports  the newest reply of each request, with the files that it came with
    """

    parts: tuple[Part, ...]
    reports: tuple[Reply, ...]

    @property
    def lines(self) -> list[Line]:
        return [line for part in self.parts for line in part.lines]

    @property
    def to_settle(self) -> list[Line]:
        return [line for line in self.lines if line.to_settle]

    def line(self, code: str) -> Line | None:
        return next((line for line in self.lines if line.question.code == code), None)


def collated(case: Case, *, by: User, purpose: str, identifying: bool = False) -> Composite:
    """Open what every agency answered and lay it side by side; the reading is recorded first.

    identifying  the first pages instead, which go no further than the coordinator
    """
    must_manage(by)
    replies = _newest(case)
    what = "agency_reports.first_pages_read" if identifying else "agency_reports.read"
    record(what, case, by=by, purpose=purpose, after={"reports": len(replies)})
    contents = [(reply, reply.content["answers"]) for reply in replies]
    settled = {} if identifying else _settled(case)
    # Requests of one case have one edition: that of the case when they were asked.
    found: list[Part] = []
    for code in dict.fromkeys(reply.request.edition for reply in replies):
        edition = editions.get(code)
        of_it = [each for each in contents if each[0].request.edition == code]
        found += _parts(edition, of_it, settled, identifying)
    return Composite(tuple(found), tuple(replies))


def settle(
    case: Case, code: str, *, answer: str, why: str, over: str, version: int, by: User
) -> Settled:
    """Say what holds where agencies differ, and why.

    over     the trace of the answers that the person saw; Refused where another came since
    version  of what was settled before, 0 where nothing was; Stale where somebody settled since
    """
    must_manage(by)
    with act():
        # The case is what two people meet at who settle at once.
        case = Case.objects.held(case.pk)
        line = collated(case, by=by, purpose="to settle what agencies say").line(code)
        if line is None or not line.differs:
            raise Refused("The agencies do not differ about this question.")
        if line.over != over:
            raise Refused("Another answer has come since you opened this page. Look at it first.")
        said = {"answer": answer, "why": why}
        columns: dict[str, Any] = {
            "sealed": sealing.seal_json(case.data_key, SETTLED, said),
            "over": over,
            "settled_at": timezone.now(),
            "settled_by": by,
        }
        if line.settled is None:
            return steps.create(Settled(case=case, question=code, **columns), by=by)
        if line.settled.version != version:
            raise Stale(line.settled)
        return steps.edit(line.settled, by=by, version=version, **columns)


def _newest(case: Case) -> list[Reply]:
    """The newest reply of each request of a case, in the order of the requests.

    One that was answered by the link stands, where a file came after it: a file has no answers.
    """
    rows = Reply.objects.filter(request__case=case).select_related(
        "request__organisation", "data_key"
    )
    by_link = sorted(rows, key=lambda row: (row.came_by == Came.LINK, row.sent_at, row.pk))
    newest = {row.request_id: row for row in by_link}
    return sorted(newest.values(), key=lambda row: (row.request.agency, row.request_id))


def _settled(case: Case) -> dict[str, Settled]:
    rows = Settled.objects.filter(case=case).select_related("case__data_key", "settled_by")
    return {row.question: row for row in rows}


def _parts(
    edition: Edition,
    contents: list[tuple[Reply, dict[str, Any]]],
    settled: dict[str, Settled],
    identifying: bool,
) -> Iterable[Part]:
    for form in edition.reports.forms:
        for section in form.questionnaire.sections:
            if section.identifying != identifying:
                continue
            lines = tuple(
                _line(question, said, settled.get(question.code))
                for question in section.questions
                if (said := _said(question, edition, contents))
            )
            if lines:
                yield Part(form, section, lines)


def _said(
    question: Question, edition: Edition, contents: list[tuple[Reply, dict[str, Any]]]
) -> tuple[Said, ...]:
    return tuple(
        Said(
            request=reply.request,
            agency=contacts.kind_label(edition, reply.request.agency),
            answer=answers[question.code],
            words=answer_in_words(question, edition, answers),
            known=says_something(answers[question.code]),
        )
        for reply, answers in contents
        if is_answered(question, answers)
    )


def _line(question: Question, said: tuple[Said, ...], settled: Settled | None) -> Line:
    traced = json.dumps([[each.request.reference, each.answer] for each in said], sort_keys=True)
    over = sealing.token("report settled", f"{question.code}:{traced}")
    return Line(question, said, over, settled)
