"""Pages that count: how far reviewers agree, and which factors were found; each as a file, too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate

from cdop import editions
from cdop.core import delimited
from cdop.core.access import PersonRequest, asked_for, page
from cdop.core.audit import record
from cdop.core.periods import Period
from cdop.core.roles import Permission
from cdop.reviews import counting, measuring
from cdop.reviews.counting import Found
from cdop.reviews.measuring import Measured
from cdop.reviews.vocabulary_forms import MonthsForm

READERS = page(Permission.MEETINGS_ARRANGE, Permission.FINDINGS_SIGN_OFF)
MARKING = "Official-sensitive. Exact counts, not for publication."
AGREEMENT_HEAD = (
    "Question",
    "Cases",
    "Reviews",
    "All agree",
    "Krippendorff's alpha",
    "Fleiss' kappa",
    "Agreed to a draft",
    "Questioned a draft",
)
FACTOR_HEAD = ("Factor", "Part of the child's life", "Lines", "Cases", "Modifiable")


@dataclass(frozen=True)
class Table:
    """What a page shows and a file holds: a caption, heads and rows of texts."""

    caption: str
    head: tuple[str, ...]
    rows: list[list[str]]
    total: bool = False


@dataclass(frozen=True)
class Kind:
    """One page and its file: what it is called, its address, and how its tables are made."""

    name: str
    template: str
    tables: Callable[[Period], tuple[Any, list[Table]]]


def agreement_tables(period: Period) -> tuple[Any, list[Table]]:
    """What the measures rest on, and a table for each guidance."""
    whole, found = measuring.measured(period)
    tables = [
        Table(
            f"Agreement by question: {title}",
            AGREEMENT_HEAD,
            [_measured(row) for row in rows],
        )
        for title, rows in _by_edition(found)
    ]
    return whole, tables


def factor_tables(period: Period) -> tuple[Any, list[Table]]:
    """A table for each guidance, with the total of its lines."""
    found = counting.counted(period)
    tables = []
    for title, rows in _by_edition(found):
        total = sum((row.found for row in rows), Found())
        lines = [
            [
                f"“{row.label}” (own words)" if row.words else row.label,
                row.domain,
                str(row.found.lines),
                str(row.found.cases),
                str(row.found.modifiable),
            ]
            for row in rows
        ]
        # A case with two factors stands on two lines, so the cases of the lines have no sum.
        lines.append(["All lines", "", str(total.lines), "", str(total.modifiable)])
        tables.append(
            Table(
                f"Factors: {title}",
                FACTOR_HEAD,
                lines,
                total=True,
            )
        )
    return None, tables


AGREEMENT = Kind("agreement", "reviews/agreement.jinja", agreement_tables)
FACTORS = Kind("factor_count", "reviews/factor_count.jinja", factor_tables)


@READERS
def agreement(request: PersonRequest) -> HttpResponse:
    """How far members who reviewed alone agree, question by question."""
    return _page(request, AGREEMENT)


@READERS
def agreement_file(request: PersonRequest) -> HttpResponse:
    """The same as one CSV file."""
    return _file(request, AGREEMENT)


@READERS
def factor_count(request: PersonRequest) -> HttpResponse:
    """Which factors were found how often, under the terms that stand for them now."""
    return _page(request, FACTORS)


@READERS
def factor_count_file(request: PersonRequest) -> HttpResponse:
    """The same as one CSV file."""
    return _file(request, FACTORS)


def _page(request: PersonRequest, kind: Kind) -> HttpResponse:
    asked_of, left_out = asked_for(request, {"period": str(Period.of(localdate()))})
    form = MonthsForm(asked_of)
    context: dict[str, Any] = {
        "form": form,
        "not_chosen": [form[name].label for name in left_out],
        "least": measuring.LEAST_CASES,
    }
    if form.is_valid():
        period = form.cleaned_data["period"]
        record(f"{kind.name}.read", f"{kind.name}, {period}", by=request.user)
        whole, tables = kind.tables(period)
        context |= {"period": period, "whole": whole, "tables": tables}
        context["query"] = asked_of.urlencode()
    return render(request, kind.template, context)


def _file(request: PersonRequest, kind: Kind) -> HttpResponse:
    form = MonthsForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse(f'reviews:{kind.name}')}?{request.GET.urlencode()}")
    period = form.cleaned_data["period"]
    record(f"{kind.name}.downloaded", f"{kind.name}, {period}", by=request.user)
    _, tables = kind.tables(period)
    head = tables[0].head if tables else ()
    more = (str(period), MARKING)
    rows = [(table.caption, *row, *more) for table in tables for row in table.rows]
    content = delimited.written(("Table", *head, "Months", "Marking"), rows)
    name = f"{kind.name}-{period}-official-sensitive.csv".replace("_", "-").lower()
    return delimited.download(name, content)


def _measured(row: Measured) -> list[str]:
    return [
        row.asked.label,
        str(row.cases),
        str(row.reviews),
        str(row.all_agree),
        _statistic(row.alpha, row.why_no_alpha),
        _statistic(row.kappa, row.why_no_kappa),
        str(row.agreed),
        str(row.questioned),
    ]


def _statistic(value: float | None, why_not: str) -> str:
    return why_not if value is None else f"{value:.2f}"


def _by_edition(rows: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.edition, []).append(row)
    return [(editions.get(code).title, own) for code, own in found.items()]
