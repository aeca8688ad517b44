"""What reviews and findings put on other pages: what to write, to record, to sign off; events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases.models import Case
from cdop.core.casework import CasePanel, Event, OnCase, Task
from cdop.core.dates import end_of
from cdop.core.jinja import count as number_of
from cdop.core.roles import Permission
from cdop.core.rows import rows_of
from cdop.panel import reading
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem
from cdop.panel.queries import AgendaState
from cdop.panel.states import LEADS, MeetingState
from cdop.reviews import gate, preparing, queries, rules
from cdop.reviews.comparison import found_in_words
from cdop.reviews.models import Finding, Review
from cdop.reviews.queries import WITH_PARTS, Standing
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Review"
REVIEW_TEXT = {
    "": "Your review: not started",
    "begun": "Your review: in progress",
    "opened": "Lead's draft: opened, not answered",
}


def tasks_for(user: User) -> list[Task]:
    """Reviews to send; for a chair also findings to record and to sign off."""
    if not (user.can(Permission.REVIEWS_WRITE) or user.can(Permission.FINDINGS_RECORD)):
        return []
    seen = AgendaItem.objects.readable_by(user).not_deferred()
    ahead = seen.exclude(meeting__state=MeetingState.CLOSED).order_by(
        "meeting__held_on", "position"
    )
    items = list(ahead.select_related("meeting", "case"))
    standing, closed = queries.standing(items, user), reading.unaccepted(user)
    tasks = [
        replace(task, href=_statement(item)) if item.meeting_id in closed else task
        for item in items
        if (task := _to_do(item, standing[item.pk], user))
    ]
    return tasks + _left_open(user)


def agenda_states(items: Iterable[AgendaItem], user: User) -> dict[int, list[AgendaState]]:
    """What a meeting's page says about each case: one's own review, the others, the finding."""
    items = list(items)
    standing = queries.standing(items, user)
    return {item.pk: _states(item, standing[item.pk], user) for item in items}


def minutes_of(items: Iterable[AgendaItem]) -> dict[int, list[str]]:
    """What the minutes of a meeting say of the finding on each of its cases, by serial alone."""
    items = list(items)
    rows = Finding.objects.filter(item__in=items).select_related("analysis").order_by("number")
    found = {finding.item_id: finding for finding in rows.prefetch_related(*WITH_PARTS)}
    return {key: found_in_words(finding) for key, finding in found.items()}


def countdown(items: Iterable[AgendaItem]) -> dict[int, list[str]]:
    """Before a meeting: whose review of each case has not come, of those who read it first."""
    items = list(items)
    sent = set(Review.objects.filter(item__in=items).values_list("item", "reviewer"))
    return {
        item.pk: [
            f"{words} {person} has not sent a review."
            for words, person in (("Lead", item.lead), ("Second reader", item.second))
            if person and (item.pk, person.pk) not in sent
        ]
        for item in items
    }


def why_not_close(case: Case) -> str:
    """What the national database would complain of and nobody answered or explained."""
    return gate.why_not_close(queries.latest_finding(case.pk))


def on_case(case: Case, user: User) -> OnCase:
    """Where the panel's finding stands, for the team; reviews sent and findings, without names."""
    findings = rows_of(Finding, "case", case.pk, "item")
    shown = bool(findings) and user.can(Permission.MEETINGS_ARRANGE)
    return OnCase(_panel(findings[-1]) if shown else None, tuple(_events(case, findings)))


def _panel(finding: Finding) -> CasePanel:
    item = finding.item
    return CasePanel(
        "Finding",
        finding.state_label,
        lines=(("Version", str(finding.number)),),
        links=(("Finding", reverse("reviews:finding", args=[item.meeting_id, item.serial])),),
    )


def _events(case: Case, findings: list[Finding]) -> list[Event]:
    sent = Review.objects.filter(item__case=case).order_by().values_list("sent_at", flat=True)
    found = [Event(at, "A panel member sent a review", STAGE) for at in sent]
    for finding in findings:
        found.append(Event(finding.recorded_at, "The panel's finding was recorded", STAGE))
        if finding.signed_off_at:
            found.append(Event(finding.signed_off_at, "The finding was signed off", STAGE))
    return found


def _states(item: AgendaItem, standing: Standing, user: User) -> list[AgendaState]:
    return [
        *_own_state(item, standing, user),
        *_others_state(item, standing, user),
        *_prepared_state(item, standing, user),
        *_finding_state(item, standing, user),
    ]


