"""One analysis form on its page: shown, kept unfinished, shown again with what is wrong.

A post that is not sent on is kept as a draft first, so that nothing that was typed can be lost.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

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
from cdop.reviews.comparison import answers_by_question, columns_of, rows
from cdop.reviews.finding_models import PreparedFinding
from cdop.reviews.forms import (
    MORE_LINES,
    MOST_LINES,
    AnalysisForm,
    FindingForm,
    Typed,
    compared,
    lines_of,
    typed_in,
    typed_of,
)
from cdop.reviews.models import Finding
from cdop.reviews.queries import draft_readings, names_at

SEND, KEEP, MORE = "send", "keep", "more"


class Desk:
    """What one person writes about one case: a member's review or the panel's finding.

    draft    what they had begun, if anything
    blocked  why nothing can be sent now, or ""
    finding  what was recorded before: by the panel, or by the team on the page of its draft
    must_say_why  whether the finding was signed off, and this is another version of it
    """

    def __init__(
        self,
        request: PersonRequest,
        item: AgendaItem,
        kind: str,
        draft: Draft | None,
        *,
        blocked: str,
        finding: Finding | PreparedFinding | None = None,
        must_say_why: bool = False,
    ) -> None:
        self.request, self.item, self.kind = request, item, kind
        self.draft, self.blocked, self.finding = draft, blocked, finding
        self.must_say_why = must_say_why
        self.more: dict[str, Any] = {}
        self.people = names_at(item) if kind == unfinished.FINDING else []
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

    def _form(self, lines: int, data: Any = None, typed: Typed | None = None) -> AnalysisForm:
        said: dict[str, Any] = {
            "edition": self.item.meeting.edition,
            "lines": lines,
            "must_be_whole": self.kind == unfinished.REVIEW,
            "typed": typed,
            "auto_id": "%s",
        }
        if self.kind != unfinished.FINDING:
            return AnalysisForm(data or None, **said)
        said |= {"people": self.people, "must_say_why": self.must_say_why}
        return FindingForm(data or None, **said)

    def _filled(self, typed: Typed, lines: int) -> AnalysisForm:
        return self._form(lines, typed=typed)

    def _render(
        self, form: AnalysisForm, status: HTTPStatus = HTTPStatus.OK, **more: Any
    ) -> HttpResponse:
        shows_others = self.kind == unfinished.FINDING
        columns = columns_of(self.item, self.request.user) if shows_others else []
        answered = draft_readings(self.item, self.request.user) if shows_others else []
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
            "answered": answers_by_question(answered, columns),
        }
        context |= self.more | self.beside() | more
        return render(self.request, self.template, context, status=status)

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
        standing = None if anew else self.latest
        amends = standing is not None and rules.amends(item, standing)
        super().__init__(
            request,
            item,
            unfinished.FINDING,
            unfinished.of(request.user, unfinished.FINDING, item),
            blocked=rules.why_not_lead(item, request.user)
            or rules.why_not_record(item, self.latest)
            or ("" if amends else quorum.why_not_decide_on(item)),
            finding=standing,
            must_say_why=amends,
        )

    def answer(self) -> HttpResponse:
        """The page, or what becomes of what was posted to it."""
        if self.request.method != "POST":
            return self.page(self._start())
        if self.blocked or self.wants != SEND:
            return self.keep()
        if not self.posted.is_valid():
            return self.again()
        form = cast(FindingForm, self.posted)
        said: dict[str, Any] = {"outcome": form.outcome, "why": form.why, "by": self.request.user}
        version = posted_number(self.request, "version")
        try:
            actions.record_finding(self.item, form.content, version=version, **said)
        except Stale as stale:
            return self.stale(stale, _typed_of(stale.current))
        messages.info(self.request, f"The finding on {self.item} is recorded.")
        return self.recorded()

    def recorded(self) -> HttpResponse:
        """Where somebody goes after the finding was recorded: to the finding."""
        return redirect("reviews:finding", self.item.meeting_id, self.item.serial)

    def _start(self) -> Typed:
        """What the chair begins with: what is recorded, else prepared, else their own review."""
        if self.latest:
            return _typed_of(self.latest)
        begun = queries.prepared(self.item, self.request.user) or queries.own_review(
            self.item, self.request.user
        )
        return typed_of(queries.content_of(begun.analysis_id)) if begun else {}


def _typed_of(finding: Finding) -> Typed:
    typed = typed_of(queries.content_of(finding.analysis_id), rules.outcome_of(finding))
    return typed | ({"why": [finding.why_changed]} if finding.why_changed else {})
