"""Whoever opens what somebody sent, to copy it or to compare it, leaves a record of that."""

from uuid import uuid4

import pytest

from cdop.cases import search
from cdop.core.audit import AuditEntry
from notifications import keyed
from notifications.assurance import lists
from tests.notifications import keying
from tests.notifications.assurance.makers import a_line, notified, taken_in
from tests.pages import sign_in

pytestmark = pytest.mark.django_db


def test_to_copy_the_pages_of_a_family_is_to_read_the_notification(client, coordinator):
    desk = sign_in(client, coordinator)
    first = keying.keep(desk)
    press = {"who": "sibling", "subject": str(uuid4())}

    for _ in range(2):
        desk.post(keying.place("another", str(first.draft)), press)

    entry = AuditEntry.objects.get(action="notification.read", purpose=keyed.COPYING)
    assert (entry.actor, entry.subject) == (coordinator, f"notification:{first.pk}")


def test_what_waits_is_opened_for_a_list_on_the_record_and_with_its_number(coordinator):
    made = taken_in(a_line(), by=coordinator)
    assert lists.absent(made, coordinator) == []
    assert not AuditEntry.objects.filter(action="notification.compared").exists()
    inside, outside = notified(), notified(date_of_death="2025-12-10")

    found = lists.absent(made, coordinator)

    assert [each.what for each in found] == [inside]
    assert outside.state == "received"
    entry = AuditEntry.objects.get(action="notification.compared")
    assert (entry.actor, entry.subject) == (coordinator, f"deathlist:{made.pk}")
    assert (entry.purpose, entry.detail) == (search.PURPOSE, '{"after": {"notifications": 2}}')
