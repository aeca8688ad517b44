"""Pages on which lists of deaths are read in, laid beside what was notified, and settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases.models import Case
from cdop.core import drafts, organisation_choice
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.organisations import Area, Organisation
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from notifications.assurance import lists, settling
from notifications.assurance.list_forms import AbsentForm, ExplainForm, ListForm, MatchForm
from notifications.assurance.listed import Listed, holder, unseal
from notifications.assurance.lists import About, Kind
from notifications.assurance.models import DeathList, ListedDeath, Return
from notifications.assurance.settling import Counts
from notifications.forms import DecisionForm
from notifications.models import Notification

TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)
PURPOSE = "reconciliation"
ROWS = 50
PREVIEWED = 20
MISTAKES_SHOWN = 100


@TRIAGE
def death_lists(request: PersonRequest) -> HttpResponse:
    """Every list that was taken in, the latest first, with what is still open on it."""
    rows = DeathList.objects.visible_to(request.user).select_related("organisation", "area")
    shown = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "shown": shown,
        "open": lists.open_lines(shown.object_list),
        "kinds": dict(Kind.choices),
        "held": lists.held(request.user),
    }
    return render(request, "notifications/assurance/lists.jinja", context)


@TRIAGE
def new_list(request: PersonRequest) -> HttpResponse:
    """Choose a file. With a mistake in any row nothing of it is kept."""
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    form = organisation_choice.put_back(ListForm(posted(request), request.FILES or None), request)
    mistakes: tuple[Any, ...] = ()
    if form.is_valid():
        parsed = form.cleaned_data["file"]
        if not parsed.mistakes:
            lists.hold(parsed, form.about, by=request.user)
            organisation_choice.forget(request)
            return redirect("notifications:preview_list")
        mistakes = parsed.mistakes
        form.add_error("file", _how_many(len(mistakes)))
    context = {
        "form": form,
        "mistakes": mistakes[:MISTAKES_SHOWN],
        "more": max(0, len(mistakes) - MISTAKES_SHOWN),
    }
    return render(request, "notifications/assurance/new_list.jinja", context)


@TRIAGE
def preview_list(request: PersonRequest) -> HttpResponse:
    """What was read out of a file, before it is taken in."""
    draft = lists.held(request.user)
    if draft is None:
        return redirect("notifications:death_lists")
    if request.method == "POST":
        return _take_or_discard(request, draft)
    answers = draft.answers
    record("deathlist.previewed", "a list of deaths", by=request.user, purpose=PURPOSE)
    about, lines = About(**answers["about"]), [Listed(**line) for line in answers["lines"]]
    outside = sum(not about.first_day <= line.date_of_death <= about.last_day for line in lines)
    context = {
        "draft": draft,
        "about": about,
        "organisation": Organisation.objects.filter(pk=about.organisation or 0).first(),
        "area": Area.objects.filter(code=about.area).first(),
        "kind": Kind(about.kind).label,
        "first_day": date.fromisoformat(about.first_day),
        "last_day": date.fromisoformat(about.last_day),
        "lines": lines[:PREVIEWED],
        "total": len(lines),
        "outside": outside,
        "columns": answers["columns"],
        "passed_over": answers["passed_over"],
        "blank": answers["blank"],
    }
    return render(request, "notifications/assurance/preview_list.jinja", context)


@TRIAGE
def death_list(request: PersonRequest, number: int) -> HttpResponse:
    """One list: what became of each line, and what was notified and is not on it."""
    found = _list(request, number)
    record("deathlist.read", found, by=request.user, purpose=PURPOSE)
    lines = lists.lines(found)
    absent = lists.absent(found, request.user)
    context = {
        "list": found,
        "kind": Kind(found.kind).label,
        "lines": lines.items(),
        "counts": Counts.of(lines),
        "sure": settling.sure(lines, request.user),
        "absent": absent,
        "absent_open": sum(not each.is_settled for each in absent),
        "reason": settling.reason_label,
    }
    return render(request, "notifications/assurance/list.jinja", context)


@TRIAGE
def confirm_list(request: PersonRequest, number: int) -> HttpResponse:
    """Confirm at once the matches that are sure, exactly those that the page lists."""
    found = _list(request, number)
    lines = lists.lines(found)
    if request.method == "POST":
        count = settling.match_all(_pairs(request, lines), found, by=request.user)
        messages.info(request, f"{count} matched.")
        return redirect("notifications:death_list", number)
    record("deathlist.read", found, by=request.user, purpose=PURPOSE)
    sure = settling.sure(lines, request.user)
    context = {
        "list": found,
        "pairs": [(line, lines[line], case) for line, case in sure.items()],
    }
    return render(request, "notifications/assurance/confirm_list.jinja", context)


@TRIAGE
def settle_absent(request: PersonRequest, number: int, absent: str) -> HttpResponse:
    """Say why a death that was notified is not on the list."""
    found, what = _list(request, number), _what(request, absent)
    form = AbsentForm(posted(request))
    if request.method == "POST" and "undo" in request.POST:
        lists.undo_absent(found, what, by=request.user)
        return redirect("notifications:death_list", number)
    if form.is_valid():
        try:
            lists.settle_absent(found, what, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("note", refusal.reason)
        else:
            messages.info(request, f"{what} is settled.")
            return redirect("notifications:death_list", number)
    context = {"list": found, "what": what, "form": form}
    return render(request, "notifications/assurance/absent.jinja", context)


# One listed death, on a list or in a return


@TRIAGE
def listed_death(request: PersonRequest, line: int) -> HttpResponse:
    """All that a line says, what may be about the same child, and what can be done."""
    row = _line(request, line)
    record("listeddeath.read", row, by=request.user, purpose=PURPOSE)
    return render(request, "notifications/assurance/line.jinja", _line_context(request, row))


@TRIAGE
def match_line(request: PersonRequest, line: int) -> HttpResponse:
    """Say which case or notification is about the listed death."""
    row = _line(request, line)
    form = MatchForm(
        posted(request),
        proposed=settling.proposals(row, unseal(row), request.user),
        by=request.user,
        initial={"version": row.version},
    )
    if _decided(form, settling.match, row, request):
        messages.info(request, f"Line {row.number} is matched.")
        return redirect(_page_of(row))
    return _form_page(request, "notifications/assurance/match.jinja", row, form)


@TRIAGE
def explain_line(request: PersonRequest, line: int) -> HttpResponse:
    """Say why a listed death needs no notification."""
    row = _line(request, line)
    form = ExplainForm(posted(request), listed=unseal(row), initial={"version": row.version})
    if _decided(form, settling.explain, row, request):
        messages.info(request, f"Line {row.number} is settled.")
        return redirect(_page_of(row))
    return _form_page(request, "notifications/assurance/explain.jinja", row, form)


@TRIAGE
@require_POST
def notify_line(request: PersonRequest, line: int) -> HttpResponse:
    """Make a notification from a listed death; it then waits for triage."""
    row = _line(request, line)
    sent = settling.notify(row, by=request.user, version=posted_version(request))
    messages.info(request, f"Notification {sent} is made from the list. It waits for triage.")
    return redirect("notifications:notification", sent.reference)


@TRIAGE
@require_POST
def undo_line(request: PersonRequest, line: int) -> HttpResponse:
    """Let a line stand open again."""
    row = _line(request, line)
    settling.undo(row, by=request.user, version=posted_version(request))
    return redirect("notifications:listed_death", line)


def _how_many(mistakes: int) -> str:
    rows = "1 row has a mistake" if mistakes == 1 else f"There are {mistakes:,} mistakes in rows"
    return f"{rows}, so nothing was taken in. Correct the file and choose it again."


def _take_or_discard(request: PersonRequest, draft: Any) -> HttpResponse:
    if "discard" in request.POST:
        drafts.discard(draft)
        messages.info(request, "The file was not taken in. Nothing of it is kept.")
        return redirect("notifications:death_lists")
    made = lists.take(draft, version=posted_version(request), by=request.user)
    return redirect("notifications:death_list", made.pk)


def _list(request: PersonRequest, number: int) -> DeathList:
    rows = DeathList.objects.visible_to(request.user)
    return cast(
        DeathList,
        get_object_or_404(rows.select_related("organisation", "area", "data_key"), pk=number),
    )


def _line(request: PersonRequest, number: int) -> ListedDeath:
    rows = ListedDeath.objects.visible_to(request.user).select_related(
        "on_list__data_key",
        "on_list__organisation",
        "on_return__data_key",
        "on_return__asked_of__organisation",
        "case",
        "notification__case",
        "settled_by",
    )
    return cast(ListedDeath, get_object_or_404(rows, pk=number))


def _what(request: PersonRequest, reference: str) -> Case | Notification:
    """The case or notification that is missing from a list, by its reference."""
    case = Case.objects.visible_to(request.user).filter(reference=reference).first()
    row = Notification.objects.visible_to(request.user).filter(reference=reference).first()
    if found := case or row:
        return found
    raise Http404


def _pairs(request: PersonRequest, lines: dict[ListedDeath, Listed]) -> dict[ListedDeath, Case]:
    """The pairs that the page listed, as it posts them: number of the row, reference of the case.

    What is no pair of this list cannot be sure, and is refused with the others.
    """
    by_number = {str(line.pk): line for line in lines}
    posted_pairs = [pair.partition(":") for pair in request.POST.getlist("pair")]
    cases = Case.objects.visible_to(request.user).in_bulk(
        [reference for _, _, reference in posted_pairs], field_name="reference"
    )
    if not posted_pairs or any(
        key not in by_number or reference not in cases for key, _, reference in posted_pairs
    ):
        raise SuspiciousOperation("No pairs, or such as no page lists.")
    return {by_number[key]: cases[reference] for key, _, reference in posted_pairs}


def _page_of(row: ListedDeath) -> str:
    """The list or the return on which a line stands."""
    held = holder(row)
    if isinstance(held, Return):
        return reverse("notifications:monthly_return", args=[held.reference])
    return reverse("notifications:death_list", args=[held.pk])


def _line_context(request: PersonRequest, row: ListedDeath) -> dict[str, Any]:
    listed = unseal(row)
    is_open = row.state == settling.S.OPEN
    return {
        "line": row,
        "listed": listed,
        "holder": holder(row),
        "back": _page_of(row),
        "open": is_open,
        "proposals": settling.proposals(row, listed, request.user) if is_open else None,
        "reason": settling.reason_label(row.reason_code),
    }


def _decided(
    form: DecisionForm, decide: Callable[..., Any], row: ListedDeath, request: PersonRequest
) -> bool:
    """Whether it was decided; if not, the form says why and carries the version of now."""
    if not form.is_valid():
        return False
    try:
        decide(row, by=request.user, **form.decision)
    except Refused as refusal:
        if refusal.status == HTTPStatus.FORBIDDEN:
            raise
        row.refresh_from_db()
        form.data = cast(QueryDict, form.data).copy()
        form.data["version"] = str(row.version)
        form.add_error(None, refusal.reason)
        return False
    return True


def _form_page(
    request: PersonRequest, template: str, row: ListedDeath, form: DecisionForm
) -> HttpResponse:
    record("listeddeath.read", row, by=request.user, purpose=PURPOSE)
    status = HTTPStatus.CONFLICT if form.non_field_errors() else HTTPStatus.OK
    context = {"line": row, "listed": unseal(row), "form": form}
    return render(request, template, context, status=status)
