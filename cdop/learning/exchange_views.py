"""Pages of what panels share with each other: the list, its file, and what is recorded."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from cdop.cases.record_pages import answer
from cdop.core import delimited
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from cdop.learning import exchange as exchanges
from cdop.learning.exchange import Exchange
from cdop.learning.exchange_forms import ExchangeForm

READ = page(Permission.LEARNING_READ)
TEAM = page(Permission.LEARNING_MANAGE)
ON_A_PAGE = 50


@READ
def exchange_list(request: PersonRequest) -> HttpResponse:
    """What was shared, latest first."""
    rows = Exchange.objects.visible_to(request.user).select_related("panel", "theme")
    context = {
        "shown": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "manages": request.user.can(Permission.LEARNING_MANAGE),
    }
    return render(request, "learning/exchange.jinja", context)


@READ
def file(request: PersonRequest) -> HttpResponse:
    """The list as CSV. The download is recorded."""
    record("exchange.downloaded", "exchange with other panels", by=request.user)
    rows = Exchange.objects.visible_to(request.user)
    content = delimited.written(exchanges.HEAD, exchanges.lines(rows))
    return delimited.download("exchange-official-sensitive.csv", content)


@TEAM
def new_exchange(request: PersonRequest) -> HttpResponse:
    """Record that something was shared."""
    return _form(request, None, {VERSION: 0}, "Record what was shared", "Recorded.")


@TEAM
def edit_exchange(request: PersonRequest, exchange: int) -> HttpResponse:
    """Put right what was recorded."""
    rows = Exchange.objects.visible_to(request.user).select_related("panel", "theme")
    row: Exchange = get_object_or_404(rows, pk=exchange)
    return _form(request, row, ExchangeForm.initial_of(row), "Put this right", "Put right.")


def _form(
    request: PersonRequest, row: Exchange | None, start: dict[str, Any], title: str, done: str
) -> HttpResponse:
    return answer(
        request,
        None,
        ExchangeForm(posted(request), initial=start, by=request.user, kept=row),
        partial(exchanges.save, row, by=request.user),
        title=title,
        submit="Save",
        done=done,
        back=reverse("themes:exchange"),
        now=ExchangeForm.initial_of,
        caption="Exchange with other panels",
    )
