"""Which months, area, agency and task the page about the first weeks counts."""

from __future__ import annotations

from typing import Any

from django import forms

from cdop import editions
from cdop.core.fields import PeriodField, unchosen
from cdop.core.organisations import Area


class ComplianceForm(forms.Form):
    """Which months, one area or all, and the tasks of one agency, one task, or all."""

    period = PeriodField()
    area = forms.ModelChoiceField(
        Area.objects.all(),
        label="Which area?",
        empty_label="All four areas",
        required=False,
        error_messages=unchosen("Choose an area"),
    )
    lead = forms.ChoiceField(
        label="Whose tasks?", required=False, error_messages=unchosen("Choose an agency")
    )
    task = forms.ChoiceField(
        label="Which task?", required=False, error_messages=unchosen("Choose a task")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        leads, tasks = _leads_and_tasks()
        self.fields["lead"].choices = [("", "Every agency"), *leads.items()]  # type: ignore[attr-defined]
        self.fields["task"].choices = [("", "Every task"), *tasks.items()]  # type: ignore[attr-defined]

    def clean_lead(self) -> list[str]:
        lead = self.cleaned_data["lead"]
        return [lead] if lead else []


def _leads_and_tasks() -> tuple[dict[str, str], dict[str, str]]:
    """The leads and tasks of all editions by their codes, the latest edition first to speak."""
    leads: dict[str, str] = {}
    tasks: dict[str, str] = {}
    for code in reversed(editions.codes()):
        edition = editions.get(code)
        for task in edition.checklist:
            tasks.setdefault(task.code, task.label)
            leads.setdefault(task.lead, edition.vocabularies["leads"].label(task.lead))
    return leads, tasks
