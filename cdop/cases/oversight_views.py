"""The information governance lead's pages: who read what, by person and by case."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from cdop.cases import opening_at_once, oversight
from cdop.cases.forms import ReferenceField
from cdop.cases.models import Case
from cdop.core import delimited
from cdop.core.access import PersonRequest, asked_for, page, posted
from cdop.core.audit import record
from cdop.core.fields import PeriodField, QuestionForm
from cdop.core.periods import Period
from cdop.core.roles import ROLES, Permission, Role
from cdop.core.users import User

OVERSIGHT = page(Permission.AUDIT_READ)
PER_PAGE = 100
HEAD = (
    "Name",
    "Readings",
    "Cases",
    "Searches",
    "Downloads",
    "Outside working hours",
    "Most cases in a day",
    "To look at",
    "Months",
)


class MonthsForm(forms.Form):
    period = PeriodField()


class FindForm(QuestionForm):
    """Which case, by its reference."""

    reference = ReferenceField()

    def clean_reference(self) -> str:
        typed: str = self.cleaned_data["reference"]
        if not Case.objects.filter(reference=typed).exists():
            raise forms.ValidationError("There is no case of this reference. Check it.")
        return typed


@OVERSIGHT
def overview(request: PersonRequest) -> HttpResponse:
    """Who read what in some months; and the way to one case."""
    find = FindForm(posted(request))
    if find.is_valid():
        return redirect("cases:seen_by", find.cleaned_data["reference"])
    asked, _ = asked_for(request, {"period": str(Period.quarter_of(localdate()))})
    form = MonthsForm(asked)
    period = form.cleaned_data["period"] if form.is_valid() else None
    if period:
        record("audit.readings_read", f"readings of {period}", by=request.user, purpose="oversight")
    context = {
        "find": find,
        "form": find if find.errors else form,
        "months": form,
        "period": period,
        "opened": opening_at_once.lately(),
        "readers": oversight.by_person(period) if period else [],
    }
    return render(request, "cases/oversight/overview.jinja", context)


@OVERSIGHT
def overview_file(request: PersonRequest) -> HttpResponse:
    """The same as a CSV file: the report of a quarter."""
    form = MonthsForm(request.GET)
    if not form.is_valid():
        return redirect("cases:oversight")
    period = form.cleaned_data["period"]
    record("audit.readings_downloaded", f"readings of {period}", by=request.user)
    rows = [
        (
            each.name,
            each.readings,
            each.cases,
            each.searches,
            each.downloads,
            each.out_of_hours,
            each.most_in_a_day,
            ". ".join(each.remarks),
            str(period),
        )
        for each in oversight.by_person(period)
    ]
    return delimited.download(f"who-read-what-{period}.csv".lower(), delimited.written(HEAD, rows))


@OVERSIGHT
def of_person(request: PersonRequest, person: int) -> HttpResponse:
    """What one person read in some months."""
    user = get_object_or_404(User, pk=person)
    form = MonthsForm(asked_for(request, {"period": str(Period.quarter_of(localdate()))})[0])
    if not form.is_valid():
        return redirect("cases:oversight")
    period = form.cleaned_data["period"]
    record("audit.readings_read", user, by=request.user, purpose="oversight")
    entries = oversight.of_person(user, period)
    shown = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    cases = Case.objects.filter(pk__in={each.case_number for each in shown if each.case_number})
    context = {
        "person": user,
        "period": period,
        "entries": shown,
        "references": dict(cases.values_list("pk", "reference")),
    }
    return render(request, "cases/oversight/person.jinja", context)


@OVERSIGHT
def seen_by(request: PersonRequest, reference: str) -> HttpResponse:
    """Who has seen the record of one case."""
    case = get_object_or_404(Case, reference=reference)
    record("audit.readings_read", case, by=request.user, purpose="oversight")
    shown = Paginator(oversight.of_case(case), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "reference": case.reference,
        "seen": oversight.seen_by(case),
        "roles": {role.value: ROLES[role].label for role in Role},
        "entries": shown,
    }
    return render(request, "cases/oversight/case.jinja", context)
