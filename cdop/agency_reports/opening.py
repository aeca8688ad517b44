"""Which forms an agency is asked to answer about a death, by what is known of it."""

from __future__ import annotations

from collections.abc import Iterable

from cdop import editions
from cdop.agency_reports.models import Request
from cdop.cases import reports
from cdop.cases.models import Case
from cdop.editions.conditions import Answered
from cdop.editions.schema import Edition, ReportForm
from cdop.rapid_response.rules import said_of

Known = dict[str, Answered]


def known_of(case: Case) -> Known:
    """What conditions of forms may ask about a death: its facts, and the events that were told."""
    events = [event for told in reports.told(case, "known_events") for event in told]
    return {**said_of(case.facts), "known_events": sorted(set(events))}


def opened(edition: Edition, known: Known, agency: str) -> list[str]:
    """The codes of the forms that such a death calls for, of one kind of agency, in order."""
    said = {**known, "agency": agency}
    return [
        form.code for form in edition.reports.forms if form.when is None or form.when.holds(said)
    ]


def in_order(edition: Edition, codes: Iterable[str]) -> list[ReportForm]:
    """The forms with these codes as an agency answers them: the short form for newborns first."""
    chosen = set(codes)
    return [form for form in edition.reports.forms if form.code in chosen]


def left(request: Request) -> list[ReportForm]:
    """The forms of its guidance that a request does not ask for."""
    forms = editions.get(request.edition).reports.forms
    return [form for form in forms if form.code not in request.forms]
