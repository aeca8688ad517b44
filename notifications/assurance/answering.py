"""The form by which a monthly return is answered: one page, as many deaths as there are.

Used by whoever follows the link and by the coordinator who is told on the telephone. Nothing on it
depends on what the system knows, but on what the same organisation answered before.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from django.http import HttpRequest

from cdop.core.access import posted_version
from cdop.core.jinja import month as month_in_words
from cdop.core.refusals import Stale
from cdop.core.rendering import mistakes
from notifications import presenting
from notifications.assurance import returns
from notifications.assurance.listed import Listed
from notifications.assurance.models import Return
from notifications.assurance.return_forms import MOST_DEATHS, AnswerForm, DeathForm, deaths_of
from notifications.assurance.returns import Answer

COUNT, MORE = "deaths", "more"


class Answering:
    """The boxes of one return: filled from the last answer, or as they were posted.

    version   of the return that the page was made of: somebody may have answered since
    compared  where somebody has: what was typed beside what is there now
    """

    def __init__(self, request: HttpRequest, asked: Return) -> None:
        self.asked = asked
        self.is_posted = request.method == "POST"
        self.version = posted_version(request) if self.is_posted else asked.version
        self.compared: list[presenting.Row] = []
        self.wants_more = self.is_posted and MORE in request.POST
        self._read_posted(request) if self.is_posted else self._open()

    @property
    def died(self) -> bool:
        return bool(self.form["died"].value() == "these")

    def answer(self) -> Answer | None:
        """What is said, where it can be kept; else None, and the mistakes stand in the forms."""
        if not self.is_posted or self.wants_more or not self.form.is_valid():
            return None
        if not self.died:
            return self.form.answer([])
        touched = [death for death in self.deaths if death.has_changed()]
        if not touched:
            self.form.add_error("died", "Enter each child who died, or choose “No, none”")
        if not touched or not all([death.is_valid() for death in touched]):
            return None
        return self.form.answer(death.listed for death in touched)

    def lay_beside(self, mine: Answer, stale: Stale) -> None:
        """Say that somebody answered meanwhile; from then on the page is sent over their answer."""
        self.version = stale.current.version
        self.form.add_error(None, stale.reason)
        self.compared = _compared(mine, returns.said(stale.current))

    def typed(self) -> list[tuple[str, list[presenting.Row]]]:
        """What stands in the boxes, right or wrong, under a heading for each child and the rest."""
        died, *who = presenting.typed(self.form)
        children = [(f"Child {n}", presenting.typed(each)) for n, each in enumerate(self.deaths, 1)]
        parts = [("The month", [died]), *children, ("Who says so", who)]
        return [(heading, rows) for heading, rows in parts if rows]

    def mistakes(self) -> list[dict[str, Any]]:
        """Every mistake of the page, for the list above the heading."""
        if not self.is_posted or self.wants_more:
            return []
        forms = [self.form, *(self.deaths if self.died else [])]
        return [each for form in forms for each in mistakes(form)]

    def _read_posted(self, request: HttpRequest) -> None:
        self.form = self._form(request.POST)
        typed = request.POST.get(COUNT, "")
        count = int(typed) if typed.isdecimal() and len(typed) < 4 else 1
        count = min(count + self.wants_more, MOST_DEATHS)
        self.deaths = [self._death(n, data=request.POST) for n in range(max(1, count))]

    def _open(self) -> None:
        before = returns.said(self.asked)
        self.form = self._form(None, before)
        boxes = deaths_of(before.deaths) if before else []
        self.deaths = [self._death(n, initial=each) for n, each in enumerate(boxes or [{}])]

    def _form(self, data: Any, before: Answer | None = None) -> AnswerForm:
        where = self.asked.asked_of
        question = f"In {month_in_words(self.asked.month)}, did any child under 18 die in {where}?"
        said = before and {
            "died": "these" if before.deaths else "none",
            "name": before.name,
            "role": before.role,
            "phone": before.phone,
        }
        return AnswerForm(data, question=question, initial=said or {})

    def _death(self, number: int, **kwargs: Any) -> DeathForm:
        return DeathForm(month=self.asked.month, prefix=f"death-{number}", **kwargs)


def _compared(mine: Answer, theirs: Answer | None) -> list[presenting.Row]:
    """What two people answered about one month, where it differs: ``term yours now``."""
    now = theirs or Answer((), "", "")
    both = [("Did a child die there?", _died(mine), _died(now))]
    both += [
        (f"Child {number}", _in_words(here), _in_words(there))
        for number, (here, there) in enumerate(zip_longest(mine.deaths, now.deaths), 1)
    ]
    both += [
        ("Name", mine.name, now.name),
        ("Role", mine.role, now.role),
        ("Telephone number", mine.phone, now.phone),
    ]
    return [
        {"term": term, "yours": yours, "now": there}
        for term, yours, there in both
        if yours != there
    ]


def _died(said: Answer) -> str:
    return "Yes" if said.deaths else "No, none"


def _in_words(death: Listed | None) -> str:
    return "\n".join(f"{row['term']}: {row['text']}" for row in death.rows()) if death else ""
