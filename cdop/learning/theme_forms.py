"""What is said about a theme, its cases, and in a thematic review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any

from django.forms.boundfield import BoundField

from cdop import editions
from cdop.cases.watching_forms import NO_NAMES, RecordForm, version_of
from cdop.core.fields import LONG_TEXT_LIMIT, SeveralField, TextField
from cdop.core.refusals import Refused
from cdop.learning import themes
from cdop.learning.briefing_search import NamesSomebody
from cdop.learning.theme_models import Rule, ThematicReview, Theme
from cdop.learning.theme_reviews import HEADINGS, REMARK_LIMIT, texts_of

SEARCHED = (
    "When you save, this is searched for whom the records of the cases know. That is recorded."
)

NAMED = "Some words say who somebody is. Each is named beside its text; write it in another way."


def beside_the_text(form: RecordForm, act: Callable[..., Any]) -> Callable[..., Any]:
    """The act, whose refusal of names stands beside the boxes in which they are."""

    @wraps(act)
    def acted(**said: Any) -> None:
        try:
            act(**said)
        except NamesSomebody as refused:
            for each in refused.named:
                form.add_error(each.section, each.sentence)
            raise Refused(NAMED, refused.status) from None

    return acted


class ThemeForm(RecordForm):
    """A theme in words, and the codes of each edition by which it proposes cases."""

    title = TextField(
        label="What is the theme called?",
        help_text="For example, safe sleeping",
        limit=120,
        noun="The title",
        blank="Enter what the theme is called",
    )
    belongs = TextField(
        label="What belongs to it?",
        help_text="In words, so that two people decide alike. Name no child.",
        limit=2000,
        noun="The answer",
        lines=True,
        blank="Say what belongs to it",
    )
    source = TextField(
        label="Why does the panel follow it?",
        help_text="For example, a recommendation, or a report",
        limit=200,
        noun="The answer",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in editions.codes():
            for kind, known in themes.labels(editions.get(code)).items():
                self.fields[_name(code, kind)] = SeveralField(
                    label=themes.HEADINGS[kind], choices=list(known.items()), required=False
                )

    @property
    def words(self) -> list[BoundField]:
        return [self[name] for name in ("title", "belongs", "source")]

    @property
    def by_edition(self) -> Iterator[tuple[str, int, list[BoundField]]]:
        """Each edition's title, how many of its codes are chosen, and its fields."""
        for code in editions.codes():
            edition = editions.get(code)
            boxes = [self[_name(code, kind)] for kind in themes.labels(edition)]
            yield edition.title, sum(len(box.value() or ()) for box in boxes), boxes

    @property
    def said(self) -> dict[str, Any]:
        """The words, and the rule by edition and kind of code."""
        rule: Rule = {
            code: {
                kind: self.cleaned_data[_name(code, kind)]
                for kind in themes.labels(editions.get(code))
            }
            for code in editions.codes()
        }
        words = {name: self.cleaned_data[name] for name in ("title", "belongs", "source")}
        return words | {"rule": rule, "version": self.cleaned_data["version"]}

    def in_words(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Codes by their labels, also where there are several."""
        return {name: self._labels(name, value) for name, value in values.items()}

    def _labels(self, name: str, value: Any) -> Any:
        if not isinstance(value, list):
            return self._label(name, value)
        known = dict(self.fields[name].choices)  # type: ignore[attr-defined]
        return [known.get(each, each) for each in value]

    @classmethod
    def initial_of(cls, theme: Theme) -> dict[str, Any]:
        """What the form shows of a theme that is there."""
        chosen = {
            _name(code, kind): theme.rule.get(code, {}).get(kind, [])
            for code in editions.codes()
            for kind in themes.labels(editions.get(code))
        }
        words = {name: getattr(theme, name) for name in ("title", "belongs", "source")}
        return words | chosen | version_of(theme)


def _name(edition: str, kind: str) -> str:
    return f"{edition}-{kind}"


class EndForm(RecordForm):
    """Why a theme is ended."""

    why = TextField(
        label="Why is it ended?",
        limit=1000,
        noun="The reason",
        lines=True,
        blank="Say why the theme is ended",
    )


class CaseForm(RecordForm):
    """Why a case is added, left out or left to the rule again."""

    reason = TextField(
        label="Why?",
        help_text=NO_NAMES,
        limit=1000,
        noun="The reason",
        lines=True,
        blank="Say why",
    )


class AddCaseForm(CaseForm):
    """Which case is added, and why."""

    reference = TextField(
        label="Which case?",
        help_text="Its reference, such as C-4K7M-2QX9",
        limit=40,
        noun="The reference",
        blank="Enter the reference of a case",
    )
    field_order = ("reference",)


class ReviewForm(RecordForm):
    """The sections of a thematic review."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, heading in HEADINGS.items():
            self.fields[name] = TextField(
                label=heading,
                help_text=SEARCHED if name == "question" else "",
                limit=LONG_TEXT_LIMIT,
                noun="The text",
                lines=True,
                required=False,
            )

    @classmethod
    def initial_of(cls, review: ThematicReview) -> dict[str, Any]:
        """What the form shows of a version that is there."""
        return texts_of(review) | version_of(review)


class GiveBackForm(RecordForm):
    """What the chair wants changed in a thematic review."""

    remark = TextField(
        label="What has to be changed?",
        limit=REMARK_LIMIT,
        noun="The remark",
        lines=True,
        blank="Say what has to be changed",
    )
