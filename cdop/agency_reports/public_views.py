"""The pages that a link opens for somebody at an agency: no account, one child, one report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from cdop.agency_reports import answering, doors, invitations
from cdop.agency_reports.doors import Keys, opened
from cdop.agency_reports.models import Invitation
from cdop.agency_reports.papers import Boxes, Page, Paper, Typed
from cdop.agency_reports.presenting import parts_of
from cdop.agency_reports.public_forms import (
    AssignForm,
    CodeForm,
    ColleagueForm,
    FileForm,
    NothingForm,
    RemarkForm,
)
from cdop.agency_reports.states import RequestState, Role
from cdop.core import documents, strangers
from cdop.core.access import for_everybody, posted, posted_number
from cdop.core.comparing import windows
from cdop.core.refusals import Stale

AGAIN = "again"
NOT_TYPED = ("csrfmiddlewaretoken", "version", "later", "rest")


@for_everybody
def without_link(request: HttpRequest) -> HttpResponse:
    """For whoever comes without a link."""
    return doors.lapsed(request, None)


@for_everybody
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a letter leads to: a button, and nothing of the request before it is pressed."""
    found = invitations.by_token(token)
    if found is None:
        raise Http404
    keys = Keys(found.request.reference)
    if request.method == "POST":
        return _press(request, found, keys, token)
    over = found.expires_at <= timezone.now() and not found.ended_at and found.request.is_open
    context = {"closed": answering.why_closed(found), "over": over, "asked": "asked" in request.GET}
    return render(request, "agency_reports/link.jinja", context)


def _press(request: HttpRequest, found: Invitation, keys: Keys, token: str) -> HttpResponse:
    """Send a code; where the time of the link is over, another link to the same address."""
    if answering.why_closed(found):
        if found.ended_at is None and found.request.is_open and doors.may_send_code(request, found):
            invitations.renew(found)
        return redirect(f"{request.path}?asked=yes")
    held = keys.opened(request)
    if held == found:
        return redirect("agency:tasks", keys.reference)
    if doors.may_send_code(request, found):
        invitations.send_code(found)
    return keys.link.keep(redirect("agency:code", keys.reference), token)


@for_everybody
@never_cache
def code(request: HttpRequest, reference: str) -> HttpResponse:
    """Type the code that went to the address of the link."""
    keys = Keys(reference)
    found = keys.linked(request)
    if found is None or answering.why_closed(found):
        return doors.lapsed(request, found)
    if request.method == "POST" and "another" in request.POST:
        if doors.may_send_code(request, found):
            invitations.send_code(found)
            messages.info(request, "A new code is on its way. The one before opens nothing now.")
        else:
            messages.info(request, "We sent as many codes as we send within an hour.")
        return redirect("agency:code", reference)
    form = CodeForm(posted(request))
    if form.is_valid():
        if doors.may_try(request, found) and invitations.use_code(found, form.cleaned_data["code"]):
            token = keys.link.read(request)
            return keys.code.keep(redirect("agency:tasks", reference), token)
        form.add_error("code", "This code opens nothing. Type the latest one, or ask for another.")
    shown = invitations.to_show(found).get("code", "")
    context = {"form": form, "reference": reference, "shown": shown}
    return render(request, "agency_reports/code.jinja", context)


