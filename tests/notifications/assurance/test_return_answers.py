"""What an organisation answers to a monthly return, and how it is corrected."""

import pytest
from django.db import connection

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from notifications.assurance import returns, settling
from notifications.assurance.models import ListedDeath, Return
from notifications.assurance.returns import TRUST, Answer
from notifications.models import Notification
from tests.cast import person
from tests.notifications.assurance.answering import (
    ANSWER,
    DIED,
    NONE,
    SENT,
    THESE,
    WHO,
    at,
    sent_by_link,
    started,
)
from tests.notifications.assurance.makers import EMAIL, a_line, asked_return, notified
from tests.pages import date_parts, text_of

pytestmark = pytest.mark.usefixtures("in_november")


def test_none_is_an_answer(db):
    asked = sent_by_link(asked_return(), NONE)

    assert (asked.state, asked.none_died, asked.lines.count()) == ("returned", True, 0)
    assert asked.answered_by == WHO
    entry = AuditEntry.objects.get(action="return.returned")
    assert entry.job == "an organisation without account"


def test_these_deaths_are_an_answer(db):
    asked = sent_by_link(asked_return(), THESE)

    assert (asked.state, asked.none_died) == ("returned", False)
    assert list(returns.lines(asked).values()) == [DIED]
    assert not Notification.objects.exists()


def test_the_page_after_it_repeats_nothing_that_was_typed(db):
    asked = asked_return()
    browser = started(asked)
    browser.post(ANSWER, THESE)

    page = text_of(browser.get(SENT))

    assert f"Its reference is {asked.reference}." in page
    for word in ("999", "Ward 7", "Nurse Invented"):
        assert word not in page


def test_another_child_is_one_press_away_and_nothing_is_lost(db):
    asked = asked_return()
    browser = started(asked)

    page = browser.post(ANSWER, THESE | {"more": "yes"}).content.decode()

    assert 'name="deaths" value="2"' in page
    assert 'name="death-1-nhs_number"' in page
    assert "999 000 0123" in page
    assert "There is a problem" not in page
    assert Return.objects.get().state == "asked"


def test_two_children_are_two_lines(db):
    second = {
        **date_parts("death-1-date_of_death", 11, 10, 2026),
        "death-1-initials": "A.B.",
        "death-1-age": "3 days",
    }

    asked = sent_by_link(asked_return(), THESE | {"deaths": "2"} | second)

    assert list(returns.lines(asked).values()) == [
        DIED,
        a_line(
            date_of_death="2026-10-11",
            date_of_birth="",
            given_names="",
            family_name="",
            nhs_number="",
            initials="A.B.",
            age="3 days",
        ),
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose whether a child died"),
        (NONE | {"name": ""}, "Enter your name"),
        ({"died": "these", "deaths": "1", **WHO}, "Enter each child who died, or choose"),
        (
            THESE | date_parts("death-0-date_of_death", 30, 9, 2026),
            "The date of death must be in October 2026.",
        ),
        (THESE | {"death-0-nhs_number": ""}, "Enter the NHS number, or the initials below it"),
        (
            THESE | date_parts("death-0-date_of_birth", 1, 12, 2026),
            "The date of birth must not be after the date of death",
        ),
        (
            THESE | {f"death-0-date_of_birth-{part}": "" for part in ("day", "month", "year")},
            "Enter the date of birth, or the age below it",
        ),
        (THESE | {"death-0-adult_ward": "perhaps"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(db, said, sentence):
    asked = asked_return()

    page = text_of(started(asked).post(ANSWER, said))

    assert "There is a problem" in page
    assert sentence in page
    assert (Return.objects.get().state, ListedDeath.objects.count()) == ("asked", 0)


@pytest.mark.parametrize("count", ["", "-1", "0", "9" * 30, "1000", "²", "x"])
def test_a_number_of_blocks_that_nobody_typed_breaks_nothing(db, count):
    page = started(asked_return()).post(ANSWER, THESE | {"deaths": count, "more": "yes"})

    assert page.status_code == 200
    assert page.content.decode().count('name="death-') < 1000


def test_what_was_answered_can_be_corrected_and_what_stays_keeps_its_decision(db):
    by = person("coordinator")
    second = {
        **date_parts("death-1-date_of_death", 11, 10, 2026),
        "death-1-initials": "AB",
        "death-1-age": "3 days",
    }
    asked = sent_by_link(asked_return(), THESE | {"deaths": "2"} | second)
    first, other = asked.lines.all()
    settling.explain(first, by=by, version=1, reason="error")
    browser = started(asked)
    assert "999 000 0123" in browser.get(ANSWER).content.decode() or "9990000123" in (
        browser.get(ANSWER).content.decode()
    )

    browser.post(ANSWER, THESE | {"deaths": "2"} | second | {"death-1-initials": "AC"})

    assert [(line.number, line.state) for line in asked.lines.all()] == [
        (1, "explained"),
        (2, "taken_back"),
        (3, "open"),
    ]
    other.refresh_from_db()
    assert (other.case, other.notification) == (None, None)
    assert AuditEntry.objects.filter(action="return.read", job=TRUST.name).exists()


def test_a_correction_to_none_takes_every_line_back(db):
    asked = sent_by_link(asked_return(), THESE)

    again = sent_by_link(asked, NONE)

    assert (again.none_died, [line.state for line in again.lines.all()]) == (True, ["taken_back"])


def test_a_death_that_was_matched_can_be_matched_again_after_a_correction(db):
    by, sent = person("coordinator"), notified(date_of_death="2026-10-10", at=at(12, 10))
    asked = sent_by_link(asked_return(), THESE)
    settling.match(asked.lines.get(), by=by, version=1, notification=sent)
    sent_by_link(asked, THESE | {"death-0-place": "Ward 8"})

    new = asked.lines.last()

    assert settling.match(new, by=by, version=1, notification=sent).state == "matched"


def test_once_settled_the_link_corrects_no_more(db):
    by, asked = person("coordinator"), asked_return()
    browser = started(asked)
    browser.post(ANSWER, NONE)
    row = Return.objects.get()
    returns.settle(row, by=by, version=row.version)

    page = browser.get(ANSWER)

    assert "This return is complete." in text_of(page)
    assert Return.objects.get().none_died is True
    with pytest.raises(Refused, match="complete"):
        returns.answer(asked, Answer((), "A", "B"), by=TRUST, version=asked.version)


def test_nothing_that_was_answered_stands_in_the_clear(db):
    sent_by_link(asked_return(), THESE)

    with connection.cursor() as cursor:
        for table in ("listeddeath", "return", "historicalreturn", "returningorganisation"):
            cursor.execute(f"SELECT * FROM notifications_{table}")
            rows = str(
                [
                    [str(bytes(c)) if isinstance(c, memoryview) else c for c in row]
                    for row in cursor.fetchall()
                ]
            )
            for word in ("9990000123", "999 000", "Nurse Invented", "2026-10-10", EMAIL):
                assert word not in rows
