"""What a case waits for, on other pages: checks that are due, a section of its page, its events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases import holds, linked
from cdop.cases.holds import ENDED_CASES, Hold, Meanwhile
from cdop.cases.linked import LinkedReview
from cdop.cases.models import Case
from cdop.cases.states import LinkedState
from cdop.core.casework import CasePanel, Event, OnCase, Task, Wait
from cdop.core.dates import end_of, start_of
from cdop.core.jinja import day
from cdop.core.roles import Permission

if TYPE_CHECKING:
    from cdop.core.users import User

STAGE = "Waits for"
MOST_ON_HOME_PAGE = 10
MOST_ON_WORKLIST = 200
INQUEST = "inquest"
"""The code of an inquest among the holds of every edition, and among what is waited for."""


def tasks_for(user: User) -> list[Task]:
    """The checks of holds and of other reviews that are due today or overdue, with their owners."""
    if not user.can(Permission.CASES_MANAGE):
        return []
    today = localdate()
    due = [*_due_holds(today, user), *_due_reviews(today, user)]
    due.sort(key=lambda task: (task.due_at, task.text))
    return due[:MOST_ON_HOME_PAGE]


def on_case(case: Case, user: User) -> OnCase:
    """What the case waits for, and what it waited for; the section where there is anything."""
    held, reviews = holds.of(case), linked.of(case)
    return OnCase(_panel(case, held, reviews, user), tuple(_events(case, held, reviews)))


def waiting_for(user: User, what: str) -> list[Wait]:
    """The cases held by an inquest or by something else, and those with another review."""
    if not user.can(Permission.CASES_MANAGE):
        return []
    held = Hold.objects.running().select_related("case", "owner").order_by("began_on", "pk")
    if what == INQUEST:
        return [_held_wait(hold, what) for hold in held.filter(kind=INQUEST)[:MOST_ON_WORKLIST]]
    if what != "review":
        return []
    others = [_held_wait(hold, what) for hold in held.exclude(kind=INQUEST)[:MOST_ON_WORKLIST]]
    rows = LinkedReview.objects.waiting().select_related("case", "owner")
    return others + [_review_wait(review, what) for review in rows[:MOST_ON_WORKLIST]]


def owned_by(owner: User, user: User) -> str:
    """Whose a thing is, as a line of the home page ends."""
    return "yours" if owner.pk == user.pk else str(owner)


def _held_wait(hold: Hold, what: str) -> Wait:
    text = f"{holds.kind_label(hold.case, hold.kind)}: next check {day(hold.next_check_on)}"
    href = reverse("cases:holds", args=[hold.case.reference])
    return Wait(hold.case.reference, what, text, href, hold.began_on, str(hold.owner))


def _review_wait(review: LinkedReview, what: str) -> Wait:
    label = linked.kind_label(review.case, review.kind)
    text = f"{label}: {review.state_label}, asked again {day(review.next_check_on)}"
    href = reverse("cases:linked", args=[review.case.reference])
    return Wait(review.case.reference, what, text, href, review.asked_on, str(review.owner))


def _due_holds(today: date, user: User) -> Iterator[Task]:
    due = Hold.objects.running().filter(next_check_on__lte=today)
    for hold in due.select_related("case", "owner").order_by("next_check_on")[:MOST_ON_HOME_PAGE]:
        what = holds.kind_label(hold.case, hold.kind).lower()
        yield _task(hold, f"check the hold ({what})", "cases:check_hold", today, user)


def _due_reviews(today: date, user: User) -> Iterator[Task]:
    due = LinkedReview.objects.waiting().filter(next_check_on__lte=today)
    rows = due.select_related("case", "owner").order_by("next_check_on")
    for review in rows[:MOST_ON_HOME_PAGE]:
        what = linked.kind_label(review.case, review.kind).lower()
        yield _task(review, f"ask how it stands ({what})", "cases:linked_review", today, user)


def _task(row: Hold | LinkedReview, words: str, name: str, today: date, user: User) -> Task:
    assert row.next_check_on  # only what is watched is found
    return Task(
        f"Case {row.case.reference}: {words}, {owned_by(row.owner, user)}",
        reverse(name, args=[row.case.reference, row.pk]),
        due_at=end_of(row.next_check_on),
        overdue=row.next_check_on < today,
        stage=STAGE,
    )


def _panel(case: Case, held: list[Hold], reviews: list[LinkedReview], user: User) -> CasePanel:
    running = [hold for hold in held if hold.is_running]
    waiting = [review for review in reviews if review.is_waiting]
    late = _late([*running, *waiting]) if case.state not in ENDED_CASES else []
    return CasePanel(
        title="What it waits for",
        status=_status(running, waiting),
        lines=(
            *((holds.kind_label(case, hold.kind), _held(hold)) for hold in running),
            *((linked.kind_label(case, each.kind), _reviewed(each)) for each in reviews),
        ),
        links=_links(case) if user.can(Permission.CASES_MANAGE) else (),
        overdue=bool(late),
        whose=", ".join(dict.fromkeys(str(row.owner) for row in late)),
    )


def _late(rows: list[Hold | LinkedReview]) -> list[Hold | LinkedReview]:
    return [row for row in rows if row.next_check_on and row.next_check_on < localdate()]


def _status(running: list[Hold], waiting: list[LinkedReview]) -> str:
    if running:
        return f"held since {day(min(hold.began_on for hold in running))}"
    if waiting:
        return "another review is not over"
    return "nothing"


def _held(hold: Hold) -> str:
    agrees = {
        Meanwhile.AGREES: "the panel may review it meanwhile",
        Meanwhile.WAIT: "the panel is asked to wait",
        Meanwhile.NOT_ASKED: "not asked yet whether the panel may review it meanwhile",
    }[Meanwhile(hold.meanwhile)]
    since = f"since {day(hold.began_on)}, next check {day(hold.next_check_on)}"
    return f"{since} by {hold.owner}; {agrees}"


def _reviewed(review: LinkedReview) -> str:
    if review.is_waiting:
        asks = f"{review.owner} asks again {day(review.next_check_on)}"
        return f"{review.state_label} since {day(review.began_on or review.asked_on)}; {asks}"
    return f"{review.state_label} {day(review.ended_on or review.decided_on)}"


def _links(case: Case) -> tuple[tuple[str, str], ...]:
    pages = {"What holds it up": "cases:holds", "Other reviews of this death": "cases:linked"}
    return tuple((words, reverse(name, args=[case.reference])) for words, name in pages.items())


def _events(case: Case, held: list[Hold], reviews: list[LinkedReview]) -> Iterator[Event]:
    for hold in held:
        what = holds.kind_label(case, hold.kind)
        yield _event(hold.began_on, f"{what}: the case is held from here on")
        if hold.view_on:
            yield _event(hold.view_on, f"{what}: {hold.meanwhile_label}")
        if hold.ended_on:
            yield _event(hold.ended_on, f"{what}: no longer holds up the case")
    for review in reviews:
        what = linked.kind_label(case, review.kind)
        yield _event(review.asked_on, f"{what}: {review.origin_label}")
        if review.state == LinkedState.DECLINED and review.decided_on:
            yield _event(review.decided_on, f"{what}: declined")
        if review.began_on:
            yield _event(review.began_on, f"{what}: began")
        if review.ended_on:
            yield _event(review.ended_on, f"{what}: ended")


def _event(on: date, text: str) -> Event:
    return Event(start_of(on), text, STAGE)
