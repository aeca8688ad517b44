"""What people say of the first hours after a death, on one short form."""

from __future__ import annotations

from typing import Any

from django import forms

from cdop.core.comparing import VERSION
from cdop.core.fields import QuestionForm, TextField, unchosen
from cdop.rapid_response import facts
from cdop.rapid_response.response_models import ResponseFacts
from cdop.rapid_response.states import Known
from cdop.rapid_response.visit_forms import NOT_SEALED


def _asked(label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=Known.choices,
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose an answer; “Not known” is one"),
    )


class CareForm(QuestionForm):
    """Whether the ambulance service followed its protocol, and what was done for the child."""

    marks_optional = False

    ambulance_protocol = _asked("Did the ambulance service follow its protocol?")
    ambulance_why = TextField(
        label="If not, or if it does not apply: why?",
        help_text=NOT_SEALED,
        noun="The reason",
        lines=True,
        limit=2000,
        required=False,
    )
    history_taken = _asked("Was a full history taken from the family?")
    examination = _asked("Was the child examined fully?")
    samples = _asked("Were the laboratory samples taken?", "Asked for under 2 years of age")
    skeletal_survey = _asked(
        "Was a skeletal survey made?", "Asked for under 2 years of age, and considered above"
    )
    care_why = TextField(
        label="Of each that was not done, or does not apply: why?",
        help_text=NOT_SEALED,
        noun="The reason",
        lines=True,
        limit=2000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(
        cls, row: ResponseFacts | None, known: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """What the form shows of what was said, or of what is ``known`` to begin with."""
        said = {name: value for name, value in facts.care_of(row).items() if value}
        return (known or {}) | said | {VERSION: row.version if row else facts.NOT_RECORDED}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, sentence in facts.why_incomplete(said).items():
            if name not in self.errors:
                self.add_error(name, sentence)
        return said

    @staticmethod
    def in_words(said: dict[str, str]) -> dict[str, str]:
        """Answers as people read them; reasons as they were typed."""
        labels = dict(Known.choices)
        return {name: str(labels.get(value, value)) for name, value in said.items()}
