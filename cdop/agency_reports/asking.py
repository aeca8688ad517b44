"""Asking agencies, and what the coordinator does with a request afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop import editions
from cdop.agency_reports import invitations, opening, times
from cdop.agency_reports.models import ANSWERS, PEOPLE, PointOfContact, Reply, Request
from cdop.agency_reports.states import OPEN, Came, RequestState, Role
from cdop.cases.models import Case, Contact
from cdop.cases.states import CaseState
from cdop.core import documents, drafts, outbox, sealing, steps
from cdop.core.audit import Job, act
from cdop.core.dates import end_of
from cdop.core.identifiers import new_reference
from cdop.core.organisations import Organisation, closed_days
from cdop.core.refusals import Refused, refuse_if
from cdop.core.roles import Permission
from cdop.core.uploads import Accepted
from cdop.rapid_response import actions as rapid_response
from cdop.rapid_response.states import ItemState

if TYPE_CHECKING:
    from cdop.core.users import User

R = RequestState
ENDED = (CaseState.CLOSED, CaseState.WITHDRAWN)
DRAFT_KIND = "agency report"
SENT_TASK = "request_reports"
"""The task of every edition's checklist that is done when the agencies are asked."""


@dataclass(frozen=True)
class Line:
    """One agency to be asked: whom, at which address, which forms.

    contact  whom the notification named, where it did
    board_…  to whom a report that stays away is raised
    """

    agency: str
    organisation: Organisation
    name: str
    email: str
    forms: tuple[str, ...]
    approves: bool = False
    board_name: str = ""
    board_email: str = ""
    contact: Contact | None = None


def why_not_ask(case: Case, by: User) -> str:
    """Why no agency can be asked about this death now; "" means one can."""
    if not by.can(Permission.CASES_MANAGE):
        return "Your role does not ask agencies for reports."
    if case.state in ENDED:
        return f"This case is {case.state_label}, so no agency is asked about it."
    return ""


def ask(
    case: Case, lines: Iterable[Line], *, by: User, now: datetime | None = None
) -> list[Request]:
    """Ask several agencies by one act: each gets its letter, and its forms are due."""
    must_manage(by)
    now, closures = now or timezone.now(), closed_days()
    with act():
        # The case is what two people meet at who ask at once.
        case = Case.objects.held(case.pk)
        refuse_if(why_not_ask(case, by))
        made = [_ask(case, line, by, now, closures) for line in lines]
        if made:
            _settle_task(case, by, now)
    return made


def extend(request: Request, *, until: date, why: str, by: User, version: int) -> Request:
    """Give an agency more time; its reminders begin anew after the new day."""
    must_manage(by)
    _must_be_open(request)
    if end_of(until) <= timezone.now():
        raise Refused("Choose a day that is still to come.")
    with act():
        made = steps.edit(
            request,
            by=by,
            version=version,
            action="request.extended",
            reason=why,
            due_at=end_of(until),
            extended_why=why,
            reminders=0,
            reminded_at=None,
        )
        _stop_chasing(made, by)
    return made


def why_not_add_forms(request: Request) -> str:
    """Why no form can be added to a request now; "" means one can."""
    if request.state == R.TO_APPROVE:
        return "The agency's contact reads the report now. Ask for more once it has come."
    if not request.is_open:
        return f"This request is {request.state_label}. Ask once more first."
    if not opening.left(request):
        return "It answers every form of this guidance already."
    return ""


def add_forms(request: Request, codes: Iterable[str], *, by: User, version: int) -> Request:
    """Ask for more forms in the same report; what was typed stays, and who has it gets a letter."""
    must_manage(by)
    refuse_if(why_not_add_forms(request))
    codes = set(codes)
    if not codes or not codes <= {form.code for form in opening.left(request)}:
        raise Refused("Choose forms that it does not answer yet.")
    edition = editions.get(request.edition)
    forms = [form.code for form in opening.in_order(edition, {*request.forms, *codes})]
    with act():
        made = steps.edit(
            request, by=by, version=version, action="request.forms_added", forms=forms
        )
        if there := invitations.holder(made):
            what = f"more_forms:{made.version}"
            invitations.write(there, invitations.MORE_FORMS, what, by=by)
    return made


def change_contact(request: Request, *, name: str, email: str, by: User, version: int) -> Request:
    """Write to somebody else at the agency; every link that was sent is dead."""
    must_manage(by)
    _must_be_open(request)
    with act():
        made = _with_people(request, by, version=version, name=name, email=email)
        invitations.end(made, by=by)
        if made.state != R.ASKED:
            made = steps.step(made, R.ASKED, by=by)
        invitations.invite(made, Role.CONTACT, name=name, email=email, by=by)
    return made


def set_aside(request: Request, to: RequestState, *, why: str, by: User, version: int) -> Request:
    """End a request without a report: the question does not fit, or nothing more is to be had."""
    must_manage(by)
    with act():
        made = steps.step(request, to, by=by, version=version, reason=why, ended_why=why)
        _end(made, by, why)
    return made


def accept(request: Request, *, by: User, version: int) -> Request:
    """Take a report in part as it is."""
    must_manage(by)
    if request.state != R.PARTIAL or request.accepted_at:
        raise Refused("Only a report that came in part can be accepted as it is.")
    return steps.edit(
        request, by=by, version=version, action="request.accepted", accepted_at=timezone.now()
    )


