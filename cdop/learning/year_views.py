"""The year's tables of recommendations and actions, as a page and a file, and its printed list."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from cdop.core import delimited
from cdop.core.access import PersonRequest, page
from cdop.core.audit import record
from cdop.core.periods import Period
from cdop.core.roles import Permission
from cdop.learning import queries, year
from cdop.learning.views import READERS
from cdop.rapid_response import compliance_tables

ALL = page(Permission.RECOMMENDATIONS_MANAGE, Permission.RECOMMENDATIONS_READ)
FILE_HEAD = ("Table", "Row", "Column", "Number", "Year", "Basis")


@ALL
def year_page(request: PersonRequest) -> HttpResponse:
    """What was recommended in a year and what became of it, by area and by level."""
    period = _period(request)
    context = {
        "period": period,
        "years": queries.years(request.user, localdate()),
        "tables": year.tables(period, request.user),
        "basis": year.Year.of(period).basis,
    }
    return render(request, "learning/year.jinja", context)


@ALL
def year_file(request: PersonRequest) -> HttpResponse:
    """The same as one tidy CSV file: a line for each number, with its basis and its year."""
    period = _period(request)
    record("recommendations.downloaded", f"recommendations, {period}", by=request.user)
    basis = year.Year.of(period).basis
    lines = compliance_tables.lines(year.tables(period, request.user))
    rows = [
        (table, row, column, number, str(period), basis) for table, row, _, column, number in lines
    ]
    return delimited.download(f"recommendations-{period}.csv", delimited.written(FILE_HEAD, rows))


@READERS
def year_list(request: PersonRequest) -> HttpResponse:
    """What stood on the list in a year with what became of each, to print: the next report's first
    pages."""
    period, today = _period(request), localdate()
    rows = queries.of_the_year(period, request.user)
    lines = queries.lines(rows, today)
    context = {
        "period": period,
        "years": queries.years(request.user, today),
        "carried": [line for line in lines if line.row.made_on < period.first_month],
        "made": [line for line in lines if line.row.made_on >= period.first_month],
        "basis": year.Year.of(period).basis,
        "sees_year": not request.user.can(Permission.RECOMMENDATIONS_READ_AREA),
    }
    return render(request, "learning/year_list.jinja", context)


def _period(request: PersonRequest) -> Period:
    """The year that the address asks for; this one where it asks for none, or for nonsense."""
    this = Period.of(localdate())
    try:
        asked = Period.parse(request.GET.get("year", ""))
    except ValueError:
        return this
    return asked if asked.is_year and asked.first_month <= this.first_month else this
