"""The public form: for everybody, without an account, on any device, at any hour."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache

from cdop import editions
from cdop.core import comparing, drafts, strangers
from cdop.core.access import for_everybody, posted_number
from cdop.core.audit import act
from cdop.core.drafts import Draft
from cdop.core.organisations import closed_days
from cdop.core.refusals import Stale
from cdop.editions.schema import Edition
from notifications import (
    crowding,
    intake,
    presenting,
    queries,
    rules,
    siblings,
    unfinished,
)
from notifications.crowding import Level
from notifications.forms import WhoForm
from notifications.holding import REPORT
from notifications.intake import DRAFT_KIND, NOTIFIER, Route
from notifications.models import Notification
from notifications.unfinished import WHEN, Report, Typed, Unfinished

CHECK = "check"
AGAIN = "again"
"""In the address of a page that is shown again because something on it has to be put right."""


@for_everybody
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Who is here: a professional goes on to the form, a family to people who can help."""
    draft = REPORT.draft_of(request)
    if request.method == "POST":
        return _let_in(WhoForm(request.POST), draft)
    form = WhoForm({} if AGAIN in request.GET else None)
    context = {"form": form, "draft": draft, "lost": draft is None and REPORT.lost(request)}
    return render(request, "report/start.jinja", context)


def _let_in(form: WhoForm, draft: Draft | None) -> HttpResponse:
    if not form.is_valid():
        return redirect(f"{reverse('report:start')}?{AGAIN}=yes")
    if form.cleaned_data["professional"] == "no":
        return redirect("report:family")
    return redirect("report:tasks") if draft else redirect("report:questions", WHEN)


@for_everybody
def family(request: HttpRequest) -> HttpResponse:
    """For a family: whom to ring, and what happens. No form."""
    return render(request, "report/family.jinja")


@for_everybody
@never_cache
def tasks(request: HttpRequest) -> HttpResponse:
    """The list of what is asked, and how far it is."""
    draft = REPORT.draft_of(request)
    if draft is None:
        return redirect("report:start")
    report = unfinished.read(draft, timezone.now())
    if not report.dated:
        return redirect("report:questions", WHEN)
    return render(request, "report/tasks.jinja", {"report": report, "draft": draft})


@for_everybody
@never_cache
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """One page of questions. What is typed is kept before anything else is done with it."""
    if request.method == "POST":
        return _keep(request, code)
    draft = REPORT.draft_of(request)
    report = unfinished.read(draft, timezone.now())
    if code != WHEN and not report.dated:
        return redirect("report:questions", WHEN)
    if code in report.idle:
        return redirect("report:tasks")
    if AGAIN not in request.GET:
        forget_blanks(_page(report, code).form)
    return _show(request, code, report, draft)


