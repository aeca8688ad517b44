"""Pages of the coordinator about one request: follow, chase, extend, take in, set aside."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.agency_reports import asking, chasing, invitations, opening, queries, times
from cdop.agency_reports.forms import (
    CameForm,
    ExtendForm,
    MoreFormsForm,
    NewContactForm,
    SetAsideForm,
    day_of,
)
from cdop.agency_reports.models import Reply, Request
from cdop.agency_reports.states import Came, RequestState
from cdop.agency_reports.views import MANAGES
from cdop.cases import contacts
from cdop.core import correspondence, documents, outbox
from cdop.core.access import PersonRequest, posted, posted_version
from cdop.core.dates import end_of
from cdop.core.organisations import closed_days
from cdop.core.refusals import Stale

PURPOSE = "agency report"


@MANAGES
def request_page(request: PersonRequest, asked: str) -> HttpResponse:
    """Where one request stands, with whom, what was written, and what can be done."""
    row = _request(request, asked)
    now = timezone.now()
    people = row.people
    following = times.next_step(row, closed_days()) if row.is_open else None
    links = invitations.live(row)
    context = {
        "asked": row,
        "agency": contacts.kind_label(editions.get(row.edition), row.agency),
        "mood": queries.mood(row, now),
        "standing": queries.standing(row, now),
        "people": people,
        "forms": queries.form_titles(row),
        "insecure": asking.is_insecure(row.edition, people["email"]),
        "more": not asking.why_not_add_forms(row),
        "next": following,
        "chase": times.CHASE,
        "links": links,
        "to_show": [invitations.to_show(each).get("link", "") for each in links],
        "replies": _replies(row),
        "sent": correspondence.lines(outbox.of([row.reference])),
        "power": editions.get(row.edition).reports.power,
    }
    return render(request, "agency_reports/request.jinja", context)


@MANAGES
@require_POST
def chase(request: PersonRequest, asked: str) -> HttpResponse:
    """Remind at once."""
    row = _request(request, asked)
    chasing.chase_now(row, by=request.user, version=posted_version(request))
    messages.info(request, "A reminder is on its way.")
    return redirect("agency_reports:request", asked)


@MANAGES
def extend(request: PersonRequest, asked: str) -> HttpResponse:
    """Give the agency more time; or, where it was over, ask once more."""
    row = _request(request, asked)
    form = ExtendForm(posted(request))
    if form.is_valid():
        act = asking.extend if row.is_open else asking.ask_again
        said = {"until": form.cleaned_data["until"], "why": form.cleaned_data["why"]}
        if stale := _tried(act, row, form, request, **said):
            return stale
        messages.info(
            request, "More time is given." if row.is_open else "The agency is asked again."
        )
        return redirect("agency_reports:request", asked)
    return _act_page(request, row, form, "extend")


@MANAGES
def more_forms(request: PersonRequest, asked: str) -> HttpResponse:
    """Ask for one form more in the same report."""
    row = _request(request, asked)
    form = MoreFormsForm(posted(request), request=row)
    if form.is_valid():
        said = {"codes": form.cleaned_data["papers"]}
        if stale := _tried(asking.add_forms, row, form, request, **said):
            return stale
        messages.info(request, "It is asked for. Whoever has the report gets a letter.")
        return redirect("agency_reports:request", asked)
    return _act_page(request, row, form, "more_forms")


@MANAGES
def set_aside(request: PersonRequest, asked: str) -> HttpResponse:
    """End the request without a report."""
    row = _request(request, asked)
    form = SetAsideForm(posted(request))
    if form.is_valid():
        said = {"to": RequestState(form.cleaned_data["to"]), "why": form.cleaned_data["why"]}
        if stale := _tried(asking.set_aside, row, form, request, **said):
            return stale
        messages.info(request, "The request is ended. Nobody is reminded of it.")
        return redirect("agency_reports:request", asked)
    return _act_page(request, row, form, "set_aside")


@MANAGES
def change_contact(request: PersonRequest, asked: str) -> HttpResponse:
    """Write to somebody else at the agency."""
    row = _request(request, asked)
    people = row.people
    initial = {"name": people["name"], "email": people["email"]}
    form = NewContactForm(posted(request), initial=initial)
    if form.is_valid():
        if stale := _tried(asking.change_contact, row, form, request, **form.cleaned_data):
            return stale
        messages.info(request, "A new link is on its way. Those that were sent open nothing now.")
        return redirect("agency_reports:request", asked)
    return _act_page(request, row, form, "change_contact")


@MANAGES
def came(request: PersonRequest, asked: str) -> HttpResponse:
    """Attach a report that came by email or post."""
    row = _request(request, asked)
    chosen = request.FILES if request.method == "POST" else None
    form = CameForm(posted(request), chosen, by=request.user, asked_on=day_of(row))
    if form.is_valid():
        came_on = form.cleaned_data["came_on"]
        at = min(timezone.now(), end_of(came_on))
        said = {
            "files": [form.cleaned_data["file"]],
            "came_by": Came(form.cleaned_data["came_by"]),
            "at": max(at, row.asked_at),
            "whole": form.cleaned_data["whole"] == "yes",
        }
        if stale := _tried(asking.keep_by_hand, row, form, request, **said):
            return stale
        messages.info(request, "The report is kept. Nobody is reminded of it any more.")
        return redirect("agency_reports:request", asked)
    return _act_page(request, row, form, "came")


@MANAGES
@require_POST
def accept(request: PersonRequest, asked: str) -> HttpResponse:
    """Take a report in part as it is."""
    row = _request(request, asked)
    asking.accept(row, by=request.user, version=posted_version(request))
    messages.info(request, "The report is accepted as it is.")
    return redirect("agency_reports:request", asked)


@MANAGES
def file(request: PersonRequest, asked: str, document: UUID) -> HttpResponse:
    """A file that came with a report. Its reading is recorded."""
    row = _request(request, asked)
    keys = Reply.objects.filter(request=row).values("data_key")
    rows = documents.Document.objects.filter(data_key__in=keys).select_related("data_key")
    found = get_object_or_404(rows, pk=document)
    return documents.download(found, by=request.user, purpose=PURPOSE)


def _tried(
    act: Any, row: Request, form: Any, request: PersonRequest, **said: Any
) -> HttpResponse | None:
    """Act; where somebody else changed the request, the page again with what was typed."""
    try:
        act(row, by=request.user, version=posted_version(request), **said)
    except Stale as stale:
        form.add_error(None, stale.reason)
        fresh = _request(request, row.reference)
        return _act_page(request, fresh, form, _name(request), status=stale.status)
    return None


def _name(request: PersonRequest) -> str:
    match = request.resolver_match
    return match.url_name or "" if match else ""


def _act_page(
    request: PersonRequest, row: Request, form: Any, name: str, status: int = 200
) -> HttpResponse:
    edition = editions.get(row.edition)
    context = {
        "asked": row,
        "form": form,
        "now": [each.questionnaire.title for each in opening.in_order(edition, row.forms)],
        "blocked": asking.why_not_add_forms(row) if name == "more_forms" else "",
        "agency": contacts.kind_label(edition, row.agency),
    }
    return render(request, f"agency_reports/{name}.jinja", context, status=status)


def _replies(row: Request) -> list[tuple[Reply, list[documents.Document]]]:
    replies = list(row.replies.select_related("data_key"))
    keys = [reply.data_key_id for reply in replies]
    files: dict[Any, list[documents.Document]] = {key: [] for key in keys}
    found = documents.Document.objects.filter(data_key__in=keys).select_related("data_key")
    for each in found:
        files[each.data_key_id].append(each)
    return [(reply, files[reply.data_key_id]) for reply in reversed(replies)]


def _request(request: PersonRequest, reference: str) -> Request:
    rows = Request.objects.visible_to(request.user).select_related(
        "case__data_key", "organisation", "asked_by"
    )
    return cast(Request, get_object_or_404(rows, reference=reference))
