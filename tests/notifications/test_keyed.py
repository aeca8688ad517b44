"""Keying in what came by telephone or on paper: the whole way, its first page, and who may."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from cdop import editions
from cdop.cases.models import ReportedValue
from cdop.core import documents
from cdop.core.audit import AuditEntry
from cdop.core.dates import LONDON, in_london
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.sealing import DataKey
from notifications import decisions, intake
from notifications.models import Notification
from tests.cast import TESTS, person
from tests.cdop.core.files import pdf
from tests.client import Client
from tests.makers import opened_case
from tests.notifications.filling import CHILD, NOTIFIER, YESTERDAY, boxes, text_of, typed_on
from tests.notifications.keying import (
    START,
    arrival,
    attach,
    begin,
    fill,
    fill_all,
    keep,
    place,
    press_keep,
)
from tests.notifications.triage import page_of
from tests.pages import sign_in

pytestmark = pytest.mark.usefixtures("store", "trust")


# The whole way


def test_what_was_told_by_telephone_waits_for_triage(desk, coordinator, trust):
    rang = (timezone.now() - timedelta(hours=3)).replace(second=0, microsecond=0)

    sent = keep(desk, rang)

    assert (sent.route, sent.state, sent.received_at) == ("keyed", "received", rang)
    assert (sent.organisation, sent.notifier_role) == (trust, "")
    assert {code: answer for code, answer in sent.answers.items() if answer} == {
        "date_of_death": YESTERDAY.isoformat(),
        "given_names": "Aaaa",
        "family_name": "Invented-Child",
        "place_of_death": "paediatric_ward",
        "notifier_name": "Notifier Invented",
        "notifier_phone": "01632 960001",
        "notifier_came_by": "telephone",
    }
    entry = AuditEntry.objects.get(action="notification.received")
    assert (entry.actor, entry.subject) == (coordinator, f"notification:{sent.pk}")
    assert not Draft.objects.exists()


def test_the_last_page_gives_what_to_tell_the_caller_and_leads_to_triage(desk):
    sent = keep(desk)

    page = desk.get(place("kept", str(sent.draft)))

    words = text_of(page)
    assert f"The reference to give to whoever told us is {sent.reference}" in words
    assert "Tell the coroner" in words
    assert CHILD["family_name"] not in words
    assert page_of(sent).encode() in page.content


def test_triage_says_how_it_came_and_who_keyed_it_in(desk, coordinator):
    sent = keep(desk, came_by="in_person")

    words = text_of(desk.get(page_of(sent)))

    assert f"How it came It reached us In person Keyed in by {coordinator.name}" in words


def test_who_keyed_it_in_may_triage_it_and_the_way_it_came_is_no_fact_of_the_case(
    desk, coordinator
):
    sent = keep(desk)

    case = decisions.accept(sent, by=coordinator, version=sent.version, area=None, in_scope=True)

    reported = set(ReportedValue.objects.filter(case=case).values_list("field", flat=True))
    assert Notification.objects.get().case == case
    assert "family_name" in reported
    assert not {field for field in reported if field.startswith("notifier_")}


def test_other_routes_say_nothing_of_a_telephone(desk):
    keyed = keep(desk)
    web = intake.receive(
        {"date_of_death": YESTERDAY.isoformat(), "family_name": "Web-Child"},
        edition=editions.in_force(YESTERDAY),
        route=intake.Route.WEB,
        by=intake.NOTIFIER,
    )

    assert "Keyed in by" in text_of(desk.get(page_of(keyed)))
    assert "Keyed in by" not in text_of(desk.get(page_of(web)))


# The first page


def test_the_first_page_begins_with_now(desk):
    here = in_london(timezone.now())

    page = typed_on(desk.get(START))

    assert f'name="arrived_on-day" type="text" value="{here.day}"' in " ".join(page.split())
    assert not Draft.objects.exists()


def test_an_empty_first_page_names_what_is_missing_and_begins_nothing(desk):
    page = text_of(desk.post(START, {"subject": str(uuid4())}))

    assert (
        "There is a problem Choose how it reached us Enter the day on which it arrived Enter the "
        "time at which it arrived Enter the name of the person who told us Choose the organisation"
    ) in page
    assert not Draft.objects.exists() and not DataKey.objects.exists()


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(days=1), timedelta(days=400)])
def test_nothing_arrives_in_the_future(desk, ahead):
    page = text_of(desk.post(START, arrival(timezone.now() + ahead)))

    assert "must be today or in the past" in page or "has not come yet" in page
    assert not Draft.objects.exists()


def test_a_time_of_a_summer_night_is_that_of_london(desk):
    midnight = datetime(2026, 7, 1, 0, 30, tzinfo=LONDON)

    draft = begin(desk, midnight)
    fill_all(desk, draft, when=boxes("date_of_death", midnight.date() - timedelta(days=1)))
    press_keep(desk, draft)

    assert Notification.objects.get().received_at == midnight


def test_it_cannot_have_arrived_before_the_child_died(desk):
    draft = begin(desk, timezone.now() - timedelta(days=3))
    fill_all(desk, draft)

    check = desk.get(place("check", draft))
    page = text_of(desk.get(place("arrival", draft)))

    assert check.url == place("tasks", draft)
    assert "By the other pages the child died on" in page
    desk.post(place("arrival", draft), arrival() | {"version": "1"})
    assert press_keep(desk, draft).url == place("kept", draft)


def test_a_death_later_on_the_day_of_the_call_is_found(desk):
    """Of yesterday: today, early in the night, neither has come yet."""
    rang = datetime.combine(YESTERDAY, time(9, 0), tzinfo=LONDON)
    draft = begin(desk, rang)
    fill_all(
        desk,
        draft,
        when=boxes("date_of_death", YESTERDAY),
        death={"time_of_death": "09:30"},
    )

    assert desk.get(place("check", draft)).url == place("tasks", draft)
    assert "which is later" in text_of(desk.get(place("arrival", draft)))


def test_the_form_already_knows_who_told_us(desk, trust):
    draft = begin(desk)

    words = text_of(desk.get(place("tasks", draft)))

    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    page = typed_on(desk.get(place("page", draft, "notifier")))
    assert 'value="Nurse Invented-Caller"' in page and 'value="Invented Trust"' in page
    assert "There is a problem" not in page
    assert "“You” means Nurse Invented-Caller." in page
    assert "By telephone, from Nurse Invented-Caller." in words


def test_an_organisation_that_is_not_listed_is_none(desk):
    assert keep(desk, organisation="not_listed").organisation is None


@pytest.mark.parametrize("chosen", ["", "0", "x", "999999", "\0", "-1"])
def test_no_other_organisation_can_be_made_up(desk, chosen):
    page = text_of(desk.post(START, arrival() | {"organisation": chosen}))

    assert "Choose" in page and "organisation" in page
    assert not Draft.objects.exists()


# Who may


@pytest.mark.parametrize("role", ["deputy_coordinator", "cdop_nurse"])
def test_what_one_person_keys_in_is_not_open_to_another_of_the_team(desk, role):
    draft = begin(desk)
    attach(desk, draft)
    file = Document.objects.get().pk
    other = sign_in(Client(), person(role))

    for name, gaps in (
        ("tasks", ()),
        ("arrival", ()),
        ("page", ("when",)),
        ("files", ()),
        ("file", (file,)),
        ("check", ()),
        ("discard", ()),
    ):
        at = place(name, draft, *gaps)
        assert other.get(at).status_code == 404, name
        assert other.post(at, {"version": "1"}).status_code == 404, name
    assert other.post(place("remove", draft, file)).status_code == 404
    assert "began to key in" not in text_of(other.get("/"))
    assert Draft.objects.get().version == 2


@pytest.mark.parametrize("who", ["doctor", "member", "chair", "reader", "governance_lead"])
def test_who_does_not_triage_finds_no_page_and_no_file(desk, who, request):
    sent = keep(desk)
    letter = documents.keep(
        documents.Accepted("a.pdf", "application/pdf", pdf()), key=sent.data_key, by=TESTS
    )
    before = AuditEntry.objects.count()
    other = sign_in(Client(), request.getfixturevalue(who))
    entries = AuditEntry.objects.count()

    for at in (START, f"{page_of(sent)}files/{letter.pk}/", place("kept", str(sent.draft))):
        assert other.get(at).status_code == 404
        assert other.post(at, arrival()).status_code == 404
    assert AuditEntry.objects.count() == entries >= before
    assert not Draft.objects.exists()


def test_signed_out_nothing_opens(desk, client):
    sent = keep(desk)
    draft = begin(desk)

    for at in (START, place("tasks", draft), f"{page_of(sent)}files/{uuid4()}/"):
        assert Client().get(at).url.startswith("/account/login/")


def test_no_name_stands_in_an_address_or_on_the_home_page(desk):
    draft = begin(desk)
    answer = fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    fill(desk, draft, "child", CHILD)

    assert "Invented-Child" not in text_of(desk.get("/"))
    assert "Invented" not in answer.url
    assert NOTIFIER["notifier_name"] not in text_of(desk.get("/notifications/"))


def test_a_case_that_is_known_changes_nothing_for_whoever_keys_in(desk):
    opened_case({"family_name": CHILD["family_name"], "nhs_number": "9990000123"})

    assert Notification.objects.get(pk=keep(desk).pk).case is None
