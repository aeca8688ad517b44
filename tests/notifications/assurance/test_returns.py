"""Monthly returns: asked for once, chased, answered by link, corrected, matched, settled."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core import outbox
from cdop.core.audit import AuditEntry
from cdop.core.messages import WITHHELD, Message
from cdop.core.organisations import Closure
from cdop.core.refusals import Refused
from cdop.core.steps import create
from notifications.assurance import returns, settling, work
from notifications.assurance.models import ListedDeath, Return, ReturningOrganisation
from notifications.assurance.returns import TRUST, Answer
from notifications.models import Notification
from tests.cast import TESTS, person
from tests.databases import committed_database  # noqa: F401
from tests.notifications.assurance.browsing import Browser
from tests.notifications.assurance.makers import (
    EMAIL,
    FIRST_WORKING_DAY,
    NHS,
    OCTOBER,
    a_line,
    asked_of,
    asked_return,
    link_of,
    notified,
    organisation,
)
from tests.notifications.filling import version_on
from tests.pages import date_parts, sign_in, text_of

CAST = ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]
RETURNS = reverse("notifications:monthly_returns")
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


@pytest.fixture(autouse=True)
def in_november(monkeypatch):
    """Returns are asked for in November 2026 and answered a week later."""
    monkeypatch.setattr(returns.timezone, "now", lambda: FIRST_WORKING_DAY + timedelta(days=7))


@pytest.fixture
def desk(client, coordinator):
    return sign_in(client, coordinator)


def address(name: str, asked: Return) -> str:
    return reverse(f"notifications:{name}", args=[asked.reference])


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


# Asking


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (at(1, 10), [8]),
        (at(31, 10), [8, 9]),
        (at(1, 11), [8, 9]),  # a Sunday
        (at(2, 11), [8, 9, 10]),
        (at(30, 11), [8, 9, 10]),
    ],
)
def test_a_month_is_asked_about_from_the_first_working_day_of_the_next(db, now, months):
    asked_of(first_month=date(2026, 8, 1))

    if now == at(1, 10):
        create(Closure(on=date(2026, 10, 1), reason="Invented"), by=TESTS)
    returns.ask_due(now)

    assert [each.month for each in Return.objects.order_by("month")] == [
        date(2026, month, 1) for month in months
    ]


def test_nobody_is_asked_before_the_first_or_after_the_last_month(db):
    asked_of("One", first_month=date(2026, 11, 1))
    asked_of("Two", first_month=date(2026, 7, 1), last_month=date(2026, 8, 1))

    returns.ask_due(FIRST_WORKING_DAY)

    assert list(Return.objects.values_list("asked_of__organisation__name", "month")) == [
        ("Two", date(2026, 8, 1)),
        ("Two", date(2026, 7, 1)),
    ]


def test_the_letter_names_organisation_month_and_link_and_nothing_else(db):
    asked = asked_return()

    [letter] = outbox.of([asked.reference])
    assert letter.subject == "Monthly return for October 2026"
    assert "This is about Invented Hospital." in letter.body
    assert link_of(asked) not in letter.body + str(bytes(letter.sealed))
    assert WITHHELD in letter.body
    assert asked.asked_of.email == EMAIL
    assert asked.token != link_of(asked)


def test_asking_twice_asks_once(db):
    asked_of()

    assert (returns.ask_due(FIRST_WORKING_DAY), returns.ask_due(FIRST_WORKING_DAY)) == (1, 0)
    assert Message.objects.count() == 1


def test_two_who_ask_at_once_ask_once(committed_database):  # noqa: F811
    asked_of()

    def ask(_):
        try:
            return returns.ask_due(FIRST_WORKING_DAY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as several:
        found = sorted(several.map(ask, range(4)))

    assert found == [0, 0, 0, 1]
    assert (Return.objects.count(), Message.objects.count()) == (1, 1)


def test_what_is_broken_off_leaves_neither_a_return_nor_a_letter(db, monkeypatch):
    asked_of()

    def breaks(*args, **kwargs):
        raise OSError("The plug was pulled.")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "queue", breaks)
        with pytest.raises(OSError, match="The plug was pulled."):
            returns.ask_due(FIRST_WORKING_DAY)

    assert (Return.objects.count(), Message.objects.count()) == (0, 0)
    assert returns.ask_due(FIRST_WORKING_DAY) == 1


@pytest.mark.parametrize(
    ("now", "reminders", "letters"),
    [
        (at(9, hour=23), 0, 1),
        (at(10), 1, 2),  # the sixth working day
        (at(16, hour=23), 1, 2),
        (at(17), 2, 3),
        (at(30), 2, 3),
    ],
)
def test_it_is_chased_after_five_and_ten_working_days(db, now, reminders, letters):
    asked_return()

    for moment in (at(9, hour=23), at(10), at(17)):
        if moment <= now:
            returns.remind_due(moment)
    returns.remind_due(now)
    returns.remind_due(now)

    assert Return.objects.get().reminders == reminders
    assert Message.objects.count() == letters


def test_after_a_long_silence_of_the_job_one_reminder_is_enough(db):
    asked_return()

    assert returns.remind_due(at(25)) == 1

    assert (Return.objects.get().reminders, Message.objects.count()) == (2, 2)


def test_who_has_answered_is_not_chased_and_waiting_letters_stop(db):
    asked = sent_by_link(asked_return())

    assert returns.remind_due(at(25)) == 0
    assert {each.state for each in outbox.of([asked.reference])} == {"stopped"}


def test_the_jobs_say_what_they_did(db):
    asked_of()
    [job] = work.due_jobs()

    assert job.run() == "Asked for 1 monthly returns."
    assert job.run() == ""


def test_after_two_reminders_it_is_a_task(coordinator, chair):
    asked_return()
    assert work.tasks_for(coordinator) == []

    returns.remind_due(at(17))

    [task] = work.tasks_for(coordinator)
    assert (task.text, task.count, task.overdue) == ("Monthly returns that did not come", 1, True)
    assert work.tasks_for(chair) == []


# The link


def test_opening_the_link_changes_nothing_and_shows_a_button(db):
    asked = asked_return()
    before = AuditEntry.objects.count()

    page = Client().get(link(asked))

    assert "Invented Hospital Monthly return, October 2026" in text_of(page)
    assert "Start now" in text_of(page)
    assert page["Cache-Control"] == "no-store, private"
    assert AuditEntry.objects.count() == before
    assert Return.objects.get().version == 1
    assert "Please open the link again" in text_of(Client().get(ANSWER))


def test_the_token_stands_in_no_address_after_the_button(db):
    asked = asked_return()
    browser = started(asked)

    page = browser.get(ANSWER).content.decode()

    assert link_of(asked) not in page
    assert browser.cookies["return"]["httponly"]
    assert browser.cookies["return"]["path"] == "/report/returns/"


@pytest.mark.parametrize("token", ["0" * 64, "x", "9" * 100])
def test_a_link_that_never_was_is_no_page(db, token):
    asked_return()

    for browser in (Client(),):
        assert browser.get(reverse("report:return_link", args=[token])).status_code == 404
        assert browser.post(reverse("report:return_link", args=[token])).status_code == 404


def test_a_cookie_of_ones_own_making_opens_nothing(db):
    asked, browser = asked_return(), Client()
    browser.cookies["return"] = link_of(asked)

    assert "Please open the link again" in text_of(browser.get(ANSWER))
    assert "Please open the link again" in text_of(browser.post(ANSWER, NONE))
    assert "Please open the link again" in text_of(browser.get(SENT))
    assert Return.objects.get().state == "asked"


def test_the_question_names_the_wards_for_adults(db):
    page = text_of(started(asked_return()).get(ANSWER))

    assert "of these wards for adults: Ward 7 Acute Medical Unit" in page
    assert "In October 2026, did any child under 18 die in Invented Hospital?" in page


def test_nothing_that_we_know_is_on_the_page(db):
    asked = asked_return()
    notified(
        organisation=asked.asked_of.organisation,
        date_of_death="2026-10-10",
        at=at(12, 10),
    )

    page = started(asked).get(ANSWER).content.decode()

    for word in ("Listed-Child", "9990000123", "10 October", "N-"):
        assert word not in page


def test_it_is_over_after_sixty_days(db, monkeypatch):
    asked = asked_return()
    browser = started(asked)
    monkeypatch.setattr(returns.timezone, "now", lambda: asked.expires_at)

    for page in (Client().get(link(asked)), browser.get(ANSWER), browser.post(ANSWER, NONE)):
        assert "The time of this link is over." in text_of(page)
    assert Client().post(link(asked)).status_code == 200
    assert Return.objects.get().state == "asked"


# Answering


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

    page = browser.post(ANSWER, THESE)

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


# The coordinator


@pytest.mark.parametrize("who", CAST)
def test_for_everybody_else_returns_are_not_there(db, request, client, who):
    asked = asked_return()
    client.force_login(request.getfixturevalue(who))
    names = ["monthly_return", "key_return", "settle_return", "open_return", "ask_again"]
    pages = [RETURNS, reverse("notifications:add_organisation")]
    pages += [address(name, asked) for name in names]
    pages.append(reverse("notifications:change_organisation", args=[asked.asked_of_id]))
    before = AuditEntry.objects.count()

    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page, {"version": 1}).status_code for page in pages} == {404}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_decides_behind_the_pages_either(request, db, who):
    by, asked = request.getfixturevalue(who), sent_by_link(asked_return())
    acts = [
        lambda: returns.add(organisation("X"), email=EMAIL, first_month=OCTOBER, by=by),
        lambda: returns.change(asked.asked_of, version=1, email="a@example.org", by=by),
        lambda: returns.ask_again(asked, by=by, version=asked.version),
        lambda: returns.answer(asked, Answer((), "A", "B"), by=by, version=asked.version),
        lambda: returns.settle(asked, by=by, version=asked.version),
    ]

    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.status == 403
    assert Return.objects.get().version == asked.version


def test_with_nobody_asked_the_page_says_where_to_begin(desk):
    assert "No organisation is asked yet. Begin with the hospitals" in text_of(desk.get(RETURNS))


def test_an_organisation_is_added_with_a_sealed_address(desk, coordinator):
    where = organisation("Invented Trust")
    months = re.findall(
        r'option value="(\d{4}-\d\d-\d\d)"',
        desk.get(reverse("notifications:add_organisation")).content.decode(),
    )
    said = {
        "organisation": where.pk,
        "email": EMAIL,
        "first_month": months[0],
        "last_month": "",
        "adult_wards": "Ward 7\n\n ICU ",
    }

    answer = desk.post(reverse("notifications:add_organisation"), said)

    made = ReturningOrganisation.objects.get()
    assert answer.url == RETURNS
    assert (made.organisation, made.email, made.ward_names) == (where, EMAIL, ["Ward 7", "ICU"])
    assert "Invented Trust is asked every month." in text_of(desk.get(RETURNS))
    assert Return.objects.earliest("month").month == date.fromisoformat(months[0])
    assert returns.ask_due() == 0, "each month that is past was asked for at once"


def test_who_is_written_to_can_be_changed_unless_somebody_did_so_meanwhile(desk, coordinator):
    asked = asked_of()
    page = reverse("notifications:change_organisation", args=[asked.pk])
    said = {"version": 1, "email": "new@invented.example", "adult_wards": "", "last_month": ""}
    desk.post(page, said)
    assert ReturningOrganisation.objects.get().email == "new@invented.example"

    again = desk.post(page, said | {"email": "other@invented.example"})

    assert "Somebody else changed this" in text_of(again)
    assert version_on(again) == "2"
    assert ReturningOrganisation.objects.get().email == "new@invented.example"


def test_the_overview_shows_returned_nil_and_outstanding_by_month(desk, coordinator, monkeypatch):
    one = asked_of("Alpha Trust", first_month=date(2026, 9, 1))
    asked_of("Beta Trust")
    returns.ask_due(FIRST_WORKING_DAY)
    october, september = one.returns.order_by("-month")
    sent_by_link(october, NONE)
    sent_by_link(september, THESE | date_parts("death-0-date_of_death", 10, 9, 2026))

    page = text_of(desk.get(RETURNS))

    assert (
        "Alpha Trust None died , October 2026 To settle Deaths , September 2026 To settle" in page
    )
    assert "Beta Trust Outstanding , October 2026 Not asked" in page


def queries_of(desk, page) -> int:
    with CaptureQueriesContext(connection) as queries:
        desk.get(page)
    return len(queries)


def test_the_pages_take_as_many_queries_for_many_as_for_one(desk):
    asked_of("One")
    returns.ask_due(FIRST_WORKING_DAY)
    asked = sent_by_link(Return.objects.get(), THESE)
    few = queries_of(desk, RETURNS), queries_of(desk, address("monthly_return", asked))

    for name in ("Two", "Three", "Four"):
        asked_of(name)
    returns.ask_due(FIRST_WORKING_DAY)
    deaths = tuple(a_line(nhs_number=number, date_of_death="2026-10-10") for number in NHS)
    returns.answer(asked, Answer(deaths, "A", "B"), by=TRUST, version=asked.version)

    assert (queries_of(desk, RETURNS), queries_of(desk, address("monthly_return", asked))) == few


def test_a_return_is_opened_on_the_record_matched_and_settled(desk, coordinator):
    sent = notified(date_of_death="2026-10-10", at=at(12, 10))
    asked = sent_by_link(asked_return(), THESE)
    page = text_of(desk.get(address("monthly_return", asked)))
    assert "By Nurse Invented, Matron" in page
    assert "Match or settle each death of this return first." in page
    assert AuditEntry.objects.filter(action="return.read", actor=coordinator).count() == 1

    line = asked.lines.get()
    shown = text_of(desk.get(reverse("notifications:listed_death", args=[line.pk])))
    assert "They say it was notified Yes Under the reference N-4K7M-2QX9" in shown
    desk.post(
        reverse("notifications:match_line", args=[line.pk]),
        {"version": 1, "which": sent.reference},
    )
    page = desk.get(address("monthly_return", asked))
    desk.post(address("settle_return", asked), {"version": asked.version})

    settled = Return.objects.get()
    assert (settled.state, settled.settled_by) == ("settled", coordinator)
    assert "All deaths listed 1" in text_of(page)


def test_a_return_with_an_open_death_cannot_be_settled(desk):
    asked = sent_by_link(asked_return(), THESE)

    answer = desk.post(address("settle_return", asked), {"version": asked.version})

    assert answer.status_code == 409
    assert Return.objects.get().state == "returned"


def test_a_settled_return_can_be_opened_again(desk, coordinator):
    asked = sent_by_link(asked_return(), NONE)
    returns.settle(asked, by=coordinator, version=asked.version)

    desk.post(address("open_return", asked), {"version": asked.version + 1})

    opened = Return.objects.get()
    assert (opened.state, opened.settled_at, opened.settled_by) == ("returned", None, None)


def test_an_answer_from_the_telephone_is_keyed_in(desk, coordinator):
    asked = asked_return()

    desk.post(address("key_return", asked), THESE | {"version": asked.version})

    row = Return.objects.get()
    assert (row.state, row.answered_by["name"]) == ("returned", "Nurse Invented")
    assert AuditEntry.objects.get(action="return.returned").actor == coordinator


def test_a_new_link_closes_the_one_before(desk, coordinator):
    asked = asked_return()
    old, browser = link(asked), started(asked)

    desk.post(address("ask_again", asked), {"version": asked.version})

    new = Return.objects.get()
    assert Client().get(old).status_code == 404
    assert "Please open the link again" in text_of(browser.get(ANSWER))
    assert Client().get(link(new)).status_code == 200
    assert outbox.of([asked.reference]).count() == 2


def test_a_death_in_a_return_becomes_a_notification_with_its_ward(coordinator):
    asked = sent_by_link(asked_return(), THESE)

    sent = settling.notify(asked.lines.get(), by=coordinator, version=1)

    assert (sent.route, sent.adult_ward, sent.organisation) == (
        "list",
        "yes",
        asked.asked_of.organisation,
    )


def test_without_an_account_one_is_asked_to_sign_in(db):
    assert Client().get(RETURNS).url.startswith("/account/login/")


def test_the_first_page_leads_everywhere_and_says_what_waits(desk, coordinator):
    sent_by_link(asked_return(), NONE)

    page = text_of(desk.get(reverse("notifications:assurance")))

    assert "What waits Monthly returns to settle : 1" in page
    assert (
        reverse("notifications:assurance")
        in desk.get(reverse("notifications:list")).content.decode()
    )
