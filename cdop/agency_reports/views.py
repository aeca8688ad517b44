"""Pages of the coordinator: asking agencies about a death, and following what they were asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from cdop.agency_reports import asking, opening, queries
from cdop.agency_reports.forms import ContactForm, OtherAgencyForm, forms_for
from cdop.agency_reports.models import Request
from cdop.cases import contacts
from cdop.cases.models import Case
from cdop.cases.queries import edition_of
from cdop.cases.views import visible_case
from cdop.core import organisation_choice, organisations
from cdop.core.access import PersonRequest, page, posted
from cdop.core.organisations import Organisation
from cdop.core.rendering import mistakes
from cdop.core.roles import Permission

MANAGES = page(Permission.CASES_MANAGE)
PER_PAGE = 50


@MANAGES
def overview(request: PersonRequest) -> HttpResponse:
    """Who owes what, and how complete each agency's reports are."""
    now = timezone.now()
    owed = Paginator(queries.owed(request.user), PER_PAGE).get_page(request.GET.get("page"))
    rows = Request.objects.visible_to(request.user)
    context = {
        "owed": owed,
        "labels": queries.labels(owed),
        "mood": lambda row: queries.mood(row, now),
        "standing": lambda row: queries.standing(row, now),
        "agencies": queries.by_agency(request.user, now),
        "all": queries.complete(rows, now),
    }
    return render(request, "agency_reports/overview.jinja", context)


@MANAGES
def case_requests(request: PersonRequest, reference: str) -> HttpResponse:
    """Whom we asked about one death, and where each request stands."""
    case, now = visible_case(request, reference), timezone.now()
    rows = list(queries.of_case(case))
    context = {
        "case": case,
        "requests": rows,
        "labels": queries.labels(rows),
        "mood": lambda row: queries.mood(row, now),
        "standing": lambda row: queries.standing(row, now),
        "complete": queries.complete(queries.of_case(case), now),
        "not_asked": queries.not_asked(case),
        "blocked": asking.why_not_ask(case, request.user),
        "edition": edition_of(case),
    }
    return render(request, "agency_reports/case.jinja", context)


@MANAGES
def ask(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask all agencies that the notification named, each for the forms that the death calls for."""
    case = visible_case(request, reference, "data_key", "clocks")
    edition = edition_of(case)
    known = opening.known_of(case)
    to_ask = queries.not_asked(case)
    if not to_ask:
        return redirect("agency_reports:another", reference)
    forms = list(forms_for(edition, to_ask, known, posted(request)))
    if request.method == "POST":
        valid = [form.is_valid() for _, form in forms]
        lines = [(contact, form) for contact, form in forms if all(valid) and form.wanted]
        if lines:
            return _send(request, case, [form.line(contact) for contact, form in lines])
    knew = contacts.read(case, to_ask, by=request.user, purpose="ask agencies")
    context = {
        "case": case,
        "edition": edition,
        "rows": [
            (contacts.kind_label(edition, each.agency), each.who, form)
            for each, (_, form) in zip(knew, forms, strict=True)
        ],
        "problems": _problems([form for _, form in forms]),
        "blocked": asking.why_not_ask(case, request.user),
    }
    return render(request, "agency_reports/ask.jinja", context)


@MANAGES
def another(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask an agency that nobody named."""
    case = visible_case(request, reference, "data_key", "clocks")
    if organisation_choice.is_wanted(request):
        return organisation_choice.leave(request)
    form: OtherAgencyForm = organisation_choice.put_back(
        OtherAgencyForm(
            posted(request),
            edition=edition_of(case),
            known=opening.known_of(case),
            offered=organisations.choices(),
        ),
        request,
    )
    if form.is_valid():
        organisation_choice.forget(request)
        return _send(request, case, [form.line()])
    blocked = asking.why_not_ask(case, request.user)
    context = {"case": case, "form": form, "edition": edition_of(case), "blocked": blocked}
    return render(request, "agency_reports/another.jinja", context)


def _send(request: PersonRequest, case: Case, lines: list[asking.Line]) -> HttpResponse:
    made = asking.ask(case, lines, by=request.user)
    said = "1 agency is asked" if len(made) == 1 else f"{len(made)} agencies are asked"
    messages.info(request, f"{said}. Each gets a letter with a link of its own.")
    for row, line in zip(made, lines, strict=True):
        if asking.is_insecure(row.edition, line.email):
            messages.info(
                request,
                f"{row.organisation}: mail to this address may not be safe on its way. The letter "
                "names nobody; do not write about the child to it.",
            )
    return redirect("agency_reports:case", case.reference)


@MANAGES
def contact(request: PersonRequest, organisation: int) -> HttpResponse:
    """Whom to ask at an organisation, and with whom a missing report is raised."""
    there = get_object_or_404(Organisation, pk=organisation)
    kept = asking.known_contact(there)
    form = ContactForm(posted(request), initial=kept.people if kept else {})
    if form.is_valid():
        asking.remember(there, form.cleaned_data, by=request.user)
        messages.info(request, f"Kept for {there}.")
        return redirect("agency_reports:overview")
    context: dict[str, Any] = {"form": form, "organisation": there}
    return render(request, "agency_reports/contact.jinja", context)


def _problems(forms: list[Any]) -> list[dict[str, Any]]:
    """Every mistake of a page of several forms, for the list above the heading."""
    bound = [form for form in forms if form.is_bound]
    found = [each for form in bound for each in mistakes(form)]
    if bound and not found and not any(form.wanted for form in bound):
        return [{"text": "Choose at least one agency to ask"}]
    return found
