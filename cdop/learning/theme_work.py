"""What themes put on other pages: briefings to check and to publish, reviews to approve."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from cdop.core.casework import Named, Task
from cdop.core.roles import Permission
from cdop.learning import briefings
from cdop.learning.briefing_models import Briefing
from cdop.learning.exchange import Exchange
from cdop.learning.theme_models import ThematicReview, Theme
from cdop.learning.theme_states import BriefingState, ReviewState
from cdop.learning.training import Training

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Themes"


def tasks_for(user: User) -> list[Task]:
    """For the team briefings to check or publish and reviews that came back; for a chair reviews
    to approve."""
    tasks = []
    if user.can(Permission.BRIEFINGS_PUBLISH):
        tasks += _briefings(user)
    if user.can(Permission.THEMATIC_REVIEWS_APPROVE):
        tasks += _reviews(user, Q(state=ReviewState.WITH_CHAIR), "Read and approve")
    if user.can(Permission.LEARNING_MANAGE):
        given_back = Q(state=ReviewState.DRAFT) & ~Q(remark="")
        tasks += _reviews(user, given_back, "Mend, as the chair asks,")
    return tasks


def organisations_named() -> list[Named]:
    """How often training and exchange name each organisation."""
    trained: Counter[int] = Counter()
    for keys in Training.objects.order_by().values_list("organisations", flat=True):
        trained.update(keys)
    panels = Exchange.objects.exclude(panel=None).order_by().values_list("panel", flat=True)
    return [Named("Training", trained), Named("Exchange", Counter(panels))]


def _briefings(user: User) -> list[Task]:
    """What waits for a second person, which this one is."""
    waiting = Briefing.objects.visible_to(user).exclude(state=BriefingState.PUBLISHED)
    rows = list(waiting.filter(theme__in=Theme.objects.going_on()))
    writers = briefings.writers_of(rows)
    found = []
    for row in rows:
        if row.state == BriefingState.CHECKED and row.checked_by_id != user.pk:
            found.append(_task("Publish", row))
        elif row.state == BriefingState.DRAFT and user.pk not in writers[row.pk]:
            found.append(_task("Check", row))
    return found


def _reviews(user: User, which: Q, verb: str) -> list[Task]:
    rows = ThematicReview.objects.visible_to(user).filter(which).select_related("theme")
    return [
        Task(
            f"{verb} the thematic review on {row.theme}",
            reverse("themes:review", args=[row.theme_id, row.number]),
            stage=STAGE,
        )
        for row in rows
    ]


def _task(verb: str, row: Briefing) -> Task:
    text = f"{verb} the briefing “{row.title}”"
    return Task(text, reverse("themes:briefing", args=[row.pk]), stage=STAGE)
