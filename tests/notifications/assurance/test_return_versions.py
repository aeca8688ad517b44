"""An answer to a return is kept for the month, and over the answer, that its page showed."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.refusals import Stale
from notifications.assurance import asking, returns
from notifications.assurance.models import Return
from notifications.assurance.returns import TRUST, Answer
from tests.client import Client
from tests.notifications.assurance.browsing import Browser, carried
from tests.notifications.assurance.makers import (
    FIRST_WORKING_DAY,
    a_line,
    asked_of,
    asked_return,
    link_of,
)
from tests.pages import date_parts, sign_in, text_of

pytestmark = pytest.mark.django_db
ANSWER, SENT = reverse("report:return_answer"), reverse("report:return_sent")
NONE = {"died": "none", "deaths": "1", "name": "Nurse Invented", "role": "Matron"}
THESE = {
    "died": "these",
    "deaths": "1",
    "name": "Doctor Invented",
    "role": "Consultant",
    **date_parts("death-0-date_of_death", 10, 10, 2026),
    "death-0-initials": "AB",
    "death-0-age": "3 days",
}


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    """Returns are asked for in November 2026 and answered a week later."""
    monkeypatch.setattr(returns.timezone, "now", lambda: FIRST_WORKING_DAY + timedelta(days=7))


def press_start(browser: Client, asked: Return) -> Client:
    """Press the button behind the link, as it is now."""
    link = reverse("report:return_link", args=[link_of(Return.objects.get(pk=asked.pk))])
    assert browser.post(link).url == ANSWER
    return browser


def two_months() -> list[Return]:
    """The returns of September and October of one organisation, in this order."""
    asked_of(first_month=date(2026, 9, 1))
    asking.ask_due(FIRST_WORKING_DAY)
    return list(Return.objects.order_by("month"))


def answered(asked: Return, said: dict) -> Return:
    """What a browser of its own has answered."""
    assert press_start(Browser(), asked).post(ANSWER, said).url == SENT
    return Return.objects.get(pk=asked.pk)


def standing() -> list[tuple]:
    """How each return stands, the earliest month first, with its deaths."""
    return [
        (row.state, row.none_died, list(row.lines.values_list("state", flat=True)))
        for row in Return.objects.order_by("month")
    ]


# Of which return


def test_an_answer_is_never_kept_for_another_month_than_its_page_showed():
    september, october = two_months()
    tab = press_start(Client(), september)
    first = carried(tab.get(ANSWER))
    press_start(tab, october)

    page = tab.post(ANSWER, THESE | first)

    words = text_of(page)
    assert page.status_code == 409
    assert "Nothing was sent. After you opened this page, the return of Invented Hospital" in words
    assert "for October 2026 was opened in this browser." in words
    assert "In September 2026, did any child under 18 die" in words
    assert 'value="AB"' in page.content.decode()
    assert carried(page) == first
    assert standing() == [("asked", None, []), ("asked", None, [])]


def test_with_its_own_link_opened_again_the_page_can_be_sent():
    september, october = two_months()
    tab = press_start(Client(), september)
    first = carried(tab.get(ANSWER))
    press_start(tab, october)
    refused = tab.post(ANSWER, NONE | first)
    press_start(tab, september)

    sent = tab.post(ANSWER, NONE | carried(refused))

    assert sent.url == SENT
    assert standing() == [("returned", True, []), ("asked", None, [])]


def test_one_mailbox_that_answers_for_two_trusts_never_answers_for_the_wrong_one():
    one, other = asked_return(name="Alpha Trust"), asked_return(name="Beta Trust")
    tab = press_start(Client(), one)
    first = carried(tab.get(ANSWER))
    press_start(tab, other)

    page = tab.post(ANSWER, NONE | first)

    assert page.status_code == 409
    assert "the return of Beta Trust for October 2026 was opened in this browser" in text_of(page)
    assert set(Return.objects.values_list("state", flat=True)) == {"asked"}


def test_what_was_typed_is_kept_when_the_link_of_the_page_opens_nothing_any_more(coordinator):
    asked = asked_return()
    tab = press_start(Client(), asked)
    first = carried(tab.get(ANSWER))
    asking.ask_again(asked, by=coordinator, version=asked.version)

    page = tab.post(ANSWER, THESE | first)

    assert page.status_code == 409
    assert "or there is a newer link." in text_of(page)
    assert 'value="AB"' in page.content.decode()
    assert standing() == [("asked", None, [])]
    assert press_start(tab, asked).post(ANSWER, THESE | carried(page)).url == SENT


@pytest.mark.parametrize("said", ["", "M-4K7M-2QX9", "x" * 500])
def test_a_page_that_names_no_return_was_not_made_here(said):
    asked = asked_return()
    tab = press_start(Client(), asked)

    assert tab.post(ANSWER, NONE | {"return": said, "version": "1"}).status_code == 400
    assert standing() == [("asked", None, [])]


def test_a_page_without_a_version_was_not_made_here():
    asked = asked_return()
    tab = press_start(Client(), asked)

    assert tab.post(ANSWER, NONE | {"return": asked.reference}).status_code == 400
    assert standing() == [("asked", None, [])]


def test_the_name_of_a_return_shows_nothing_that_was_answered():
    asked = answered(asked_return(), THESE)

    page = Client().post(ANSWER, NONE | {"return": asked.reference, "version": "9"})

    assert page.status_code == 409
    # Without the token of the form, in which chance may write any two letters.
    shown = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
    for word in ("AB", "Doctor Invented", "Consultant"):
        assert word not in shown


# Over which answer


def test_what_somebody_else_answered_meanwhile_is_never_overwritten():
    asked = asked_return()
    older = press_start(Client(), asked)
    first = carried(older.get(ANSWER))
    answered(asked, THESE)

    page = older.post(ANSWER, NONE | first)

    words = text_of(page)
    assert page.status_code == 409
    assert "Somebody else changed this while you had it open." in words
    assert "What you typed here Did a child die there? No, none Child 1 Nothing" in words
    assert "What was sent meanwhile Did a child die there? Yes Child 1 Initials: AB" in words
    assert 'value="Nurse Invented"' in page.content.decode()
    assert standing() == [("returned", False, ["open"])]
    assert AuditEntry.objects.filter(action="return.read", job=TRUST.name).count() == 1


def test_after_both_were_shown_it_can_be_sent_over_the_other():
    asked = asked_return()
    older = press_start(Client(), asked)
    first = carried(older.get(ANSWER))
    answered(asked, THESE)
    page = older.post(ANSWER, NONE | first)

    assert older.post(ANSWER, NONE | carried(page)).url == SENT
    assert standing() == [("returned", True, ["taken_back"])]


def test_a_mistake_on_an_old_page_does_not_make_it_a_new_one():
    asked = asked_return()
    older = press_start(Client(), asked)
    first = carried(older.get(ANSWER))
    answered(asked, THESE)

    mistaken = older.post(ANSWER, NONE | first | {"name": ""})
    longer = older.post(ANSWER, NONE | carried(mistaken) | {"more": "yes"})

    assert older.post(ANSWER, NONE | carried(longer)).status_code == 409
    assert standing() == [("returned", False, ["open"])]


def test_the_button_pressed_twice_sends_once():
    asked = asked_return()
    tab = press_start(Client(), asked)
    first = carried(tab.get(ANSWER))

    assert [tab.post(ANSWER, THESE | first).url for _ in range(2)] == [SENT, SENT]
    assert standing() == [("returned", False, ["open"])]
    assert AuditEntry.objects.filter(action="return.corrected").count() == 0


def test_a_reminder_that_goes_out_meanwhile_is_nobodys_answer():
    asked = asked_return()
    tab = press_start(Client(), asked)
    first = carried(tab.get(ANSWER))
    assert asking.remind_due(FIRST_WORKING_DAY + timedelta(days=10)) == 1

    assert tab.post(ANSWER, NONE | first).url == SENT


def test_what_was_answered_meanwhile_is_never_overwritten_from_the_telephone(client, coordinator):
    asked, desk = asked_return(), sign_in(client, coordinator)
    place = reverse("notifications:key_return", args=[asked.reference])
    first = carried(desk.get(place))
    answered(asked, THESE)

    page = desk.post(place, NONE | first)

    assert page.status_code == 409
    assert "What was sent meanwhile Did a child die there? Yes" in text_of(page)
    assert standing() == [("returned", False, ["open"])]
    desk.post(place, NONE | carried(page))
    assert standing() == [("returned", True, ["taken_back"])]


def test_an_answer_over_an_older_version_is_stale_unless_it_says_the_same():
    asked = answered(asked_return(), THESE)
    said = returns.said(asked)
    older = {"by": TRUST, "version": asked.version - 1}

    assert returns.answer(asked, said, **older).version == asked.version
    with pytest.raises(Stale) as stale:
        returns.answer(asked, Answer((a_line(),), "A", "B"), **older)
    assert stale.value.current == asked
    assert standing() == [("returned", False, ["open"])]
