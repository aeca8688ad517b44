"""Pages of recommendations: the list, one with everything that followed, and its steps."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core import documents, steps
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.documents import Document
from cdop.core.roles import Permission
from cdop.learning import actions, evidence, later, progress, queries, sections
from cdop.learning.forms import ListForm, RecommendationForm
from cdop.learning.models import Recommendation
from cdop.learning.outcome_forms import AcceptForm, NoteForm, OutcomeForm, SupersedeForm
from cdop.learning.states import PointState, RecommendationState

READERS = page(
    Permission.RECOMMENDATIONS_MANAGE,
    Permission.RECOMMENDATIONS_READ,
    Permission.RECOMMENDATIONS_READ_AREA,
)
TEAM = page(Permission.RECOMMENDATIONS_MANAGE)
PER_PAGE = 30
S = RecommendationState


@READERS
def recommendation_list(request: PersonRequest) -> HttpResponse:
    """The recommendations that the person sees, each with its actions; to be filtered."""
    today = localdate()
    form = ListForm(request.GET, years=queries.years(request.user, today))
    chosen = form.cleaned_data if form.is_valid() else {}
    found = Paginator(queries.listed(request.user, chosen, today), PER_PAGE)
    shown = found.get_page(request.GET.get("page"))
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "parts": sections.for_user(request.user, "learning:list"),
        "form": form,
        "shown": shown,
        "lines": queries.lines(shown, today),
        "chosen": form.in_words,
        "query": f"{asked.urlencode()}&" if asked else "",
        "manages": request.user.can(Permission.RECOMMENDATIONS_MANAGE),
        "sees_year": not request.user.can(Permission.RECOMMENDATIONS_READ_AREA),
    }
    return render(request, "learning/list.jinja", context)


@TEAM
def new_recommendation(request: PersonRequest) -> HttpResponse:
    """Put down what the panel recommends."""
    form = RecommendationForm(posted(request), by=request.user, initial={VERSION: 0})

    def make(version: int, **said: Any) -> None:
        actions.make(by=request.user, **said)

    return answer(
        request,
        None,
        form,
        make,
        title="A new recommendation",
        submit="Keep this recommendation",
        done="The recommendation is kept.",
        back=reverse("learning:list"),
        caption="Recommendations",
    )


@TEAM
def recommendation_page(request: PersonRequest, recommendation: str) -> HttpResponse:
    """One recommendation with everything that followed: actions, letters, answers, history."""
    row = found(request, recommendation)
    today = localdate()
    [line] = queries.lines([row], today)
    files: dict[int, list[Document]] = {}
    for each in evidence.of(row):
        files.setdefault(each.point_id, []).append(each.document)
    context = {
        "row": row,
        "line": line,
        "files": files,
        "moods": queries.MOODS,
        "letters": row.letters.select_related("organisation", "approved_by", "written_by"),
        "responses": row.responses.select_related("organisation", "letter", "document__data_key"),
        "progress": row.progress.select_related("point", "kept_by"),
        "factor": later.factor_label(row.factor_edition, row.factor) if row.factor else "",
        "history": row.history.select_related("history_user"),
        "labels": dict(RecommendationState.choices),
        "steps": _steps(row),
        "today": today,
    }
    return render(request, "learning/recommendation.jinja", context)


def _steps(row: Recommendation) -> list[tuple[str, str]]:
    """What can be recorded of it now: the name of the page, and words for it."""
    possible = (
        (S.ACCEPTED, "accept", "It is accepted"),
        (S.DONE, "done", "It is done"),
        (S.DECLINED, "decline", "It is declined"),
        (S.SUPERSEDED, "supersede", "Something else takes its place"),
    )
    if not row.is_going_on:
        return []
    return [(name, words) for to, name, words in possible if not steps.state_forbids(row, to)]


@TEAM
def change_recommendation(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Put right what was recommended, or where it comes from."""
    row = found(request, recommendation)
    start = RecommendationForm.initial_of(row)
    return answer_about(
        request,
        row,
        RecommendationForm(posted(request), by=request.user, initial=start),
        partial(actions.change, row, by=request.user),
        title="Put right a recommendation",
        now=RecommendationForm.initial_of,
    )


