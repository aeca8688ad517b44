"""Passing a notification on to another panel, until that panel has it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.messages import Message
from cdop.core.refusals import Refused
from cdop.core.steps import edit
from notifications import decisions, work
from tests.cast import TESTS
from tests.notifications.filling import text_of
from tests.notifications.triage import (
    LIST,
    PANEL,
    decide,
    declined,
    organisation,
    page_of,
    passed_on,
    received,
    the_one,
)
from tests.pages import date_parts


def test_what_is_passed_on_stays_open_until_the_other_panel_has_it(desk, notification):
    decide(desk, notification, "pass_on", panel="other", other_panel=PANEL, note="By secure email")

    row = the_one()
    assert (row.state, row.passed_to, row.decision_note, row.case) == (
        "passed_on",
        PANEL,
        "By secure email",
        None,
    )
    assert f"{row.reference} Midwife" in text_of(desk.get(f"{LIST}?list=passed_on"))
    assert "Nothing waits." in text_of(desk.get(LIST))
    said = {"receipt_from": "Their coordinator", **date_parts("on", 2, 1, 2026)}

    decide(desk, notification, "receipt", **said)

    row = the_one()
    assert (row.state, row.receipt_from) == ("taken_over", "Their coordinator")
    assert not Case.objects.exists()
    assert "There is no notification in this list." in text_of(desk.get(f"{LIST}?list=passed_on"))


def test_the_notifier_is_told_which_panel_reviews_it(coordinator, notification):
    passed_on(notification, coordinator)

    assert PANEL in Message.objects.get(template="declined").body


def test_without_an_address_the_page_says_whom_to_ring(desk, coordinator):
    sent = received(notifier_email="")
    passed_on(sent, coordinator)

    page = text_of(desk.get(page_of(sent)))

    assert "The notifier has to be told who reviews this death." in page
    assert "Please ring 01632 960001." in page


@pytest.mark.parametrize("reason", ["hoax", "duplicate", "test"])
def test_nobody_is_to_be_rung_about_what_was_none(desk, coordinator, reason):
    sent = received(notifier_email="")
    declined(sent, coordinator, reason)

    assert "The notifier has to be told" not in text_of(desk.get(page_of(sent)))


def test_a_known_panel_can_be_chosen_and_an_unknown_one_has_to_be_named(desk, notification):
    organisation("Invented Neighbours", "panel")

    assert "Invented Neighbours" in text_of(desk.get(page_of(notification, "pass_on")))
    page = decide(desk, notification, "pass_on", panel="other")
    assert "Enter the name of the panel" in text_of(page)
    decide(desk, notification, "pass_on", panel="Invented Neighbours")

    assert the_one().passed_to == "Invented Neighbours"


def test_behind_the_page_a_panel_and_a_person_are_needed_too(coordinator, notification):
    with pytest.raises(Refused, match="Say to which panel it is passed on."):
        decisions.pass_on(notification, by=coordinator, version=1, panel=" ")
    row = passed_on(notification, coordinator)
    for said, sentence in (
        ({"receipt_from": " ", "at": timezone.now()}, "Say who at the other panel"),
        ({"receipt_from": "A", "at": timezone.now() + timedelta(hours=1)}, "must be in the past"),
    ):
        with pytest.raises(Refused, match=sentence):
            decisions.confirm_receipt(row, by=coordinator, version=row.version, **said)

    assert the_one().state == "passed_on"


def test_a_receipt_to_come_is_none(desk, coordinator, notification):
    passed_on(notification, coordinator)

    said = {"receipt_from": "A", **date_parts("on", 1, 1, 2099)}
    page = decide(desk, notification, "receipt", **said)

    assert "The day and time must be in the past" in text_of(page)
    assert the_one().state == "passed_on"


def test_word_that_does_not_come_is_a_task_after_two_working_days(coordinator, notification):
    row = passed_on(notification, coordinator)
    assert work.tasks_for(coordinator) == []

    edit(row, by=TESTS, decided_at=timezone.now() - timedelta(days=7))

    [task] = work.tasks_for(coordinator)
    assert (task.text, task.href, task.overdue, task.count) == (
        "Notifications passed on, of which nobody has said that they arrived",
        f"{LIST}?list=passed_on",
        True,
        1,
    )
