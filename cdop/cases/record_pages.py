"""How a page about one row of a case is answered: shown, refused, or stale with both sides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render

from cdop.cases.watching_forms import RecordForm
from cdop.core.comparing import VERSION, differences, renew
from cdop.core.refusals import Refused, Stale

if TYPE_CHECKING:
    from django.http import HttpResponse

    from cdop.cases.models import Case
    from cdop.core.access import PersonRequest

Now = Callable[[Any], Mapping[str, Any]]


def answer(
    request: PersonRequest,
    case: Case | None,
    form: RecordForm,
    act: Callable[..., Any],
    *,
    title: str,
    submit: str,
    done: str,
    back: str,
    now: Now | None = None,
    blocked: str = "",
    template: str = "cases/record_form.jinja",
    **context: Any,
) -> HttpResponse:
    """Show a form, or do what it says and go ``back``.

    case     whose name stands above the title; None with a ``caption`` of another thing
    act      takes what the form says by name; raises Refused
    now      gives of a row what stands beside each box, where somebody else changed it meanwhile
    blocked  why nothing can be sent, instead of the button
    """
    context |= {"case": case, "form": form, "title": title, "submit_label": submit, "back_to": back}
    context["blocked"] = blocked
    status = HTTPStatus.OK
    if form.is_valid():
        try:
            act(**form.said)
        except Stale as stale:
            status = stale.status
            context["stale"] = compared(form, stale, now)
        except Refused as refused:
            status = refused.status
            form.add_error(None, refused.reason)
        else:
            messages.info(request, done)
            return redirect(back)
    return render(request, template, context, status=status)


def compared(form: RecordForm, stale: Stale, now: Now | None) -> list[dict[str, str]]:
    """What was typed beside what is there now; the form is ready to be sent again over it."""
    there = {} if now is None else {k: v for k, v in now(stale.current).items() if k != VERSION}
    yours = {name: form.cleaned_data[name] for name in there if name in form.cleaned_data}
    there = {name: there[name] for name in yours}
    renew(form, stale, stale.current.version)
    return differences(form, form.in_words(yours), form.in_words(there))
