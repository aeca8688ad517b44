"""Cases that are open today, at every stage, so that each role finds something to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from analytics.demonstration import first_weeks, panel_views, papers, path
from analytics.demonstration.children import Child
from analytics.demonstration.people import Cast
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core.dates import at_london, london_date
from cdop.core.roles import Role
from cdop.panel import agenda, declarations, terms
from cdop.panel.models import AgendaItem
from cdop.panel.states import DeclarationState
from cdop.panel.terms import Term
from cdop.rapid_response import actions as rapid_response
from cdop.rapid_response.states import ItemState, VisitOutcome

GATHERING = 3
"""How many of the open cases are the first on the way, about which facts are gathered."""

PATTERN = Child(
    number=0,
    area="E06000049",
    sex="female",
    age_band="28-364d",
    category="unexplained",
    expectedness="unexpected",
    modifiable="not_modifiable",
    died_on=date.min,
)


def open_cases(cast: Cast, now: datetime, first: int) -> dict[Case, Child]:
    """Fill every stage with invented deaths of the last months; return the cases.

    first  number of the first child, after all others
    """
    today = london_date(now)
    children = [
        replace(PATTERN, number=first + order, died_on=today - timedelta(days=days), **facts)
        for order, (days, facts) in enumerate(STAGES)
    ]
    waiting, gathering, on_agenda, found = (
        children[:2],
        children[2 : 2 + GATHERING],
        children[5:7],
        children[7:],
    )
    for child in waiting:
        path.notify(child)
    begun = {path.open_case(child, cast): child for child in gathering}
    _visit(begun, cast)
    for case in begun:
        _gather(case, cast, now)
    first_weeks.present(list(begun), cast, now)
    path.give_notice(gathering[0], at=now - timedelta(hours=2))
    soon = {path.open_case(child, cast): child for child in on_agenda}
    _visit(soon, cast)
    _meet_soon(soon, cast, today)
    reviewed = {path.open_case(child, cast): child for child in found}
    _visit(reviewed, cast)
    _meet_today(reviewed, cast, now)
    return begun | soon | reviewed


# Days since the death, and what differs from the pattern.
STAGES: tuple[tuple[int, dict[str, Any]], ...] = (
    (4, {"area": "E06000006", "sex": "male", "age_band": "15-17", "category": "trauma"}),
    (5, {"area": "E06000007", "age_band": "0-27d", "expectedness": "expected"}),
    (8, {"area": "E06000050"}),
    (20, {"area": "E06000049", "age_band": "1-4", "expectedness": "expected"}),
    (40, {"area": "E06000007", "age_band": "5-9", "category": "acute"}),
    (120, {"area": "E06000050", "age_band": "0-27d", "expectedness": "expected"}),
    (130, {"area": "E06000006", "age_band": "1-4", "category": "infection"}),
    (160, {"area": "E06000049", "age_band": "10-14", "category": "chronic"}),
    (170, {"area": "E06000007", "category": "congenital", "expectedness": "expected"}),
)


VISITED = (VisitOutcome.JOINTLY, VisitOutcome.POLICE, VisitOutcome.NOT_INDICATED)
"""How the visits of these cases were made, as far as the checklist asks for one."""


def _visit(opened: Mapping[Case, Child], cast: Cast) -> None:
    """How each visit was made is recorded, which settles the tasks that ask for it."""
    for case, child in opened.items():
        outcome = VISITED[child.number % len(VISITED)]
        path.record_visit(case, cast.first(Role.CDOP_NURSE), outcome)


def _gather(case: Case, cast: Cast, now: datetime) -> None:
    """Some of the first tasks are done; doctor and responder have access."""
    for role in (Role.DESIGNATED_DOCTOR, Role.RESPONDER):
        until = london_date(now) + timedelta(days=90)
        cases.give_access(case, cast.first(role), by=cast.first(Role.COORDINATOR), ends_on=until)
    nurse = cast.first(Role.CDOP_NURSE)
    due = case.checklist.filter(state=ItemState.OPEN, due_at__lt=now).order_by("due_at")
    for item in list(due)[::2]:
        rapid_response.complete(item, by=nurse, done_at=item.due_at or now, note="Synthetic.")


def _meet_soon(found: dict[Case, Child], cast: Cast, today: date) -> None:
    """A meeting is planned; the first case was deferred before, and one member has reviewed it.

    An interest in it waits for a decision, one in the other case is decided on. Not everybody has
    answered, and a member of the panel is covered on that day. The papers of the first case are
    released with a supplement; those of the second are still a draft.
    """
    held_on = today + timedelta(days=21)
    _deferred(found, cast, today - timedelta(days=35))
    _covered(held_on, cast)
    meeting = path.plan_meeting(held_on, cast)
    items = path.put_on_agenda(meeting, found, cast)
    path.accept_statements(meeting, cast.invited(meeting)[1:5], at=None)
    path.review_by(items[0], found[items[0].case], cast.reviewers[:1])
    _read_first(items, cast)
    _declare(items, cast)
    _papers(items, found, cast)
    panel_views.answer_draft(items[0], cast)
    panel_views.prepare_finding(items[0], cast)


def _deferred(found: dict[Case, Child], cast: Cast, held_on: date) -> None:
    """A meeting that was held, at which the first case was put off. Its minutes are a draft."""
    case = next(iter(found))
    meeting = path.plan_meeting(held_on, cast)
    path.accept_statements(meeting, cast.invited(meeting), at=None)
    item = path.put_on_agenda(meeting, [case], cast)[0]
    meeting = path.open_meeting(meeting, cast)
    agenda.defer(
        item,
        why="The invented report of the post-mortem has not come.",
        version=item.version,
        by=cast.first(Role.CHAIR),
        at=at_london(held_on, time(11, 0)),
    )
    path.close_meeting(meeting, cast)


def _covered(on: date, cast: Cast) -> None:
    """The lay member is away for a month, and another comes in their place."""
    away = Term.objects.on(on).filter(seat="lay").select_related("user").get()
    days = timedelta(days=14)
    terms.plan_cover(
        away,
        user=cast.stand_in,
        starts_on=on - days,
        ends_on=on + days,
        version=away.version,
        by=cast.first(Role.COORDINATOR),
    )


def _read_first(items: list[AgendaItem], cast: Cast) -> None:
    """The two who review cases lead one each, and are second reader of the other's."""
    first, second = cast.reviewers
    for item, (lead, other) in zip(items, ((first, second), (second, first)), strict=False):
        now = AgendaItem.objects.get(pk=item.pk)
        said: dict[str, Any] = {"lead": lead, "second": other}
        said |= {"minutes_planned": now.minutes_planned, "version": now.version}
        agenda.plan_item(now, by=cast.first(Role.COORDINATOR), **said)


