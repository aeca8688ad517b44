"""A listed death is held by a notification or a case only as long as that is about a death."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse

from cdop.cases import actions as cases
from cdop.cases.states import ConfirmationState
from cdop.core.refusals import Refused
from cdop.core.users import User
from notifications import decisions, undoing
from notifications.assurance import lists, returns, settling, work
from notifications.assurance.models import ListedDeath, Return
from notifications.assurance.returns import TRUST, Answer
from notifications.assurance.settling import Counts
from notifications.assurance.states import ListedState
from notifications.models import Notification
from tests.notifications import triage
from tests.notifications.assurance.makers import (
    FIRST_WORKING_DAY,
    NHS,
    a_line,
    asked_return,
    notified,
    taken_in,
)
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.django_db
OCTOBER = {"date_of_death": "2026-10-10", "at": datetime(2026, 10, 12, 9, tzinfo=UTC)}


@pytest.fixture
def desk(client, coordinator):
    return sign_in(client, coordinator)


def address(name: str, *args) -> str:
    return reverse(f"notifications:{name}", args=args)


def matched(by: User, **with_what) -> ListedDeath:
    """The one line of a new list, matched."""
    line = taken_in(a_line(), by=by).lines.get()
    return settling.match(line, by=by, version=line.version, **with_what)


def declined(notification: Notification, by: User, reason: str = "duplicate") -> Notification:
    notification.refresh_from_db()
    return triage.declined(notification, by, reason=reason)


def counts(line: ListedDeath) -> Counts:
    return Counts.of(lists.lines(line.on_list))


def tasks(by: User) -> dict[str, int]:
    return {task.text: task.count for task in work.tasks_for(by)}


OPEN = Counts(total=1, matched=0, notified=0, explained=0, open=1, taken_back=0)
MATCHED = Counts(total=1, matched=1, notified=0, explained=0, open=0, taken_back=0)
ON_LISTS, IN_RETURNS = "Deaths on lists, to be matched or settled", "Monthly returns to settle"


@pytest.mark.parametrize("reason", ["duplicate", "mistake", "hoax", "malicious", "test"])
def test_a_declined_notification_is_no_match(coordinator, reason):
    sent, line = notified(), taken_in(a_line(), by=coordinator).lines.get()
    sent = declined(sent, coordinator, reason)

    with pytest.raises(Refused, match=f"Notification {sent} is declined, so it holds no line."):
        settling.match(line, by=coordinator, version=1, notification=sent)
    assert counts(line) == OPEN


def test_the_page_says_why_a_declined_notification_is_no_match(desk, coordinator):
    sent, line = notified(), taken_in(a_line(), by=coordinator).lines.get()
    declined(sent, coordinator)
    said = {"version": 1, "which": "other", "reference": sent.reference}

    page = desk.post(address("match_line", line.pk), said)

    assert page.status_code == 409
    assert "is declined, so it holds no line. Choose another one." in text_of(page)


def test_a_line_whose_notification_is_declined_has_to_be_decided_again(desk, coordinator):
    sent = notified()
    line = matched(coordinator, notification=sent)
    assert (counts(line), tasks(coordinator)) == (MATCHED, {})

    declined(sent, coordinator)

    assert counts(line) == OPEN
    assert tasks(coordinator) == {ON_LISTS: 1}
    on_list = text_of(desk.get(address("death_list", line.on_list_id)))
    assert "That notification was declined since Decide again." in on_list
    assert "1 death to settle" in text_of(desk.get(address("death_lists")))
    page = text_of(desk.get(address("listed_death", line.pk)))
    assert "To be decided again. That notification was declined since, so nothing" in page
    desk.post(address("undo_line", line.pk), {"version": line.version})
    assert ListedDeath.objects.get().state == "open"


def test_a_line_that_was_notified_from_here_and_declined_can_be_decided_again(desk, coordinator):
    line = taken_in(a_line(), by=coordinator).lines.get()
    sent = settling.notify(line, by=coordinator, version=1)
    line.refresh_from_db()
    assert counts(line).notified == 1

    declined(sent, coordinator, "grown_up")

    assert counts(line) == OPEN
    desk.post(address("undo_line", line.pk), {"version": line.version})
    line.refresh_from_db()
    said = {"reason": "elsewhere", "note": "Invented panel"}
    settled = settling.explain(line, by=coordinator, version=line.version, **said)
    assert (settled.state, counts(line).open) == ("explained", 0)


def test_while_its_notification_stands_triage_decides_and_not_the_line(coordinator):
    line = taken_in(a_line(), by=coordinator).lines.get()
    sent = settling.notify(line, by=coordinator, version=1)
    line.refresh_from_db()

    with pytest.raises(Refused, match=f"Notification {sent} was made from this line."):
        settling.undo(line, by=coordinator, version=line.version)


def test_a_decision_that_is_undone_holds_the_line_again(coordinator):
    sent = notified()
    line = matched(coordinator, notification=sent)
    row = declined(sent, coordinator)

    undoing.undo_decline(row, by=coordinator, version=row.version)

    assert (counts(line), tasks(coordinator)) == (MATCHED, {})


def test_a_withdrawn_case_holds_no_line_whichever_way_it_was_matched(coordinator):
    case = triage.accepted(notified(), coordinator)
    sent = notified(nhs_number=NHS[1])
    by_case = matched(coordinator, case=case)
    by_notification = matched(coordinator, notification=sent)
    triage.attached(sent, case, coordinator)
    assert (counts(by_case), counts(by_notification)) == (MATCHED, MATCHED)

    case.refresh_from_db()
    hoax = {"version": case.version, "reason": "They rang."}
    undoing.withdraw(case, ConfirmationState.HOAX, by=coordinator, **hoax)

    assert (counts(by_case), counts(by_notification)) == (OPEN, OPEN)
    assert tasks(coordinator) == {ON_LISTS: 2}
    line, sent = (
        taken_in(a_line(), by=coordinator).lines.get(),
        Notification.objects.get(pk=sent.pk),
    )
    with pytest.raises(Refused, match="is withdrawn, so it is about no death"):
        settling.match(line, by=coordinator, version=1, notification=sent)


def test_a_case_whose_notification_waits_again_holds_the_line_of_the_notification(coordinator):
    sent = notified()
    line = matched(coordinator, notification=sent)
    case = triage.accepted(sent, coordinator)
    sent.refresh_from_db()

    undoing.undo_accept(sent, by=coordinator, version=sent.version, reason="Too soon")

    case.refresh_from_db()
    assert (case.state, counts(line)) == ("withdrawn", MATCHED)


# Returns


def answered() -> Return:
    """A return that names one death."""
    asked = asked_return()
    died = a_line(date_of_death="2026-10-10")
    later = FIRST_WORKING_DAY + timedelta(hours=1)
    return returns.answer(
        asked, Answer((died,), "A", "B"), by=TRUST, version=asked.version, now=later
    )


def test_a_return_is_not_settled_by_a_match_that_fell_away(coordinator):
    sent, asked = notified(**OCTOBER), answered()
    settling.match(asked.lines.get(), by=coordinator, version=1, notification=sent)
    declined(sent, coordinator)

    assert returns.why_not_settle(asked) == "Match or settle each death of this return first."
    with pytest.raises(Refused, match="Match or settle each death"):
        returns.settle(asked, by=coordinator, version=asked.version)


def test_a_settled_return_comes_back_when_a_match_falls_away(desk, coordinator):
    sent, asked = notified(**OCTOBER), answered()
    settling.match(asked.lines.get(), by=coordinator, version=1, notification=sent)
    returns.settle(asked, by=coordinator, version=asked.version)
    assert tasks(coordinator) == {}
    before = text_of(desk.get(address("monthly_returns")))

    declined(sent, coordinator)

    assert tasks(coordinator) == {IN_RETURNS: 1}
    assert "To be decided again" not in before
    page = text_of(desk.get(address("monthly_returns")))
    assert "stood behind one of their deaths. Invented Hospital, October 2026" in page
    page = text_of(desk.get(address("monthly_return", asked.reference)))
    assert "This return was settled, but what stood behind a death of it fell away." in page
    line = asked.lines.get()
    line = settling.undo(line, by=coordinator, version=line.version)
    assert tasks(coordinator) == {IN_RETURNS: 1}
    settling.explain(line, by=coordinator, version=line.version, reason="error")
    assert tasks(coordinator) == {}


# The same in the database and in the row

HOW = ("case", "notification", "notified from here", "settled otherwise", "nothing")
THEN = ("nothing", "accepted", "withdrawn", "declined", "passed on")


def decided(how: str, number: str, by: User) -> Notification | None:
    """A line of its own list, decided in one of the ways; the notification behind it."""
    line = taken_in(a_line(nhs_number=number), by=by).lines.get()
    told = {"by": by, "version": 1}
    if how == "nothing":
        return None
    if how == "settled otherwise":
        settling.explain(line, reason="error", **told)
        return None
    if how == "notified from here":
        return settling.notify(line, **told)
    sent = notified(nhs_number=number)
    if how == "notification":
        settling.match(line, notification=sent, **told)
    else:
        settling.match(line, case=triage.accepted(sent, by), **told)
    return Notification.objects.get(pk=sent.pk)


def becomes(sent: Notification, then: str, by: User) -> None:
    """What triage does with the notification afterwards, as far as it can."""
    told = {"by": by, "version": sent.version}
    if sent.case is None and then == "declined":
        decisions.decline(sent, reason="hoax", note="", **told)
    if sent.case is None and then == "passed on":
        triage.passed_on(sent, by)
    if then in ("accepted", "withdrawn"):
        case = sent.case or triage.accepted(sent, by)
        if then == "withdrawn":
            cases.withdraw(case, by=by, reason="It was a mistake")


def test_the_database_and_the_row_agree_on_what_has_to_be_decided(coordinator):
    for how, then in product(HOW, THEN):
        if sent := decided(how, NHS[0], coordinator):
            becomes(sent, then, coordinator)
    rows = ListedDeath.objects.select_related("case", "notification__case")

    standing = {row for row in rows if row.standing == ListedState.OPEN}

    assert set(rows.to_decide()) == standing
    assert set(rows.adrift()) == {row for row in rows if row.adrift}
    # Nothing decided; a case withdrawn; a notification declined or its case withdrawn, twice.
    assert len(standing) == len(THEN) + 1 + 2 + 2
