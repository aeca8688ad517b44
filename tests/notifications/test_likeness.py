"""What triage is shown of cases and of other notifications that may be about the same child."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.cases.models import IdentityToken
from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area
from notifications import decisions, intake, likeness, queries
from notifications.intake import NOTIFIER
from notifications.models import Notification
from tests.makers import HALTON, opened_case
from tests.notifications.filling import text_of

NEW = editions.get("cdr-2018")
ANSWERS = {
    "date_of_death": "2026-01-10",
    "given_names": "Testina",
    "family_name": "Exampleby",
    "date_of_birth": "2025-12-01",
    "sex": "female",
    "nhs_number": "9990001499",
    "postcode": "WA7 1AA",
    "mother_name": "Sarah Exampleby",
    "expectedness": "unexpected",
}
TWIN = {"given_names": "Mockina", "nhs_number": "9990000204"}
STRANGER = {
    "given_names": "Ffff",
    "family_name": "Mockford",
    "date_of_birth": "2012-07-07",
    "nhs_number": "9990000212",
    "postcode": "CH1 1AA",
    "mother_name": "Emma Mockford",
}


def received(together=None, at=None, **answers) -> Notification:
    return intake.receive(
        ANSWERS | answers, edition=NEW, route="web", by=NOTIFIER, together=together, at=at
    )


def accepted(notification, by):
    area = Area.objects.get(code=HALTON)
    return decisions.accept(notification, by=by, version=1, area=area, in_scope=True)


def seen(notification, user) -> likeness.Likeness:
    return likeness.of(notification, notification.answers, user)


def page_of(client, notification) -> str:
    return text_of(client.get(reverse("notifications:notification", args=[notification.reference])))


def test_two_notifications_of_one_death_that_wait_side_by_side_find_each_other(coordinator):
    one = received()
    other = received(given_names="Tesstina", date_of_birth="2025-01-12", nhs_number="")
    received(**STRANGER)

    for notification, twin in ((one, other), (other, one)):
        assert [each.notification for each in seen(notification, coordinator).waiting] == [twin]


def test_the_page_names_the_other_notification_and_why(desk):
    one, other = received(), received(nhs_number="")

    page = page_of(desk, one)

    assert (
        f"Another notification that waits may be about the same child {other.reference} : "
        "the same date of birth, the same mother's name, the same date of death" in page
    )


def test_a_twin_that_waits_is_shown_apart(desk, coordinator):
    one, twin = received(), received(**TWIN)

    found = seen(one, coordinator)

    assert ([], [twin]) == (found.waiting, [each.notification for each in found.siblings])
    assert f"by what was sent. {twin.reference} :" in page_of(desk, one)


def test_twins_reported_together_are_family_even_where_little_else_is_known(coordinator):
    pair = uuid4()
    first = received(pair, given_names="", nhs_number="", sex="")
    second = received(pair, given_names="", nhs_number="", sex="")

    waiting = seen(first, coordinator)
    accepted(second, coordinator)
    opened = seen(first, coordinator)

    assert (len(waiting.waiting), len(waiting.siblings)) == (0, 1)
    assert (opened.likely, [each.case for each in opened.family]) == (
        [],
        [Notification.objects.get(pk=second.pk).case],
    )


def test_a_twin_is_not_offered_for_attaching(coordinator):
    case = opened_case(TWIN | {"family_name": "Exampleby", "mother_name": "Sarah Exampleby"})
    one = received(date_of_birth="2014-02-01", date_of_death="2014-05-06")

    assert [each.case for each in seen(one, coordinator).family] == [case]
    assert queries.alike(one.answers, coordinator, one) == []


def test_what_is_decided_waits_no_more_and_is_found_as_a_case(coordinator):
    one, other = received(), received()
    case = accepted(one, coordinator)

    found = seen(other, coordinator)

    assert (found.waiting, [each.case for each in found.likely]) == ([], [case])
    decided = seen(Notification.objects.get(pk=one.pk), coordinator)
    assert (decided.likely, decided.waiting) == ([], [])


def test_nothing_in_the_clear_is_kept_of_what_waits(coordinator):
    seen(received(), coordinator)

    assert not IdentityToken.objects.exists()


def test_comparing_what_waits_is_recorded_once_with_how_many(coordinator):
    one = received()
    received()
    received(**STRANGER)

    seen(one, coordinator)

    entry = AuditEntry.objects.get(action="notification.compared")
    assert (entry.actor, entry.subject) == (coordinator, f"notification:{one.pk}")
    assert entry.purpose == "find reports about the same child"
    assert entry.detail == '{"after": {"notifications": 2}}'


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_nobody_else_learns_which_notifications_are_alike(request, coordinator, who):
    one, _ = received(), received()

    assert likeness._compared(one, one.answers, likeness.WAITING, request.getfixturevalue(who)) == (
        [],
        0,
    )
    assert not AuditEntry.objects.filter(action="notification.compared").exists()


def test_those_that_arrived_long_before_or_after_are_left_out_and_counted(
    coordinator, desk, monkeypatch
):
    monkeypatch.setattr(likeness, "NEAR_EACH_WAY", 1)
    now = timezone.now()
    days = {day: received(at=now - timedelta(days=day)) for day in (9, 4, 3, 2, 1)}

    found = seen(days[3], coordinator)

    assert {each.notification for each in found.waiting} == {days[4], days[2]}
    assert found.left_out == 2
    left_out = "2 other notifications that wait arrived long before or after this one"
    assert f"{left_out} and were not compared." in page_of(desk, days[3])


def test_one_whose_key_was_destroyed_is_passed_over(coordinator):
    one, gone = received(), received()
    sealing.destroy(gone.data_key)

    assert seen(one, coordinator).waiting == []


def test_the_page_takes_the_same_queries_for_one_that_waits_and_for_many(desk):
    one = received()
    received()

    def taken() -> int:
        with CaptureQueriesContext(connection) as found:
            page_of(desk, one)
        return len(found)

    few = taken()
    for _ in range(4):
        received()

    assert taken() == few


def test_a_child_whom_nothing_knows_has_nothing_in_common(desk):
    one = received()
    received(**STRANGER)

    page = page_of(desk, one)

    assert "No case has enough in common with this notification to be about the same child." in page
