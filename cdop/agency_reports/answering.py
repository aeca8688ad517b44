"""What people at an agency do with a request, by their link: answer, hand over, approve, return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cdop.agency_reports import invitations, opening
from cdop.agency_reports.asking import DRAFT_KIND
from cdop.agency_reports.invitations import AGENCY
from cdop.agency_reports.models import ANSWERS, PEOPLE, Invitation, Reply, Request
from cdop.agency_reports.papers import Boxes, Paper, Typed
from cdop.agency_reports.states import Came, RequestState, Role
from cdop.cases import identity
from cdop.cases.identity import IdentityRecord
from cdop.core import documents, drafts, outbox, sealing, steps
from cdop.core.audit import act
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.refusals import Refused, Stale, refuse_if
from cdop.core.uploads import Accepted

R = RequestState
DRAFT_LASTS = timedelta(days=400)
"""Longer than any request stays open: nobody loses half a form because it waited."""
MOST_FILES = 20


def why_closed(invitation: Invitation, now: datetime | None = None) -> str:
    """Why a link opens its request no more, in words that tell nothing of it; "" where it does."""
    if invitation.ended_at or not invitation.request.is_open:
        return (
            "This link opens nothing any more: the report was sent, or somebody else at your "
            "agency has it now, or it is no longer needed."
        )
    if invitation.expires_at <= (now or timezone.now()):
        return "The time of this link is over."
    return ""


def why_not_answer(invitation: Invitation) -> str:
    """Why the holder of the link cannot answer now; "" where they can."""
    request = invitation.request
    if request.state == R.TO_APPROVE:
        return "The report waits for the approval of your agency's contact."
    if invitation.role == Role.CONTACT and request.state == R.ASSIGNED:
        return "You gave this to a colleague, who answers it now."
    return ""


def child(invitation: Invitation) -> IdentityRecord:
    """Name, date of birth and NHS number, for an agency to find its records; nothing else.

    The reading is recorded, with the link by which it was made.
    """
    read = identity.read(
        invitation.request.case,
        by=AGENCY,
        purpose=f"agency report {invitation.request.reference}, link {invitation.pk}",
    )
    return IdentityRecord(
        given_names=read.given_names,
        family_name=read.family_name,
        date_of_birth=read.date_of_birth,
        nhs_number=read.nhs_number,
    )


def draft_of(request: Request) -> Draft | None:
    """What was typed so far, if anything was."""
    return drafts.by_key(DRAFT_KIND, request.draft) if request.draft else None


def paper_of(request: Request, typed: Mapping[str, Typed] | None = None) -> Paper:
    """The forms of a request with what stands in them, or with other boxes."""
    if typed is None:
        typed = Boxes.of(draft_of(request)).typed
    return Paper(request, opening.known_of(request.case), typed)


def save(invitation: Invitation, code: str, typed: Typed, *, version: int) -> Draft:
    """Save one page of the forms. Raises Stale, with the draft, where it was saved otherwise."""
    with act():
        request = _mine(invitation)
        draft = draft_of(request) or _begin(request)
        boxes = Boxes.of(draft)
        if boxes.typed.get(code) == typed:
            return draft
        if boxes.version(code) != version:
            raise Stale(draft)
        return drafts.save(draft, boxes.with_page(code, typed).payload(), lasts=DRAFT_LASTS)


def attach(invitation: Invitation, file: Accepted) -> Document:
    """Keep a file with the answers."""
    with act():
        request = _mine(invitation)
        draft = draft_of(request) or _begin(request)
        if documents.of(draft.data_key).count() >= MOST_FILES:
            raise Refused(f"A report takes at most {MOST_FILES} files.")
        return documents.keep(file, key=draft.data_key, by=AGENCY, source="agency report")


def take_out(invitation: Invitation, key: Any) -> bool:
    """Take a file out again that was not yet sent; whether it was there."""
    with act():
        request = _mine(invitation)
        draft = draft_of(request)
        file = documents.of(draft.data_key).filter(pk=key).first() if draft else None
        if file is None:
            return False
        documents.remove(file, by=AGENCY)
    return True


def assign(
    invitation: Invitation, *, name: str, email: str, approves: bool | None = None
) -> Request:
    """Give the request to a colleague, with what was typed so far.

    A contact keeps a link of their own, to approve or to take it back; a respondent's ends.
    approves  whether the contact reads the report before it is returned; None leaves it as it is
    """
    with act():
        request = _mine(invitation)
        people = request.people | {"respondent_name": name, "respondent_email": email}
        changes: dict[str, Any] = {"sealed": _sealed(request, people)}
        if approves is not None:
            changes["approves"] = approves
        if request.state == R.ASKED:
            request = steps.step(request, R.ASSIGNED, by=AGENCY, **changes)
        else:
            request = steps.edit(request, by=AGENCY, action="request.handed_over", **changes)
        invitations.invite(request, Role.RESPONDENT, name=name, email=email, by=AGENCY)
    return request


def take_back(invitation: Invitation) -> Request:
    """The contact answers after all; the colleague's link ends, what they typed stays."""
    with act():
        request = _locked(invitation)
        if invitation.role != Role.CONTACT or request.state not in (R.ASSIGNED, R.TO_APPROVE):
            raise Refused("This is with you already.")
        invitations.end(request, by=AGENCY, role=Role.RESPONDENT)
        return steps.step(request, R.ASKED, by=AGENCY)


