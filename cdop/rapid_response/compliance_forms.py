"""Which months and which area the page about the first weeks counts."""

from __future__ import annotations

from django import forms

from cdop.core.fields import PeriodField, unchosen
from cdop.core.organisations import Area


class ComplianceForm(forms.Form):
    """Which months, and one area or all."""

    period = PeriodField()
    area = forms.ModelChoiceField(
        Area.objects.all(),
        label="Which area?",
        empty_label="All four areas",
        required=False,
        error_messages=unchosen("Choose an area"),
    )
