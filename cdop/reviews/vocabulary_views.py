"""Pages of the list of factors: what is offered, what is counted as the same, the free words."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_POST

from cdop import editions
from cdop.cases.record_pages import answer
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.comparing import VERSION
from cdop.core.roles import Permission
from cdop.editions import Edition
from cdop.reviews import counting, vocabulary, vocabulary_actions
from cdop.reviews.vocabulary_forms import IntoForm, LabelForm, NewTermForm
from cdop.reviews.vocabulary_models import FactorTerm, FoldedWords

TEAM = page(Permission.MEETINGS_ARRANGE)
CAPTION = "Factors"


@TEAM
def factors(request: PersonRequest) -> HttpResponse:
    """All factors of one guidance by part of the child's life: the guidance's and the panel's."""
    code = request.GET.get("guidance", "")
    known = editions.codes()
    edition = editions.get(code) if code in known else editions.in_force(localdate())
    context = {
        "edition": edition,
        "others": [editions.get(each) for each in known if each != edition.code],
        "parts": vocabulary.listed(edition),
        "own": vocabulary.OWN,
    }
    return render(request, "reviews/factors.jinja", context)


@TEAM
def new_factor(request: PersonRequest, guidance: str) -> HttpResponse:
    """One more term of the panel's own."""
    edition = _edition(guidance)
    return answer(
        request,
        None,
        NewTermForm(posted(request), edition=edition, initial={VERSION: 0}),
        partial(vocabulary_actions.add, edition, by=request.user),
        title="Add a factor",
        submit="Add it to the list",
        done="The factor is on the list.",
        back=_list(edition),
        caption=CAPTION,
    )


@TEAM
def factor(request: PersonRequest, own: int) -> HttpResponse:
    """Call a term of the panel's own otherwise."""
    row = _row(request, own)
    return answer(
        request,
        None,
        LabelForm(posted(request), initial=LabelForm.initial_of(row)),
        partial(vocabulary_actions.rename, row, by=request.user),
        title="Rename a factor",
        submit="Save",
        done="The factor is renamed. Findings keep what it was called then.",
        back=_list(editions.get(row.edition)),
        now=LabelForm.initial_of,
        caption=CAPTION,
        blocked="The guidance calls this factor so." if row.of_edition else "",
    )


@TEAM
def merge_factor(request: PersonRequest, guidance: str, part: str, factor: str) -> HttpResponse:
    """Count one factor under another."""
    edition = _edition(guidance)
    source = (part, factor)
    listed = {(each.domain, each.code): each for each in vocabulary.every(edition)}
    if source not in listed:
        raise Http404
    into = [each for each in vocabulary.offered(edition) if each.domain == part]
    start = {VERSION: vocabulary.version_of(edition, source)}
    return answer(
        request,
        None,
        IntoForm(
            posted(request), into=[each for each in into if each.code != factor], initial=start
        ),
        partial(vocabulary_actions.merge, edition, source, by=request.user),
        title="Count a factor under another",
        submit="Count it under that one",
        done="It is counted under the other from now on. The findings keep their words.",
        back=_list(edition),
        now=lambda row: {VERSION: row.version},
        caption=CAPTION,
        before=listed[source].label,
    )


@TEAM
@require_POST
def unmerge_factor(request: PersonRequest, own: int) -> HttpResponse:
    """Count a factor by itself again."""
    return _changed(request, own, vocabulary_actions.undo_merge, "It is counted by itself again.")


@TEAM
@require_POST
def end_factor(request: PersonRequest, own: int) -> HttpResponse:
    """Offer a term no longer."""
    return _changed(request, own, vocabulary_actions.end, "It is no longer offered.")


@TEAM
@require_POST
def take_up_factor(request: PersonRequest, own: int) -> HttpResponse:
    """Offer a term again."""
    return _changed(request, own, vocabulary_actions.take_up, "It is offered again.")


@TEAM
def free_words(request: PersonRequest) -> HttpResponse:
    """The words that stand for a factor in signed findings, and how often."""
    return render(request, "reviews/free_words.jinja", {"rows": counting.free_words()})


@TEAM
def fold_words(request: PersonRequest, guidance: str, part: str) -> HttpResponse:
    """Count free words under a factor of the list."""
    edition, words = _edition(guidance), request.GET.get("words", "")
    used = [row for row in counting.free_words() if (row.edition, row.domain) == (guidance, part)]
    found = next((row for row in used if row.words == words), None)
    if found is None:
        raise Http404
    into = [each for each in vocabulary.offered(edition) if each.domain == part]
    start = {VERSION: found.folded.version if found.folded else 0}
    return answer(
        request,
        None,
        IntoForm(posted(request), into=into, initial=start),
        partial(vocabulary_actions.fold, edition, part, words, by=request.user),
        title="Count words under a factor",
        submit="Count them under it",
        done="They are counted under the factor from now on. The findings keep the words.",
        back=reverse("reviews:free_words"),
        now=lambda row: {VERSION: row.version},
        caption=CAPTION,
        before=words,
    )


@TEAM
@require_POST
def unfold_words(request: PersonRequest, words: int) -> HttpResponse:
    """Count free words by themselves again."""
    row = get_object_or_404(FoldedWords.objects.visible_to(request.user), pk=words)
    vocabulary_actions.unfold(row, version=posted_version(request), by=request.user)
    messages.info(request, "They are counted by themselves again.")
    return redirect("reviews:free_words")


def _changed(request: PersonRequest, own: int, change: Any, done: str) -> HttpResponse:
    row = _row(request, own)
    change(row, version=posted_version(request), by=request.user)
    messages.info(request, done)
    return redirect(_list(editions.get(row.edition)))


def _row(request: PersonRequest, own: int) -> FactorTerm:
    found: FactorTerm = get_object_or_404(FactorTerm.objects.visible_to(request.user), pk=own)
    return found


def _edition(code: str) -> Edition:
    if code not in editions.codes():
        raise Http404
    return editions.get(code)


def _list(edition: Edition) -> str:
    return f"{reverse('reviews:factors')}?guidance={edition.code}"
