"""What reports of agencies put on other pages, and what of them runs by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.agency_reports import asking, chasing, times
from cdop.agency_reports.models import PointOfContact, Request
from cdop.agency_reports.states import OPEN, RequestState
from cdop.cases import contacts
from cdop.cases.models import Case
from cdop.core.audit import Job
from cdop.core.casework import CasePanel, Event, Named, OnCase, Task, Wait
from cdop.core.dates import london_date
from cdop.core.jinja import day
from cdop.core.organisations import Organisation
from cdop.core.reminders import DueJob
from cdop.core.roles import Permission
from cdop.core.rows import rows_of

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Agency reports"
MOST_ON_WORKLIST = 200


def tasks_for(user: User) -> list[Task]:
    """Reports that stay away after every reminder, and those in part to be looked at."""
    mine, now = Request.objects.visible_to(user), timezone.now()
    late = mine.overdue(now).filter(reminders=times.ESCALATION).count()
    partial = mine.filter(state=RequestState.PARTIAL, accepted_at=None).count()
    href = reverse("agency_reports:overview")
    found = [
        ("Reports that did not come after every reminder", late, True),
        ("Reports that came in part, to be accepted or asked for again", partial, False),
    ]
    return [
        Task(text, href, overdue=overdue, count=count, stage=STAGE)
        for text, count, overdue in found
        if count
    ]


def on_case(case: Case, user: User) -> OnCase:
    """How many reports have come, who owes one, and when each was asked for and came."""
    rows = rows_of(Request, "case", case.pk, "organisation")
    manages = user.can(Permission.CASES_MANAGE)
    return OnCase(
        panel=_panel(case, rows, manages=manages),
        events=tuple(_events(rows)),
        references=tuple(row.reference for row in rows) if manages else (),
    )


def _panel(case: Case, rows: list[Request], *, manages: bool) -> CasePanel:
    now = timezone.now()
    late = [row for row in rows if row.is_open and row.due_at < now]
    waiting = [str(row.organisation) for row in rows if row.is_open]
    links = [("Agency reports", reverse("agency_reports:case", args=[case.reference]))]
    return CasePanel(
        title=STAGE,
        status=_status(rows, late),
        lines=(
            ("Reports", _came(rows)),
            *([("Waiting for", ", ".join(waiting))] if waiting else []),
        ),
        links=tuple(links if manages else []),
        overdue=bool(late),
        whose=", ".join(dict.fromkeys(str(row.organisation) for row in late)),
    )


def _status(rows: list[Request], late: list[Request]) -> str:
    if not rows:
        return "nobody asked yet"
    return f"{len(late)} overdue" if late else "nothing overdue"


def _came(rows: list[Request]) -> str:
    """How many of those asked for have come. What was not applicable is not asked for."""
    asked = [row for row in rows if row.state != RequestState.NOT_APPLICABLE]
    came = [row for row in asked if row.came_back]
    return f"{len(came)} of {len(asked)} returned" if asked else "none asked for"


def _events(rows: list[Request]) -> Iterator[Event]:
    for row in rows:
        label = contacts.kind_label(editions.get(row.edition), row.agency)
        yield Event(row.asked_at, f"Report asked for: {row.organisation} ({label})", STAGE)
        if row.returned_at:
            yield Event(row.returned_at, f"Report of {row.organisation}: {row.state_label}", STAGE)


def waiting_for(user: User, what: str) -> list[Wait]:
    """The reports that have not come, of the cases that the person sees; the agency has it."""
    if what != "agency":
        return []
    rows = Request.objects.visible_to(user).open().select_related("case", "organisation")
    return [
        Wait(
            row.case.reference,
            what,
            f"Report of {row.organisation}, due {day(row.due_at)}",
            reverse("agency_reports:request", args=[row.reference]),
            london_date(row.asked_at),
        )
        for row in rows.order_by("asked_at", "pk")[:MOST_ON_WORKLIST]
    ]


def missing_for_panel(cases: Sequence[Case]) -> dict[int, list[str]]:
    """The reports that have not come, with who owes them; or that nobody was asked at all."""
    rows = Request.objects.filter(case__in=cases).exclude(state=RequestState.NOT_APPLICABLE)
    asked: dict[int, list[Request]] = {case.pk: [] for case in cases}
    for row in rows.select_related("organisation").order_by("pk"):
        asked[row.case_id].append(row)
    return {key: sentences for key, rows in asked.items() if (sentences := _missing(rows))}


def _missing(rows: list[Request]) -> list[str]:
    if not rows:
        return ["No agency was asked for a report."]
    waiting = [str(row.organisation) for row in rows if row.is_open]
    return [f"Reports: {_came(rows)}. Waiting for {', '.join(waiting)}."] if waiting else []


def case_stopped(case: Case, reason: str, by: User | Job) -> None:
    """Nothing more is asked of any agency on a case that goes no further."""
    asking.close_all(case, reason, by)


def organisations_named() -> list[Named]:
    """How often requests name each organisation."""
    rows = Request.objects.order_by().values_list("organisation").annotate(Count("pk"))
    kept = PointOfContact.objects.order_by().values_list("organisation").annotate(Count("pk"))
    return [Named("Agency reports", dict(rows)), Named("Points of contact", dict(kept))]


def why_not_end_organisation(organisation: Organisation) -> str:
    """Why it cannot go out of use yet; "" means it owes no report."""
    if Request.objects.filter(organisation=organisation, state__in=OPEN).exists():
        return (
            "This organisation is asked for a report that has not come. First take it in, or set "
            "it aside, under Agency reports."
        )
    return ""


def due_jobs() -> list[DueJob]:
    return [DueJob("agency reports", chase)]


def chase() -> str:
    """Remind agencies of reports that stay away, and raise them with their board members."""
    count = chasing.chase_due()
    return f"Chased {count} agency {'report' if count == 1 else 'reports'}." if count else ""
