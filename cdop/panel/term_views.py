"""Pages of terms of office: who sits on the panel, from when to when, and who covers for whom."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases.record_pages import answer
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION
from cdop.core.organisations import Organisation
from cdop.core.roles import Permission
from cdop.panel import queries, terms
from cdop.panel.record_forms import CoverForm, TermForm
from cdop.panel.terms import Cover, Term

TEAM = page(Permission.MEETINGS_ARRANGE)


@TEAM
def term_list(request: PersonRequest) -> HttpResponse:
    """Everybody who sits or sat on the panel, by seat; those who sit there now first."""
    edition = editions.in_force(localdate())
    context = {
        "terms": terms.terms(request.user),
        "labels": {seat.code: seat.label for seat in edition.core_membership},
        "today": localdate(),
    }
    return render(request, "panel/terms.jinja", context)


@TEAM
def new_term(request: PersonRequest) -> HttpResponse:
    """Record that somebody sits on a seat."""
    return _term_page(request, None, {VERSION: 0}, "A new term of office", "The term is recorded.")


@TEAM
def one_term(request: PersonRequest, term: int) -> HttpResponse:
    """Change a term, or end it."""
    row = _term(request, term)
    start = TermForm.initial_of(row)
    return _term_page(request, row, start, "Change a term of office", "The term is changed.")


@TEAM
def new_cover(request: PersonRequest, term: int) -> HttpResponse:
    """Plan who takes the holder's place for some days."""
    row = _term(request, term)
    return answer(
        request,
        None,
        CoverForm(posted(request), people=_people(), initial={VERSION: row.version}),
        partial(terms.plan_cover, row, by=request.user),
        title=f"Cover for {row.user}",
        submit="Save",
        done="The cover is planned.",
        back=reverse("panel:terms"),
        caption="Terms of office",
    )


@TEAM
def one_cover(request: PersonRequest, term: int, cover: int) -> HttpResponse:
    """Change a planned cover."""
    row = _term(request, term)
    found = get_object_or_404(Cover.objects.select_related("user"), pk=cover, term=row)
    start = CoverForm.initial_of(found)
    return answer(
        request,
        None,
        CoverForm(posted(request), people=_people(), initial=start),
        partial(terms.change_cover, found, by=request.user),
        title=f"Cover for {row.user}",
        submit="Save",
        done="The cover is changed.",
        back=reverse("panel:terms"),
        now=CoverForm.initial_of,
        caption="Terms of office",
    )


def _term_page(
    request: PersonRequest, row: Term | None, start: dict[str, Any], title: str, done: str
) -> HttpResponse:
    kept = Organisation.objects.filter(pk__in=[row.organisation_id] if row else [])
    form = TermForm(
        posted(request),
        edition=editions.in_force(localdate()),
        people=_people(),
        organisations=(Organisation.objects.in_use() | kept).order_by("name", "pk"),
        initial=start,
    )
    return answer(
        request,
        None,
        form,
        partial(terms.save, row, by=request.user),
        title=title,
        submit="Save",
        done=done,
        back=reverse("panel:terms"),
        now=TermForm.initial_of,
        caption="Terms of office",
    )


def _people() -> Any:
    return queries.invitable(localdate()).order_by("name", "pk")


def _term(request: PersonRequest, key: int) -> Term:
    rows = Term.objects.visible_to(request.user).select_related("user", "organisation")
    found: Term = get_object_or_404(rows, pk=key)
    return found
