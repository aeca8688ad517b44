"""What the coordinator says about a sheet of earlier cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from cdop.core import uploads
from cdop.core.fields import QuestionForm, TextField
from notifications.forms import NO_NAMES
from notifications.legacy_checks import IMPORT, LEAVE_OUT, choice
from notifications.legacy_columns import STAGES
from notifications.legacy_counts import Place
from notifications.legacy_sheets import MOST_BYTES

MEGABYTE = 1_000_000
MOST_CASES = 9_999
BETWEEN = ";"


def _together() -> int:
    """How many bytes one request brings at most; see ``core.upload_handler``."""
    return min(MOST_BYTES, settings.UPLOAD_MAX_BYTES)


def _too_large() -> str:
    most = _together() // MEGABYTE
    return (
        f"The sheet and the ZIP together are larger than {most} megabytes. Pack fewer files, or "
        "ask whoever runs the system to bring them in from a folder, with the command import_cases."
    )


def _about_the_archive() -> str:
    return (
        "The column “Files” says which belong to which case. "
        f"{uploads.kinds_in_words()}. The sheet and the ZIP together, at most "
        f"{_together() // MEGABYTE} megabytes. Kept sealed as the sheet is."
    )


class SheetForm(QuestionForm):
    """The file with the earlier cases, and the archive of the files that it names."""

    file = forms.FileField(
        label="Workbook or text file with the earlier cases",
        help_text=(
            f".xlsx, .xls, .ods or .csv, at most {MOST_BYTES // MEGABYTE} megabytes. It is kept "
            "sealed until you bring the cases in, and for a day at most."
        ),
        allow_empty_file=True,
        error_messages={"required": "Choose the file with the earlier cases"},
    )
    documents = forms.FileField(
        label="ZIP with the files of these cases",
        help_text=lazy(_about_the_archive, str)(),
        required=False,
        allow_empty_file=True,
    )

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given.size > _together():
            most = _together() // MEGABYTE
            raise forms.ValidationError(f"The file is larger than {most} megabytes.")
        return given.read()

    def clean_documents(self) -> bytes | None:
        given = self.cleaned_data["documents"]
        if not given:
            return None
        if given.size > _together():
            raise forms.ValidationError(_too_large())
        return given.read()


class VersionForm(QuestionForm):
    """A step of an import, on which somebody else may decide meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class UndoForm(VersionForm):
    """Why an import is undone."""

    reason = TextField(
        label="Why is this import undone?",
        help_text=NO_NAMES,
        noun="The reason",
        lines=True,
        blank="Say why the import is undone",
    )


class AlikeForm(QuestionForm):
    """What to do with each row that looks like another child.

    alike  by line what it is like, in words
    like   by line what it is like, as it is kept; it comes back with what was said
    said   by line what was said before, being like that
    """

    marks_optional = False

    def __init__(
        self,
        *args: Any,
        alike: Mapping[int, Iterable[str]],
        like: Mapping[int, Iterable[str]],
        said: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(alike)
        for line, words in alike.items():
            self.fields[f"line-{line}"] = forms.ChoiceField(
                label=f"Line {line}",
                help_text=format_html_join(SafeString("<br>"), "{}", ((each,) for each in words)),
                choices=[(IMPORT, "Another child: bring it in"), (LEAVE_OUT, "Leave it out")],
                widget=forms.RadioSelect,
                required=False,
                initial=said.get(line),
            )
            self.fields[f"like-{line}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=BETWEEN.join(like[line])
            )

    @property
    def choices(self) -> dict[str, dict[str, Any]]:
        """By line what was said, and what the line was like on the page; see ``choice``."""
        said = {line: self.cleaned_data[f"line-{line}"] for line in self.lines}
        return {
            str(line): choice(what, filter(None, self.cleaned_data[f"like-{line}"].split(BETWEEN)))
            for line, what in said.items()
            if what
        }


class TotalsForm(VersionForm):
    """The old system's totals of one year: a box for each area and stage; an empty one is none."""

    marks_optional = False

    def __init__(
        self,
        *args: Any,
        year: str,
        areas: Mapping[str, str],
        known: Mapping[Place, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.places = {
            f"{area}-{stage.value}": (year, area, stage.value) for area in areas for stage in STAGES
        }
        for name, place in self.places.items():
            stage = next(each.label for each in STAGES if each.value == place[2])
            self.fields[name] = forms.IntegerField(
                label=f"{areas[place[1]]}, {stage}",
                min_value=0,
                max_value=MOST_CASES,
                required=False,
                initial=known.get(place),
                widget=forms.NumberInput(attrs={"width": 4}),
                error_messages={
                    "invalid": f"{areas[place[1]]}, {stage}: enter a whole number",
                    "min_value": f"{areas[place[1]]}, {stage}: enter 0 or more",
                    "max_value": f"{areas[place[1]]}, {stage}: enter {MOST_CASES:,} or fewer",
                },
            )

    @property
    def totals(self) -> dict[Place, int]:
        """What was typed, by place; where nothing was typed at all, no total is known."""
        typed = {
            place: self.cleaned_data[name]
            for name, place in self.places.items()
            if self.cleaned_data[name] is not None
        }
        return {place: typed.get(place, 0) for place in self.places.values()} if typed else {}
