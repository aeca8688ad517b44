"""A thematic review: written by the team, approved by the chair, frozen; a change is a version.

Every saving, and the step to the chair, searches it for whom the records of its theme's cases
know: the panel reads it, and the panel does not know who a child was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, step
from cdop.learning import themes
from cdop.learning.briefing_search import without_names
from cdop.learning.theme_models import ThematicReview, Theme
from cdop.learning.theme_states import ReviewState

if TYPE_CHECKING:
    from cdop.core.users import User

HEADINGS: Mapping[str, str] = {
    "question": "What the panel wanted to know",
    "looked_at": "What it looked at",
    "found": "What it found",
    "recommend": "What it recommends",
}
NOT_YOURS = "Your role does not write thematic reviews."
REMARK_LIMIT = 500


def texts_of(review: ThematicReview) -> dict[str, str]:
    """What a review says, by section, in reading order."""
    return {name: getattr(review, name) for name in HEADINGS}


def digest(said: Mapping[str, Any]) -> str:
    """SHA-256 of what is said, written as JSON with sorted keys."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def begin(theme: Theme, *, by: User) -> ThematicReview:
    """Begin the next version, out of the last that was approved; where one is open, it is that."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    with act():
        row = themes.locked(theme)
        last = ThematicReview.objects.filter(theme=row).order_by("-number").first()
        if last and last.state != ReviewState.APPROVED:
            return last
        refuse_if(themes.why_not_change(row))
        said = texts_of(last) if last else {}
        number = last.number + 1 if last else 1
        return create(ThematicReview(theme=row, number=number, **said), by=by)


def why_not_write(review: ThematicReview) -> str:
    """Why the text stays as it is; "" means that it can be written."""
    if review.state == ReviewState.APPROVED:
        return "This version is approved, so it stays as it is. Begin a new version to change it."
    if review.state == ReviewState.WITH_CHAIR:
        return "This version is with the chair. It can be changed when the chair gives it back."
    return ""


def write(
    review: ThematicReview, said: Mapping[str, str], *, version: int, by: User
) -> ThematicReview:
    """Write the sections. Raises Stale, Refused, and NamesSomebody where one of them does."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    without_names(said, review.theme, HEADINGS, by=by)
    with act():
        row = _locked(review, version)
        refuse_if(why_not_write(row))
        changes: dict[str, Any] = dict(said)
        return edit(row, by=by, version=version, action="thematicreview.written", **changes)


def put_to_chair(review: ThematicReview, *, version: int, by: User) -> ThematicReview:
    """The team is done: the chair reads it. Raises Stale, Refused."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    texts = texts_of(review)
    if empty := [HEADINGS[name] for name, text in texts.items() if not text.strip()]:
        raise Refused(f"Nothing is written yet under “{empty[0]}”.")
    without_names(texts, review.theme, HEADINGS, by=by)
    with act():
        row = _locked(review, version)
        return step(row, ReviewState.WITH_CHAIR, by=by, version=version, remark="")


def give_back(review: ThematicReview, *, remark: str, version: int, by: User) -> ThematicReview:
    """The chair wants something changed. Raises Stale, Refused."""
    if not remark.strip():
        raise Refused("Say what has to be changed.")
    with act():
        row = _locked(review, version)
        return step(row, ReviewState.DRAFT, by=by, version=version, remark=remark.strip())


def approve(review: ThematicReview, *, version: int, by: User) -> ThematicReview:
    """Approve the version that was read; from then on it stays as it is. Raises Stale, Refused."""
    with act():
        row = _locked(review, version)
        stamps: dict[str, Any] = {
            "approved_at": timezone.now(),
            "approved_by": by,
            "digest": digest(texts_of(row)),
        }
        return step(row, ReviewState.APPROVED, by=by, version=version, **stamps)


def _locked(review: ThematicReview, version: int) -> ThematicReview:
    themes.locked(review.theme)
    rows = ThematicReview.objects.select_for_update(of=("self",)).select_related("theme")
    row = rows.get(pk=review.pk)
    if row.version != version:
        raise Stale(row)
    return row
