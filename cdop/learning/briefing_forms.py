"""What is written in a briefing, and why a place of it can stay."""

from __future__ import annotations

from typing import Any

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.comparing import VERSION
from cdop.core.fields import TextField
from cdop.learning.briefing_models import TITLE_LIMIT, Briefing
from cdop.learning.briefing_text import LABELS, Said
from cdop.learning.theme_forms import SEARCHED

LONG = 3000
POINTS = "A line that begins with a dash is a point of a list."


class BriefingForm(RecordForm):
    """The text of a briefing: one page of A4 holds about 40 lines."""

    title = TextField(
        label=LABELS["title"],
        help_text=SEARCHED,
        limit=TITLE_LIMIT,
        noun="The title",
        blank="Enter a title",
    )
    audience = TextField(
        label=LABELS["audience"],
        help_text="For example, midwives, health visitors and children's centres",
        limit=200,
        noun="The answer",
        blank="Say for whom it is",
    )
    learned = TextField(
        label=LABELS["learned"],
        help_text=f"Of children in general, never of one. {POINTS}",
        limit=LONG,
        noun="The text",
        lines=True,
        blank="Say what the reviews showed",
    )
    to_do = TextField(
        label=LABELS["to_do"],
        help_text=POINTS,
        limit=LONG,
        noun="The text",
        lines=True,
        blank="Say what staff can do",
    )
    more = TextField(label=LABELS["more"], limit=LONG, noun="The text", lines=True, required=False)

    @property
    def said(self) -> dict[str, Any]:
        texts = {name: self.cleaned_data[name] for name in LABELS}
        return {"said": Said(**texts), "version": self.cleaned_data[VERSION]}

    @classmethod
    def initial_of(cls, briefing: Briefing) -> dict[str, Any]:
        """What the form shows of a version that is there."""
        return {name: getattr(briefing, name) for name in LABELS} | version_of(briefing)


class KeepForm(RecordForm):
    """Why a place of a briefing can stay."""

    why = TextField(
        label="Why can these words stay?",
        help_text="For example, that it is the name of a national programme",
        limit=500,
        noun="The reason",
        blank="Say why these words can stay",
    )


class WithdrawForm(RecordForm):
    """Why a briefing is taken off the public pages."""

    why = TextField(
        label="Why is it withdrawn?",
        help_text="For the team alone: its public page says only that. Name no child.",
        limit=300,
        noun="The reason",
        blank="Say why it is withdrawn",
    )
