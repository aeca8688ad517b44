"""Keying in a notification that came by telephone, on paper or in person."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.core import comparing, documents, drafts, organisation_choice
from cdop.core.access import PersonRequest, page, posted, posted_number
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.refusals import Stale
from cdop.core.roles import Permission
from notifications import keyed, presenting, rules, unfinished
from notifications.intake import Route
from notifications.keyed import ARRIVAL, Keyed
from notifications.keyed_forms import ArrivalForm, FileForm
from notifications.models import Notification
from notifications.public_views import forget_blanks, typed_in
from notifications.unfinished import WHEN, Page, Typed, Unfinished

CHECK = "check"
AGAIN = "again"
SUBJECT = "subject"
KEYING_IN = "keying in what came"
FOR_TRIAGE = "triage"
TRIAGE = page(Permission.NOTIFICATIONS_TRIAGE)


@TRIAGE
def start(request: PersonRequest) -> HttpResponse:
    """How it came, when and who told us: the first page of a new notification."""
    if organisation_choice.is_wanted(request):
        # Not yet a notification that anybody means to finish: it is begun with its first page.
        return organisation_choice.leave(request)
    now = timezone.now()
    if request.method != "POST":
        form, subject = organisation_choice.put_back(ArrivalForm.just_now(now), request), uuid4()
    else:
        form, subject = ArrivalForm(request.POST, now=now), _subject(request.POST)
        if form.is_valid():
            draft = keyed.begin(request.user, subject, _typed(request.POST))
            organisation_choice.forget(request)
            return redirect("notifications:keyed_tasks", draft.pk)
    context = {"form": form, "subject": subject, "version": 0}
    return render(request, "notifications/keyed/arrival.jinja", context)


@TRIAGE
def tasks(request: PersonRequest, draft: UUID) -> HttpResponse:
    """What is asked, and how far it is; here a draft is taken up again."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    return render(request, "notifications/keyed/tasks.jinja", _standing(row))


@TRIAGE
def arrival(request: PersonRequest, draft: UUID) -> HttpResponse:
    """How it came, when and who told us, to be put right."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    if request.method == "POST":
        return _save_arrival(request, row)
    return _show_arrival(request, row, _arrival(request, row))


def _arrival(request: PersonRequest, draft: Draft) -> ArrivalForm:
    """The first page as it was typed; with an organisation that was added meanwhile chosen."""
    now, added = timezone.now(), request.GET.get(organisation_choice.CHOSEN)
    if added is None:
        return keyed.read(draft, now).arrival
    typed = dict(Unfinished.of(draft).typed)
    typed[ARRIVAL] = {**typed[ARRIVAL], **({"organisation": [added]} if added else {})}
    form = Keyed(typed, now).arrival
    forget_blanks(form)
    return form


def _add_organisation(draft: Draft) -> HttpResponse:
    return organisation_choice.go_and_add(reverse("notifications:keyed_arrival", args=[draft.pk]))


def _save_arrival(request: PersonRequest, draft: Draft) -> HttpResponse:
    typed = _typed(request.POST)
    try:
        saved = unfinished.save(draft, ARRIVAL, typed, version=posted_number(request, "version"))
    except Stale as stale:
        there = keyed.read(stale.current, timezone.now()).arrival
        mine = Keyed({**Unfinished.of(stale.current).typed, ARRIVAL: typed}, timezone.now()).arrival
        compared = comparing.windows(mine, there)
        return _show_arrival(request, stale.current, mine, status=409, compared=compared)
    if saved is None:
        return redirect("notifications:keyed_kept", draft.pk)
    if organisation_choice.is_wanted(request):
        return _add_organisation(saved)
    form = keyed.read(saved, timezone.now()).arrival
    if not form.is_valid():
        return _show_arrival(request, saved, form)
    keyed.say_where_they_work(saved)
    return redirect(f"notifications:keyed_{_back_to(request)}", draft.pk)


def _show_arrival(
    request: PersonRequest, draft: Draft, form: ArrivalForm, status: int = 200, **more: Any
) -> HttpResponse:
    version = Unfinished.of(draft).version(ARRIVAL)
    context = {"form": form, "draft": draft, "version": version, "came_from": _back_to(request)}
    return render(request, "notifications/keyed/arrival.jinja", context | more, status=status)


@TRIAGE
def questions(request: PersonRequest, draft: UUID, code: str) -> HttpResponse:
    """One page of the public form, answered for whoever told us."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    if request.method == "POST":
        return _save_page(request, row, code)
    here = keyed.read(row, timezone.now())
    if code in here.report.idle:
        return redirect("notifications:keyed_tasks", draft)
    if code != WHEN and not here.report.dated:
        return redirect("notifications:keyed_page", draft, WHEN)
    form = _page(here, code).form
    if AGAIN not in request.GET:
        forget_blanks(form)
    return _show_page(request, row, here, code)


