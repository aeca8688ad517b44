"""Pages of the papers: read on screen and as a PDF; prepared, settled and released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.comparing import renew, side_by_side
from cdop.core.refusals import Stale
from cdop.core.roles import Permission
from cdop.panel import paper_actions, paper_rules, queries
from cdop.panel.marking import Piece, pieces
from cdop.panel.models import AgendaItem
from cdop.panel.paper_forms import KEEP, PartForm, PlaceForm
from cdop.panel.paper_models import Paper, PaperDraft, PaperSection, PlaceFound
from cdop.panel.paper_pdf import papers_pdf
from cdop.panel.paper_reading import opened, parts_of
from cdop.panel.scan import ADVICE

P = Permission
PREPARING = "to prepare the papers"
AROUND = 160
"""Characters of the text that are shown on each side of a place."""


@dataclass(frozen=True)
class Part:
    """One part of a draft with its places marked."""

    section: PaperSection
    pieces: list[Piece]

    @property
    def undecided(self) -> int:
        return sum(piece.place is not None and not piece.kept for piece in self.pieces)


@page(P.MEETINGS_ARRANGE, P.PACKS_READ)
def pack(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The released papers of one case, with what is new since they were last opened."""
    item = _item(request, number, serial)
    read = opened(item, by=request.user, purpose="panel meeting")
    arranges = request.user.can(P.MEETINGS_ARRANGE)
    context = {"item": item, "meeting": item.meeting, "read": read, "arranges": arranges}
    return render(request, "panel/pack.jinja", context)


