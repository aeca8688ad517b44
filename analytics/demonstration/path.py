"""The way of an invented death through the system, by the same actions that people take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Unpack

from analytics.demonstration import first_weeks
from analytics.demonstration.children import Child
from analytics.demonstration.people import Cast
from cdop import editions
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core.clocks import clock_start
from cdop.core.dates import at_london, london_date
from cdop.core.organisations import Area, Organisation
from cdop.core.roles import Role
from cdop.core.users import User
from cdop.editions.schema import Edition
from cdop.panel import actions as panel
from cdop.panel import agenda, minutes, reading
from cdop.panel.minutes import Minutes
from cdop.panel.models import AgendaItem, Meeting
from cdop.rapid_response import actions as rapid_response
from cdop.rapid_response import visits
from cdop.rapid_response.states import MADE, ItemState, VisitOutcome
from cdop.reviews import actions as reviews
from cdop.reviews.content import Content, FactorLine, Graded, Outcome
from cdop.reviews.models import Finding
from notifications import decisions, intake, notices
from notifications.models import Notification

MEETING_BEGINS = time(10, 0)
PLACE = "Invented Meeting Room"
MINUTES = 20
"""Planned for each case of a meeting."""
OWN_WORDS = "Waited too long for an invented appointment"
AGREED = Outcome("agreed", would_change="Nothing that is still expected.")
"""How most findings of the demonstration are reached."""
VISITS = (
    VisitOutcome.JOINTLY,
    VisitOutcome.POLICE,
    VisitOutcome.JOINTLY,
    VisitOutcome.HEALTH,
    VisitOutcome.NONE,
    VisitOutcome.POLICE,
    VisitOutcome.NOT_INDICATED,
)
"""How the visits of the demonstration were made, one after the other."""
WHY = {
    VisitOutcome.POLICE: "Invented: nobody on the invented rota for health was free.",
    VisitOutcome.HEALTH: "Invented: the invented police went the day before.",
    VisitOutcome.NONE: "Invented: the invented snow let nobody through.",
    VisitOutcome.NOT_INDICATED: "Invented: the synthetic child died on a ward, seen by all.",
}


def notify(child: Child) -> Notification:
    """Report the death, as a notifier would."""
    return intake.receive(
        child.answers(),
        edition=editions.in_force(child.died_on),
        route=intake.Route.WEB,
        by=intake.NOTIFIER,
        at=child.notified_at,
    )


def give_notice(child: Child, *, at: datetime) -> Notification:
    """A coroner tells of the same death; the notice waits for triage."""
    said = child.answers()
    kept = ("given_names", "family_name", "date_of_birth", "sex", "nhs_number", "date_of_death")
    return intake.receive(
        {
            **{code: said[code] for code in kept},
            **notices.CORONER.implied,
            "notifier_name": "Officer Invented",
            "notifier_organisation": "Invented coroner",
            "notifier_phone": "01632 960003",
            "notifier_notice": "investigation",
            "notifier_acted_on": london_date(at).isoformat(),
        },
        edition=editions.in_force(child.died_on),
        route=notices.CORONER.route,
        questionnaire=notices.CORONER.code,
        by=intake.NOTIFIER,
        at=at,
    )


def open_case(child: Child, cast: Cast) -> Case:
    """Report the death and accept it into a case, with its checklist, a day later."""
    notification = notify(child)
    return decisions.accept(
        notification,
        by=cast.first(Role.COORDINATOR),
        version=notification.version,
        area=Area.objects.get(code=child.area),
        in_scope=True,
        organisation=Organisation.objects.get(name=child.news.organisation),
        at=child.notified_at + timedelta(days=1),
    )


def settle_tasks(case: Case, cast: Cast, until: datetime) -> None:
    """Do every task that was due by then, in time but for one in seven, and set the rest aside."""
    by = cast.first(Role.CDOP_NURSE)
    first_weeks.past(case, by, until)
    record_visit(case, by)
    for item in case.checklist.filter(state=ItemState.OPEN):
        if item.due_at is None or item.due_at > until:
            rapid_response.set_aside(item, by=by, reason="Not needed for this synthetic death.")
        else:
            late = timedelta(hours=5 if item.pk % 7 == 0 else -1)
            done_at = max(case.clocks.died_at or item.due_at, item.due_at + late)
            rapid_response.complete(item, by=by, done_at=done_at, note="Synthetic.")


def record_visit(case: Case, by: User, outcome: VisitOutcome | None = None) -> None:
    """Say how the visit was made, where the checklist asks: not together each time, as it was."""
    asks = case.checklist.filter(task=visits.RECORDED, state=ItemState.OPEN)
    if not asks.exists():
        return
    clocks = case.clocks
    death = clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
    outcome = outcome or VISITS[case.pk % len(VISITS)]
    visits.record(
        case,
        by=by,
        version=visits.NOT_RECORDED,
        outcome=outcome,
        visited_at=death + timedelta(hours=15 + 4 * (case.pk % 4)) if outcome in MADE else None,
        decided_by="Senior investigating officer, invented",
        why=WHY.get(outcome, ""),
        at=death + timedelta(hours=40),
    )


def plan_meeting(held_on: date, cast: Cast, **said: Unpack[panel.Plan]) -> Meeting:
    """Plan a meeting and invite everybody whose term of office runs on that day."""
    by = cast.first(Role.COORDINATOR)
    usual: panel.Plan = {"place": PLACE, "begins": MEETING_BEGINS}
    meeting = panel.plan(held_on=held_on, by=by, **usual | said)
    panel.invite_by_terms(meeting, by=by)
    return meeting


def accept_statements(meeting: Meeting, people: Iterable[User], *, at: datetime | None) -> None:
    """People say that they come, and accept the confidentiality statement."""
    for user in people:
        reading.answer_invitation(meeting, user, coming=True, by=user)
        reading.accept_statement(meeting, user, by=user, at=at)


def put_on_agenda(meeting: Meeting, ready: Iterable[Case], cast: Cast) -> list[AgendaItem]:
    """Put cases on the agenda, each with a time."""
    by, items = cast.first(Role.COORDINATOR), []
    for case in ready:
        if Case.objects.get(pk=case.pk).state == CaseState.GATHERING:
            cases.make_ready(case, by=by)
        item = panel.put_on_agenda(meeting, case, by=by)
        items.append(
            agenda.plan_item(
                item, minutes_planned=MINUTES, lead=None, second=None, version=item.version, by=by
            )
        )
    return items


def hold_meeting(held_on: date, found: Mapping[Case, Child], cast: Cast) -> Meeting:
    """A whole meeting: papers, reviews made alone, findings, signatures, cases closed."""
    meeting = plan_meeting(held_on, cast)
    items = put_on_agenda(meeting, found, cast)
    begins = at_london(held_on, MEETING_BEGINS)
    accept_statements(meeting, cast.invited(meeting), at=begins - timedelta(days=6))
    for item, child in zip(items, found.values(), strict=True):
        review_by(item, child, cast.reviewers, at=begins - timedelta(days=5))
    meeting = open_meeting(meeting, cast)
    for item, (case, child) in zip(items, found.items(), strict=True):
        finding = record_finding(item, child, cast, at=begins + timedelta(hours=1))
        sign_off(finding, cast, at=begins + timedelta(hours=2))
        settle_tasks(case, cast, until=begins)
        closed_at = begins + timedelta(days=14)
        cases.close(case, by=cast.first(Role.COORDINATOR), at=closed_at)
    meeting = close_meeting(meeting, cast)
    approve_minutes(meeting, cast, at=begins + timedelta(days=10))
    return meeting


def close_meeting(meeting: Meeting, cast: Cast) -> Meeting:
    """The chair closes the meeting three hours after it began; its minutes are drafted."""
    closed_at = at_london(meeting.held_on, MEETING_BEGINS) + timedelta(hours=3)
    return panel.close_meeting(meeting, by=cast.first(Role.CHAIR), at=closed_at)


def approve_minutes(meeting: Meeting, cast: Cast, *, at: datetime) -> None:
    """The coordinator puts the minutes to the chair, who approves them."""
    drafted = Minutes.objects.get(meeting=meeting)
    coordinator, chair = cast.first(Role.COORDINATOR), cast.first(Role.CHAIR)
    read = minutes.put_to_chair(drafted, version=drafted.version, by=coordinator)
    minutes.approve(read, version=read.version, by=chair, at=at)


def open_meeting(meeting: Meeting, cast: Cast) -> Meeting:
    """Everybody who was invited is there, and the chair opens the meeting."""
    chair = cast.first(Role.CHAIR)
    present = meeting.attendance.values_list("user", flat=True)
    panel.record_attendance(meeting, set(present), by=chair)
    return panel.open_meeting(meeting, by=chair, at=at_london(meeting.held_on, MEETING_BEGINS))


def review_by(
    item: AgendaItem, child: Child, members: Iterable[User], *, at: datetime | None = None
) -> None:
    """Members review the case alone; of every fifth case the second finds less to change."""
    content = analysis_of(child, editions.in_force(item.meeting.held_on))
    for number, member in enumerate(members):
        doubts = number == 1 and child.number % 5 == 0
        said = without_factors(content) if doubts else content
        reviews.send_review(item, said, by=member, at=at)


def record_finding(
    item: AgendaItem, child: Child, cast: Cast, *, at: datetime, outcome: Outcome = AGREED
) -> Finding:
    """The chair records what the panel found."""
    content = analysis_of(child, editions.in_force(item.meeting.held_on))
    by = cast.first(Role.CHAIR)
    return reviews.record_finding(item, content, version=0, outcome=outcome, by=by, at=at)


def sign_off(finding: Finding, cast: Cast, *, at: datetime) -> Finding:
    return reviews.sign_off(finding, version=finding.version, by=cast.first(Role.CHAIR), at=at)


def analysis_of(child: Child, edition: Edition) -> Content:
    """What is found of an invented death, in the codes of the edition."""
    domains = [domain.code for domain in edition.domains]
    factors = _factors(child, edition)
    low = "0" if child.modifiable == "inadequate" else "1"
    graded = {code: Graded(low, "Synthetic.") for code in domains}
    graded |= {line.domain: Graded(line.grade, "Synthetic.") for line in factors}
    return Content(
        cause="Synthetic cause of death",
        summary="A synthetic death. Nothing here happened to anybody.",
        expectedness=child.expectedness,
        categories=(child.category,),
        grades=graded,
        factors=factors,
        modifiable=child.modifiable,
        learning="Synthetic learning.",
    )


def without_factors(content: Content) -> Content:
    """The same analysis by somebody who found no factor that could be modified."""
    grades = {code: Graded("1", graded.narrative) for code, graded in content.grades.items()}
    return Content(
        cause=content.cause,
        summary=content.summary,
        expectedness=content.expectedness,
        categories=content.categories,
        grades=grades,
        modifiable="not_modifiable",
    )


def _factors(child: Child, edition: Edition) -> tuple[FactorLine, ...]:
    """One modifiable factor where there is one to be found, of the last domain; some have another.

    The second stands in words of its own, which are counted under a factor later.
    """
    if child.modifiable != "modifiable":
        return ()
    domain = edition.domains[-1]
    kind = domain.factors[child.number % len(domain.factors[:-1])]
    listed = FactorLine(0, domain.code, kind.code, grade="2", modifiable=True)
    if child.number % 2:
        return (listed,)
    return (listed, FactorLine(1, domain.code, "", OWN_WORDS, "2", modifiable=True))


def group_by_meeting(children: Iterable[Child]) -> dict[date, list[Child]]:
    """The children whom each meeting reviews, meetings in the order of their days."""
    days = sorted({child.reviewed_on for child in children if child.reviewed_on})
    return {day: [child for child in children if child.reviewed_on == day] for day in days}
