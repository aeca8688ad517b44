"""Who knew the child: added by each notification, nobody twice, taken off with it."""

import pytest
from django.urls import reverse

from cdop.cases import actions, contacts
from cdop.cases.models import Contact
from cdop.core.audit import AuditEntry
from tests.cast import TESTS
from tests.cdop.cases.test_reports import second
from tests.makers import opened_case
from tests.pages import sign_in, text_of

NURSE = {"name": "Nurse Invented", "role": "Health visitor", "telephone": "01632 960001"}
OTHER = {"name": "Other Invented", "role": "Teacher"}
PURPOSE = {"purpose": "family_contact"}


@pytest.fixture
def case(db):
    return opened_case({"known_professionals": [NURSE], "agencies_known": ["midwifery"]})


def named(case) -> list[tuple[str, str, str]]:
    """Of each contact that stands: agency, name, source."""
    found = contacts.read(case, contacts.standing(case), by=TESTS, purpose="test")
    return [(each.agency, each.details.get("name", ""), each.source) for each in found]


FIRST = [("midwifery", "", "N-TEST"), ("professional", "Nurse Invented", "N-TEST")]


def test_a_second_notification_adds_whom_it_names_with_its_reference(case):
    second(case, known_professionals=[OTHER], agencies_known=["police"])

    assert named(case) == [
        FIRST[0],
        ("police", "", "N-TWO"),
        FIRST[1],
        ("professional", "Other Invented", "N-TWO"),
    ]


@pytest.mark.parametrize(
    "again",
    [NURSE, {"name": "  nurse INVENTED "}, NURSE | {"told": "yes"}],
    ids=["as it was", "less of it", "told"],
)
def test_nobody_is_there_twice(case, again):
    second(case, known_professionals=[again], agencies_known=["midwifery"])

    assert named(case) == FIRST


def test_one_who_is_described_otherwise_stands_beside_the_first(case):
    second(case, known_professionals=[NURSE | {"telephone": "01632 960009"}])

    assert named(case) == [*FIRST, ("professional", "Nurse Invented", "N-TWO")]


def test_what_is_taken_off_the_case_takes_along_whom_it_alone_named(coordinator, case):
    second(case, known_professionals=[OTHER], agencies_known=["midwifery", "police"])

    actions.take_report_off(case, "N-TWO", by=coordinator)

    assert named(case) == FIRST
    assert Contact.objects.filter(source="N-TWO").exclude(withdrawn_at=None).count() == 2


def test_whom_a_third_named_too_stays_when_the_second_is_taken_off(coordinator, case):
    second(case, agencies_known=["police"])
    second(case, "N-THREE", agencies_known=["police"])

    actions.take_report_off(case, "N-TWO", by=coordinator)

    assert named(case) == [FIRST[0], ("police", "", "N-THREE"), FIRST[1]]


def test_put_to_the_case_again_they_are_there_again(coordinator, case):
    second(case, agencies_known=["police"])
    actions.take_report_off(case, "N-TWO", by=coordinator)

    second(case, agencies_known=["police"])

    assert named(case) == [FIRST[0], ("police", "", "N-TWO"), FIRST[1]]


def test_the_team_sees_them_with_who_the_child_was_and_that_is_recorded(client, coordinator, case):
    page = reverse("cases:identity", args=[case.reference])

    shown = text_of(sign_in(client, coordinator).post(page, PURPOSE))

    assert "Nurse Invented, Health visitor, 01632 960001 (N-TEST)" in shown
    assert AuditEntry.objects.filter(action="contacts.read", actor=coordinator).count() == 1


def test_others_who_see_the_case_do_not_see_them(client, doctor, coordinator, case):
    actions.give_access(case, doctor, by=coordinator, ends_on=None)
    page = reverse("cases:identity", args=[case.reference])

    shown = text_of(sign_in(client, doctor).post(page, PURPOSE))

    assert "Invented-Child" in shown and "Nurse Invented" not in shown
