"""Reading requests for pages: lists of constant cost, words, and counts with their denominators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, QuerySet, Sum

from cdop import editions
from cdop.agency_reports.models import Request
from cdop.agency_reports.states import CAME, OPEN, RequestState
from cdop.cases import contacts
from cdop.cases.models import Case, Contact

if TYPE_CHECKING:
    from cdop.core.users import User

MOODS = {
    RequestState.ASKED: "waiting",
    RequestState.ASSIGNED: "working",
    RequestState.TO_APPROVE: "working",
    RequestState.RETURNED: "done",
    RequestState.PARTIAL: "working",
    RequestState.NIL: "done",
    RequestState.NOT_APPLICABLE: "refused",
    RequestState.CLOSED: "refused",
}


@dataclass(frozen=True)
class Share:
    """So many out of so many; never one without the other."""

    number: int
    of: int

    @property
    def words(self) -> str:
        return f"{self.number} of {self.of}" if self.of else "none yet"


@dataclass(frozen=True)
class Completeness:
    """How much of what was asked has come.

    came       returned (whole, in part, or nothing held), of those asked for; requests that turned
               out not to be applicable are not asked for, those closed without one are
    complete   returned whole, with nothing held, or in part and accepted, of those asked for
    in_time    returned by the day, of those returned
    questions  considered, of those in the reports that came through the link
    known      answered with something, of those considered
    overdue    with the agency past the day
    """

    came: Share
    complete: Share
    questions: Share
    known: Share
    in_time: Share
    overdue: int


def standing(request: Request, now: datetime) -> str:
    """Where a request stands, in words for a list."""
    late = request.is_open and request.due_at < now
    return f"Overdue: {request.state_label}" if late else request.state_label.capitalize()


def mood(request: Request, now: datetime) -> str:
    """The colour of a request on a list: late, where it is overdue."""
    late = request.is_open and request.due_at < now
    return "late" if late else MOODS[RequestState(request.state)]


def of_case(case: Case) -> QuerySet[Request]:
    return Request.objects.filter(case=case).select_related("organisation")


def complete(rows: QuerySet[Request], now: datetime) -> Completeness:
    """The completeness of some requests, counted by the database in one statement."""
    return _completeness(rows.order_by().aggregate(**_counts(now)))


def by_agency(user: User, now: datetime) -> list[tuple[str, int, Completeness]]:
    """Name and key of every organisation that was ever asked, with its completeness; one query."""
    rows = Request.objects.visible_to(user).order_by("organisation__name")
    grouped = rows.values("organisation__name", "organisation").annotate(**_counts(now))
    return [(row["organisation__name"], row["organisation"], _completeness(row)) for row in grouped]


def owed(user: User) -> QuerySet[Request]:
    """What is with the agencies, the longest due first."""
    rows = Request.objects.visible_to(user).open().select_related("organisation", "case")
    return rows.order_by("due_at", "pk")


def not_asked(case: Case) -> list[Contact]:
    """Whom a notification behind the case names and nobody has asked yet."""
    asked = Request.objects.filter(contact__case=case).values("contact")
    return list(contacts.standing(case).exclude(pk__in=asked))


def form_titles(request: Request) -> list[str]:
    """The forms that a request asks for, in the order in which they are answered."""
    forms = editions.get(request.edition).reports.forms
    return [form.questionnaire.title for form in forms if form.code in request.forms]


def labels(rows: Iterable[Request]) -> dict[int, str]:
    """By key, the kind of the agency of each request."""
    return {row.pk: contacts.kind_label(editions.get(row.edition), row.agency) for row in rows}


COUNTED = (
    "asked",
    "settled",
    "came",
    "on_time",
    "overdue",
    "of_questions",
    "of_considered",
    "of_known",
)


def _counts(now: datetime) -> dict[str, Count | Sum]:
    settled = Q(state__in=(RequestState.RETURNED, RequestState.NIL)) | Q(accepted_at__isnull=False)
    came = Q(state__in=CAME)
    on_time = came & Q(returned_at__lte=F("due_at"))
    return {
        "asked": Count("pk", filter=~Q(state=RequestState.NOT_APPLICABLE)),
        "settled": Count("pk", filter=settled),
        "came": Count("pk", filter=came),
        "on_time": Count("pk", filter=on_time),
        "overdue": Count("pk", filter=Q(state__in=OPEN, due_at__lt=now)),
        "of_questions": Sum("questions", filter=came),
        "of_considered": Sum("considered", filter=came),
        "of_known": Sum("known", filter=came),
    }


def _completeness(row: Mapping[str, Any]) -> Completeness:
    found = {name: row[name] or 0 for name in COUNTED}
    return Completeness(
        came=Share(found["came"], found["asked"]),
        complete=Share(found["settled"], found["asked"]),
        questions=Share(found["of_considered"], found["of_questions"]),
        known=Share(found["of_known"], found["of_considered"]),
        in_time=Share(found["on_time"], found["came"]),
        overdue=found["overdue"],
    )
