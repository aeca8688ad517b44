"""A second notification confirms a death only where it came from somebody else than the first."""

import json

import pytest
from django.urls import reverse

from cdop.cases import confirmation
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from tests.notifications.filling import text_of
from tests.notifications.triage import accepted, attached, received

OTHER = {
    "notifier_name": "Second Invented",
    "notifier_email": "second@example.org",
    "notifier_phone": "01632 960002",
}
NOBODY = dict.fromkeys(OTHER, "")


def told_twice(by, **second):
    """A case, and the reference of the second notification behind it."""
    case = accepted(received(), by)
    return case, attached(received(**OTHER | second), case, by).reference


@pytest.mark.parametrize("second", [OTHER, NOBODY, {"notifier_phone": "960001"}])
def test_somebody_else_confirms_it(coordinator, second):
    case, reference = told_twice(coordinator, **second)

    row = confirmation.confirm_by_source(case, reference, by=coordinator, version=0)

    assert (row.state, row.source) == ("confirmed", reference)
    assert confirmation.why_not_write_to_family(case) == ""


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ({"notifier_email": " Notifier@Example.ORG"}, "the same email address"),
        ({"notifier_phone": "+44 1632 960 001"}, "the same telephone number"),
        ({"notifier_phone": "0044 (0)1632960001"}, "the same telephone number"),
        ({"notifier_name": "notifier  INVENTED"}, "the same name"),
        (
            {"notifier_name": "Notifier Invented", "notifier_email": "notifier@example.org"},
            "the same email address and the same name",
        ),
    ],
)
def test_whoever_sends_twice_confirms_nothing(client, coordinator, second, same):
    case, reference = told_twice(coordinator, **second)

    with pytest.raises(Refused, match="from somebody other than the first"):
        confirmation.confirm_by_source(case, reference, by=coordinator, version=0)

    assert confirmation.why_not_write_to_family(case) != ""
    client.force_login(coordinator)
    page = client.get(reverse("cases:confirm", args=[case.reference]))
    assert f"{reference} came from whoever sent the first notification, as it seems: {same}." in (
        text_of(page)
    )
    assert 'value="second_source"' not in page.content.decode()


def test_the_page_says_who_sent_each_and_names_nobody(client, coordinator):
    case, reference = told_twice(coordinator, notifier_role="police")
    client.force_login(coordinator)
    page = text_of(client.get(reverse("cases:confirm", args=[case.reference])))

    assert f"{reference}, " in page and ". Police, " in page
    assert "Second Invented" not in page and "second@example.org" not in page


def test_looking_who_sent_them_is_recorded(client, coordinator):
    case, _ = told_twice(coordinator)
    client.force_login(coordinator)
    client.get(reverse("cases:confirm", args=[case.reference]))

    entry = AuditEntry.objects.filter(action="notification.compared").latest("pk")
    assert (entry.actor, entry.case_number) == (coordinator, case.pk)
    assert entry.purpose == "whether a second source confirms the death"
    assert json.loads(entry.detail) == {"after": {"notifications": 2}}


def test_a_third_from_somebody_else_confirms_it_where_the_second_does_not(coordinator):
    case, second = told_twice(coordinator, notifier_name="Notifier Invented")
    third = attached(received(**OTHER), case, coordinator).reference

    with pytest.raises(Refused):
        confirmation.confirm_by_source(case, second, by=coordinator, version=0)
    assert confirmation.confirm_by_source(case, third, by=coordinator, version=0).source == third
