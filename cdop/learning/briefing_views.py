"""Pages of briefings: the team's, on which they are written and checked, and the public ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, for_everybody, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from cdop.learning import briefing_text, briefings, themes
from cdop.learning.briefing_forms import BriefingForm, KeepForm, WithdrawForm
from cdop.learning.briefing_models import Briefing, PublishedBriefing
from cdop.learning.briefing_pdf import briefing_pdf, lines_too_many
from cdop.learning.briefing_search import ADVICE
from cdop.learning.briefing_text import LABELS, Said
from cdop.learning.theme_forms import beside_the_text
from cdop.learning.theme_states import BriefingState
from cdop.learning.theme_views import seen
from cdop.panel.marking import Piece, pieces
from cdop.panel.paper_models import PlaceFound

P = Permission
TEAM = page(P.LEARNING_MANAGE)
SECOND = page(P.BRIEFINGS_PUBLISH)
AROUND = 160
"""Characters of the text that are shown on each side of a place."""


@dataclass(frozen=True)
class Part:
    """One part of a briefing with its places marked."""

    label: str
    pieces: list[Piece]
    open: list[PlaceFound]


@TEAM
def new_briefing(request: PersonRequest, theme: int) -> HttpResponse:
    """Write a briefing on a theme."""
    row = seen(request, theme)
    form = BriefingForm(posted(request), initial={VERSION: 0})

    def begin(said: Said, version: int) -> None:
        briefings.begin(row, said, by=request.user)

    return answer(
        request,
        None,
        form,
        beside_the_text(form, begin),
        title="A new briefing",
        submit="Save and search",
        done="The briefing is saved. It is not public yet.",
        back=reverse("themes:theme", args=[theme]),
        blocked=themes.why_not_change(row),
        caption=row.title,
    )


@TEAM
def workspace(request: PersonRequest, briefing: int) -> HttpResponse:
    """The version that is written now, with its places, its length, and what can be done next."""
    row = _briefing(request, briefing)
    record("briefing.read", row, by=request.user)
    said = briefing_text.of(row)
    kept = briefings.kept_marks(row)
    parts = _parts(row, said, kept)
    not_checked = briefings.why_not_check(row, request.user)
    context = {
        "briefing": row,
        "theme": row.theme,
        "parts": parts,
        "undecided": sum(len(part.open) for part in parts),
        "advice": ADVICE,
        "too_long": lines_too_many(said),
        "kept": [each for each in row.kept.select_related("kept_by") if each.mark in kept],
        "published": list(row.published.select_related("checked_by", "published_by")),
        "second": not briefings.why_not_second(row, request.user),
        "not_checked": not_checked,
        "not_published": briefings.why_not_publish(row, request.user),
        "not_written": briefings.why_not_write(row),
        "B": BriefingState,
    }
    return render(request, "learning/briefing_work.jinja", context)


@TEAM
def edit_briefing(request: PersonRequest, briefing: int) -> HttpResponse:
    """Write the text; it is searched when it is saved."""
    row = _briefing(request, briefing)
    form = BriefingForm(posted(request), initial=BriefingForm.initial_of(row))
    lines = lines_too_many(briefing_text.of(row))
    return answer(
        request,
        None,
        form,
        beside_the_text(form, partial(briefings.write, row, by=request.user)),
        title="Write the briefing",
        submit="Save and search",
        done="The briefing is saved and was searched.",
        back=_address(row),
        now=BriefingForm.initial_of,
        blocked=briefings.why_not_write(row),
        caption=row.theme.title,
        before=briefings.too_long(lines),
    )


@SECOND
def keep_place(request: PersonRequest, briefing: int, mark: str) -> HttpResponse:
    """Keep one place, with a reason; for somebody who wrote none of this version."""
    row = _briefing(request, briefing)
    place = next((each for each in row.places if each.mark == mark), None)
    if place is None:
        messages.info(request, briefings.GONE)
        return redirect(_address(row))
    text = getattr(row, place.section)
    around = text[max(0, place.start - AROUND) : place.end + AROUND]
    return answer(
        request,
        None,
        KeepForm(posted(request), initial=version_of(row)),
        partial(briefings.keep_place, row, mark, by=request.user),
        title=f"“{place.words}” may be {place.kind}",
        submit="Keep these words",
        done="The words are kept.",
        back=_address(row),
        blocked=briefings.why_not_write(row) or briefings.why_not_second(row, request.user),
        caption=row.title,
        quoted=around,
        before=ADVICE[place.kind],
    )


@SECOND
@require_POST
def check(request: PersonRequest, briefing: int) -> HttpResponse:
    """A second person stands for it."""
    row = _briefing(request, briefing)
    briefings.check(row, version=posted_version(request), by=request.user)
    messages.info(request, "The briefing is checked. Somebody else of the team publishes it.")
    return redirect(_address(row))


@SECOND
@require_POST
def publish(request: PersonRequest, briefing: int) -> HttpResponse:
    """Publish what was checked."""
    row = _briefing(request, briefing)
    briefings.publish(row, version=posted_version(request), by=request.user)
    messages.info(request, "The briefing is published.")
    return redirect(_address(row))


@TEAM
@require_POST
def begin_change(request: PersonRequest, briefing: int) -> HttpResponse:
    """Begin the next version of a briefing that is published."""
    row = _briefing(request, briefing)
    briefings.begin_change(row, version=posted_version(request), by=request.user)
    messages.info(request, "A new version is begun. The one before stays public until then.")
    return redirect(_address(row))


@SECOND
def withdraw(request: PersonRequest, briefing: int) -> HttpResponse:
    """Take a briefing off the public pages, at once."""
    row = _briefing(request, briefing)
    return answer(
        request,
        None,
        WithdrawForm(posted(request), initial=version_of(row)),
        partial(briefings.withdraw, row, by=request.user),
        title="Withdraw this briefing",
        submit="Withdraw it",
        done="The briefing is withdrawn. Its page says so.",
        back=_address(row),
        now=lambda kept: {"why": kept.why_withdrawn},
        blocked="" if row.is_public else "This briefing is not public.",
        caption=row.title,
    )


@TEAM
def draft_file(request: PersonRequest, briefing: int) -> HttpResponse:
    """The version that is written now as a PDF, to look at. The download is recorded."""
    row = _briefing(request, briefing)
    record("briefing.downloaded", row, by=request.user)
    return _pdf(briefing_pdf(briefing_text.of(row), None), f"draft-{row.address}")


@for_everybody
def index(request: HttpRequest) -> HttpResponse:
    """Every briefing that is public."""
    rows = PublishedBriefing.objects.filter(briefing__in=Briefing.objects.public())
    latest = rows.select_related("briefing").order_by("-published_at", "-pk")
    shown = [row for row in latest if row.number == row.briefing.published_number]
    return render(request, "learning/briefings.jinja", {"shown": shown})


@for_everybody
def read(request: HttpRequest, address: str) -> HttpResponse:
    """The version of a briefing that is public, or that it was withdrawn."""
    row = _public(address)
    if not row.is_public:
        return render(request, "learning/briefing_gone.jinja", {"briefing": row}, status=410)
    version = _version(row)
    context = {"briefing": row, "version": version, "said": Said(**version.said)}
    return render(request, "learning/briefing.jinja", context)


@for_everybody
def file(request: HttpRequest, address: str) -> HttpResponse:
    """The same as a PDF of one page."""
    row = _public(address)
    if not row.is_public:
        raise Http404
    version = _version(row)
    return _pdf(briefing_pdf(Said(**version.said), version), row.address)


def _briefing(request: PersonRequest, key: int) -> Briefing:
    rows = Briefing.objects.visible_to(request.user).select_related("theme", "checked_by")
    found: Briefing = get_object_or_404(rows, pk=key)
    return found


def _public(address: str) -> Briefing:
    """The briefing under a public address, of which at least one version was published."""
    rows = Briefing.objects.filter(published_number__isnull=False)
    found: Briefing = get_object_or_404(rows, address=address)
    return found


def _version(row: Briefing) -> PublishedBriefing:
    return get_object_or_404(row.published, number=row.published_number or 0)


def _address(row: Briefing) -> str:
    return reverse("themes:briefing", args=[row.pk])


def _parts(row: Briefing, said: Said, kept: set[str]) -> list[Part]:
    texts, parts = said.texts, []
    for name, label in LABELS.items():
        places = [place for place in row.places if place.section == name]
        still_open = [place for place in places if place.mark not in kept]
        parts.append(Part(label, pieces(texts[name], places, kept), still_open))
    return parts


def _pdf(content: bytes, name: str) -> HttpResponse:
    given = HttpResponse(content, content_type="application/pdf")
    given["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return given