def return_nothing(invitation: Invitation, *, why: str) -> Request:
    """The agency holds nothing on this child: an answer, and chased no more."""
    with act():
        request = _mine(invitation)
        draft = draft_of(request)
        if draft:
            drafts.discard(draft)
        stamps: dict[str, Any] = {"returned_at": timezone.now(), "ended_why": why, "draft": None}
        made = steps.step(request, R.NIL, by=AGENCY, **stamps)
        _end(made)
    return made


def send(invitation: Invitation, *, version: int) -> Request:
    """Return the report as it stands, or lay it before the contact who wants to read it first.

    version  of the draft that was shown; Stale is raised where it was saved since
    """
    with act():
        request = _mine(invitation)
        draft = _shown(request, version)
        if request.approves and invitation.role == Role.RESPONDENT:
            made = steps.step(request, R.TO_APPROVE, by=AGENCY)
            for contact in invitations.live(made):
                if contact.role == Role.CONTACT:
                    what = f"to_approve:{made.version}"
                    invitations.write(contact, "report_to_approve", what, by=AGENCY)
            return made
        return _return(request, draft)


def approve(invitation: Invitation, *, version: int) -> Request:
    """The contact has read the report, and it is returned."""
    with act():
        request = _to_approve(invitation)
        return _return(request, _shown(request, version))


def give_back(invitation: Invitation, *, remark: str) -> Request:
    """The contact asks the respondent to change something; the remark stands on their list."""
    with act():
        request = _to_approve(invitation)
        people = request.people | {"remark": remark}
        made = steps.step(request, R.ASSIGNED, by=AGENCY, sealed=_sealed(request, people))
        respondent = invitations.holder(made)
        if respondent:
            what = f"given_back:{made.version}"
            invitations.write(respondent, "report_given_back", what, by=AGENCY)
    return made


def _return(request: Request, draft: Draft) -> Request:
    paper = paper_of(request, Boxes.of(draft).typed)
    if paper.wrong:
        raise Refused("Something on a page has to be put right first.")
    counts, now = paper.counts, timezone.now()
    content = {"answers": paper.kept, "typed": Boxes.of(draft).typed}
    steps.create(
        Reply(
            request=request,
            data_key=draft.data_key,
            sealed=sealing.seal_json(draft.data_key, ANSWERS, content),
            came_by=Came.LINK,
            sent_at=now,
            draft=draft.pk,
        ),
        by=AGENCY,
    )
    drafts.finish(draft)
    stamps: dict[str, Any] = {
        "returned_at": now,
        "draft": None,
        "questions": counts.questions,
        "considered": counts.considered,
        "known": counts.known,
    }
    made = steps.step(request, R.RETURNED if counts.whole else R.PARTIAL, by=AGENCY, **stamps)
    _end(made)
    return made


def _begin(request: Request) -> Draft:
    """An empty draft, or what was sent in part before where the rest was asked for."""
    last = request.replies.select_related("data_key").last()
    boxes = Boxes(typed=last.content["typed"]) if last else Boxes()
    draft, _ = drafts.begin(DRAFT_KIND, boxes.payload(), lasts=DRAFT_LASTS)
    steps.edit(request, by=AGENCY, action="request.begun", draft=draft.pk)
    return draft


def _shown(request: Request, version: int) -> Draft:
    draft = draft_of(request)
    if draft is None:
        raise Refused("Nothing was typed yet, so there is nothing to send.")
    if draft.version != version:
        raise Stale(draft)
    return draft


def _mine(invitation: Invitation) -> Request:
    """The request, locked, where the holder of the link may answer it now."""
    request = _locked(invitation)
    invitation.request = request
    refuse_if(why_not_answer(invitation))
    return request


def _to_approve(invitation: Invitation) -> Request:
    request = _locked(invitation)
    if invitation.role != Role.CONTACT or request.state != R.TO_APPROVE:
        raise Refused("There is nothing to approve at the moment.")
    return request


def _locked(invitation: Invitation) -> Request:
    rows = Request.objects.select_for_update(of=("self",))
    request = rows.select_related("case__data_key", "case__facts").get(pk=invitation.request_id)
    current = Invitation.objects.select_related("request").get(pk=invitation.pk)
    refuse_if(why_closed(current))
    return request


def _sealed(request: Request, people: dict[str, str]) -> bytes:
    return sealing.seal_json(request.case.data_key, PEOPLE, people)


def _end(request: Request) -> None:
    """It has come: the links end, and reminders that wait do not go."""
    invitations.end(request, by=AGENCY)
    outbox.stop(request.reference, by=AGENCY, reason="The report has come.")
