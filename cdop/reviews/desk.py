"""One analysis form on its page: shown, kept unfinished, shown again with what is wrong.

A post that is not sent on is kept as a draft first, so that nothing that was typed can be lost.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from cdop.core.access import PersonRequest, posted_number
from cdop.core.drafts import Draft
from cdop.core.refusals import Stale
from cdop.panel import quorum
from cdop.panel.models import AgendaItem
from cdop.panel.paper_reading import looked_in
from cdop.reviews import actions, queries, rules, unfinished
from cdop.reviews.comparison import columns_of, rows
from cdop.reviews.forms import (
    MORE_LINES,
    MOST_LINES,
    AnalysisForm,
    Typed,
    compared,
    initial,
    lines_of,
    typed_in,
    typed_of,
)
from cdop.reviews.models import Finding

SEND, KEEP, MORE = "send", "keep", "more"


class Desk:
    """What one person writes about one case: a member's review or the panel's finding.

    draft    what they had begun, if anything
    blocked  why nothing can be sent now, or ""
    finding  what the panel recorded before, on the page of the finding
    """

    def __init__(
        self,
        request: PersonRequest,
        item: AgendaItem,
        kind: str,
        draft: Draft | None,
        *,
        blocked: str,
        finding: Finding | None = None,
    ) -> None:
        self.request, self.item, self.kind = request, item, kind
        self.draft, self.blocked, self.finding = draft, blocked, finding
        self.wants = request.POST.get("do", KEEP)
        self.lines = min(MOST_LINES, max(1, posted_number(request, "lines")))
        self.posted = self._form(self.lines, request.POST)
        self.typed = typed_in(request.POST, self.posted)

    def page(self, start: Typed) -> HttpResponse:
        """The form with what was begun, else with ``start``."""
        typed = unfinished.typed(self.draft) if self.draft else start
        lines = unfinished.lines(self.draft) if self.draft else 0
        return self._render(self._filled(typed, max(lines, lines_of(typed))))

    def keep(self) -> HttpResponse:
        """Keep what was typed, whole or not; then more lines, or back to the meeting."""
        more = MORE_LINES if self.wants == MORE else 0
        try:
            self._keep(min(MOST_LINES, self.lines + more))
        except Stale as stale:
            return self.stale(stale, unfinished.typed(stale.current))
        if self.blocked:
            return self._render(self._filled(self.typed, self.lines), HTTPStatus.CONFLICT)
        if more:
            return redirect(f"{self.request.path}#factor-{self.lines}")
        return self.kept()

    def kept(self) -> HttpResponse:
        """Where somebody goes after what they wrote was kept: back to the meeting."""
        messages.info(self.request, f"What you wrote about {self.item} is kept. It is not sent.")
        return redirect("panel:meeting", self.item.meeting_id)

    def again(self) -> HttpResponse:
        """The form with what is wrong beside each field; what was typed is kept as well."""
        try:
            kept = self._keep(self.lines)
        except Stale as stale:
            return self.stale(stale, unfinished.typed(stale.current))
        return self._render(self.posted, draft=kept)

    def stale(self, stale: Stale, now: Typed) -> HttpResponse:
        """What was typed, beside what was saved elsewhere meanwhile (409); both are kept."""
        form = self._filled(self.typed, max(self.lines, lines_of(now)))
        more: dict[str, Any] = {"stale": stale.reason}
        more["differences"] = compared(form, self.typed, now)
        if isinstance(stale.current, Draft):
            more["draft"] = stale.current
        else:
            more |= {"finding": stale.current, "draft": self._keep(self.lines)}
        return self._render(form, HTTPStatus.CONFLICT, **more)

    def _keep(self, lines: int) -> Draft:
        version = posted_number(self.request, "draft")
        return unfinished.keep(
            self.request.user, self.kind, self.item, self.typed, lines=lines, version=version
        )

    def _form(self, lines: int, data: Any = None) -> AnalysisForm:
        return AnalysisForm(
            data or None,
            edition=self.item.meeting.edition,
            lines=lines,
            must_be_whole=self.kind == unfinished.REVIEW,
            auto_id="%s",
        )

    def _filled(self, typed: Typed, lines: int) -> AnalysisForm:
        form = self._form(lines)
        form.initial = initial(form, typed)
        return form

    def _render(
        self, form: AnalysisForm, status: HTTPStatus = HTTPStatus.OK, **more: Any
    ) -> HttpResponse:
        shows_others = self.kind == unfinished.FINDING
        columns = columns_of(self.item, self.request.user) if shows_others else []
        context = {
            "item": self.item,
            "meeting": self.item.meeting,
            "read": looked_in(self.item, by=self.request.user, purpose=self.kind),
            "form": form,
            "blocked": self.blocked,
            "draft": self.draft,
            "finding": self.finding,
            "columns": columns,
            "rows": rows(columns),
        }
        return render(self.request, self.template, context | self.beside() | more, status=status)

    @property
    def template(self) -> str:
        return f"reviews/{self.kind}_form.jinja"

    def beside(self) -> dict[str, Any]:
        """What else the page shows."""
        return {}


class FindingDesk(Desk):
    """The panel's finding, written by whoever chairs over what was recorded before."""

    def __init__(self, request: PersonRequest, item: AgendaItem) -> None:
        self.latest = queries.latest_finding(item.case_id)
        anew = self.latest is not None and rules.is_anew(item, self.latest)
        super().__init__(
            request,
            item,
            unfinished.FINDING,
            unfinished.of(request.user, unfinished.FINDING, item),
            blocked=rules.why_not_lead(item, request.user)
            or rules.why_not_record(item, self.latest)
            or quorum.why_not_decide_on(item),
            finding=None if anew else self.latest,
        )

    def answer(self) -> HttpResponse:
        """The page, or what becomes of what was posted to it."""
        if self.request.method != "POST":
            return self.page(self._start())
        if self.blocked or self.wants != SEND:
            return self.keep()
        if not self.posted.is_valid():
            return self.again()
        version, by = posted_number(self.request, "version"), self.request.user
        try:
            actions.record_finding(self.item, self.posted.content, version=version, by=by)
        except Stale as stale:
            return self.stale(stale, typed_of(queries.content_of(stale.current.analysis_id)))
        messages.info(self.request, f"The finding on {self.item} is recorded.")
        return self.recorded()

    def recorded(self) -> HttpResponse:
        """Where somebody goes after the finding was recorded: to the finding."""
        return redirect("reviews:finding", self.item.meeting_id, self.item.serial)

    def _start(self) -> Typed:
        """What the chair begins with: what is recorded, else their own review."""
        own = queries.own_review(self.item, self.request.user)
        begun = self.latest or own
        return typed_of(queries.content_of(begun.analysis_id)) if begun else {}
