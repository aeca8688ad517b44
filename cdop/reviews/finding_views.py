"""Pages beside a finding: its versions, what the gate asks, queries to the national database."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases.record_pages import answer
from cdop.core.access import PersonRequest, page, posted
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from cdop.panel.models import AgendaItem
from cdop.reviews import gate, preparing, queries
from cdop.reviews.answer_forms import AnsweredForm, ExplainForm, QueryForm
from cdop.reviews.comparison import found_by_panel, rows
from cdop.reviews.models import Finding
from cdop.reviews.places import item_of

P = Permission
KEEPERS = page(P.FINDINGS_RECORD, P.MEETINGS_ARRANGE)


@page(P.PACKS_READ, P.MEETINGS_ARRANGE)
def version(request: PersonRequest, number: int, serial: str, which: int) -> HttpResponse:
    """One version of the finding as it was signed off or recorded."""
    item = item_of(request, number, serial)
    found = queries.finding_of(item, which, request.user)
    if not found:
        raise Http404
    record("finding.read", item, by=request.user, purpose=f"version {which}")
    context = {
        "item": item,
        "meeting": item.meeting,
        "finding": found,
        "rows": rows([found_by_panel(found)]),
    }
    return render(request, "reviews/version.jinja", context)


@KEEPERS
def explain(request: PersonRequest, number: int, serial: str, place: int) -> HttpResponse:
    """Why one point of the gate stays as it is."""
    item, found = _found(request, number, serial)
    points = gate.points(found, queries.content_of(found.analysis_id))
    if not 1 <= place <= len(points):
        raise Http404
    point = points[place - 1]
    start = {"point": f"{point.code}|{point.about}", "words": point.why, VERSION: found.version}
    return answer(
        request,
        None,
        ExplainForm(posted(request), initial=start),
        partial(gate.explain, found, by=request.user),
        title="Explain what stays open",
        submit="Keep this explanation",
        done="The explanation is kept with the finding.",
        back=_finding(item),
        caption=f"Finding on {item}",
        before=point.sentence,
        blocked="This has to be answered in the finding." if point.firm else "",
    )


@KEEPERS
def ask(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """A query to the national database, or from it."""
    item, found = _found(request, number, serial)
    return answer(
        request,
        None,
        QueryForm(posted(request), initial={"asked_on": localdate(), VERSION: 0}),
        partial(preparing.ask, found, by=request.user),
        title="A query to the national database",
        submit="Keep this query",
        done="The query is kept.",
        back=_finding(item),
        caption=f"Finding on {item}",
    )


@KEEPERS
def answered(request: PersonRequest, number: int, serial: str, query: int) -> HttpResponse:
    """The answer to a query."""
    item, _ = _found(request, number, serial)
    row = get_object_or_404(
        queries.national_queries(item, request.user).select_related("finding__item__meeting"),
        pk=query,
    )
    start: dict[str, Any] = AnsweredForm.initial_of(row)
    return answer(
        request,
        None,
        AnsweredForm(posted(request), initial=start, row=row),
        partial(preparing.answer, row, by=request.user),
        title="The answer to a query",
        submit="Keep this answer",
        done="The answer is kept.",
        back=_finding(item),
        now=AnsweredForm.initial_of,
        caption=f"Finding on {item}",
        before=row.words,
    )


def _found(request: PersonRequest, number: int, serial: str) -> tuple[AgendaItem, Finding]:
    item = item_of(request, number, serial)
    found = queries.finding_at(item, request.user)
    if not found:
        raise Http404
    return item, found


def _finding(item: AgendaItem) -> str:
    return reverse("reviews:finding", args=[item.meeting_id, item.serial])
