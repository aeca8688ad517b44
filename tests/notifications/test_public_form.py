"""The public form: from the first question to the reference, in any order."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.core.jinja import moment
from notifications.models import Notification
from tests.client import Client
from tests.makers import opened_case
from tests.notifications.filling import (
    ANOTHER,
    CHECK,
    CHILD,
    FAMILY,
    LATER,
    NOTIFIER,
    SENT,
    SHORTEST,
    START,
    TASKS,
    YESTERDAY,
    address,
    begin,
    fill,
    fill_all,
    press_send,
    send,
    text_of,
    typed_on,
    version_on,
)

pytestmark = pytest.mark.django_db


def test_a_professional_goes_on_to_the_date_of_death(client):
    answer = client.post(START, {"professional": "yes"})

    assert (answer.status_code, answer.url) == (302, address("when"))


def test_a_family_is_shown_people_and_no_form(client):
    answer = client.post(START, {"professional": "no"}, follow=True)

    page = text_of(answer)
    assert answer.redirect_chain == [(FAMILY, 302)]
    assert "We are very sorry. There is nothing that you have to fill in" in page
    assert "116 123" in page
    assert b"<form" not in answer.content
    assert reverse("report:questions", args=["when"]).encode() not in answer.content


def test_whoever_does_not_say_is_asked_again(client):
    page = text_of(client.post(START, {}, follow=True))

    assert "There is a problem Choose whether you are telling us as a professional" in page


def test_the_shortest_notification_takes_eight_pages(client):
    """From the first page seen to the last, each reached by the button of the one before."""
    seen = [START]
    seen.append(client.post(START, {"professional": "yes"}).url)
    seen.append(begin(client).url)
    seen.append(address("notifier"))  # the first link of the list
    for code, typed in SHORTEST.items():
        seen.append(fill(client, code, typed).url)
    seen.append(press_send(client).url)

    assert seen == [
        START,
        address("when"),
        TASKS,
        address("notifier"),
        address("child"),
        address("death"),
        CHECK,
        SENT,
    ]


def test_what_is_sent_is_what_was_typed_and_nothing_else(client):
    sent = send(client, child=CHILD | {"nhs_number": "999 000-0123"})

    assert {name: answer for name, answer in sent.answers.items() if answer} == {
        "date_of_death": YESTERDAY.isoformat(),
        "notifier_name": "Notifier Invented",
        "notifier_phone": "01632 960001",
        "given_names": "Aaaa",
        "family_name": "Invented-Child",
        "nhs_number": "9990000123",
        "place_of_death": "paediatric_ward",
    }
    assert (sent.route, sent.state) == ("web", "received")
    assert not Draft.objects.exists()


def test_the_last_page_gives_the_reference_and_says_whom_to_tell(client):
    sent = send(client, death=SHORTEST["death"] | {"expectedness": "unexpected"})

    page = text_of(client.get(SENT))

    assert f"Your reference is {sent.reference} Received on" in page
    for told in ("Tell the coroner", "Tell the police lead", "Tell the consultant paediatrician"):
        assert told in page
    assert "Unless the death was expected" not in page
    assert CHILD["family_name"] not in page


def test_after_an_expected_death_nobody_is_sent_to_the_police(client):
    send(client, death=SHORTEST["death"] | {"expectedness": "expected"})

    assert "Tell the police" not in text_of(client.get(SENT))


def test_the_list_says_what_is_done_and_what_is_missing(client):
    begin(client)
    fill(client, "notifier", NOTIFIER)
    fill(client, "child", {"given_names": "Aaaa"}, later=True)

    page = text_of(client.get(TASKS))

    assert (
        "Date of death Completed About you Completed About the child Incomplete "
        "About the death Not yet started" in page
    )
    assert "Check your answers and send Cannot start yet" in page
    assert client.get(CHECK).url == TASKS


def test_what_was_left_for_later_is_there_again_without_a_scolding(client):
    begin(client)
    answer = fill(client, "child", {"given_names": "Aaaa"}, later=True)

    page = client.get(address("child"))
    assert answer.url == LATER
    assert 'value="Aaaa"' in typed_on(page)
    assert "There is a problem" not in text_of(page)


def test_a_change_from_the_last_page_leads_back_to_it(client):
    fill_all(client)
    change = f"{address('child')}?from=check"
    assert change in client.get(CHECK).content.decode()

    typed = {"family_name": "Changed-Child", "version": version_on(client.get(change))}
    answer = client.post(change, typed)

    assert answer.url == CHECK
    assert "Family name Changed-Child" in text_of(client.get(CHECK))


def test_a_page_that_was_not_filled_in_can_be_left_out_or_added(client):
    fill_all(client)

    page = text_of(client.get(CHECK))

    assert (
        "About the family You have not filled this in. You can leave it out, or add what you know"
        in page
    )


def test_a_second_press_of_send_shows_the_same_page(client):
    fill_all(client)
    version = version_on(client.get(CHECK))

    pages = [client.post(CHECK, {"version": version}, follow=True) for _ in range(3)]

    assert len({text_of(page) for page in pages}) == 1
    assert Notification.objects.count() == 1
    assert AuditEntry.objects.filter(action="notification.received").count() == 1


def test_another_death_can_be_told_after_the_first(client):
    first = send(client)
    second = send(client, child=CHILD | {"family_name": "Second-Child"})

    assert Notification.objects.count() == 2
    assert (first.answers["family_name"], second.answers["family_name"]) == (
        "Invented-Child",
        "Second-Child",
    )


KNOWN = {"nhs_number": "9990000123", "family_name": "Known-Child", "given_names": "Aaaa"}
SECRETS = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|N-[0-9A-Z]{4}-[0-9A-Z]{4}|\d{1,2}:\d\d[ap]m'
)


class Watched(Client):
    """A browser that keeps everything it was answered, and how many statements that took."""

    def __init__(self):
        super().__init__()
        self.answers = []

    def request(self, **kwargs):
        with CaptureQueriesContext(connection) as queries:
            answer = super().request(**kwargs)
        said = SECRETS.sub("", answer.content.decode())
        tables = Counter(table for q in queries for table in re.findall(r'FROM "(\w+)"', q["sql"]))
        self.answers.append(
            (answer.status_code, answer.get("Location"), said, len(queries), tables)
        )
        return answer


def test_the_form_answers_the_same_whether_or_not_the_child_is_known(db):
    """Every page of the form, in the same words and by the same statements."""
    seen = []
    for turn in ("first, which begins to count", "unknown", "known"):
        if turn == "known":
            opened_case(KNOWN)
        browser = Watched()
        fill_all(browser, child=KNOWN)
        browser.post(LATER, {"email": "ana@example.org"})
        browser.get(LATER)
        press_send(browser)
        browser.get(SENT)
        browser.post(ANOTHER, {"who": "twin"}, follow=True)
        seen.append(browser.answers)

    assert seen[1] == seen[2]
    assert len(seen[1]) == 15
    assert not {table for *_, tables in seen[2] for table in tables} & {
        "cdop_case",
        "cdop_identity",
        "cdop_identitytoken",
    }


@pytest.mark.parametrize("pressed", [{}, {"later": "yes"}])
def test_what_is_sent_from_a_page_is_always_answered_by_an_address(client, pressed):
    """So that neither the button for going back nor reloading asks whether to send it again."""
    begin(client)
    wrong = {"family_name": "", "notifier_phone": "x", "time_of_death": "x"} | pressed

    answers = [fill(client, code, wrong) for code in ("notifier", "child", "death", "birth")]
    answers.append(fill(client, "when", {"date_of_death-day": "40"} | pressed))

    assert [answer.status_code for answer in answers] == [302] * 5


def test_a_page_that_is_shown_again_says_what_is_wrong_until_it_is_right(client):
    begin(client)
    answer = fill(client, "child", {"given_names": "Aaaa"})

    assert answer.url == f"{address('child')}?again=yes"
    for _ in range(2):
        assert "There is a problem Enter the family name" in text_of(client.get(answer.url))
    version = version_on(client.get(answer.url))
    assert client.post(answer.url, CHILD | {"version": version}).url == address("notifier")


def test_a_page_shown_again_on_the_way_from_the_last_one_leads_back_to_it(client):
    fill_all(client)
    change = f"{address('child')}?from=check"
    wrong = client.post(change, {"version": version_on(client.get(change))})

    typed = CHILD | {"version": version_on(client.get(wrong.url))}

    assert wrong.url == f"{change}&again=yes"
    assert client.post(wrong.url, typed).url == CHECK


def test_the_last_page_says_when_it_arrived_and_lets_a_telephone_ring(client):
    sent = send(client)

    page = client.get(SENT)

    assert f"Received on {moment(sent.received_at)}" in text_of(page)
    assert 'href="tel:01632960000"' in page.content.decode()
    assert 'href="tel:08088006019"' in page.content.decode()


def test_the_page_for_families_says_what_is_kept_about_them(client):
    page = text_of(client.get(FAMILY))

    for words in ("About your child:", "About parents and carers:", "About brothers, sisters"):
        assert words in page
    assert "Children Act 2004" in page


@pytest.mark.parametrize("code", ["", "x", "nothing", "when-when", "1"])
def test_a_page_that_is_not_there_is_not_there(client, code):
    begin(client)

    assert client.get(f"/report/questions/{code}/").status_code == 404
    assert client.post(f"/report/questions/{code}/", {"a": "b"}).status_code == 404
    assert list(Draft.objects.get().answers["typed"]) == ["when"]


def test_no_page_of_the_form_is_kept_by_a_browser(client):
    fill_all(client)

    for page in (START, TASKS, CHECK, address("child")):
        assert "no-store" in client.get(page)["Cache-Control"], page
