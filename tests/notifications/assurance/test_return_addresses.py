"""A corrected address: whoever reads the old one opens nothing from then on."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cdop.core import outbox
from cdop.core.audit import AuditEntry
from cdop.core.messages import PURPOSE, Message
from cdop.core.refusals import Stale
from cdop.core.sealing import unseal
from notifications.assurance import asking, returns
from notifications.assurance.models import Return
from notifications.assurance.returns import TRUST, Answer
from tests.client import Client
from tests.notifications.assurance.browsing import carried
from tests.notifications.assurance.makers import (
    FIRST_WORKING_DAY,
    a_line,
    asked_of,
    asked_return,
    link_of,
)
from tests.notifications.filling import version_on
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.django_db
ANSWER = reverse("report:return_answer")
STRANGER, RIGHT = "stranger@example.com", "returns@right.example"
DIED = a_line(date_of_death="2026-10-10", place="Ward Invented")


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    """Returns are asked for in November 2026, and the address is corrected a week later."""
    monkeypatch.setattr(returns.timezone, "now", lambda: FIRST_WORKING_DAY + timedelta(days=7))


def path(asked: Return) -> str:
    """The address of the link as it is now."""
    return reverse("report:return_link", args=[link_of(Return.objects.get(pk=asked.pk))])


def letters(asked: Return) -> list[tuple[str, str]]:
    """To whom it was written about a return, by address, and where that stands."""
    found = outbox.of([asked.reference]).select_related("data_key")
    sealed = [(unseal(row.data_key, PURPOSE, row.sealed).decode(), row.state) for row in found]
    return sorted((text.splitlines()[0], state) for text, state in sealed)


def answered(asked: Return) -> Return:
    row = Return.objects.get(pk=asked.pk)
    return returns.answer(row, Answer((DIED,), "A", "B"), by=TRUST, version=row.version)


def corrected(asked: Return, by, email: str = RIGHT) -> None:
    asking.change(asked.asked_of, version=asked.asked_of.version, email=email, by=by)


def test_the_link_of_the_wrong_address_opens_nothing_and_the_right_one_is_asked(coordinator):
    asked = asked_return(email=STRANGER)
    wrong, stranger = path(asked), Client()
    stranger.post(wrong)

    corrected(asked, coordinator)

    assert letters(asked) == [(RIGHT, "waiting"), (STRANGER, "stopped")]
    assert Client().get(wrong).status_code == 404
    assert "Please open the link again" in text_of(stranger.get(ANSWER))
    assert Client().get(path(asked)).status_code == 200
    entry = AuditEntry.objects.get(action="return.asked_again")
    assert (entry.actor, entry.subject) == (coordinator, f"return:{asked.pk}")


def test_a_stranger_reads_nothing_that_is_answered_afterwards(coordinator):
    asked = asked_return(email=STRANGER)
    wrong, stranger = path(asked), Client()
    stranger.post(wrong)
    corrected(asked, coordinator)
    asking.remind_due(FIRST_WORKING_DAY + timedelta(days=20))

    answered(asked)

    assert "Ward Invented" not in stranger.get(ANSWER).content.decode()
    assert stranger.post(wrong).status_code == 404
    assert STRANGER not in [to for to, state in letters(asked) if state == "waiting"]


def test_every_return_that_is_not_settled_is_asked_for_again(coordinator):
    asked_of(email=STRANGER, first_month=date(2026, 8, 1))
    asking.ask_due(FIRST_WORKING_DAY)
    settled, said, outstanding = Return.objects.order_by("month")
    answered(said)
    row = returns.answer(settled, Answer((), "A", "B"), by=TRUST, version=settled.version)
    returns.settle(row, by=coordinator, version=row.version)
    before = [path(each) for each in (settled, said, outstanding)]

    corrected(outstanding, coordinator)

    assert {Client().get(each).status_code for each in before} == {404}
    assert [letters(each) for each in (settled, said, outstanding)] == [
        [(STRANGER, "stopped")],
        [(RIGHT, "waiting"), (STRANGER, "stopped")],
        [(RIGHT, "waiting"), (STRANGER, "stopped")],
    ]
    assert list(Return.objects.order_by("month").values_list("state", "reminders")) == [
        ("settled", 0),
        ("returned", 0),
        ("asked", 0),
    ]


def test_a_settled_return_that_is_opened_again_does_not_answer_to_the_old_link(coordinator):
    asked = asked_return(email=STRANGER)
    wrong = path(asked)
    row = returns.answer(asked, Answer((), "A", "B"), by=TRUST, version=asked.version)
    row = returns.settle(row, by=coordinator, version=row.version)
    corrected(asked, coordinator)
    row = Return.objects.get()

    returns.open_again(row, by=coordinator, version=row.version)

    assert Client().get(wrong).status_code == 404
    assert letters(asked) == [(STRANGER, "stopped")]


def test_a_change_of_the_wards_alone_ends_no_link(coordinator):
    asked = asked_return()
    link = path(asked)

    change = {"version": 1, "email": asked.asked_of.email, "adult_wards": "Ward 9"}
    asking.change(asked.asked_of, by=coordinator, **change)

    assert path(asked) == link
    assert Message.objects.count() == 1


def test_where_somebody_changed_it_meanwhile_nothing_happens(coordinator):
    asked = asked_return(email=STRANGER)
    corrected(asked, coordinator)
    link, count = path(asked), Message.objects.count()

    with pytest.raises(Stale):
        corrected(asked, coordinator, "third@example.org")

    assert (path(asked), Message.objects.count()) == (link, count)


def test_an_address_that_cannot_be_written_to_changes_nothing(client, coordinator):
    asked = asked_return(email=STRANGER)
    desk = sign_in(client, coordinator)
    place = reverse("notifications:change_organisation", args=[asked.asked_of_id])
    before = path(asked)
    page = desk.get(place)
    assert "the links that were sent open nothing any more" in text_of(page)

    desk.post(place, {"version": version_on(page), "email": "no address", "adult_wards": ""})

    assert path(asked) == before
    assert letters(asked) == [(STRANGER, "waiting")]


def test_what_the_right_people_typed_by_the_old_link_is_kept_for_the_new_one(coordinator):
    asked, tab = asked_return(), Client()
    tab.post(path(asked))
    first = carried(tab.get(ANSWER))
    corrected(asked, coordinator)
    said = {"died": "none", "deaths": "1", "name": "Nurse Invented", "role": "Matron"}

    page = tab.post(ANSWER, said | first)
    tab.post(path(asked))

    assert page.status_code == 409
    assert tab.post(ANSWER, said | carried(page)).status_code == 302
    assert Return.objects.get().none_died is True
