"""Pages of the case record."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop.cases import (
    actions,
    confirmation,
    contacts,
    corrections,
    finding,
    identity,
    links,
    opening_at_once,
    placement,
    queries,
    reports,
    rules,
)
from cdop.cases.forms import (
    AccessForm,
    FactsForm,
    IdentityForm,
    OpenAtOnceForm,
    PurposeForm,
    ReasonForm,
    ReopenForm,
)
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseAccess, CaseFacts, ReportedValue
from cdop.cases.placement_forms import ScopeForm
from cdop.cases.states import UNDER_WAY
from cdop.core import casework
from cdop.core.access import PersonRequest, page, posted, posted_number
from cdop.core.comparing import VERSION, differences, renew, side_by_side
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission
from cdop.core.rows import rows_of
from cdop.core.typed import tidy

CASES_PER_PAGE = 50
LONGEST_SEARCH = 200
SEES_CASES = (Permission.CASES_MANAGE, Permission.CASES_RESPOND)


def visible_case(request: PersonRequest, reference: str, *beside: str) -> Case:
    """The case with this reference, if the person sees it; else the page is not there.

    beside  rows to read with it, next to its facts and its area
    """
    cases = Case.objects.visible_to(request.user).select_related("facts__area", *beside)
    return get_object_or_404(cases, reference=reference)


@page(*SEES_CASES)
def case_list(request: PersonRequest) -> HttpResponse:
    """The cases that the person sees, newest first, by where they stand."""
    chosen = queries.case_list(request.GET.get("list", ""))
    found = Paginator(queries.cases(request.user, chosen), CASES_PER_PAGE)
    context = {
        "chosen": chosen,
        "lists": queries.LISTS,
        "counts": request.user.can(Permission.STATISTICS_INTERNAL),
        "manages": request.user.can(Permission.CASES_MANAGE),
        "shown": found.get_page(request.GET.get("page")),
        "age": queries.age_in_words,
    }
    return render(request, "cases/list.jinja", context)


@page(*SEES_CASES)
@require_POST
def find(request: PersonRequest) -> HttpResponse:
    """Open the case whose reference was typed, or list those that a name or NHS number fits."""
    typed = tidy(request.POST.get("reference", ""))[:LONGEST_SEARCH]
    if case := queries.by_reference(request.user, typed):
        return redirect("cases:case", case.reference)
    if not typed:
        return redirect("cases:list")
    found = finding.by_child(typed, by=request.user)
    manages = request.user.can(Permission.CASES_MANAGE)
    return render(request, "cases/found.jinja", {"found": found, "manages": manages})


@page(*SEES_CASES)
def case_page(request: PersonRequest, reference: str) -> HttpResponse:
    """Where a case stands, what is overdue and what is next."""
    case = visible_case(request, reference, "placement", "confirmation", "clocks")
    edition = queries.edition_of(case)
    panels, events = casework.on_case(case, request.user)
    context = {
        "case": case,
        "edition": edition,
        "facts": queries.facts_in_words(case.facts, edition),
        "panels": panels,
        "events": events,
        "missing": rules.why_not_ready(case) if case.state in UNDER_WAY else [],
        "unconfirmed": confirmation.is_open(case),
        "manages": request.user.can(Permission.CASES_MANAGE),
        "access": rows_of(CaseAccess, "case", case.pk, "user"),
        "access_leads": partial(queries.leads_in_words, edition),
        "out_of_scope": queries.out_of_scope_because(case),
        "withdrawn": queries.withdrawn_because(case),
        "family": links.of(case, request.user),
        "ahead": [event for event in events if event.at > timezone.now()],
        "age": queries.age_in_words(case.facts),
    }
    return render(request, "cases/case.jinja", context)


@page(*SEES_CASES)
def identity_page(request: PersonRequest, reference: str) -> HttpResponse:
    """Who the child was, after a purpose was given; each opening is recorded."""
    case = visible_case(request, reference)
    form = PurposeForm(posted(request))
    context: dict[str, Any] = {"case": case, "form": form}
    if form.is_valid():
        context["identity"] = identity.read(case, by=request.user, purpose=form.words)
        context["clocks"] = case.clocks
        if request.user.can(Permission.CASES_MANAGE):
            rows = contacts.standing(case)
            found = contacts.read(case, rows, by=request.user, purpose=form.words)
            context["knew"] = [each.words(queries.edition_of(case)) for each in found]
        context["form"] = None
    return render(request, "cases/identity.jinja", context)


@page(Permission.CASES_MANAGE)
def edit_identity(request: PersonRequest, reference: str) -> HttpResponse:
    """Correct who the child was. A stale page keeps what was typed and shows what is there now."""
    case = visible_case(request, reference)
    died_on = case.clocks.died_on
    if request.method != "POST":
        known = identity.read(case, by=request.user, purpose="to check or correct the record")
        form = IdentityForm(initial=_identity_initial(case, known), died_on=died_on)
        return render(request, "cases/edit_identity.jinja", {"case": case, "form": form})
    form = IdentityForm(request.POST, died_on=died_on)
    if not form.is_valid():
        return render(request, "cases/edit_identity.jinja", {"case": case, "form": form})
    typed, version = _identity_typed(form), form.cleaned_data[VERSION]
    try:
        corrections.correct_identity(case, typed, by=request.user, version=version)
    except Stale as stale:
        return _stale_identity(request, case, form, typed, stale)
    for warning in form.warnings.values():
        messages.info(request, warning)
    messages.info(request, "The record of who the child was is changed.")
    if rules.seems_grown_up(typed, died_on):
        messages.info(
            request,
            "By these dates the death was on or after the 18th birthday. If they are right, decide "
            "anew whether this panel reviews the death.",
        )
    return redirect("cases:case", reference)


@page(Permission.CASES_MANAGE)
def edit_facts(request: PersonRequest, reference: str) -> HttpResponse:
    """Correct the facts that are counted."""
    case = visible_case(request, reference)
    initial, edition = FactsForm.initial_of(case.facts), queries.edition_of(case)
    form = FactsForm(posted(request), initial=initial, edition=edition)
    context: dict[str, Any] = {"case": case, "form": form, "blocked": rules.why_not_correct(case)}
    if form.is_valid():
        changes = dict(form.cleaned_data)
        version = changes.pop("version")
        try:
            corrections.correct_facts(case, by=request.user, version=version, **changes)
        except Stale as stale:
            context |= _stale_facts(form, stale)
            return render(request, "cases/edit_facts.jinja", context, status=stale.status)
        messages.info(request, "The facts are changed.")
        return redirect("cases:case", reference)
    return render(request, "cases/edit_facts.jinja", context)


@page(Permission.CASES_MANAGE)
def contradictions(request: PersonRequest, reference: str) -> HttpResponse:
    """What notifiers said differently, side by side; choosing one settles it."""
    case = visible_case(request, reference)
    if request.method == "POST":
        open_values = case.reported_values.filter(settled_at=None, withdrawn_at=None)
        value: ReportedValue = get_object_or_404(open_values, pk=posted_number(request, "value"))
        reports.settle(value, by=request.user)
        messages.info(request, "Settled. What the others said is kept.")
        return redirect("cases:contradictions", reference)
    found = reports.contradictions(case, by=request.user)
    told = casework.told_by(case, request.user) if found else {}
    questions = queries.questions(queries.edition_of(case))
    context = {
        "case": case,
        "contradictions": found,
        "told": told,
        "questions": questions,
        "words": partial(queries.in_words, queries.edition_of(case)),
    }
    return render(request, "cases/contradictions.jinja", context)


@page(Permission.CASES_MANAGE)
def give_access(request: PersonRequest, reference: str) -> HttpResponse:
    """Let a professional of another agency see and work on this case until a day."""
    case = visible_case(request, reference)
    people, edition = queries.professionals(localdate()), queries.edition_of(case)
    form = AccessForm(posted(request), people=people, edition=edition)
    if form.is_valid():
        given = form.cleaned_data
        actions.give_access(case, by=request.user, **given)
        messages.info(request, f"{given['user']} can now see and work on this case.")
        return redirect("cases:case", reference)
    return render(request, "cases/access.jinja", {"case": case, "form": form})


@page(Permission.CASES_RESPOND)
def open_at_once(request: PersonRequest) -> HttpResponse:
    """Open a case that nobody gave, for a day, with a reason."""
    form = OpenAtOnceForm(posted(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            opening_at_once.open_at_once(said["reference"], reason=said["reason"], by=request.user)
        except Refused as refusal:
            form.add_error("reference", refusal.reason)
        else:
            messages.info(request, "You see this case for 24 hours. That was recorded and told.")
            return redirect("cases:case", said["reference"])
    return render(request, "cases/open_at_once.jinja", {"form": form})


@page(Permission.CASES_MANAGE)
@require_POST
def end_access(request: PersonRequest, reference: str, access: int) -> HttpResponse:
    """Withdraw the access of a professional to this case."""
    case = visible_case(request, reference)
    ended = actions.end_access(get_object_or_404(case.access, pk=access), by=request.user)
    messages.info(request, f"{ended.user} does not see this case any more.")
    return redirect("cases:case", reference)


@page(Permission.CASES_MANAGE)
def change_scope(request: PersonRequest, reference: str) -> HttpResponse:
    """Decide anew whether this panel reviews the death."""
    case = visible_case(request, reference)
    row = placement.of(case)
    initial = {"in_scope": _yes_or_no(case.facts), VERSION: case.facts.version}
    if row:
        initial |= {"rule": row.scope_rule, "reason": row.scope_reason}
    form = ScopeForm(posted(request), initial=initial)
    blocked = rules.why_not_correct(case, ["in_scope"])
    context: dict[str, Any] = {"case": case, "form": form, "blocked": blocked}
    if form.is_valid():
        try:
            actions.change_scope(case, by=request.user, **form.decision)
        except Stale as stale:
            context["stale"] = _stale_scope(form, stale)
            return render(request, "cases/scope.jinja", context, status=stale.status)
        messages.info(request, "The decision is recorded.")
        return redirect("cases:case", reference)
    return render(request, "cases/scope.jinja", context)


def _stale_scope(form: ScopeForm, stale: Stale) -> list[dict[str, str]]:
    facts: CaseFacts = stale.current
    renew(form, stale, facts.version)
    yours = {"in_scope": form.cleaned_data["in_scope"]}
    return side_by_side(form, yours, {"in_scope": _yes_or_no(facts)})


def _yes_or_no(facts: CaseFacts) -> str:
    return "yes" if facts.in_scope else "no"


@page(Permission.CASES_MANAGE)
@require_POST
def make_ready(request: PersonRequest, reference: str) -> HttpResponse:
    case = visible_case(request, reference)
    actions.make_ready(case, by=request.user)
    messages.info(request, "The case is ready for panel. It can go on the agenda of a meeting.")
    return redirect("cases:case", reference)


@page(Permission.CASES_MANAGE)
def take_back(request: PersonRequest, reference: str) -> HttpResponse:
    """The panel needs more before it can review."""
    case = visible_case(request, reference)
    form = ReasonForm(posted(request))
    if form.is_valid():
        actions.take_back(case, by=request.user, reason=form.cleaned_data["reason"])
        return redirect("cases:case", reference)
    return render(request, "cases/take_back.jinja", {"case": case, "form": form})


@page(Permission.CASES_MANAGE)
def reopen(request: PersonRequest, reference: str) -> HttpResponse:
    """What was found may have to change, as after an inquest."""
    case = visible_case(request, reference)
    form = ReopenForm(posted(request))
    if form.is_valid():
        actions.reopen(case, by=request.user, reason=form.cleaned_data["reason"])
        messages.info(
            request, "The case is reopened. What was signed off stays until the panel finds anew."
        )
        return redirect("cases:case", reference)
    context = {
        "case": case,
        "form": form,
        "title": "Reopen the case",
        "submit_label": "Reopen the case",
        "back_to": reverse("cases:case", args=[reference]),
        "blocked": rules.why_not_reopen(case),
    }
    return render(request, "cases/record_form.jinja", context)


@page(Permission.CASES_MANAGE)
@require_POST
def close(request: PersonRequest, reference: str) -> HttpResponse:
    case = visible_case(request, reference)
    actions.close(case, by=request.user)
    messages.info(request, "The case is closed.")
    return redirect("cases:case", reference)


def _identity_initial(case: Case, known: IdentityRecord) -> dict[str, Any]:
    return asdict(known) | {"date_of_birth": known.born_on, VERSION: case.identity.version}


def _identity_typed(form: IdentityForm) -> IdentityRecord:
    typed = {name: form.cleaned_data[name] for name in IdentityRecord.catalogue}
    born = typed["date_of_birth"]
    return replace(IdentityRecord(**typed), date_of_birth=born.isoformat() if born else "")


def _stale_identity(
    request: PersonRequest, case: Case, form: IdentityForm, typed: IdentityRecord, stale: Stale
) -> HttpResponse:
    renew(form, stale, stale.current.version)
    now = identity.read(case, by=request.user, purpose="to compare two changes of the record")
    rows = differences(form, asdict(typed), asdict(now))
    context = {"case": case, "form": form, "stale": rows}
    return render(request, "cases/edit_identity.jinja", context, status=stale.status)


def _stale_facts(form: FactsForm, stale: Stale) -> dict[str, Any]:
    renew(form, stale, stale.current.version)
    yours = {name: form.data.get(name, "") for name in FactsForm.base_fields if name != VERSION}
    now = {name: str(FactsForm.value_of(stale.current, name)) for name in yours}
    labels = form.in_words
    return {"stale": differences(form, labels(yours), labels(now))}