def ask_again(request: Request, *, until: date, why: str, by: User, version: int) -> Request:
    """Ask for the rest, or once more after it was set aside, with a new link and a new day."""
    must_manage(by)
    if request.case.state in ENDED:
        raise Refused(f"The case is {request.case.state_label}.")
    anew: dict[str, Any] = {
        "due_at": end_of(until),
        "extended_why": why,
        "reminders": 0,
        "reminded_at": None,
        "returned_at": None,
        "accepted_at": None,
        "ended_why": "",
    }
    with act():
        made = steps.step(request, R.ASKED, by=by, version=version, reason=why, **anew)
        people = made.people
        invitations.invite(made, Role.CONTACT, name=people["name"], email=people["email"], by=by)
    return made


def keep_by_hand(
    request: Request,
    files: Iterable[Accepted],
    *,
    came_by: Came,
    at: datetime,
    whole: bool,
    by: User,
    version: int,
) -> Request:
    """A form that came by email or post: kept as files, marked returned, chased no more."""
    must_manage(by)
    with act():
        key = sealing.new_key()
        for file in files:
            documents.keep(file, key=key, by=by, source=f"report, {came_by.label}")
        to = R.RETURNED if whole else R.PARTIAL
        if request.draft and (draft := drafts.by_key(DRAFT_KIND, request.draft)):
            drafts.discard(draft)
        stamps: dict[str, Any] = {"returned_at": at, "draft": None}
        made = steps.step(request, to, by=by, version=version, **stamps)
        content: dict[str, Any] = {"answers": {}, "typed": {}}
        steps.create(
            Reply(
                request=made,
                data_key=key,
                sealed=sealing.seal_json(key, ANSWERS, content),
                came_by=came_by,
                sent_at=at,
            ),
            by=by,
        )
        _end(made, by, "The report came in another way.")
    return made


def close_all(case: Case, reason: str, by: User | Job) -> int:
    """End every open request of a case that goes no further; say how many."""
    with act():
        rows = list(
            Request.objects.select_for_update(of=("self",)).filter(case=case, state__in=OPEN)
        )
        for row in rows:
            row = steps.step(row, R.CLOSED, by=by, reason=reason, ended_why=reason[:500])
            _end(row, by, reason)
    return len(rows)


def remember(organisation: Organisation, people: dict[str, str], *, by: User) -> PointOfContact:
    """Keep whom to ask at an organisation for the next time."""
    kept = {name: people.get(name, "") for name in ("name", "email", "board_name", "board_email")}
    there = known_contact(organisation)
    if there is None:
        key = sealing.new_key()
        sealed = sealing.seal_json(key, PEOPLE, kept)
        row = PointOfContact(organisation=organisation, data_key=key, sealed=sealed)
        return steps.create(row, by=by)
    was = there.people
    kept = {name: value or was[name] for name, value in kept.items()}
    if kept == was:
        return there
    return steps.edit(there, by=by, sealed=sealing.seal_json(there.data_key, PEOPLE, kept))


def known_contact(organisation: Organisation) -> PointOfContact | None:
    rows = PointOfContact.objects.select_related("data_key")
    return rows.filter(organisation=organisation).first()


def is_insecure(request_edition: str, email: str) -> bool:
    """Whether mail to the address leaves the domains that are known to be safe."""
    domain = email.rpartition("@")[2].lower()
    safe = editions.get(request_edition).reports.secure_mail
    return not any(domain == each or domain.endswith(f".{each}") for each in safe)


def must_manage(by: User) -> None:
    if not by.can(Permission.CASES_MANAGE):
        raise Refused("Your role does not ask agencies for reports.", HTTPStatus.FORBIDDEN)


def _ask(case: Case, line: Line, by: User, now: datetime, closures: frozenset[date]) -> Request:
    if line.contact and Request.objects.filter(contact=line.contact).exists():
        raise Refused("Somebody asked one of these agencies meanwhile. Look at the list again.")
    people = {
        "name": line.name,
        "email": line.email,
        "board_name": line.board_name,
        "board_email": line.board_email,
    }
    edition = editions.get(case.edition)
    made = steps.create(
        Request(
            reference=new_reference("A"),
            case=case,
            contact=line.contact,
            agency=line.agency,
            organisation=line.organisation,
            edition=edition.code,
            forms=list(line.forms),
            sealed=sealing.seal_json(case.data_key, PEOPLE, people),
            approves=line.approves,
            asked_at=now,
            asked_by=by,
            due_at=times.due_at(edition, case.clocks, now, closures),
        ),
        by=by,
        action="request.asked",
    )
    remember(line.organisation, people, by=by)
    invitations.invite(made, Role.CONTACT, name=line.name, email=line.email, by=by, now=now)
    return made


def _settle_task(case: Case, by: User, now: datetime) -> None:
    """The agencies are asked: nobody has to say so a second time on the checklist."""
    for item in case.checklist.filter(task=SENT_TASK, state=ItemState.OPEN):
        rapid_response.complete(item, by=by, done_at=now, note="Asked from agency reports.")


def _with_people(request: Request, by: User | Job, *, version: int, **changes: str) -> Request:
    people = request.people | changes
    sealed = sealing.seal_json(request.case.data_key, PEOPLE, people)
    return steps.edit(request, by=by, version=version, sealed=sealed)


def _must_be_open(request: Request) -> None:
    if not request.is_open:
        raise Refused(f"This request is {request.state_label}. Ask once more first.")


def _stop_chasing(request: Request, by: User | Job) -> None:
    for template in (invitations.REMINDER, "report_escalation"):
        reason = "The agency has more time."
        outbox.stop(request.reference, by=by, reason=reason, template=template)


def _end(request: Request, by: User | Job, why: str) -> None:
    """Nothing more is asked of the agency: its links end, and what waits for it does not go."""
    invitations.end(request, by=by)
    outbox.stop(request.reference, by=by, reason=why[:200])
