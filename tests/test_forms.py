"""Every form of every stage, as the pages show it."""

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from cdop.core.fields import QuestionForm

ROOT = Path(settings.BASE_DIR)
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("cdop", "notifications", "analytics")
    for path in sorted((ROOT / package).rglob("*forms.py"))
]


def forms_of(module: str) -> list[type[QuestionForm]]:
    found = vars(import_module(module)).values()
    return [
        each
        for each in found
        if isinstance(each, type) and issubclass(each, QuestionForm) and each.__module__ == module
    ]


FORMS = [form for module in MODULES for form in forms_of(module)]


def test_there_are_forms():
    assert len(FORMS) > 30


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__name__}")
def test_a_box_is_folded_away_under_one_answer_alone(form):
    """Shown under two, it would stand on the page twice, and the empty one would be sent last."""
    folded = Counter(
        name for answers in form.reveals.values() for names in answers.values() for name in names
    )

    assert [name for name, number in folded.items() if number > 1] == []
    assert set(folded) <= set(form.base_fields)
