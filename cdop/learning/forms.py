"""What people say about a recommendation and the actions that follow from it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases import queries as cases
from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.fields import DatePartsField, SeveralField, TextField, unchosen
from cdop.core.organisations import Area, Organisation
from cdop.core.periods import Period
from cdop.core.users import User
from cdop.learning import naming, queries, year
from cdop.learning.models import LEVELS, NAME_LIMIT, ActionPoint, Recommendation
from cdop.panel.models import Meeting
from cdop.reviews.models import Finding

LONG = 4000
NOBODY = "Name no child, no family and nobody who worked with them. The words are searched."
LOOKED_AT = "looked_at"


class NamelessForm(RecordForm):
    """A form whose words are searched for names; what merely looks like one can be kept.

    searched  the boxes whose words are searched
    """

    searched: ClassVar[tuple[str, ...]] = ()

    looked_at = forms.BooleanField(
        label="I have looked at each place: none of them names a child, a family or a professional",
        required=False,
    )

    def __init__(self, *args: Any, by: User, finding: Finding | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.finding = by, finding
        self.asks = self.fields[LOOKED_AT]
        if not self.is_bound or self.add_prefix(LOOKED_AT) not in self.data:
            del self.fields[LOOKED_AT]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self._search()
        return said

    def _search(self) -> None:
        texts = {name: self.cleaned_data.get(name, "") for name in self.searched}
        found = naming.search(texts, self.finding, by=self.by)
        looked_at = self.cleaned_data.get(LOOKED_AT, False)
        for name, each in found.items():
            if why := each.never or (() if looked_at else each.looks):
                self.add_error(name, list(why))
        if any(each.looks for each in found.values()):
            self.fields[LOOKED_AT] = self.asks
        else:
            self.fields.pop(LOOKED_AT, None)


class OrganisationField(forms.ModelChoiceField):
    """One of the organisations in use, or the one that the record names already."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            Organisation.objects.none(),
            label=label,
            empty_label="Choose an organisation",
            error_messages=unchosen("Choose the organisation"),
            **kwargs,
        )

    def offer(self, kept: int | None = None) -> None:
        there = Organisation.objects.filter(pk__in=[kept] if kept else [])
        self.queryset = (Organisation.objects.in_use() | there).order_by("name", "pk")