@TEAM
def accept(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Those to whom it goes have accepted it."""
    row = found(request, recommendation)
    start = {"accepted_on": localdate()} | version_of(row)
    return answer_about(
        request,
        row,
        AcceptForm(posted(request), initial=start),
        partial(actions.accept, row, by=request.user),
        title="The recommendation is accepted",
        blocked=actions.why_not_accept(row),
    )


@TEAM
def decline(request: PersonRequest, recommendation: str) -> HttpResponse:
    """They will not do it, and why."""
    row = found(request, recommendation)
    return _outcome(request, row, S.DECLINED, actions.decline, "The recommendation is declined")


@TEAM
def done(request: PersonRequest, recommendation: str) -> HttpResponse:
    """It is done, and what shows that."""
    row = found(request, recommendation)
    return _outcome(request, row, S.DONE, actions.done, "The recommendation is done")


@TEAM
def supersede(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Another one, or something else, has taken its place."""
    row = found(request, recommendation)
    start = {"ended_on": localdate()} | version_of(row)
    form = SupersedeForm(
        posted(request), by=request.user, finding=row.finding, row=row, initial=start
    )
    return answer_about(
        request,
        row,
        form,
        partial(actions.supersede, row, by=request.user),
        title="Something else takes its place",
        blocked=steps.state_forbids(row, S.SUPERSEDED),
    )


@TEAM
@require_POST
def take_back(request: PersonRequest, recommendation: str) -> HttpResponse:
    """What was recorded last was wrong."""
    row = found(request, recommendation)
    row = actions.take_back(row, by=request.user, version=posted_version(request))
    messages.info(request, f"The recommendation is {row.state_label}.")
    return redirect("learning:recommendation", row.reference)


@TEAM
def note(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Write down what somebody has learned."""
    row = found(request, recommendation)
    start = {"on": localdate(), VERSION: 0}
    form = NoteForm(posted(request), by=request.user, finding=row.finding, row=row, initial=start)

    def keep(version: int, **said: Any) -> None:
        progress.note(row, by=request.user, **said)

    return answer_about(request, row, form, keep, title="A note on what happened")


@TEAM
def file(request: PersonRequest, recommendation: str, document: UUID) -> HttpResponse:
    """A file that came with an action or an answer. Its reading is recorded."""
    row = found(request, recommendation)
    there = get_object_or_404(documents.of(row.data_key), pk=document)
    return documents.download(there, by=request.user, purpose=evidence.PURPOSE)


@page(Permission.STATISTICS_INTERNAL)
def later_history(request: PersonRequest, recommendation: str) -> HttpResponse:
    """Whether the same factor appeared in deaths after something was done. It is recorded."""
    row = found(request, recommendation)
    on = later.done_on(row)
    context: dict[str, Any] = {"row": row, "done_on": on, "no_effect": later.NO_EFFECT}
    if row.factor and on:
        record("recommendation.later_read", row, by=request.user)
        context["factor"] = later.factor_label(row.factor_edition, row.factor)
        context["rows"] = later.since(row.factor_edition, row.factor, on)
    return render(request, "learning/later.jinja", context)


def found(request: PersonRequest, reference: str) -> Recommendation:
    """The recommendation with this reference, with what every page of it needs."""
    rows = Recommendation.objects.visible_to(request.user)
    related = ("data_key", "meeting", "finding__case", "superseded_by")
    row: Recommendation = get_object_or_404(rows.select_related(*related), reference=reference)
    return row


def _outcome(
    request: PersonRequest, row: Recommendation, to: RecommendationState, act: Any, title: str
) -> HttpResponse:
    start = {"ended_on": localdate()} | version_of(row)
    form = OutcomeForm(
        posted(request), by=request.user, finding=row.finding, done=to == S.DONE, initial=start
    )
    blocked = steps.state_forbids(row, to)
    if to == S.DONE and row.action_points.filter(state=PointState.OPEN).exists():
        blocked = actions.STILL_OPEN
    return answer_about(
        request, row, form, partial(act, row, by=request.user), title=title, blocked=blocked
    )


def answer_about(
    request: PersonRequest, row: Recommendation, form: Any, act: Any, *, title: str, **more: Any
) -> HttpResponse:
    """Answer a page about a recommendation or something of it; ``before`` is what it is about."""
    return answer(
        request,
        None,
        form,
        act,
        title=title,
        submit="Save",
        done="It is recorded.",
        back=reverse("learning:recommendation", args=[row.reference]),
        caption=f"Recommendation {row.reference}",
        **{"before": row.words} | more,
    )