@opened
def tasks(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """About which child, what is asked and how far it is. Reading who the child was is recorded."""
    paper = answering.paper_of(invitation.request)
    context = _standing(invitation) | {
        "paper": paper,
        "child": answering.child(invitation),
        "files": _files(invitation),
        "waits": answering.why_not_answer(invitation),
    }
    return render(request, "agency_reports/tasks.jinja", context)


@opened
def page(request: HttpRequest, invitation: Invitation, code: str) -> HttpResponse:
    """One page of questions. What is typed is kept before anything else is done with it."""
    if answering.why_not_answer(invitation):
        return redirect("agency:tasks", invitation.request.reference)
    draft = answering.draft_of(invitation.request)
    boxes = Boxes.of(draft)
    paper = answering.paper_of(invitation.request, boxes.typed)
    shown = _page(paper, code)
    if request.method == "POST":
        return _keep(request, invitation, paper, code)
    if AGAIN not in request.GET:
        _forget_mistakes(shown)
    return _show(request, invitation, shown, boxes.version(code))


def _keep(request: HttpRequest, invitation: Invitation, paper: Paper, code: str) -> HttpResponse:
    if why := strangers.too_much(request.POST):
        context = {"reason": why, "title": "This is too much for one page"}
        return render(request, "errors/413.jinja", context, status=413)
    typed = {name: each for name, each in request.POST.lists() if name not in NOT_TYPED}
    if "rest" in request.POST:
        typed = Paper(paper.request, paper.known, {**paper.typed, code: typed}).filled(code)
    version = posted_number(request, "version")
    try:
        draft = answering.save(invitation, code, typed, version=version)
    except Stale as stale:
        return _side_by_side(request, invitation, code, typed, Boxes.of(stale.current))
    return _go_on(request, invitation, code, Boxes.of(draft))


def _go_on(request: HttpRequest, invitation: Invitation, code: str, boxes: Boxes) -> HttpResponse:
    """The next page, unless something on this one has to be put right first; by a redirect."""
    reference = invitation.request.reference
    paper = answering.paper_of(invitation.request, boxes.typed)
    if "later" in request.POST or code not in paper.pages:
        return redirect("agency:tasks", reference)
    if paper.pages[code].form.errors:
        return redirect(f"{request.path}?{AGAIN}=yes")
    if request.GET.get("from") == "check":
        return redirect("agency:check", reference)
    following = paper.after(code)
    if following:
        return redirect("agency:page", reference, following.code)
    return redirect("agency:check", reference)


def _side_by_side(
    request: HttpRequest, invitation: Invitation, code: str, typed: Typed, there: Boxes
) -> HttpResponse:
    """The page was saved in another window meanwhile: both versions, and the choice."""
    theirs = answering.paper_of(invitation.request, there.typed)
    mine = Paper(theirs.request, theirs.known, {**there.typed, code: typed})
    if code not in mine.pages or code not in theirs.pages:
        return redirect("agency:tasks", invitation.request.reference)
    both = windows(mine.pages[code].form, theirs.pages[code].form)
    return _show(
        request, invitation, mine.pages[code], there.version(code), status=409, compared=both
    )


def _show(
    request: HttpRequest,
    invitation: Invitation,
    shown: Page,
    version: int,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = _standing(invitation) | {"page": shown, "form": shown.form, "version": version}
    return render(request, "agency_reports/page.jinja", context | more, status=status)


@opened
def files(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Files that go with the answers, and one more."""
    if answering.why_not_answer(invitation):
        return redirect("agency:tasks", invitation.request.reference)
    chosen = request.FILES if request.method == "POST" else None
    form = FileForm(posted(request), chosen)
    if form.is_valid():
        answering.attach(invitation, form.cleaned_data["file"])
        messages.info(request, "The file is attached.")
        return redirect("agency:files", invitation.request.reference)
    context = _standing(invitation) | {"form": form, "files": _files(invitation)}
    return render(request, "agency_reports/files.jinja", context)


@opened
@require_POST
def remove(request: HttpRequest, invitation: Invitation, file: UUID) -> HttpResponse:
    """Take a file out again."""
    if answering.take_out(invitation, file):
        messages.info(request, "The file is removed.")
    return redirect("agency:files", invitation.request.reference)


@opened
def hand_over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Give it to a colleague, with what was typed so far."""
    if answering.why_not_answer(invitation):
        return redirect("agency:tasks", invitation.request.reference)
    contact = invitation.role == Role.CONTACT
    # A contact who was asked to read it first goes on doing so, unless they say otherwise here.
    start = {"approves": invitation.request.approves}
    form = (AssignForm if contact else ColleagueForm)(posted(request), initial=start)
    if form.is_valid():
        answering.assign(invitation, **form.cleaned_data)
        if contact:
            messages.info(request, f"{form.cleaned_data['name']} gets a link of their own.")
            return redirect("agency:tasks", invitation.request.reference)
        return render(
            request, "agency_reports/handed_over.jinja", {"name": form.cleaned_data["name"]}
        )
    context = _standing(invitation) | {"form": form}
    return render(request, "agency_reports/hand_over.jinja", context)


@opened
@require_POST
def take_back(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The contact answers after all."""
    answering.take_back(invitation)
    messages.info(request, "The report is with you again. What was typed is kept.")
    return redirect("agency:tasks", invitation.request.reference)


@opened
def nothing(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Say that the agency holds nothing about the child."""
    if answering.why_not_answer(invitation):
        return redirect("agency:tasks", invitation.request.reference)
    form = NothingForm(posted(request))
    if form.is_valid():
        answering.return_nothing(invitation, why=form.cleaned_data["why"])
        return redirect("agency:sent", invitation.request.reference)
    typed = bool(invitation.request.draft)
    context = _standing(invitation) | {"form": form, "typed": typed}
    return render(request, "agency_reports/nothing.jinja", context)


@opened
def check(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Everything that will be sent, to be read once more; from here it is sent."""
    if answering.why_not_answer(invitation):
        return redirect("agency:tasks", invitation.request.reference)
    if request.method != "POST":
        return _show_answers(request, invitation, "check")
    try:
        made = answering.send(invitation, version=posted_number(request, "version"))
    except Stale:
        return _show_answers(request, invitation, "check", status=409, stale=True)
    if made.state == RequestState.TO_APPROVE:
        return redirect("agency:tasks", made.reference)
    return redirect("agency:sent", made.reference)


@opened
def approve(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The contact reads what a colleague answered, and returns it or gives it back."""
    waits = invitation.request.state == RequestState.TO_APPROVE
    if invitation.role != Role.CONTACT or not waits:
        return redirect("agency:tasks", invitation.request.reference)
    back = RemarkForm(posted(request) if "give_back" in request.POST else None)
    if back.is_valid():
        answering.give_back(invitation, remark=back.cleaned_data["remark"])
        messages.info(request, "Your colleague is told, and has it again.")
        return redirect("agency:tasks", invitation.request.reference)
    if request.method == "POST" and not back.is_bound:
        try:
            answering.approve(invitation, version=posted_number(request, "version"))
        except Stale:
            return _show_answers(request, invitation, "approve", status=409, stale=True)
        return redirect("agency:sent", invitation.request.reference)
    return _show_answers(request, invitation, "approve", form=back)


def _show_answers(
    request: HttpRequest, invitation: Invitation, name: str, status: int = 200, **more: Any
) -> HttpResponse:
    draft = answering.draft_of(invitation.request)
    if draft is None:
        return redirect("agency:tasks", invitation.request.reference)
    paper = answering.paper_of(invitation.request, Boxes.of(draft).typed)
    context = _standing(invitation) | {
        "paper": paper,
        "parts": parts_of(paper),
        "draft": draft,
        "files": _files(invitation),
    }
    return render(request, f"agency_reports/{name}.jinja", context | more, status=status)


@for_everybody
@never_cache
def sent(request: HttpRequest, reference: str) -> HttpResponse:
    """That it arrived; nothing that was typed stands here."""
    found = Keys(reference).opened(request)
    if found is None or not found.request.came_back:
        return doors.lapsed(request, found)
    return render(request, "agency_reports/sent.jinja", {"request_": found.request})


def _standing(invitation: Invitation) -> dict[str, Any]:
    """What every page of a request says above its own."""
    return {
        "invitation": invitation,
        "asked": invitation.request,
        "reference": invitation.request.reference,
        "contact_reads": invitation.role == Role.CONTACT,
    }


def _files(invitation: Invitation) -> list[documents.Document]:
    draft = answering.draft_of(invitation.request)
    return list(documents.of(draft.data_key)) if draft else []


def _page(paper: Paper, code: str) -> Page:
    if code not in paper.pages:
        raise Http404
    return paper.pages[code]


def _forget_mistakes(shown: Page) -> None:
    """Do not scold for what was left for later, when the page is opened again."""
    for name, mistakes in list(shown.form.errors.as_data().items()):
        if all(mistake.code == "required" for mistake in mistakes):
            del shown.form.errors[name]
