"""What the case record puts on other pages: cases to close, and the opening as an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.casework import Event, Task
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User


def tasks_for(user: User) -> list[Task]:
    """The reviewed cases that can be closed."""
    if not user.can(Permission.CASES_MANAGE):
        return []
    count = Case.objects.filter(state=CaseState.REVIEWED).count()
    href = f"{reverse('cases:list')}?list=reviewed"
    return [Task("Reviewed cases to close", href, count=count, stage="Cases")] if count else []


def events(case: Case) -> list[Event]:
    """When the case was opened and closed."""
    found = [Event(case.opened_at, "Case opened", "Case")]
    if case.closed_at:
        found.append(Event(case.closed_at, "Case closed", "Case"))
    return found