def _keep(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what was typed on a page, then go on, or show what is wrong with it."""
    if why := strangers.too_much(request.POST):
        context = {"reason": why, "title": "This is too much for one page"}
        return render(request, "errors/413.jinja", context, status=413)
    typed = typed_in(request.POST)
    draft = REPORT.draft_of(request)
    if draft is None:
        return _without_draft(request, code, typed)
    report = unfinished.read(draft, timezone.now())
    if code not in report.idle:
        _page(report, code)
    try:
        saved = unfinished.save(draft, code, typed, version=posted_number(request, "version"))
    except Stale as stale:
        return REPORT.hold_on(_side_by_side(request, code, typed, stale.current), request)
    if saved is None:
        return _without_draft(request, code, typed)
    return REPORT.hold_on(_go_on(request, code, saved), request)


def _go_on(request: HttpRequest, code: str, draft: Draft) -> HttpResponse:
    """The next page, unless something on this one has to be put right first.

    Always by a redirect: what was typed is in the draft, so no browser ever asks whether to send
    a page once more.
    """
    report = unfinished.read(draft, timezone.now())
    if code in report.idle:
        return redirect("report:tasks")
    page = _page(report, code)
    if "later" in request.POST:
        return redirect("report:later" if report.dated else "report:start")
    if page.form.errors:
        return redirect(_again(request))
    if code == WHEN and request.GET.get("from") != CHECK:
        return redirect("report:tasks")
    if following := report.after(code):
        return redirect("report:questions", following.code)
    ready = not report.missing and (page.required or request.GET.get("from") == CHECK)
    return redirect("report:check" if ready else "report:tasks")


def _without_draft(request: HttpRequest, code: str, typed: Typed) -> HttpResponse:
    """Somebody types on a page whose draft is gone: it was sent, or its time is over."""
    another = code == WHEN and posted_number(request, "version") == 0
    if not another and (notification := REPORT.sent_from(request)):
        return _sent_already(request, code, typed, notification)
    if not another and REPORT.lost(request):
        return _taken_over(request, code, typed)
    report = Report({code: typed}, timezone.now())
    _page(report, code)
    crowd = crowding.level(crowding.BEGINNING, request)
    if crowd == Level.FLOODED:
        return _show(request, code, report, None, status=429, flooded=True)
    here = Unfinished(hurried=crowd == Level.BUSY).with_page(code, typed)
    draft, token = drafts.begin(DRAFT_KIND, here.payload())
    if code == WHEN:
        return REPORT.hold(_go_on(request, code, draft), draft, token)
    messages.info(
        request,
        "What you typed on the last page is kept. The pages before it are not here any more: "
        "please give the date of death again.",
    )
    return REPORT.hold(redirect("report:questions", WHEN), draft, token)


def _sent_already(
    request: HttpRequest, code: str, typed: Typed, notification: Notification
) -> HttpResponse:
    """Sent from another window meanwhile: say so, and show what was not part of it."""
    rows = _typed_rows(code, typed, editions.get(notification.edition))
    context = {"notification": notification, "rows": rows}
    return render(request, "report/sent_already.jinja", context, status=409)


def _taken_over(request: HttpRequest, code: str, typed: Typed) -> HttpResponse:
    """Opened by a link on another device meanwhile: it goes on there, and not in two places."""
    rows = _typed_rows(code, typed, editions.in_force(localdate()))
    return render(request, "report/taken_over.jinja", {"rows": rows}, status=409)


def _typed_rows(code: str, typed: Typed, edition: Edition) -> list[presenting.Row]:
    form = unfinished.form_of(code, typed, edition)
    return presenting.typed(form) if form else []


def _side_by_side(request: HttpRequest, code: str, typed: Typed, draft: Draft) -> HttpResponse:
    """The page was saved in another window meanwhile: both versions, and the choice."""
    now = timezone.now()
    there = Unfinished.of(draft)
    if code not in Report(there.typed, now).pages:
        return redirect("report:tasks")
    report, mine = Report(there.typed, now), Report({**there.typed, code: typed}, now)
    context = {"compared": comparing.windows(_page(mine, code).form, _page(report, code).form)}
    return _show(request, code, mine, draft, status=409, **context)


def _show(
    request: HttpRequest,
    code: str,
    report: Report,
    draft: Draft | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = _page(report, code)
    context = {
        "page": page,
        "form": page.form,
        "report": report,
        "version": Unfinished.of(draft).version(code) if draft else 0,
        "from_check": request.GET.get("from") == CHECK,
    }
    return render(request, "report/questions.jinja", context | more, status=status)


@for_everybody
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Everything that will be sent, to be read once more; from here it is sent."""
    if request.method == "POST":
        return _send(request)
    draft = REPORT.draft_of(request)
    return _show_check(request, draft) if draft else _nothing_held(request)


def _nothing_held(request: HttpRequest) -> HttpResponse:
    return redirect("report:sent" if REPORT.sent_from(request) else "report:start")


def _show_check(request: HttpRequest, draft: Draft, status: int = 200, **more: Any) -> HttpResponse:
    report = unfinished.read(draft, timezone.now())
    if report.missing:
        return redirect("report:tasks")
    parts = [
        (page, presenting.rows(page.section, report.edition, report.answers, report.remarks))
        for page in report.pages.values()
    ]
    context = {"report": report, "parts": parts, "draft": draft}
    return render(request, "report/check.jinja", context | more, status=status)


def _send(request: HttpRequest) -> HttpResponse:
    """Send what was shown. A second press of the button finds it sent, and shows the same page."""
    with act():
        # Within the act, to spare a commit of its own: nothing below is refused by an exception.
        crowd = crowding.level(crowding.SENDING, request)
        draft = REPORT.draft_of(request, lock=True)
        if draft is None:
            return _nothing_held(request)
        here = Unfinished.of(draft)
        if wait := crowding.why_wait(crowd, draft, hurried=here.hurried):
            return _show_check(request, draft, status=429, wait=wait)
        if draft.version != posted_number(request, "version"):
            return _show_check(request, draft, status=409, stale=True)
        report = Report(here.typed, timezone.now())
        if report.missing:
            return redirect("report:tasks")
        intake.receive(
            report.answers,
            edition=report.edition,
            route=Route.WEB,
            together=UUID(here.together) if here.together else None,
            draft=draft,
            by=NOTIFIER,
        )
    return redirect("report:sent")


@for_everybody
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """That it arrived, under which reference, and whom else to tell."""
    notification = REPORT.sent_from(request)
    if notification is None:
        return redirect("report:start")
    edition = editions.get(notification.edition)
    answers = notification.answers
    context = {
        "notification": notification,
        "edition": edition,
        "tell": rules.told_next(answers, edition, timezone.now()),
        "unsure": answers.get("expectedness") != "unexpected",
        "asked_by": queries.triage_due(notification, closed_days()),
    }
    return render(request, "report/sent.jinja", context)


@for_everybody
@never_cache
def another(request: HttpRequest) -> HttpResponse:
    """Begin a notification of a twin, brother or sister with what both have in common."""
    notification = REPORT.sent_from(request)
    if notification is None:
        return redirect("report:start")
    if request.method != "POST":
        return redirect("report:sent")
    crowd = crowding.level(crowding.BEGINNING, request)
    if crowd == Level.FLOODED:
        return render(request, "report/flooded.jinja", status=429)
    with act():
        twin = request.POST.get("who") == "twin"
        here = siblings.begun_from(notification, twin=twin, by=NOTIFIER)
        here = replace(here, hurried=crowd == Level.BUSY)
        draft, token = drafts.begin(DRAFT_KIND, here.payload())
    return REPORT.hold(redirect("report:questions", WHEN), draft, token)


@for_everybody
@never_cache
def discard(request: HttpRequest) -> HttpResponse:
    """Delete what was typed so far, for good."""
    draft = REPORT.draft_of(request)
    if draft is None:
        return redirect("report:start")
    if request.method != "POST":
        return render(request, "report/discard.jinja", {"draft": draft})
    drafts.discard(draft)
    messages.info(request, "What you typed is deleted. Nothing was sent.")
    return REPORT.let_go(redirect("report:start"))


NOT_TYPED = ("csrfmiddlewaretoken", "version", "later")


def typed_in(posted: QueryDict) -> dict[str, list[str]]:
    """What stood in the boxes of a page."""
    return {name: values for name, values in posted.lists() if name not in NOT_TYPED}


def forget_blanks(form: Any) -> None:
    """Do not scold for what was left for later, when the page is opened again."""
    for name, mistakes in list(form.errors.as_data().items()):
        if all(mistake.code == "required" for mistake in mistakes):
            del form.errors[name]


def _again(request: HttpRequest) -> str:
    """The address of the page that was sent, which then says what has to be put right."""
    query = request.GET.copy()
    query[AGAIN] = "yes"
    return f"{request.path}?{query.urlencode()}"


def _page(report: Report, code: str) -> unfinished.Page:
    """The page with this code, or 404."""
    if code not in report.pages:
        raise Http404
    return report.pages[code]
