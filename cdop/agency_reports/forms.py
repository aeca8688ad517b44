"""What the coordinator says about requests to agencies. Not who says it, nor what happens next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cdop.agency_reports import asking, opening
from cdop.agency_reports.asking import Line
from cdop.agency_reports.models import Request
from cdop.agency_reports.opening import Known
from cdop.agency_reports.states import Came, RequestState
from cdop.cases.models import Contact
from cdop.core import organisations
from cdop.core.dates import london_date
from cdop.core.documents import UploadField
from cdop.core.fields import (
    DatePartsField,
    EmailField,
    QuestionForm,
    SeveralField,
    TextField,
    unchosen,
)
from cdop.core.organisations import Organisation
from cdop.core.typed import NAME_LIMIT
from cdop.core.users import User
from cdop.editions.schema import Edition

NOT_SEALED = "Do not write the name of the child or of anybody in the family here."
LINE_FIELDS = ("organisation", "name", "email", "papers", "approves")


class AgencyForm(QuestionForm):
    """Whom to ask at one agency, and for which forms."""

    marks_optional = False

    organisation = forms.ChoiceField(
        label="Organisation",
        required=False,
        error_messages={"invalid_choice": "Choose one of the organisations on the list"},
    )
    name = TextField(
        label="Name or team of its single point of contact",
        limit=NAME_LIMIT,
        noun="The name",
        required=False,
    )
    email = EmailField(
        label="Their email address",
        help_text="Left empty, the one that is kept for the organisation is taken",
        required=False,
    )
    papers = SeveralField(label="Forms to be answered", required=False)
    approves = forms.BooleanField(
        label="The contact reads the report before it is returned", required=False
    )

    def __init__(
        self,
        *args: Any,
        edition: Edition,
        known: Known,
        agency: str = "",
        offered: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.edition, self.agency = edition, agency
        every = [(form.code, form.questionnaire.title) for form in edition.reports.forms]
        self.fields["papers"].choices = every  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [("", "Choose one"), *offered]  # type: ignore[attr-defined]
        self.fields["papers"].initial = opening.opened(edition, known, agency)

    @property
    def wanted(self) -> bool:
        """Whether the agency is to be asked."""
        return True

    @property
    def chosen(self) -> list[str]:
        """The titles of the forms that are ticked, in the order in which they are answered."""
        ticked = self["papers"].value() or []
        return [form.questionnaire.title for form in opening.in_order(self.edition, ticked)]

    def clean(self) -> dict[str, Any]:
        if not self.wanted:
            self.errors.clear()
            return self.cleaned_data
        said = self.cleaned_data
        if not said.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", "Choose the organisation")
        if not said.get("papers") and "papers" not in self.errors:
            self.add_error("papers", "Choose at least one form")
        self._take_known_contact(said)
        return said

    def _take_known_contact(self, said: dict[str, Any]) -> None:
        """Whom to ask at the organisation, as it was kept the last time."""
        self.kept: dict[str, str] = {}
        if said.get("organisation"):
            there = asking.known_contact(Organisation.objects.get(pk=said["organisation"]))
            self.kept = there.people if there else {}
        if "email" not in self.errors and not (said.get("email") or self.kept.get("email")):
            self.add_error("email", "Enter the email address: none is kept for this organisation")

    def line(self, contact: Contact | None = None) -> Line:
        """What a valid form says."""
        said = self.cleaned_data
        own = bool(said["email"])
        return Line(
            agency=self.agency,
            organisation=Organisation.objects.get(pk=said["organisation"]),
            name=said["name"] if own else said["name"] or self.kept["name"],
            email=said["email"] or self.kept["email"],
            forms=tuple(said["papers"]),
            approves=said["approves"],
            board_name=self.kept.get("board_name", ""),
            board_email=self.kept.get("board_email", ""),
            contact=contact,
        )


class NamedAgencyForm(AgencyForm):
    """An agency that the notification named."""

    ask = forms.BooleanField(label="Ask this agency", required=False, initial=True)
    field_order = ("ask", *LINE_FIELDS)

    @property
    def wanted(self) -> bool:
        return bool(self.cleaned_data.get("ask"))


class OtherAgencyForm(AgencyForm):
    """An agency that nobody named."""

    kind = forms.ChoiceField(
        label="What kind of agency is it?", error_messages=unchosen("Choose the kind of agency")
    )
    field_order = ("kind", *LINE_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(term.code, term.label) for term in self.edition.vocabularies["agencies"].choices]
        self.fields["kind"].choices = [("", "Choose one"), *kinds]  # type: ignore[attr-defined]

    def line(self, contact: Contact | None = None) -> Line:
        self.agency = self.cleaned_data["kind"]
        return super().line(contact)


class ExtendForm(QuestionForm):
    """Until when an agency has time, and why."""

    until = DatePartsField(
        label="New day by which it is due", noun="The day", blank="Enter the new day"
    )
    why = TextField(
        label="Why?", help_text=NOT_SEALED, noun="The reason", blank="Say why", limit=500
    )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until < localdate():
            raise ValidationError("The day must be today or later")
        return until


class MoreFormsForm(QuestionForm):
    """Which forms are asked for beside those of the first letter."""

    papers = SeveralField(label="Which form?", error_messages=unchosen("Choose at least one form"))

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(form.code, form.questionnaire.title) for form in opening.left(request)]
        self.fields["papers"].choices = offered  # type: ignore[attr-defined]


class SetAsideForm(QuestionForm):
    """That no report is needed, or that none is to be had."""

    to = forms.ChoiceField(
        label="What is so?",
        choices=[
            (RequestState.NOT_APPLICABLE, "This agency never had to be asked"),
            (RequestState.CLOSED, "It should have answered, and nothing more is to be had"),
        ],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose what is so"),
    )
    why = TextField(
        label="Why?", help_text=NOT_SEALED, noun="The reason", blank="Say why", limit=500
    )


class ContactForm(QuestionForm):
    """Whom to ask at an organisation, and to whom a report that stays away is raised."""

    marks_optional = True
    name = TextField(
        label="Name or team of the single point of contact",
        limit=NAME_LIMIT,
        noun="The name",
        blank="Enter the name or the team",
    )
    email = EmailField(label="Their email address", blank="Enter the email address")
    board_name = TextField(
        label="Name of its member on the board, or among the partners",
        help_text="Reports that stay away after two reminders are raised with them",
        limit=NAME_LIMIT,
        noun="The name",
        required=False,
    )
    board_email = EmailField(label="Email address of that member", required=False)


class NewContactForm(QuestionForm):
    """Somebody else at the agency to be asked in place of the first."""

    name = TextField(
        label="Name or team", limit=NAME_LIMIT, noun="The name", blank="Enter the name or the team"
    )
    email = EmailField(label="Email address", blank="Enter the email address")


class CameForm(QuestionForm):
    """A form that came by email, by post or in another way."""

    came_by = forms.ChoiceField(
        label="How did it come?",
        choices=[(each, each.label.capitalize()) for each in Came if each != Came.LINK],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose how it came"),
    )
    came_on = DatePartsField(
        label="On which day did it come?", noun="The day", blank="Enter the day on which it came"
    )
    whole = forms.ChoiceField(
        label="Is it the whole report?",
        choices=[("yes", "Yes, it is whole"), ("no", "No, a part of it")],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whether it is the whole report"),
    )

    def __init__(self, *args: Any, by: User, asked_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_on = asked_on
        self.fields["file"] = UploadField(by=by, label="The file")

    def clean_came_on(self) -> date:
        came: date = self.cleaned_data["came_on"]
        if not self.asked_on <= came <= localdate():
            raise ValidationError("The day must be between the day of the request and today")
        return came


class SettleForm(QuestionForm):
    """What holds where agencies disagree, and why."""

    answer = TextField(
        label="What holds?", noun="The answer", lines=True, blank="Say what holds", limit=2_000
    )
    why = TextField(label="Why?", noun="The reason", lines=True, blank="Say why", limit=2_000)


def forms_for(
    edition: Edition, contacts: list[Contact], known: Known, data: Any
) -> Iterator[tuple[Contact, NamedAgencyForm]]:
    """A form for each agency that the notification named and nobody has asked."""
    offered = organisations.choices()
    for contact in contacts:
        initial = {"organisation": str(contact.organisation_id or "")}
        yield (
            contact,
            NamedAgencyForm(
                data,
                prefix=f"agency-{contact.pk}",
                edition=edition,
                known=known,
                agency=contact.agency,
                offered=offered,
                initial=initial,
            ),
        )


def day_of(request: Any) -> date:
    return london_date(request.asked_at)
