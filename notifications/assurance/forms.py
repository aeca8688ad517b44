"""Which months and which deaths the page about promptness counts."""

from __future__ import annotations

from django import forms

from cdop.core.fields import PeriodField, unchosen
from notifications.assurance.deaths import BASES
from notifications.assurance.promptness import GROUPS


class PromptnessForm(forms.Form):
    """Which months, which deaths."""

    period = PeriodField()
    basis = forms.ChoiceField(
        label="Which deaths?",
        choices=list(BASES.items()),
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose which deaths to count"),
    )
    group = forms.ChoiceField(
        label="Which of them?",
        choices=[(code, words) for code, (words, _) in GROUPS.items()],
        widget=forms.RadioSelect,
        error_messages=unchosen("Choose whether to count all of them"),
    )