class MeetingField(forms.ModelChoiceField):
    """One of the meetings that were held, the latest first."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class TakeUpForm(NamelessForm):
    """What is recommended, to whom, at which level: as a finding has it, or in better words."""

    searched = ("words", "to_whom")

    words = TextField(
        label="What does the panel recommend?",
        help_text=NOBODY,
        lines=True,
        limit=LONG,
        noun="The recommendation",
        blank="Say what is recommended",
    )
    to_whom = TextField(
        label="To whom?",
        help_text="Such as the maternity services of all trusts, or a national body",
        limit=NAME_LIMIT,
        noun="The addressee",
        blank="Say to whom it goes",
    )
    level = forms.ChoiceField(
        label="At which level?",
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose the level"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose_term("level", editions.in_force(localdate()), LEVELS)


class RecommendationForm(TakeUpForm):
    """The same, with the areas that it is about and where it comes from."""

    areas = SeveralField(
        label="About which areas?",
        help_text="Left empty, it is about all four",
        required=False,
    )
    meeting = MeetingField(
        Meeting.objects.none(),
        label="At which meeting was it made?",
        empty_label="At none, or as part of a thematic review",
        required=False,
        error_messages=unchosen("Choose one of the meetings"),
    )
    made_on = DatePartsField(
        label="On which day was it made?",
        help_text="Left empty, the day of the meeting",
        noun="The day",
        required=False,
    )
    reference = TextField(
        label="Out of which case does it come?",
        help_text=(
            "Its reference, if it comes out of one case whose finding is signed off. The words are "
            "then searched for what that record knows, which is recorded. Only the team sees it."
        ),
        limit=40,
        noun="The reference",
        required=False,
    )
    factor = forms.ChoiceField(
        label="Which factor is it about?",
        help_text="Then it can be counted whether the factor appears in later deaths",
        required=False,
        error_messages=unchosen("Choose one of the factors"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose("areas", year.area_names().items())
        self.choose("factor", [("", "No factor of the lists"), *queries.factors()])
        held = Meeting.objects.filter(held_on__lte=localdate()).order_by("-held_on", "-pk")
        self.fields["meeting"].queryset = held  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Recommendation) -> dict[str, Any]:
        case = row.finding.case if row.finding else None
        return {
            "words": row.words,
            "to_whom": row.to_whom,
            "level": row.level,
            "areas": row.area_codes,
            "meeting": row.meeting,
            "made_on": row.made_on,
            "reference": case.reference if case else "",
            "factor": f"{row.factor_edition}:{row.factor}" if row.factor else "",
        } | version_of(row)

    @property
    def said(self) -> dict[str, Any]:
        """What ``actions.make`` takes, with the version."""
        said = dict(self.cleaned_data)
        del said["reference"]
        edition, _, code = said["factor"].partition(":")
        chosen = Area.objects.filter(pk__in=said["areas"])
        said |= {"areas": list(chosen), "factor": (edition, code), "finding": self.finding}
        return said

    def clean_reference(self) -> str:
        """The finding out of which it comes; the page is told where there is none."""
        typed: str = self.cleaned_data["reference"]
        case = cases.by_reference(self.by, typed) if typed else None
        self.finding = queries.finding_on(case) if case else None
        if typed and case is None:
            raise forms.ValidationError("There is no case with this reference. Check it")
        if case is not None and self.finding is None:
            raise forms.ValidationError("No finding on this case is signed off yet")
        return typed

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.refuse_future("made_on")
        if self.finding and not said.get("meeting") and not said.get("made_on"):
            said["meeting"] = self.finding.item.meeting
        meeting: Meeting | None = said.get("meeting")
        on: date | None = said.get("made_on")
        if meeting and on and on != meeting.held_on:
            self.add_error("made_on", "The meeting was on another day. Leave this box empty")
        elif meeting:
            said["made_on"] = meeting.held_on
        else:
            self.ask_for("made_on", "Enter the day, or choose the meeting")
        return said


class ListForm(forms.Form):
    """Which recommendations the list shows."""

    show = forms.ChoiceField(label="Which?", choices=list(queries.LISTS.items()), required=False)
    area = forms.ModelChoiceField(
        Area.objects.all(), label="About which area?", empty_label="Any area", required=False
    )
    owner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="With an action of which organisation?",
        empty_label="Any organisation",
        required=False,
    )
    level = forms.ChoiceField(label="At which level?", required=False)
    year = forms.TypedChoiceField(
        label="Made in which year?", coerce=Period.parse, empty_value=None, required=False
    )

    def __init__(self, *args: Any, years: list[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = ActionPoint.objects.order_by().values("owner")
        self.fields["owner"].queryset = Organisation.objects.filter(pk__in=owners)  # type: ignore[attr-defined]
        levels = [("", "Any level"), *year.level_names().items()]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]
        made = [("", "Any year"), *((str(each), str(each)) for each in years)]
        self.fields["year"].choices = made  # type: ignore[attr-defined]

    @property
    def in_words(self) -> list[str]:
        """What the list shows, as its heading says it."""
        said = self.cleaned_data if self.is_valid() else {}
        words = [queries.LISTS[said.get("show") or queries.OPEN]]
        words += [str(said[name]) for name in ("area", "owner") if said.get(name)]
        if level := said.get("level"):
            words.append(dict(self.fields["level"].choices)[level].lower())  # type: ignore[attr-defined]
        return words + [f"made in {said['year']}"] if said.get("year") else words
