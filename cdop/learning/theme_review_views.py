"""Pages of thematic reviews: read, write, put to the chair, give back, approve, begin anew."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core.access import PersonRequest, page, posted, posted_version
from cdop.core.audit import record
from cdop.core.roles import Permission
from cdop.learning import theme_reviews
from cdop.learning.theme_forms import GiveBackForm, ReviewForm, beside_the_text
from cdop.learning.theme_models import ThematicReview
from cdop.learning.theme_states import ReviewState
from cdop.learning.theme_views import seen
from cdop.panel.paper_text import paragraphs

P = Permission


@page(P.LEARNING_READ)
def read(request: PersonRequest, theme: int, number: int) -> HttpResponse:
    """One version of a thematic review; that it was read is recorded."""
    row = _review(request, theme, number)
    record("thematicreview.read", row, by=request.user)
    manages = request.user.can(P.LEARNING_MANAGE)
    texts = theme_reviews.texts_of(row)
    context = {
        "review": row,
        "theme": row.theme,
        "sections": [
            (heading, paragraphs(texts[name])) for name, heading in theme_reviews.HEADINGS.items()
        ],
        "writes": manages and row.state == ReviewState.DRAFT,
        "renews": manages and row.state == ReviewState.APPROVED,
        "approves": request.user.can(P.THEMATIC_REVIEWS_APPROVE)
        and row.state == ReviewState.WITH_CHAIR,
    }
    return render(request, "learning/review.jinja", context)


@page(P.LEARNING_MANAGE)
@require_POST
def begin(request: PersonRequest, theme: int) -> HttpResponse:
    """Begin a version, or go on with the one that is open."""
    row = theme_reviews.begin(seen(request, theme), by=request.user)
    return redirect("themes:review", theme, row.number)


@page(P.LEARNING_MANAGE)
def edit(request: PersonRequest, theme: int, number: int) -> HttpResponse:
    """Write the sections; they are searched for names when they are saved."""
    row = _review(request, theme, number)
    form = ReviewForm(posted(request), initial=ReviewForm.initial_of(row))

    def write(version: int, **said: str) -> None:
        theme_reviews.write(row, said, version=version, by=request.user)

    return answer(
        request,
        None,
        form,
        beside_the_text(form, write),
        title="Write the thematic review",
        submit="Save",
        done="The review is saved.",
        back=_address(row),
        now=ReviewForm.initial_of,
        blocked=theme_reviews.why_not_write(row),
        caption=row.theme.title,
    )


@page(P.LEARNING_MANAGE)
@require_POST
def put_to_chair(request: PersonRequest, theme: int, number: int) -> HttpResponse:
    """The team is done; the chair reads it."""
    row = _review(request, theme, number)
    theme_reviews.put_to_chair(row, version=posted_version(request), by=request.user)
    messages.info(request, "The review is with the chair.")
    return redirect(_address(row))


@page(P.THEMATIC_REVIEWS_APPROVE)
def give_back(request: PersonRequest, theme: int, number: int) -> HttpResponse:
    """The chair wants something changed."""
    row = _review(request, theme, number)
    with_chair = row.state == ReviewState.WITH_CHAIR

    def back(**said: Any) -> None:
        theme_reviews.give_back(row, by=request.user, **said)

    return answer(
        request,
        None,
        GiveBackForm(posted(request), initial=version_of(row)),
        back,
        title="Give the thematic review back",
        submit="Give it back",
        done="The review is with the team again.",
        back=reverse("themes:theme", args=[theme]),
        now=lambda kept: {"remark": kept.remark},
        blocked="" if with_chair else f"This version is {row.state_label}.",
        caption=row.theme.title,
    )


@page(P.THEMATIC_REVIEWS_APPROVE)
@require_POST
def approve(request: PersonRequest, theme: int, number: int) -> HttpResponse:
    """Approve the version that was on the page; it stays as it is from then on."""
    row = _review(request, theme, number)
    theme_reviews.approve(row, version=posted_version(request), by=request.user)
    messages.info(request, "The review is approved.")
    return redirect(_address(row))


def _review(request: PersonRequest, theme: int, number: int) -> ThematicReview:
    rows = ThematicReview.objects.visible_to(request.user).select_related("theme", "approved_by")
    found: ThematicReview = get_object_or_404(rows, theme=theme, number=number)
    return found


def _address(review: ThematicReview) -> str:
    return reverse("themes:review", args=[review.theme_id, review.number])
