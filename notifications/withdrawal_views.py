"""Withdrawing a case that rests on something untrue, and taking one up again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cdop.cases.models import Case
from cdop.core.access import PersonRequest, page, posted
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from notifications import undoing
from notifications.forms import DecisionForm, UndoForm, WithdrawForm
from notifications.views import decided, status_of

CASES = page(Permission.CASES_MANAGE)


@CASES
def withdraw(request: PersonRequest, reference: str) -> HttpResponse:
    """A case rests on a mistake, a hoax or worse."""
    case = _visible(request, reference)
    form = WithdrawForm(posted(request), initial={VERSION: case.version})
    if decided(form, undoing.withdraw, case, request.user):
        messages.info(request, f"Case {case} is withdrawn. It is kept, and counted nowhere.")
        return redirect("cases:case", reference)
    return _case_page(request, "notifications/withdraw.jinja", case, form)


@CASES
def take_up(request: PersonRequest, reference: str) -> HttpResponse:
    """A withdrawn case was one after all."""
    case = _visible(request, reference)
    form = UndoForm(posted(request), initial={VERSION: case.version})
    form.fields["reason"].label = "Why is the case taken up again?"
    if decided(form, undoing.take_up, case, request.user):
        messages.info(
            request,
            "The case is taken up again. It is counted nowhere yet: now decide whether this panel "
            "reviews the death.",
        )
        return redirect("cases:change_scope", reference)
    blocked = undoing.why_not_take_up(case)
    return _case_page(request, "notifications/take_up.jinja", case, form, blocked)


def _visible(request: PersonRequest, reference: str) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user), reference=reference)


def _case_page(
    request: PersonRequest, template: str, case: Case, form: DecisionForm, blocked: str = ""
) -> HttpResponse:
    context = {"case": case, "form": form, "blocked": blocked}
    return render(request, template, context, status=status_of(form))
