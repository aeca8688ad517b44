"""Pages of training and campaigns: the year's table, its file, and what was held."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases.record_pages import answer
from cdop.cases.watching_forms import version_of
from cdop.core import delimited
from cdop.core.access import PersonRequest, asked_for, page, posted
from cdop.core.comparing import VERSION
from cdop.core.organisations import Area, Organisation
from cdop.core.periods import Period
from cdop.core.roles import Permission
from cdop.learning import sections, training
from cdop.learning.training import BASIS, Held, Training, Year
from cdop.learning.training_forms import StrikeOutForm, TrainingForm, YearForm

READ = page(Permission.TRAINING_READ)
TEAM = page(Permission.LEARNING_MANAGE)
COLUMNS = {
    "events": "Together",
    "sessions": "Sessions",
    "campaigns": "Campaigns",
    "guidelines": "Guidelines",
    "letters": "Letters",
    "others": "Others",
    "people": "People",
    "not_recorded": "No number",
}
FILE_HEAD = ("Rows", "Row", *COLUMNS.values(), "Months", "Basis")


@READ
def year(request: PersonRequest) -> HttpResponse:
    """What was held in a year, by theme and by area, and each of it."""
    asked, left_out = asked_for(request, {"period": str(Period.of(localdate()))})
    form = YearForm(asked)
    manages = request.user.can(Permission.LEARNING_MANAGE)
    context: dict[str, Any] = {"form": form, "manages": manages, "basis": BASIS}
    context["parts"] = sections.for_user(request.user, "themes:training")
    context["not_chosen"] = [form[name].label for name in left_out]
    if form.is_valid():
        period = form.cleaned_data["period"]
        rows = Training.objects.visible_to(request.user).within(period).select_related("theme")
        counted = training.year(period)
        context |= {
            "period": period,
            "year": counted,
            "head": list(COLUMNS.values()),
            "by_theme": _shown(counted.by_theme),
            "by_area": _shown(counted.by_area),
            "rows": _with_names(rows),
            "query": asked.urlencode(),
        }
    return render(request, "learning/training.jinja", context)


@READ
def file(request: PersonRequest) -> HttpResponse:
    """The year's table as CSV."""
    form = YearForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('themes:training')}?{request.GET.urlencode()}")
    period = form.cleaned_data["period"]
    content = delimited.written(FILE_HEAD, file_lines(training.year(period)))
    return delimited.download(f"training-{period}.csv".lower(), content)


def file_lines(counted: Year) -> list[list[Any]]:
    """The rows of the file: by theme, then by area, each with the months and the basis."""
    parts = (("By theme", counted.by_theme), ("By area", counted.by_area))
    return [
        [name, *line, counted.period.label, BASIS] for name, rows in parts for line in _lines(rows)
    ]


@TEAM
def new_training(request: PersonRequest) -> HttpResponse:
    """Record something that was held."""
    start = {VERSION: 0, "theme": request.GET.get("theme", "")}
    return _form(request, None, start, "Record training or a campaign", "Recorded.")


@TEAM
def edit_training(request: PersonRequest, held: int) -> HttpResponse:
    """Put right what was recorded."""
    row = _training(request, held)
    return _form(request, row, TrainingForm.initial_of(row), "Put this right", "Put right.")


@TEAM
def strike_out(request: PersonRequest, held: int) -> HttpResponse:
    """It was recorded by mistake."""
    row = _training(request, held)
    return answer(
        request,
        None,
        StrikeOutForm(posted(request), initial=version_of(row)),
        partial(training.strike_out, row, by=request.user),
        title="Recorded by mistake",
        submit="Strike it out",
        done="It is struck out, and counted no more.",
        back=_back(row),
        now=lambda kept: {"why": kept.struck_out},
        blocked=training.why_not_change(row),
        caption=row.what,
    )


def _form(
    request: PersonRequest, row: Training | None, start: dict[str, Any], title: str, done: str
) -> HttpResponse:
    return answer(
        request,
        None,
        TrainingForm(posted(request), initial=start, training=row),
        partial(training.save, row, by=request.user),
        title=title,
        submit="Save",
        done=done,
        back=_back(row),
        now=TrainingForm.initial_of,
        blocked=training.why_not_change(row) if row else "",
        caption="Training and campaigns",
    )


def _back(row: Training | None) -> str:
    """The page of the year in which it was held."""
    query = f"?period={Period.of(row.held_on)}" if row else ""
    return f"{reverse('themes:training')}{query}"


def _training(request: PersonRequest, key: int) -> Training:
    rows = Training.objects.visible_to(request.user).select_related("theme")
    found: Training = get_object_or_404(rows, pk=key)
    return found


def _lines(rows: Iterable[tuple[str, Held]]) -> list[list[Any]]:
    """Cells by row; the people of a row of whose events none has a number are not 0 but empty."""
    return [
        [
            name,
            *(held.reached if column == "people" else getattr(held, column) for column in COLUMNS),
        ]
        for name, held in rows
    ]


def _shown(rows: Iterable[tuple[str, Held]]) -> list[list[Any]]:
    return [["Not recorded" if cell is None else cell for cell in line] for line in _lines(rows)]


def _with_names(rows: Iterable[Training]) -> list[tuple[Training, str, str]]:
    """Each row with its organisations and its areas by name."""
    rows = list(rows)
    keys = {key for row in rows for key in row.organisations}
    organisations = dict(Organisation.objects.filter(pk__in=keys).values_list("pk", "name"))
    areas = dict(Area.objects.values_list("code", "name"))
    return [
        (
            row,
            ", ".join(organisations[key] for key in row.organisations),
            ", ".join(areas[code] for code in row.areas),
        )
        for row in rows
    ]
