"""What is said about the minutes: their texts, searched for what identity knows, and remarks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError

from cdop.cases.watching_forms import RecordForm, version_of
from cdop.core.fields import LONG_TEXT_LIMIT, TextField
from cdop.core.users import User
from cdop.panel import minutes, redaction
from cdop.panel.minutes import Minutes, Part


class GiveBackForm(RecordForm):
    """What the chair wants changed in the minutes."""

    remark = TextField(
        label="What has to be changed?",
        limit=minutes.REMARK_LIMIT,
        noun="The remark",
        blank="Say what has to be changed",
        lines=True,
    )


class MinutesForm(RecordForm):
    """The texts of the minutes, part by part. What identity knows is looked for and refused.

    Every part is searched for every child of the meeting, with one recorded reading for each child.
    The full name of somebody who was invited, and of a seat, may stand there, whatever a child was
    called.
    """

    def __init__(self, *args: Any, of: Minutes, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of, self.by = of, by
        self.parts: list[Part] = of.parts
        for number, part in enumerate(self.parts):
            self.fields[f"part-{number}"] = TextField(
                label=part["heading"],
                limit=LONG_TEXT_LIMIT,
                noun="The text",
                lines=True,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Puts a sentence beside each part that says who a child was."""
        texts = [self.cleaned_data.get(f"part-{n}", "") for n in range(len(self.parts))]
        found: dict[int, list[str]] = {}
        for number, sentence in _named(texts, self.of, self.by):
            found.setdefault(number, []).append(sentence)
        for number, sentences in found.items():
            self.add_error(f"part-{number}", ValidationError(list(dict.fromkeys(sentences))))
        return self.cleaned_data

    @property
    def said(self) -> dict[str, Any]:
        texts = [self.cleaned_data[f"part-{number}"] for number in range(len(self.parts))]
        return {"texts": texts, "version": self.cleaned_data["version"]}

    @classmethod
    def initial_of(cls, row: Minutes) -> dict[str, Any]:
        parts: list[Part] = row.parts
        return {f"part-{n}": part["text"] for n, part in enumerate(parts)} | version_of(row)


def why_not_put(row: Minutes, by: User) -> str:
    """Why minutes are not put to the chair as they stand: a part says who a child was."""
    parts: list[Part] = row.parts
    named = _named([part["text"] for part in parts], row, by)
    return " ".join(f"{parts[number]['heading']}: {sentence}" for number, sentence in named)


def _named(texts: list[str], row: Minutes, by: User) -> Iterator[tuple[int, str]]:
    """Which part says who a child was, counted from 0, and the sentence about it."""
    invited = row.meeting.attendance.select_related("user")
    seats = [seat.label for seat in row.meeting.edition.core_membership]
    ours = [*(str(each.user) for each in invited), *seats]
    plain = [_without(text, ours) for text in texts]
    starts = [sum(text.count("\n") + 1 for text in plain[:n]) for n in range(len(plain))]
    for case in minutes.cases_of(row):
        for hit in redaction.check("\n".join(plain), case, by=by):
            number = max(n for n, start in enumerate(starts) if start < hit.line)
            line = hit.line - starts[number]
            yield number, redaction.Hit(hit.kind, line, hit.words).sentence


def _without(text: str, ours: list[str]) -> str:
    """The text with blanks in place of the names of the panel's own people and seats."""
    for words in ours:
        text = text.replace(words, " " * len(words))
    return text
