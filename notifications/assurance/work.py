"""What assurance puts on the coordinator's home page, and what of it runs by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from cdop.core.casework import Task
from cdop.core.reminders import DueJob
from notifications.assurance import asking, returns_overview
from notifications.assurance.asking import REMINDED_AFTER
from notifications.assurance.models import ListedDeath, Return
from notifications.assurance.states import ReturnState

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Assurance"


def tasks_for(user: User) -> list[Task]:
    """Returns that did not come after two reminders, returns to settle, deaths on lists."""
    mine = Return.objects.visible_to(user)
    missing = mine.filter(state=ReturnState.ASKED, reminders=len(REMINDED_AFTER))
    listed = ListedDeath.objects.visible_to(user).to_decide()
    to_settle = mine.filter(state=ReturnState.RETURNED) | returns_overview.settled_too_soon(user)
    found = [
        ("Monthly returns that did not come", "monthly_returns", missing.count(), True),
        (
            "Monthly returns to settle",
            "monthly_returns",
            to_settle.count(),
            False,
        ),
        (
            "Deaths on lists, to be matched or settled",
            "death_lists",
            listed.filter(on_list__isnull=False).count(),
            False,
        ),
    ]
    return [
        Task(text, reverse(f"notifications:{page}"), overdue=late, count=count, stage=STAGE)
        for text, page, count, late in found
        if count
    ]


def due_jobs() -> list[DueJob]:
    return [DueJob("monthly returns", ask_for_returns)]


def ask_for_returns() -> str:
    """Ask for last month's returns, and remind those who have not answered."""
    asked, reminded = asking.ask_due(), asking.remind_due()
    said = [
        f"Asked for {asked} monthly returns." if asked else "",
        f"Reminded {reminded} organisations of a monthly return." if reminded else "",
    ]
    return " ".join(filter(None, said))
