"""Who is told that a case was opened, and what the pages show of letters."""

from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core import mailing
from cdop.core.messages import Message
from cdop.core.roles import Role
from cdop.core.steps import edit
from cdop.editions.schema import ALERTED
from notifications import letters
from notifications.models import Notification
from tests.cast import TESTS, person
from tests.makers import HALTON, opened_case
from tests.notifications.filling import text_of
from tests.notifications.writing import accepted, received, sent_to

WARRINGTON = "E06000007"


# A case is opened


def test_those_whom_the_edition_names_are_told_for_their_area_alone(coordinator, doctor, reader):
    here = person("board_manager", area=HALTON)
    person("board_manager", area=WARRINGTON)
    everywhere = person("board_manager")

    case = accepted(received(), coordinator)

    assert sent_to("opened") == sorted([doctor.email, here.email, everywhere.email])
    letter = Message.objects.filter(template="opened").first()
    page = reverse("cases:case", args=[case.reference])
    assert letter.about == case.reference
    assert f"{settings.SITE_ADDRESS}{page}\n" in letter.body


def test_without_an_area_those_of_one_area_are_not_told(coordinator, doctor):
    person("board_manager", area=HALTON)

    accepted(received(), coordinator, area="")

    assert sent_to("opened") == [doctor.email]


@pytest.mark.parametrize(
    ("edition", "expectedness", "roles"),
    [
        ("cdr-2018", "unexpected", ["board_manager", "designated_doctor"]),
        ("cdr-2018", "", ["board_manager", "designated_doctor"]),
        ("cdr-2018", "expected", ["designated_doctor"]),
        ("lscb-2015", "unexpected", ["board_manager", "designated_doctor"]),
        ("lscb-2015", "", ["board_manager", "designated_doctor"]),
        ("lscb-2015", "expected", ["board_manager"]),
    ],
)
def test_who_is_told_hangs_on_the_edition_and_on_what_is_known(db, edition, expectedness, roles):
    people = {person(role, area=HALTON).email: role for role in ("board_manager", "chair")}
    people[person("designated_doctor").email] = "designated_doctor"
    case = opened_case({"expectedness": expectedness})
    case = edit(case, by=TESTS, edition=edition)

    letters.alert_opened(case, Notification(), TESTS)

    assert sorted(people[address] for address in sent_to("opened")) == roles


def test_those_whom_nobody_stands_for_are_named_so_that_they_are_rung(doctor):
    case = opened_case()
    manager = "The business manager of the area's Local Safeguarding Children Board"

    assert letters.without_holder(case) == [manager]
    person("board_manager", area=WARRINGTON)
    assert letters.without_holder(case) == [manager]
    person("board_manager", area=HALTON)
    assert letters.without_holder(case) == []
    CaseFacts.objects.filter(case=case).update(expectedness="expected")
    doctor.holdings.update(ends_on=date(2020, 1, 1), starts_on=date(2019, 1, 1))
    assert letters.without_holder(case) == []


def test_every_alert_goes_to_a_role_that_there_is():
    assert set(ALERTED) <= set(Role)
    for code in editions.codes():
        assert {alert.role for alert in editions.get(code).alerts} <= set(ALERTED)


# On the page of triage


def test_the_page_of_a_notification_shows_its_letters_and_that_none_goes_out(client, coordinator):
    sent = received()
    client.force_login(coordinator)

    words = text_of(client.get(reverse("notifications:notification", args=[sent.reference])))

    assert "Acknowledgement to the notifier" in words
    assert "To a coordinator: something waits" in words
    assert mailing.IS_DEMONSTRATION in words


def test_the_page_says_whom_to_ring_where_nobody_can_be_written_to(client, coordinator):
    sent = received(notifier_email="")
    Message.objects.all().delete()
    client.force_login(coordinator)
    page = reverse("notifications:notification", args=[sent.reference])

    words = text_of(client.get(page))
    assert "No email address, so nothing is sent. Please ring 01632 960001." in words
    assert "Nobody was written to." in words
    assert "has no account here" not in words

    accepted(sent, coordinator)
    words = text_of(client.get(page))
    assert "The designated doctor for child deaths has no account here" in words


def test_the_page_of_a_case_shows_the_letters_of_its_notifications(client, coordinator, doctor):
    sent = received()
    case = accepted(sent, coordinator)
    client.force_login(coordinator)

    words = text_of(client.get(reverse("cases:case", args=[case.reference])))

    assert f"{sent.reference}: Acknowledgement to the notifier. Held." in words
    assert f"{case.reference}: To somebody whom the guidance names" in words
