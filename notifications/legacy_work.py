"""What an import puts on the timeline of its cases, and the job that removes old files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from cdop import editions
from cdop.cases.models import Case, Clocks
from cdop.core.casework import Event
from cdop.core.dates import at_london
from cdop.core.reminders import DueJob
from notifications import legacy_files, legacy_queries

STAGE = "System used before"
NOON = time(12)


def events(case: Case) -> list[Event]:
    """What the old system knew: agencies asked and answered, the review; and when it came here."""
    kept = legacy_queries.behind(case)
    if kept is None:
        return []
    agencies = editions.get(case.edition).vocabularies["agencies"]
    found = [
        Event(at_london(on, NOON), f"{agencies.label(each['agency'])}: {what}", STAGE)
        for each in kept.returns
        for on, what in _days(each)
    ]
    found += _signed_off(case)
    if kept.batch.decided_at:
        came = f"Brought in with import {kept.batch}, line {kept.line}"
        found.append(Event(kept.batch.decided_at, came, STAGE))
    return found


def due_jobs() -> list[DueJob]:
    """The files of imports that nobody finished are removed after a day."""
    return [DueJob("files of imports", remove_files)]


def remove_files() -> str:
    count = legacy_files.remove_expired()
    return f"Removed {count} old import {'file' if count == 1 else 'files'}." if count else ""


def _days(kept: dict[str, Any]) -> Iterator[tuple[date, str]]:
    if kept["asked_on"]:
        yield date.fromisoformat(kept["asked_on"]), "asked for a report"
    if kept["returned_on"]:
        said = "returned with nothing to report" if kept["nil"] else "report returned"
        yield date.fromisoformat(kept["returned_on"]), said


def _signed_off(case: Case) -> list[Event]:
    """The end of the old system's review, which nobody signed off here."""
    facts = case.facts
    if facts.days_to_sign_off is None:
        return []
    died_on = Clocks.objects.values_list("died_on", flat=True).get(case=case)
    on = died_on + timedelta(days=facts.days_to_sign_off)
    return [Event(at_london(on, NOON), "The review was signed off", STAGE)]
