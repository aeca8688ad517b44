"""A session ends when it is idle or old; what was sent too late is kept for its sender alone."""

import time

import pytest
from django.urls import reverse

from cdop.core import session_limits
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Organisation
from cdop.core.session_limits import BEGAN, SEEN
from tests.client import Client
from tests.pages import sign_in, text_of

TYPED = {"name": "Invented Hospice of Halton", "kind": "hospice", "area": "none"}


def idle(client, minutes: float) -> None:
    _moved(client, SEEN, minutes)


def _moved(client, name: str, minutes: float) -> None:
    session = client.session
    session[name] = time.time() - minutes * 60
    session.save()


@pytest.fixture
def desk(coordinator) -> Client:
    return sign_in(Client(), coordinator)


def is_in(client) -> bool:
    return client.get(reverse("hat")).status_code == 200


@pytest.mark.parametrize(("minutes", "still"), [(0, True), (34.9, True), (35.1, False)])
def test_a_session_ends_after_35_minutes_of_nothing(desk, minutes, still):
    idle(desk, minutes)

    assert is_in(desk) is still


@pytest.mark.parametrize(("hours", "still"), [(7.9, True), (8.1, False)])
def test_a_session_ends_after_8_hours_whatever_is_done(desk, hours, still):
    _moved(desk, BEGAN, hours * 60)

    assert is_in(desk) is still


def test_every_page_begins_the_idle_time_anew(desk):
    idle(desk, 30)
    assert is_in(desk)
    assert time.time() - desk.session[SEEN] < 5


def test_whoever_is_signed_out_is_told_why_and_led_back(desk, coordinator):
    idle(desk, 40)

    page = desk.get(reverse("organisations"), follow=True)

    assert "because nothing was done for 35 minutes" in text_of(page)
    assert page.redirect_chain[0][0] == "/account/login/?next=%2Forganisations%2F"
    assert AuditEntry.objects.latest("number").action == "user.timed_out"


def test_what_was_sent_too_late_changes_nothing_and_is_sent_again_after_signing_in(
    desk, coordinator
):
    idle(desk, 40)
    page = desk.post(reverse("add_organisation"), TYPED, follow=True)
    assert "What you had sent is kept for you." in text_of(page)
    assert not Organisation.objects.filter(name=TYPED["name"]).exists()

    sign_in(desk, coordinator)
    assert TYPED["name"] in text_of(desk.get(reverse("sent_too_late")))
    desk.post(reverse("sent_too_late"), TYPED, follow=True)

    assert Organisation.objects.filter(name=TYPED["name"]).count() == 1
    assert session_limits.sent_too_late(coordinator) is None


def test_what_the_page_refuses_is_still_kept(desk, coordinator):
    idle(desk, 40)
    desk.post(reverse("add_organisation"), TYPED)
    sign_in(desk, coordinator)

    desk.post(reverse("sent_too_late"), TYPED | {"name": ""}, follow=True)

    assert session_limits.sent_too_late(coordinator) is not None


def test_nobody_else_sees_what_was_sent_too_late(desk, coordinator, nurse):
    idle(desk, 40)
    desk.post(reverse("add_organisation"), TYPED)
    sign_in(desk, nurse)

    assert TYPED["name"] not in text_of(desk.get(reverse("sent_too_late")))
    assert session_limits.sent_too_late(nurse) is None


def test_it_lies_sealed_and_can_be_thrown_away(desk, coordinator):
    idle(desk, 40)
    desk.post(reverse("add_organisation"), TYPED)
    draft = session_limits.sent_too_late(coordinator)
    assert TYPED["name"].encode() not in bytes(draft.sealed)
    sign_in(desk, coordinator)

    desk.post(reverse("discard_sent_too_late"))

    assert session_limits.sent_too_late(coordinator) is None
    draft.data_key.refresh_from_db()
    assert draft.data_key.wrapped is None


def test_a_password_typed_too_late_is_kept_nowhere(desk, coordinator):
    idle(desk, 40)
    desk.post(reverse("account_change_password"), {"oldpassword": "x", "password1": "y"})

    assert session_limits.sent_too_late(coordinator) is None
