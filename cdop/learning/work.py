"""What recommendations put on other pages, and what of them runs by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases.models import Case
from cdop.core.casework import CasePanel, Event, Named, OnCase, Task
from cdop.core.dates import end_of, start_of
from cdop.core.jinja import count as number_of
from cdop.core.organisations import Organisation
from cdop.core.reminders import DueJob
from cdop.core.roles import Permission
from cdop.learning import after_meeting, chasing, queries
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.responses import ResponseLetter
from cdop.learning.times import ESCALATION

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Learning"
MOST_ON_HOME_PAGE = 10


def tasks_for(user: User) -> list[Task]:
    """For the team: overdue actions, letters to approve, answers that have not come."""
    if not user.can(Permission.RECOMMENDATIONS_MANAGE):
        return []
    return [*_to_take_up(user), *_overdue(), *_to_approve(user), *_unanswered()]


def _to_take_up(user: User) -> list[Task]:
    return [
        Task(
            f"{meeting}: take up {number_of(number, 'recommendation')}",
            reverse("learning:after_meeting", args=[meeting.pk]),
            stage=STAGE,
        )
        for meeting, number in after_meeting.to_take_up(user).items()
    ]


def _overdue() -> list[Task]:
    late = ActionPoint.objects.overdue(localdate())
    href = f"{reverse('learning:list')}?{urlencode({'show': queries.OVERDUE})}"
    found = [
        ("Actions overdue after a reminder, to be asked after", late.filter(reminders=ESCALATION)),
        ("Actions that are overdue", late.exclude(reminders=ESCALATION)),
    ]
    counted = [(text, rows.count()) for text, rows in found]
    return [
        Task(text, href, overdue=True, count=count, stage=STAGE) for text, count in counted if count
    ]


def _to_approve(user: User) -> list[Task]:
    """The letters that somebody else wrote."""
    rows = LearningLetter.objects.to_approve().exclude(written_by=user)
    return [
        Task(
            f"Read and approve the letter to {row.organisation}",
            reverse("learning:letter", args=[row.recommendation.reference, row.reference]),
            stage=STAGE,
        )
        for row in rows.select_related("recommendation", "organisation")[:MOST_ON_HOME_PAGE]
    ]


def _unanswered() -> list[Task]:
    today = localdate()
    rows = LearningLetter.objects.unanswered().filter(answer_by__lt=today).order_by("answer_by")
    return [
        Task(
            f"{row.organisation} has not answered letter {row.reference}",
            reverse("learning:recommendation", args=[row.recommendation.reference]),
            due_at=end_of(row.answer_by) if row.answer_by else None,
            overdue=True,
            stage=STAGE,
        )
        for row in rows.select_related("recommendation", "organisation")[:MOST_ON_HOME_PAGE]
    ]


def on_case(case: Case, user: User) -> OnCase:
    """The recommendations that came out of a case: for the team alone."""
    if not user.can(Permission.RECOMMENDATIONS_MANAGE):
        return OnCase()
    rows = list(queries.from_case(case))
    events = (
        Event(start_of(row.made_on), f"Recommendation {row.reference} was made", STAGE)
        for row in rows
    )
    return OnCase(_panel(rows) if rows else None, tuple(events))


def _panel(rows: list[Recommendation]) -> CasePanel:
    going_on = sum(row.is_going_on for row in rows)
    return CasePanel(
        "Recommendations",
        f"{going_on} still open" if going_on else "all settled",
        lines=tuple((row.reference, row.state_label) for row in rows),
        links=tuple(
            (
                f"Recommendation {row.reference}",
                reverse("learning:recommendation", args=[row.reference]),
            )
            for row in rows
        ),
    )


def organisations_named() -> list[Named]:
    """How often actions, letters and answers together name each organisation."""
    named: Counter[int] = Counter()
    for rows in (
        ActionPoint.objects.values_list("owner"),
        LearningLetter.objects.values_list("organisation"),
        ResponseLetter.objects.values_list("organisation"),
    ):
        named.update(dict(rows.order_by().annotate(Count("pk"))))
    return [Named("Recommendations", dict(named))]


def why_not_end_organisation(organisation: Organisation) -> str:
    """Why it cannot go out of use yet; "" means that no action of its own is open."""
    if ActionPoint.objects.to_do().filter(owner=organisation).exists():
        return (
            "This organisation has an open action of a recommendation. First record what became of "
            "it, or give it to another, under Learning."
        )
    return ""


def due_jobs() -> list[DueJob]:
    return [DueJob("actions of recommendations", chase)]


def chase() -> str:
    """Remind the owners of actions, and tell the coordinator of those that stay undone."""
    count = chasing.chase_due()
    return f"Chased {count} {'action' if count == 1 else 'actions'}." if count else ""