def _prepared_state(item: AgendaItem, standing: Standing, user: User) -> list[AgendaState]:
    """For the team: the draft of the finding, as long as the meeting is planned."""
    if not user.can(Permission.MEETINGS_ARRANGE) or preparing.why_not_prepare(item):
        return []
    if not standing.leads:
        return []
    text = "Change the draft of the finding" if standing.prepared else "Prepare the finding"
    return [AgendaState(text, _link("prepare", item))]


def _own_state(item: AgendaItem, standing: Standing, user: User) -> list[AgendaState]:
    if not user.can(Permission.REVIEWS_WRITE) or not standing.judges:
        return []
    if standing.review == "sent":
        return [AgendaState("Your review: sent", _link("sent", item))]
    if standing.review == "answered":
        return [AgendaState("You answered the lead's draft", _link("compare", item))]
    blocked = rules.why_not_review(item)
    href = "" if blocked and not standing.review else _link("review", item)
    if standing.review == "opened":
        href = "" if blocked else _link("draft", item)
    states = [AgendaState(REVIEW_TEXT[standing.review], href)]
    if standing.draft and not blocked and standing.review != "opened":
        states.append(AgendaState("Or answer the lead's draft", _link("draft", item)))
    return states


def _others_state(item: AgendaItem, standing: Standing, user: User) -> list[AgendaState]:
    words = {0: "No review sent yet", 1: "1 review sent"}
    text = words.get(standing.reviews, f"{standing.reviews} reviews sent")
    if standing.answered:
        text += f", {number_of(standing.answered, 'answer')} to the lead's draft"
    opened = item.meeting.state != MeetingState.PLANNED or standing.seen
    something = standing.reviews > 0 or standing.prepared
    sees = user.can(Permission.PACKS_READ) and opened and something and standing.reads
    return [AgendaState(text, _link("compare", item) if sees else "")]


def _finding_state(item: AgendaItem, standing: Standing, user: User) -> list[AgendaState]:
    finding = standing.finding
    states = []
    if finding and finding.item_id == item.pk:
        text = f"Finding: {finding.state_label}"
        states.append(AgendaState(text, _link("finding", item) if standing.reads else ""))
    elif finding:
        states.append(AgendaState(f"Finding of another meeting: {finding.state_label}"))
    if (
        user.can(Permission.FINDINGS_RECORD)
        and standing.leads
        and not rules.why_not_record(item, finding)
    ):
        text = "Record the finding again" if finding else "Record the finding"
        states.append(AgendaState(text, _link("record", item)))
    return states


def _to_do(item: AgendaItem, standing: Standing, user: User) -> Task | None:
    if item.meeting.state == MeetingState.PLANNED:
        waits = not standing.seen and user.can(Permission.REVIEWS_WRITE) and standing.judges
        return _task("Finish" if standing.review else "Write", "your review", item, waits)
    finding = standing.finding
    if finding and rules.is_anew(item, finding):
        finding = None
    elsewhere = finding is not None and finding.item_id != item.pk
    if not user.can(Permission.FINDINGS_RECORD) or not standing.leads or elsewhere:
        return None
    if finding is None:
        return _task("Record", "the finding", item, True, page="record")
    recorded = finding.state == FindingState.RECORDED
    return _task("Sign off", "the finding", item, recorded, page="finding")


def _left_open(user: User) -> list[Task]:
    """Findings of closed meetings that still wait for the signature."""
    if not user.can(Permission.FINDINGS_SIGN_OFF):
        return []
    waiting = Finding.objects.visible_to(user).filter(state=FindingState.RECORDED)
    closed = waiting.filter(item__meeting__state=MeetingState.CLOSED)
    mine = closed.exclude(item__in=_not_led_by(user))
    items = [finding.item for finding in mine.select_related("item__meeting")]
    tasks = [_task("Sign off", "the finding", item, True, page="finding") for item in items]
    return [task for task in tasks if task]


def _not_led_by(user: User) -> QuerySet[Declaration, int]:
    """Keys of the cases whose findings the person neither records nor signs off."""
    declared = Declaration.objects.filter(user=user).exclude(state__in=LEADS)
    return declared.order_by().values_list("item", flat=True)


def _task(verb: str, what: str, item: AgendaItem, waits: bool, page: str = "review") -> Task | None:
    if not waits:
        return None
    held_on = item.meeting.held_on
    return Task(
        f"{verb} {what} on {item}, panel of {held_on:%-d %B %Y}",
        _link(page, item),
        due_at=end_of(held_on),
        overdue=held_on < localdate(),
        stage=STAGE,
    )


def _statement(item: AgendaItem) -> str:
    """What opens the papers, and so comes before whatever is done with them."""
    return reverse("panel:statement", args=[item.meeting_id])


def _link(name: str, item: AgendaItem) -> str:
    return reverse(f"reviews:{name}", args=[item.meeting_id, item.serial])
