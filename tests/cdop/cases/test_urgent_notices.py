"""What cannot wait: due by the edition's clock, judged by when it was given, at any stage."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cdop.cases import actions, signal_work, urgent
from cdop.cases.models import Case
from cdop.cases.urgent import UrgentNotice
from cdop.core.dates import in_london
from cdop.core.refusals import Refused, Stale
from tests.cdop.cases.holding_up import parts
from tests.cdop.cases.signalling import called_for
from tests.pages import sign_in, text_of


def given(notice, by, **said):
    told = {"sent_at": timezone.now(), "sent_to": "Invented body", "version": notice.version}
    return urgent.give(notice, by=by, **(told | said))


def url(name, case, *more):
    return reverse(f"cases:{name}", args=[case.reference, *more])


@pytest.mark.parametrize(
    ("kind", "known_at", "due"),
    [
        # A Friday before the bank holiday of 4 May 2026: five working days end on the Monday after.
        ("serious_incident", datetime(2026, 5, 1, 14, tzinfo=UTC), "11 May 23:59"),
        ("serious_incident", datetime(2026, 5, 2, 14, tzinfo=UTC), "11 May 23:59"),
        # The clocks go forward on 29 March 2026.
        ("safety_alert", datetime(2026, 3, 27, 14, tzinfo=UTC), "30 March 23:59"),
        ("safety_alert", datetime(2026, 3, 31, 23, 30, tzinfo=UTC), "2 April 23:59"),
    ],
)
def test_it_is_due_by_the_time_of_the_edition(case, kind, known_at, due):
    found = in_london(urgent.due(case, kind, known_at))

    assert f"{found:%-d %B %H:%M}" == due


def test_what_is_given_in_time_and_typed_late_is_not_late(coordinator, case):
    known_at = timezone.now() - timedelta(days=30)
    notice = called_for(case, coordinator, known_at=known_at)
    in_time = given(notice, coordinator, sent_at=known_at + timedelta(days=1))
    assert not in_time.was_late

    back = urgent.take_back(in_time, by=coordinator, version=in_time.version)
    assert (back.state, back.due_at) == ("to_send", notice.due_at)
    assert given(back, coordinator).was_late


def test_one_that_is_not_needed_says_why(coordinator, case):
    notice = called_for(case, coordinator)
    with pytest.raises(Refused, match="Say why it is not needed"):
        urgent.set_aside(notice, why_not=" ", by=coordinator, version=notice.version)

    aside = urgent.set_aside(notice, why_not="Told.", by=coordinator, version=notice.version)

    assert aside.state == "not_needed"
    with pytest.raises(Refused, match="cannot become given"):
        given(aside, coordinator)


@pytest.mark.parametrize("state", ["gathering", "ready", "reviewed", "closed"])
def test_it_can_be_called_for_at_any_stage(coordinator, case, state):
    Case.objects.filter(pk=case.pk).update(state=state)

    assert called_for(case, coordinator).state == "to_send"


def test_but_not_on_a_case_that_was_withdrawn(coordinator, case):
    notice = called_for(case, coordinator)
    actions.withdraw(case, by=coordinator, reason="A mistake")

    with pytest.raises(Refused, match="This case is withdrawn"):
        called_for(case, coordinator)
    with pytest.raises(Refused, match="This case is withdrawn"):
        given(notice, coordinator)
    assert signal_work.tasks_for(coordinator) == []


@pytest.mark.parametrize(
    "sent_at", [timedelta(hours=1), timedelta(days=-2)], ids=["future", "before it was known"]
)
def test_it_was_given_after_it_was_known_and_not_in_the_future(coordinator, case, sent_at):
    notice = called_for(case, coordinator)

    with pytest.raises(Refused, match="given after it was known"):
        given(notice, coordinator, sent_at=timezone.now() + sent_at)


def test_two_who_record_at_once_are_not_written_over(coordinator, case):
    notice = called_for(case, coordinator)
    given(notice, coordinator)

    with pytest.raises(Stale):
        urgent.set_aside(notice, why_not="No.", by=coordinator, version=notice.version)


def test_until_it_is_given_it_is_a_task_with_its_time(coordinator, case):
    notice = called_for(case, coordinator)
    [task] = signal_work.tasks_for(coordinator)
    assert task.text == (f"Case {case}: notification of a serious incident by the council, yours")
    assert (task.due_at, task.overdue) == (notice.due_at, False)

    long_ago = timezone.now() - timedelta(days=1)
    UrgentNotice.objects.update(due_at=long_ago)
    assert signal_work.tasks_for(coordinator)[0].overdue
    assert signal_work.on_case(case, coordinator).panel.overdue

    given(UrgentNotice.objects.get(), coordinator)
    assert signal_work.tasks_for(coordinator) == []


def test_it_is_called_for_and_given_by_the_pages(client, coordinator, case):
    sign_in(client, coordinator)
    now = in_london(timezone.now() - timedelta(minutes=5))
    known = parts("known_on", now.date()) | {"known_time": f"{now:%H:%M}"}
    said = {"kind": "safety_alert", "about": "A cot.", "owner": coordinator.pk, "version": 0}
    assert "Choose what cannot wait" in text_of(
        client.post(url("new_urgent", case), said | known | {"kind": ""})
    )
    late = parts("known_on", now.date() + timedelta(days=2))
    assert "This is in the future" in text_of(
        client.post(url("new_urgent", case), said | known | late)
    )
    client.post(url("new_urgent", case), said | known)

    notice = UrgentNotice.objects.get()
    assert "Urgent safety alert" in text_of(client.get(url("urgent", case)))
    sent = parts("sent_on", now.date()) | {"sent_time": f"{now:%H:%M}", "version": 1}
    at = url("urgent_given", case, notice.pk)
    assert "Enter to whom it was given" in text_of(client.post(at, sent))
    assert client.post(at, sent | {"sent_to": "All units"}).status_code == HTTPStatus.FOUND

    page = text_of(client.get(url("urgent", case)))
    assert "Given to All units" in page
    assert "Urgent safety alert to those who can act at once: given" in text_of(
        client.get(url("case", case))
    )


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"state": "sent"}, "notice_sent_when"),
        ({"sent_to": "Somebody"}, "notice_sent_when"),
        ({"state": "not_needed"}, "notice_not_needed"),
    ],
)
def test_the_database_keeps_no_half_of_a_notice(coordinator, case, changed, name):
    notice = called_for(case, coordinator)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        UrgentNotice.objects.filter(pk=notice.pk).update(**changed)
