"""What a coordinator says of a notification that came by telephone or on paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from cdop.core import organisations
from cdop.core.dates import at_london, in_london, london_date
from cdop.core.documents import UploadField
from cdop.core.fields import DatePartsField, QuestionForm, TextField, TimeField, unchosen
from cdop.core.jinja import moment
from cdop.core.organisations import Organisation
from cdop.core.typed import NAME_LIMIT
from cdop.core.users import User

NOT_LISTED = "not_listed"


class CameBy(models.TextChoices):
    """How a notification came that somebody of the team keys in."""

    TELEPHONE = "telephone", "By telephone"
    LETTER = "letter", "By letter"
    EMAIL = "email", "By email"
    IN_PERSON = "in_person", "In person"


ON_PAPER = (CameBy.LETTER, CameBy.EMAIL)
"""Where there is something to keep a copy of."""


class ArrivalForm(QuestionForm):
    """How it came, when, and who told us.

    now        no notification arrives later
    died       the earliest that the child can have died by the other pages; None while not known
    confirmed  when the death was confirmed by the other pages; None where that is not said
    A valid form has ``arrived_at`` among what it says.
    """

    came_by = forms.ChoiceField(
        label="How did it reach us?",
        choices=CameBy.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose how it reached us"),
    )
    arrived_on = DatePartsField(
        label="When did it arrive?",
        help_text="The day of the call, or the day the letter came. For example, 27 3 2026",
        noun="The day on which it arrived",
        blank="Enter the day on which it arrived",
    )
    arrived_time = TimeField(
        label="At what time?",
        help_text="As near as you can tell: the time of notification is counted from it. For "
        "example, 14:30",
        blank="Enter the time at which it arrived",
    )
    teller = TextField(
        label="Who told us?",
        help_text="The name of the person who rang, wrote or came.",
        limit=NAME_LIMIT,
        noun="The name",
        blank="Enter the name of the person who told us",
    )
    organisation = forms.ChoiceField(
        label="For which organisation?",
        error_messages={
            "required": "Choose the organisation, or that it is not on the list",
            "invalid_choice": "Choose one of the organisations on the list",
        },
    )

    def __init__(
        self,
        *args: Any,
        now: datetime,
        died: datetime | None = None,
        confirmed: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.died, self.confirmed = now, died, confirmed
        self.fields["organisation"].choices = [  # type: ignore[attr-defined]
            ("", "Choose one"),
            *organisations.choices(),
            (NOT_LISTED, "Another, or none"),
        ]

    @classmethod
    def just_now(cls, now: datetime) -> ArrivalForm:
        """An empty form for a call that has just come in."""
        here = in_london(now)
        return cls(now=now, initial={"arrived_on": here.date(), "arrived_time": here.time()})

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if not (said.get("arrived_on") and said.get("arrived_time")):
            return said
        said["arrived_at"] = arrived = at_london(said["arrived_on"], said["arrived_time"])
        if said["arrived_on"] > london_date(self.now):
            self.add_error("arrived_on", "The day on which it arrived must be today or in the past")
        elif arrived > self.now:
            self.add_error("arrived_time", "This time today has not come yet. Check the time.")
        elif later := self._later_than(arrived):
            sentence = f"By the other pages {later}, which is later. "
            self.add_error("arrived_on", f"{sentence}Correct whichever of the two is wrong.")
        return said

    def _later_than(self, arrived: datetime) -> str:
        """What by the other pages happened only after it arrived; "" where nothing did."""
        if self.died and arrived < self.died:
            return f"the child died on {moment(self.died)}"
        if self.confirmed and arrived < self.confirmed:
            return f"the death was confirmed on {moment(self.confirmed)}"
        return ""

    @property
    def told_by(self) -> Organisation | None:
        """The organisation that a valid form names; None where it is not on the list."""
        chosen = self.cleaned_data["organisation"]
        return None if chosen == NOT_LISTED else Organisation.objects.get(pk=chosen)


class FileForm(QuestionForm):
    """A copy of what came: a letter, a message, a note of a call."""

    is_page_heading = False

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = UploadField(by=by, label="Choose a file")
