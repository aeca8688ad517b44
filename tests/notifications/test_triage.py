"""Triage: who may, and what is shown of a notification and recorded."""

import json
from datetime import date

import pytest
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from notifications import decisions, undoing
from tests.makers import opened_case
from tests.notifications.filling import text_of, typed_on
from tests.notifications.triage import LIST, accepted, everything, page_of, received

PAGES = ["notification", "accept", "attach", "pass_on", "receipt", "decline", "undo"]


# Who may


@pytest.mark.parametrize(
    "who", ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]
)
@pytest.mark.parametrize("name", ["list", *PAGES])
def test_for_everybody_else_triage_is_not_there(request, client, notification, who, name):
    client.force_login(request.getfixturevalue(who))
    url = LIST if name == "list" else page_of(notification, name)

    answers = {client.get(url).status_code, client.post(url, {"version": 1}).status_code}

    assert answers == {404}
    assert not AuditEntry.objects.filter(action="notification.read").exists()


@pytest.mark.parametrize("name", ["list", *PAGES])
def test_without_an_account_one_is_asked_to_sign_in(client, notification, name):
    url = LIST if name == "list" else page_of(notification, name)

    answer = client.get(url)

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/account/login/")


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_decides_behind_the_pages_either(request, notification, who):
    by, case = request.getfixturevalue(who), opened_case()
    before = everything()
    acts = [
        lambda: accepted(notification, by),
        lambda: decisions.attach(notification, case, by=by, version=1),
        lambda: decisions.decline(notification, by=by, version=1, reason="test"),
        lambda: undoing.undo_decline(notification, by=by, version=1),
    ]

    for act in acts:
        with pytest.raises(Refused, match="Your role does not triage notifications.") as refused:
            act()
        assert refused.value.status == 403

    assert everything() == before


# What is shown


def test_opening_a_notification_is_recorded_with_its_purpose(desk, coordinator, notification):
    page = text_of(desk.get(page_of(notification)))

    entry = AuditEntry.objects.get(action="notification.read")
    assert (entry.actor, entry.purpose) == (coordinator, "triage")
    assert entry.subject == f"notification:{notification.pk}"
    assert "Family name Triage-Child" in page
    assert "You opened who the child was. This is recorded." in typed_on(
        desk.get(page_of(notification))
    )


def test_the_list_records_no_reading_and_the_decisions_do_not_name_the_child(desk, notification):
    desk.get(LIST)
    assert not AuditEntry.objects.filter(action="notification.read").exists()

    for name in ("accept", "pass_on", "decline"):
        assert "Triage-Child" not in typed_on(desk.get(page_of(notification, name)))


def test_the_page_shows_what_speaks_against_a_review_and_where_the_home_is(desk, db):
    sent = received(termination="yes", postcode="WA4 1AA", nhs_number="9990001490")

    page = text_of(desk.get(page_of(sent)))

    assert (
        "By the rules of Child Death Review statutory guidance 2018 the panel would not review "
        "this death: The notifier says that the pregnancy was ended for medical or other lawful "
        "reasons." in page
    )
    assert (
        "The district of the postcode reaches into Cheshire West and Chester and Halton and "
        "Warrington." in page
    )
    assert "at least one digit is mistyped. It is kept as it was typed." in page
    assert "You may send it" not in page


def test_the_page_shows_the_cases_that_look_alike_with_the_reasons(desk, notification):
    case = opened_case(
        {"family_name": "Triage-Child", "date_of_birth": "2025-01-12", "nhs_number": "9990001499"},
        died_on=date(2026, 1, 10),
    )

    page = text_of(desk.get(page_of(notification)))

    assert (
        f"{case.reference} : the same NHS number, the same date of death, a given name in common, "
        "the same family name, the same date of birth with day and month exchanged" in page
    )


def test_a_child_whom_no_case_knows_has_no_candidates(desk, notification):
    opened_case({"given_names": "Qqqq", "family_name": "Xxxx", "mother_name": ""})

    assert "No case has enough in common" in text_of(desk.get(page_of(notification)))


@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("notification", "triage"),
        ("accept", "accept into a case"),
        ("attach", "attach to a case"),
        ("pass_on", "pass on to another panel"),
        ("decline", "decline"),
    ],
)
def test_every_page_that_opens_what_was_sent_records_who_read_it_and_why(
    desk, coordinator, notification, name, purpose
):
    desk.get(reverse(f"notifications:{name}", args=[notification.reference]))

    read = AuditEntry.objects.filter(action="notification.read").get()
    assert (read.actor, read.purpose) == (coordinator, purpose)


def test_the_list_records_that_what_waits_was_compared(desk, coordinator, notification):
    desk.get(reverse("notifications:list"))
    desk.get(reverse("notifications:list"), {"list": "declined"})

    [compared] = AuditEntry.objects.filter(action="notification.compared")
    assert (compared.actor, compared.subject) == (coordinator, "the list")
    assert json.loads(compared.detail) == {"after": {"notifications": 1}}
