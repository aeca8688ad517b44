"""What is said about one case at a meeting, one interest, one term of office, one statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.fields import DatePartsField, NumberField, TextField, unchosen
from cdop.core.organisations import Organisation
from cdop.core.users import User
from cdop.editions import Edition
from cdop.panel import agenda, declarations
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem, Attendance
from cdop.panel.states import OUTCOMES, DeclarationState
from cdop.panel.terms import Cover, Term

NO_NAMES = "Do not write who the child or the family is: use “the child”, “the mother”."


class PersonField(forms.ModelChoiceField):
    """Somebody out of a list that the form is given."""

    def __init__(self, label: str, *, blank: str = "", empty: str = "Choose a person") -> None:
        super().__init__(
            User.objects.none(),
            label=label,
            empty_label=empty,
            required=bool(blank),
            error_messages={"required": blank, "invalid_choice": "Choose somebody of the list"},
        )


class ItemPlanForm(RecordForm):
    """How long a case is given, and who reads it for the others."""

    minutes_planned = NumberField(
        label="Minutes planned", least=1, most=agenda.MOST_MINUTES, required=False
    )
    lead = PersonField("Lead", empty="Nobody yet")
    second = PersonField("Second reader", empty="Nobody yet")

    def __init__(self, *args: Any, item: AgendaItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invited = User.objects.filter(pk__in=item.meeting.attendance.values("user"))
        self.item = item
        for name in ("lead", "second"):
            self.fields[name].queryset = invited.order_by("name", "pk")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Two different people, neither with an interest that keeps them from it."""
        said = self.cleaned_data
        if "lead" in said and "second" in said:
            lead, second = said["lead"], said["second"]
            if why := agenda.why_not_read_first(self.item, lead, None):
                self.add_error("lead", why)
            elif why := agenda.why_not_read_first(self.item, lead, second):
                self.add_error("second", why)
        return said

    @classmethod
    def initial_of(cls, row: AgendaItem) -> dict[str, Any]:
        said = {"minutes_planned": row.minutes_planned, "lead": row.lead, "second": row.second}
        return said | version_of(row)


class DeferForm(RecordForm):
    """Why a case is put off to a later meeting."""

    why = TextField(
        label="Why is the case deferred?",
        help_text="The next papers say it. " + NO_NAMES,
        limit=1000,
        noun="The reason",
        blank="Say why the case is deferred",
        lines=True,
    )


class DeclareForm(RecordForm):
    """An interest in a case, in one's own words; for the team also whose it is."""

    user = PersonField("Whose interest is it?", blank="Choose who declared it")
    interest = TextField(
        label="What is the interest?",
        help_text=(
            "For example that you led the response to the death, or treated the family. Those who "
            "arrange and chair the meeting read it. " + NO_NAMES
        ),
        limit=declarations.LIMIT,
        noun="The interest",
        blank="Say what the interest is",
        lines=True,
    )

    def __init__(
        self, *args: Any, item: AgendaItem, by: User, records: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if not records:
            del self.fields["user"]
            return
        people = item.meeting.attendance.values("user")
        self.fields["user"].queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        return {"user": self.by} | super().said


class DecideForm(RecordForm):
    """What an interest means for the person's part in a case, and why."""

    outcome = forms.ChoiceField(
        label="What does it mean for their part in this case?",
        help_text=(
            "Whoever answers questions only, or leaves, does not count for the quorum of this "
            "case. Whoever leaves finds nothing of it any more."
        ),
        widget=forms.RadioSelect,
        choices=[(outcome.value, outcome.label.capitalize()) for outcome in OUTCOMES],
        error_messages=unchosen("Choose what it means for their part"),
    )
    reason = TextField(
        label="Why?",
        help_text="The minutes say it. " + NO_NAMES,
        limit=1000,
        noun="The reason",
        blank="Say why",
        lines=True,
    )

    @classmethod
    def initial_of(cls, row: Declaration) -> dict[str, Any]:
        outcome = row.state if row.state in OUTCOMES else ""
        return {"outcome": outcome, "reason": row.why_decided} | version_of(row)

    @property
    def said(self) -> dict[str, Any]:
        return super().said | {"outcome": DeclarationState(self.cleaned_data["outcome"])}


class TermForm(RecordForm):
    """Who sits on which seat, for which organisation, from when to when."""

    user = PersonField("Who?", blank="Choose who sits on the seat")
    seat = forms.ChoiceField(
        label="On which seat?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the seat"),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="For which organisation?",
        empty_label="Choose an organisation",
        error_messages={
            "required": "Choose the organisation",
            "invalid_choice": "Choose one of the organisations of the list",
        },
    )
    starts_on = DatePartsField(
        label="From when?", noun="The first day", blank="Enter the first day of the term"
    )
    ends_on = DatePartsField(
        label="Until when?",
        noun="The last day",
        required=False,
        help_text="Leave it empty where no end is agreed",
    )

    def __init__(
        self, *args: Any, edition: Edition, people: Any, organisations: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choose("seat", [(seat.code, seat.label) for seat in edition.core_membership])
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        _ends_after(self)
        return self.cleaned_data

    @classmethod
    def initial_of(cls, row: Term) -> dict[str, Any]:
        names = ("user", "seat", "organisation", "starts_on", "ends_on")
        return {name: getattr(row, name) for name in names} | version_of(row)


class CoverForm(RecordForm):
    """Who takes the holder's place, on which days."""

    user = PersonField("Who takes their place?", blank="Choose who takes their place")
    starts_on = DatePartsField(
        label="From when?", noun="The first day", blank="Enter the first day of the cover"
    )
    ends_on = DatePartsField(
        label="Until when?", noun="The last day", blank="Enter the last day of the cover"
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        _ends_after(self)
        return self.cleaned_data

    @classmethod
    def initial_of(cls, row: Cover) -> dict[str, Any]:
        names = ("user", "starts_on", "ends_on")
        return {name: getattr(row, name) for name in names} | version_of(row)


class AcceptedForm(forms.Form):
    """Who said in the room that they accept the statement."""

    people = forms.TypedMultipleChoiceField(
        label="Who accepted the statement in the room?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select who accepted it"},
    )

    def __init__(self, *args: Any, waiting: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(row.user_id, str(row.user)) for row in waiting]
        self.fields["people"].choices = people  # type: ignore[attr-defined]


def _ends_after(form: RecordForm) -> None:
    starts, ends = form.cleaned_data.get("starts_on"), form.cleaned_data.get("ends_on")
    if starts and ends and ends < starts:
        form.add_error("ends_on", "The last day is the first day or later")
