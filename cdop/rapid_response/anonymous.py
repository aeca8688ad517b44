"""What the first weeks tell the panel: in hours and days from the death, by agency and task."""

from __future__ import annotations

from collections.abc import Iterator

from cdop import editions
from cdop.cases import clock_readings
from cdop.cases.clock_readings import Happened
from cdop.cases.models import Case
from cdop.core.jinja import count
from cdop.editions.schema import Edition
from cdop.rapid_response import responses, visits
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.models import ChecklistItem
from cdop.rapid_response.states import DiscussionState, ItemState, ResponseState, VisitOutcome

Row = tuple[str, str]


def happened(case: Case) -> list[Happened]:
    """When it was decided to respond, the visit, and each meeting of the agencies."""
    edition, found = editions.get(case.edition), []
    if response := responses.of(case):
        words = edition.words["unexpected_response"]
        label = ResponseState(response.state).label
        found.append((response.decided_at, f"{words[:1].upper()}{words[1:]} {label}"))
    visit = visits.of(case)
    if visit and visit.visited_at:
        found.append((visit.visited_at, f"Visit by {VisitOutcome(visit.outcome).label}"))
    labels = {kind.code: kind.label for kind in edition.discussions}
    found += [(row.held_at, labels[row.kind]) for row in _held(case) if row.held_at]
    return clock_readings.in_days(case.pk, found)


def summary(case: Case) -> list[Row]:
    """Term and words: the decision, the visit, the meetings, then each task and when."""
    edition = editions.get(case.edition)
    items = list(case.checklist.order_by("position"))
    return [*_decided(case, edition), *_visit(case), *_met(case, edition), *_tasks(items, edition)]


def _decided(case: Case, edition: Edition) -> Iterator[Row]:
    if response := responses.of(case):
        [when] = clock_readings.moments_in_words(case.pk, [response.decided_at])
        term = edition.words["unexpected_response"]
        yield f"{term[:1].upper()}{term[1:]}", f"{ResponseState(response.state).label}, {when}"


def _visit(case: Case) -> Iterator[Row]:
    visit = visits.of(case)
    if visit is None:
        return
    words = VisitOutcome(visit.outcome).label
    if visit.visited_at:
        [when] = clock_readings.moments_in_words(case.pk, [visit.visited_at])
        words = f"{words}, {when}"
    yield "Visit to the home or the place", f"{words}. {visit.why}".strip().rstrip(".")


def _met(case: Case, edition: Edition) -> Iterator[Row]:
    rows = [row for row in _held(case) if row.held_at]
    labels = {kind.code: kind.label for kind in edition.discussions}
    there = {term.code: term.label for term in edition.attending}
    times = [row.held_at for row in rows if row.held_at]
    for row, when in zip(rows, clock_readings.moments_in_words(case.pk, times), strict=True):
        agencies = ", ".join(there[code] for code in row.agencies if code in there)
        yield labels[row.kind], f"held {when}" + (f", with {agencies}" if agencies else "")


def _tasks(items: list[ChecklistItem], edition: Edition) -> Iterator[Row]:
    done = [item for item in items if item.state == ItemState.DONE and item.done_at]
    times = [item.done_at for item in done if item.done_at]
    whens = clock_readings.moments_in_words(done[0].case_id, times) if done else []
    for item, when in zip(done, whens, strict=True):
        yield editions.one(edition.checklist, item.task).label, f"done {when}"
    for item in items:
        if item.state == ItemState.NOT_DONE:
            yield editions.one(edition.checklist, item.task).label, f"not done. {item.note}".strip()
    if still := sum(item.state == ItemState.OPEN for item in items):
        yield "Still open", count(still, "task").replace("\N{NO-BREAK SPACE}", " ")


def _held(case: Case) -> list[Discussion]:
    found = Discussion.objects.filter(case=case, state=DiscussionState.HELD)
    return list(found.order_by("held_at", "number"))