def _save_page(request: PersonRequest, draft: Draft, code: str) -> HttpResponse:
    """Keep what was typed before anything else is done with it."""
    typed = _typed(request.POST)
    here = keyed.read(draft, timezone.now())
    if code not in here.report.idle:
        _page(here, code)
    try:
        saved = unfinished.save(draft, code, typed, version=posted_number(request, "version"))
    except Stale as stale:
        return _side_by_side(request, stale.current, code, typed)
    if saved is None:
        return redirect("notifications:keyed_kept", draft.pk)
    return _go_on(request, saved, code)


def _go_on(request: PersonRequest, draft: Draft, code: str) -> HttpResponse:
    """The next page that is missing, unless something on this one has to be put right first."""
    here = keyed.read(draft, timezone.now())
    if "later" in request.POST or code in here.report.idle:
        return redirect("notifications:keyed_tasks", draft.pk)
    if _page(here, code).form.errors:
        again = request.GET.copy()
        again[AGAIN] = "yes"
        return redirect(f"{request.path}?{again.urlencode()}")
    if _back_to(request) == CHECK and here.can_be_kept:
        return redirect("notifications:keyed_check", draft.pk)
    following = here.report.after(code) if code != WHEN else None
    if following:
        return redirect("notifications:keyed_page", draft.pk, following.code)
    return redirect("notifications:keyed_tasks", draft.pk)


def _side_by_side(request: PersonRequest, draft: Draft, code: str, typed: Typed) -> HttpResponse:
    """The page was saved in another window meanwhile: both versions, and the choice."""
    there = keyed.read(draft, timezone.now())
    if code in there.report.idle:
        return redirect("notifications:keyed_tasks", draft.pk)
    mine = Keyed({**Unfinished.of(draft).typed, code: typed}, timezone.now())
    compared = comparing.windows(_page(mine, code).form, _page(there, code).form)
    return _show_page(request, draft, mine, code, status=409, compared=compared)


def _show_page(
    request: PersonRequest, draft: Draft, here: Keyed, code: str, status: int = 200, **more: Any
) -> HttpResponse:
    shown = _page(here, code)
    context = {
        "draft": draft,
        "page": shown,
        "form": shown.form,
        "teller": here.teller,
        "version": Unfinished.of(draft).version(code),
        "came_from": _back_to(request),
    }
    return render(request, "notifications/keyed/questions.jinja", context | more, status=status)


@TRIAGE
def files(request: PersonRequest, draft: UUID) -> HttpResponse:
    """The letter, the message, the note of a call: what is attached, and one file more."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    chosen = request.FILES if request.method == "POST" else None
    form = FileForm(posted(request), chosen, by=request.user)
    if form.is_valid():
        if keyed.attach(row, form.cleaned_data["file"], by=request.user) is None:
            return redirect("notifications:keyed_kept", draft)
        messages.info(request, "The file is attached.")
        return redirect("notifications:keyed_files", draft)
    context = {"form": form, "draft": row, "files": documents.of(row.data_key)}
    return render(request, "notifications/keyed/files.jinja", context)


@TRIAGE
def draft_file(request: PersonRequest, draft: UUID, file: UUID) -> HttpResponse:
    """A file that is attached to what is being keyed in. Its reading is recorded."""
    row = _draft(request, draft)
    if row is None:
        raise Http404
    return documents.download(_file_of(row, file), by=request.user, purpose=KEYING_IN)


@TRIAGE
@require_POST
def remove(request: PersonRequest, draft: UUID, file: UUID) -> HttpResponse:
    """Take a file out again."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    keyed.take_out(row, _file_of(row, file), by=request.user)
    messages.info(request, "The file is removed.")
    return redirect("notifications:keyed_files", draft)