@page(P.MEETINGS_ARRANGE, P.PACKS_READ)
def pack_pdf(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The same as a PDF with the reader's name and the time on every page."""
    item = _item(request, number, serial)
    read = opened(item, by=request.user, purpose="panel meeting, as a PDF")
    if not read.versions:
        raise Http404
    headers = {
        "Content-Disposition": f'inline; filename="papers-{item.serial}.pdf"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(papers_pdf(read), content_type="application/pdf", headers=headers)


@page(P.MEETINGS_ARRANGE)
def prepare(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The draft of the papers with every place that is not settled.

    It is begun from here, and searched again where identity has learnt something since.
    """
    item = _item(request, number, serial)
    draft = paper_actions.open_draft(item)
    if request.method == "POST":
        if draft and "version" in request.POST:
            version = posted_version(request)
            paper_actions.search_again(draft, version=version, by=request.user)
        else:
            paper_actions.begin(item, by=request.user)
        return redirect("panel:prepare", number, serial)
    context = {
        "item": item,
        "meeting": item.meeting,
        "draft": draft,
        "parts": _parts(draft, request) if draft else [],
        "advice": ADVICE,
        "released": list(Paper.objects.filter(item=item).select_related("released_by")),
        "blocked": paper_rules.why_not_prepare(item.meeting),
    }
    return render(request, "panel/papers_prepare.jinja", context)


@page(P.MEETINGS_ARRANGE)
def prepare_part(request: PersonRequest, number: int, serial: str, code: str) -> HttpResponse:
    """Write one part of the papers."""
    item, draft = _draft(request, number, serial)
    section = _section(draft, code)
    start = {"text": section.text, "version": draft.version}
    form = PartForm(posted(request), initial=start)
    context = {"form": form, "item": item, "meeting": item.meeting, "section": section}
    if not form.is_valid():
        if request.method == "GET":
            record("papers.draft_read", draft, by=request.user, purpose=PREPARING)
        return render(request, "panel/papers_part.jinja", context)
    said = form.cleaned_data
    try:
        paper_actions.write(draft, code, said["text"], version=said["version"], by=request.user)
    except Stale as stale:
        now = {"text": _section(stale.current, code).text}
        renew(form, stale, stale.current.version)
        context["stale"] = side_by_side(form, {"text": said["text"]}, now)
        return render(request, "panel/papers_part.jinja", context, status=stale.status)
    messages.info(request, f"“{section.heading}” is saved, and the papers were searched again.")
    return redirect("panel:prepare", number, serial)


@page(P.MEETINGS_ARRANGE)
def settle_place(request: PersonRequest, number: int, serial: str, mark: str) -> HttpResponse:
    """Replace one place, or keep it with a reason; then the next."""
    item, draft = _draft(request, number, serial)
    place = next((each for each in draft.found if each.mark == mark), None)
    if place is None:
        messages.info(request, "That place is not in the papers any more.")
        return redirect("panel:prepare", number, serial)
    form = PlaceForm(posted(request), initial={"version": draft.version}, place=place)
    if form.is_valid():
        try:
            _settle(form, draft, mark, request)
        except Stale as stale:
            renew(form, stale, stale.current.version)
            return render(
                request,
                "panel/papers_place.jinja",
                _about(place, form, item, draft),
                status=stale.status,
            )
        return _next(request, item)
    if request.method == "GET":
        record("papers.draft_read", draft, by=request.user, purpose=PREPARING)
    return render(request, "panel/papers_place.jinja", _about(place, form, item, draft))


@page(P.MEETINGS_ARRANGE)
def release(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """The papers as members will read them; releasing them searches them once more."""
    item, draft = _draft(request, number, serial)
    if request.method == "POST":
        made = paper_actions.release(draft, version=posted_version(request), by=request.user)
        words = "Papers" if made.number == 1 else f"Supplement {made.number - 1}"
        messages.info(request, f"{words} of {item}: released. Members can read them now.")
        return redirect("panel:meeting", number)
    undecided = sum(part.undecided for part in _parts(draft, request))
    context = {
        "item": item,
        "meeting": item.meeting,
        "draft": draft,
        "parts": parts_of(each for each in draft.sections if each.text.strip()),
        "kept": paper_actions.kept(draft),
        "blocked": paper_rules.why_not_release(draft.sections, undecided),
    }
    return render(request, "panel/papers_release.jinja", context)


@page(P.MEETINGS_ARRANGE)
@require_POST
def drop(request: PersonRequest, number: int, serial: str) -> HttpResponse:
    """Give up a draft, so that it can be begun anew."""
    _, draft = _draft(request, number, serial)
    paper_actions.drop(draft, version=posted_version(request), by=request.user)
    messages.info(request, "The draft is dropped. What was released stays.")
    return redirect("panel:prepare", number, serial)


def _settle(form: PlaceForm, draft: PaperDraft, mark: str, request: PersonRequest) -> None:
    said = form.cleaned_data
    if said["becomes"] == KEEP:
        paper_actions.keep_place(draft, mark, said["why"], version=said["version"], by=request.user)
    else:
        paper_actions.replace_place(
            draft,
            mark,
            form.now,
            everywhere=said["everywhere"],
            version=said["version"],
            by=request.user,
        )


def _next(request: PersonRequest, item: AgendaItem) -> HttpResponse:
    """The next place that is not settled, or the draft where there is none."""
    draft = paper_actions.open_draft(item)
    kept = paper_actions.kept_marks(draft) if draft else set()
    left = [each.mark for each in draft.found if each.mark not in kept] if draft else []
    if left:
        return redirect("panel:settle_place", item.meeting_id, item.serial, left[0])
    messages.info(request, "Every place is settled. Read the papers once more and release them.")
    return redirect("panel:prepare", item.meeting_id, item.serial)


def _about(
    place: PlaceFound, form: PlaceForm, item: AgendaItem, draft: PaperDraft
) -> dict[str, Any]:
    section = _section(draft, place.section)
    kept = paper_actions.kept_marks(draft)
    return {
        "place": place,
        "advice": ADVICE[place.kind],
        "before": section.text[max(0, place.start - AROUND) : place.start],
        "after": section.text[place.end : place.end + AROUND],
        "section": section,
        "form": form,
        "item": item,
        "meeting": item.meeting,
        "left": sum(each.mark not in kept for each in draft.found),
    }


def _parts(draft: PaperDraft, request: PersonRequest) -> list[Part]:
    """The parts of a draft with their places marked; the reading is recorded."""
    record("papers.draft_read", draft, by=request.user, purpose=PREPARING)
    kept = paper_actions.kept_marks(draft)
    content = draft.found
    return [
        Part(each, pieces(each.text, [p for p in content if p.section == each.code], kept))
        for each in draft.sections
    ]


def _section(draft: PaperDraft, code: str) -> PaperSection:
    found = next((each for each in draft.sections if each.code == code), None)
    if found is None:
        raise Http404
    return found


def _draft(request: PersonRequest, number: int, serial: str) -> tuple[AgendaItem, PaperDraft]:
    item = _item(request, number, serial)
    draft = paper_actions.open_draft(item)
    if draft is None:
        raise Http404
    return item, draft


def _item(request: PersonRequest, number: int, serial: str) -> AgendaItem:
    return get_object_or_404(queries.item(number, serial, request.user))