def _declare(items: list[AgendaItem], cast: Cast) -> None:
    """One interest waits for the chair, one is decided on."""
    vice, police = cast.seat_of("public_health"), cast.seat_of("police")
    led = "I led the investigation of this death. Synthetic."
    knew = "My service visited the family. Synthetic."
    declarations.declare(items[0], police, interest=led, by=police)
    said = declarations.declare(items[1], vice, interest=knew, by=vice)
    declarations.decide(
        said,
        DeclarationState.TAKES_PART,
        reason="The service saw the family once, long before. Synthetic.",
        version=said.version,
        by=cast.first(Role.CHAIR),
    )


def _papers(items: list[AgendaItem], found: dict[Case, Child], cast: Cast) -> None:
    """Released, with a supplement, for the first case; for the second a draft to settle."""
    papers.release(items[0], cast)
    papers.add(items[0], cast)
    child = found[items[1].case]
    known = child.answers()
    name = f"{known['given_names']} {known['family_name']}"
    papers.leave_open(items[1], cast, child=name, mother=known["mother_name"], day=child.died_on)


def _meet_today(found: dict[Case, Child], cast: Cast, now: datetime) -> None:
    """A meeting is open; a finding by a majority is recorded and waits for its signature."""
    meeting = path.plan_meeting(london_date(now), cast)
    path.accept_statements(meeting, cast.invited(meeting), at=None)
    items = path.put_on_agenda(meeting, found, cast)
    for item in items:
        papers.release(item, cast)
        path.review_by(item, found[item.case], cast.reviewers)
    path.open_meeting(meeting, cast)
    found_of = found[items[0].case]
    outcome = panel_views.BY_MAJORITY
    finding = path.record_finding(items[0], found_of, cast, at=now, outcome=outcome)
    panel_views.ask_nationally(finding, cast, london_date(now))
    panel_views.merge_factors(cast)