@TRIAGE
def check(request: PersonRequest, draft: UUID) -> HttpResponse:
    """Everything that was keyed in, to be read once more; from here it is kept."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    if request.method != "POST":
        return _show_check(request, row)
    try:
        version = posted_number(request, "version")
        sent = keyed.keep(row, version=version, now=timezone.now(), by=request.user)
    except Stale as stale:
        return _show_check(request, stale.current, status=409, stale=True)
    return redirect(f"notifications:keyed_{'kept' if sent else 'tasks'}", draft)


def _show_check(
    request: PersonRequest, draft: Draft, status: int = 200, **more: Any
) -> HttpResponse:
    standing = _standing(draft)
    here = standing["here"]
    if not here.can_be_kept:
        return redirect("notifications:keyed_tasks", draft.pk)
    report = here.report
    parts = [
        (each, presenting.rows(each.section, report.edition, report.answers, report.remarks))
        for each in report.pages.values()
    ]
    context = standing | {"parts": parts} | more
    return render(request, "notifications/keyed/check.jinja", context, status=status)


@TRIAGE
def kept(request: PersonRequest, draft: UUID) -> HttpResponse:
    """That it is kept, what to tell whoever told us, and where to go on."""
    rows = Notification.objects.visible_to(request.user).select_related("data_key")
    notification = get_object_or_404(rows, draft=draft, route=Route.KEYED)
    edition, answers = editions.get(notification.edition), notification.answers
    tell = rules.told_next(answers, edition, timezone.now())
    context = {"notification": notification, "tell": tell, "subject": uuid4()}
    return render(request, "notifications/keyed/kept.jinja", context)


@TRIAGE
@require_POST
def another(request: PersonRequest, draft: UUID) -> HttpResponse:
    """Begin a notification of a twin, brother or sister of whom the same person told us."""
    rows = Notification.objects.visible_to(request.user).select_related("data_key")
    notification = get_object_or_404(rows, draft=draft, route=Route.KEYED)
    twin = request.POST.get("who") == "twin"
    begun = keyed.begin_another(request.user, _subject(request.POST), notification, twin=twin)
    messages.info(request, "What the two share is copied, the files too. Check each page.")
    return redirect("notifications:keyed_tasks", begun.pk)


@TRIAGE
def discard(request: PersonRequest, draft: UUID) -> HttpResponse:
    """Delete what was keyed in so far, its files too."""
    row = _draft(request, draft)
    if row is None:
        return redirect("notifications:keyed_kept", draft)
    if request.method != "POST":
        return render(request, "notifications/keyed/discard.jinja", {"draft": row})
    drafts.discard(row)
    messages.info(request, "What you keyed in is deleted. No notification was kept.")
    return redirect("notifications:list")


@TRIAGE
def sent_file(request: PersonRequest, reference: str, document: UUID) -> HttpResponse:
    """A file that came with a notification. Its reading is recorded."""
    rows = Notification.objects.visible_to(request.user)
    notification = get_object_or_404(rows.select_related("data_key"), reference=reference)
    file = get_object_or_404(documents.of(notification.data_key), pk=document)
    return documents.download(file, by=request.user, purpose=FOR_TRIAGE)


def _draft(request: PersonRequest, key: UUID) -> Draft | None:
    """The draft, if this person holds it; None where it became a notification, else 404."""
    draft = keyed.draft_of(request.user, key)
    if draft is None and not Notification.objects.filter(draft=key, route=Route.KEYED).exists():
        raise Http404
    return draft


def _standing(draft: Draft) -> dict[str, Any]:
    here = keyed.read(draft, timezone.now())
    return {"draft": draft, "here": here, "files": documents.of(draft.data_key)}


def _file_of(draft: Draft, key: UUID) -> Document:
    return get_object_or_404(documents.of(draft.data_key), pk=key)


def _page(here: Keyed, code: str) -> Page:
    if code not in here.report.pages:
        raise Http404
    return here.report.pages[code]


def _typed(sent: QueryDict) -> Typed:
    """What stood in the boxes of a page."""
    left_out = (SUBJECT, organisation_choice.WANTED)
    return {name: values for name, values in typed_in(sent).items() if name not in left_out}


def _subject(sent: QueryDict) -> UUID:
    """What a new page was given to be known by again; another where somebody changed it."""
    try:
        return UUID(sent.get(SUBJECT, ""))
    except ValueError:
        return uuid4()


def _back_to(request: PersonRequest) -> str:
    """Where the page was opened from: the page that shows all answers, or the list."""
    return CHECK if request.GET.get("from") == CHECK else "tasks"
