"""Answering a monthly return as an organisation does, by its link."""

from datetime import UTC, datetime

from django.urls import reverse

from notifications.assurance.models import Return
from tests.client import Client
from tests.notifications.assurance.browsing import Browser
from tests.notifications.assurance.makers import a_line, link_of
from tests.pages import date_parts

ANSWER = reverse("report:return_answer")
SENT = reverse("report:return_sent")
WHO = {"name": "Nurse Invented", "role": "Matron", "phone": ""}
NONE = {"died": "none", "deaths": "1", **WHO}
CHILD = {
    **date_parts("death-0-date_of_death", 10, 10, 2026),
    **date_parts("death-0-date_of_birth", 1, 12, 2009),
    "death-0-nhs_number": "999 000 0123",
    "death-0-place": "Ward 7",
    "death-0-adult_ward": "yes",
    "death-0-notified": "yes",
    "death-0-notified_as": "N-4K7M-2QX9",
}
THESE = {"died": "these", "deaths": "1", **WHO, **CHILD}
DIED = a_line(
    date_of_death="2026-10-10",
    date_of_birth="2009-12-01",
    given_names="",
    family_name="",
    place="Ward 7",
    adult_ward="yes",
    notified="yes",
    notified_as="N-4K7M-2QX9",
)


def link(asked: Return) -> str:
    return reverse("report:return_link", args=[link_of(asked)])


def started(asked: Return) -> Client:
    """A browser in which the button behind the link was pressed."""
    browser = Browser()
    assert browser.post(link(asked)).url == ANSWER
    return browser


def sent_by_link(asked: Return, said: dict = NONE) -> Return:
    answer = started(asked).post(ANSWER, said)
    assert answer.url == SENT
    return Return.objects.get(pk=asked.pk)


def at(day: int, month: int = 11, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)
