"""Monthly returns at the desk: who is asked, what came back, and what is settled."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core import mailing, outbox
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from notifications.assurance import asking, returns, settling
from notifications.assurance.models import Return, ReturningOrganisation
from notifications.assurance.returns import TRUST, Answer
from tests.client import Client
from tests.notifications.assurance.answering import (
    ANSWER,
    NONE,
    THESE,
    at,
    link,
    sent_by_link,
    started,
)
from tests.notifications.assurance.makers import (
    EMAIL,
    FIRST_WORKING_DAY,
    NHS,
    OCTOBER,
    a_line,
    asked_of,
    asked_return,
    notified,
    organisation,
)
from tests.notifications.filling import version_on
from tests.pages import date_parts, text_of

pytestmark = pytest.mark.usefixtures("in_november")

CAST = ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]
RETURNS = reverse("notifications:monthly_returns")


def address(name: str, asked: Return) -> str:
    return reverse(f"notifications:{name}", args=[asked.reference])


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
        lambda: asking.add(organisation("X"), email=EMAIL, first_month=OCTOBER, by=by),
        lambda: asking.change(asked.asked_of, version=1, email="a@example.org", by=by),
        lambda: asking.ask_again(asked, by=by, version=asked.version),
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
    assert asking.ask_due() == 0, "each month that is past was asked for at once"


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
    asking.ask_due(FIRST_WORKING_DAY)
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
    asking.ask_due(FIRST_WORKING_DAY)
    asked = sent_by_link(Return.objects.get(), THESE)
    few = queries_of(desk, RETURNS), queries_of(desk, address("monthly_return", asked))

    for name in ("Two", "Three", "Four"):
        asked_of(name)
    asking.ask_due(FIRST_WORKING_DAY)
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


def test_what_was_written_to_them_is_called_by_the_same_words_as_among_all_messages(desk):
    asked = asked_return()

    here = text_of(desk.get(address("monthly_return", asked)))
    there = text_of(desk.get(reverse("messages"), {"about": asked.reference}))

    for page in (here, there):
        assert "To an organisation: its monthly return is asked for Held" in page
        assert "Waiting to be sent" not in page
        assert mailing.IS_DEMONSTRATION in page


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
