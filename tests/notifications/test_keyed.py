"""Keying in what came by telephone or on paper: nothing is lost, the source is kept, on record."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdop import editions
from cdop.cases.models import ReportedValue
from cdop.core import casework, documents, drafts
from cdop.core.audit import AuditEntry
from cdop.core.dates import LONDON, in_london
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.organisations import Organisation
from cdop.core.sealing import CannotUnseal, DataKey
from cdop.core.steps import create
from notifications import decisions, intake
from notifications.models import Notification
from tests.cast import TESTS, person
from tests.cdop.core.files import pdf, picture
from tests.makers import opened_case
from tests.notifications.filling import (
    CHILD,
    DEATH,
    NOTIFIER,
    YESTERDAY,
    boxes,
    text_of,
    typed_on,
    version_on,
)
from tests.notifications.keying import (
    AN_HOUR_AGO,
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
from tests.pages import sign_in


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        documents.STORE: {
            "BACKEND": "cdop.core.document_store.SyncedFolder",
            "OPTIONS": {"location": str(tmp_path / "documents")},
        }
    }
    return tmp_path / "documents"


@pytest.fixture
def trust(db):
    return create(Organisation(name="Invented Trust", kind="acute_trust"), by=TESTS)


@pytest.fixture
def desk(client, coordinator, trust):
    """The coordinator, signed in."""
    return sign_in(client, coordinator)


def page_of(notification: Notification) -> str:
    return f"/notifications/{notification.reference}/"


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
    assert "Tell the coroner , within" in words
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
    now = timezone.now()
    if in_london(now).hour < 2:
        now = now.replace(hour=2, minute=30)
    rang = in_london(now - timedelta(minutes=90))
    draft = begin(desk, rang)
    died = in_london(now - timedelta(minutes=60))
    fill_all(
        desk,
        draft,
        when=boxes("date_of_death", died.date()),
        death={"time_of_death": f"{died:%H:%M}"},
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


# Coming back


def test_leaving_and_coming_back_loses_nothing(desk, coordinator):
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    fill(desk, draft, "child", {"family_name": "Half-Typed", "date_of_birth-day": "31"})
    attach(desk, draft)
    again = sign_in(Client(), coordinator)

    (task,) = [each for each in casework.tasks_for(coordinator) if "key in" in each.text]
    assert again.get(task.href).status_code == 200
    page = typed_on(again.get(place("page", draft, "child")))
    assert 'value="Half-Typed"' in page and 'value="31"' in page
    assert "letter.pdf" in text_of(again.get(place("files", draft)))
    assert "Half-Typed" not in task.text


def test_it_is_a_task_until_it_is_kept(desk, coordinator):
    draft = begin(desk)
    fill_all(desk, draft)
    assert "Notification that you began to key in" in text_of(desk.get("/"))

    press_keep(desk, draft)

    words = text_of(desk.get("/"))
    assert "began to key in" not in words and "wait for triage: 1" in words


def test_several_can_be_keyed_in_side_by_side(desk):
    one, two = begin(desk), begin(desk)
    fill_all(desk, one, child={"family_name": "First-Child"})
    fill_all(desk, two, child={"family_name": "Second-Child"})
    press_keep(desk, two)
    press_keep(desk, one)

    names = [each.answers["family_name"] for each in Notification.objects.order_by("pk")]
    assert names == ["Second-Child", "First-Child"]


def test_a_second_press_on_the_first_page_begins_no_second_one(desk):
    sent = arrival() | {"subject": str(uuid4()), "version": "0"}

    answers = [desk.post(START, sent).url for _ in range(3)]

    assert len(set(answers)) == 1
    assert Draft.objects.count() == 1


def test_a_second_press_of_keep_leads_to_the_same_page(desk):
    draft = begin(desk)
    fill_all(desk, draft)
    version = version_on(desk.get(place("check", draft)))

    answers = [desk.post(place("check", draft), {"version": version}).url for _ in range(3)]

    assert set(answers) == {place("kept", draft)}
    assert Notification.objects.count() == 1


def test_every_page_of_what_was_kept_leads_to_where_it_is_now(desk):
    draft = begin(desk)
    fill_all(desk, draft)
    press_keep(desk, draft)

    for name, gaps in (("tasks", ()), ("arrival", ()), ("page", ("child",)), ("files", ())):
        at = place(name, draft, *gaps)
        assert desk.get(at).url == desk.post(at, {"version": "1"}).url == place("kept", draft)
    assert attach(desk, draft).url == place("kept", draft)
    assert not Document.objects.exists()


# Two windows


def test_a_stale_page_of_questions_shows_both(desk):
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    opened = version_on(desk.get(place("page", draft, "child")))
    fill(desk, draft, "child", {"family_name": "First-Window"})

    mine = {"family_name": "Second-Window", "version": opened}
    stale = desk.post(place("page", draft, "child"), mine)

    assert stale.status_code == 409
    assert (
        "What you typed here Family name Second-Window "
        "What was saved there Family name First-Window"
    ) in text_of(stale)
    desk.post(place("page", draft, "child"), mine | {"version": version_on(stale)})
    assert 'value="Second-Window"' in typed_on(desk.get(place("page", draft, "child")))


def test_a_stale_first_page_shows_both(desk):
    draft = begin(desk)
    at = place("arrival", draft)
    opened = version_on(desk.get(at))
    desk.post(at, arrival(teller="First Window") | {"version": opened})

    stale = desk.post(at, arrival(teller="Second Window") | {"version": opened})

    assert stale.status_code == 409
    assert "Who told us? Second Window What was saved there" in text_of(stale)
    assert 'value="Second Window"' in typed_on(stale)


@pytest.mark.parametrize("change", ["page", "file"])
def test_what_was_changed_in_another_window_is_shown_before_it_is_kept(desk, change):
    draft = begin(desk)
    fill_all(desk, draft)
    shown = version_on(desk.get(place("check", draft)))
    if change == "page":
        fill(desk, draft, "child", CHILD | {"family_name": "Changed-Child"})
    else:
        attach(desk, draft, name="changed.pdf")

    answer = desk.post(place("check", draft), {"version": shown})

    assert answer.status_code == 409
    assert "so nothing was kept yet" in text_of(answer)
    assert "Changed-Child" in text_of(answer) or "changed.pdf" in text_of(answer)
    assert not Notification.objects.exists()


def test_nothing_is_kept_while_something_is_missing(desk):
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    draft.refresh_from_db()

    answer = desk.post(place("check", draft), {"version": str(draft.version)})

    assert answer.url == place("tasks", draft)
    assert "Check the answers and keep Cannot start yet" in text_of(desk.get(answer.url))
    assert not Notification.objects.exists()


# Brothers and sisters


def test_a_twin_begins_with_what_both_share_and_the_letter(desk, coordinator):
    draft = begin(desk, came_by="letter")
    born = boxes("date_of_birth", YESTERDAY - timedelta(days=9))
    fill_all(desk, draft, child=CHILD | born)
    attach(desk, draft)
    press_keep(desk, draft)
    first = Notification.objects.get()

    press = {"who": "twin", "subject": str(uuid4())}
    answers = [desk.post(place("another", draft), press) for _ in range(2)]

    second = Draft.objects.get()
    assert {answer.url for answer in answers} == {place("tasks", second)}
    assert [each.name for each in documents.of(second.data_key)] == ["letter.pdf"]
    assert Document.objects.count() == 2
    assert desk.get(place("check", second)).url == place("tasks", second)  # no name is copied
    fill(desk, second, "child", {"family_name": "Second-Child"} | born)
    fill(desk, second, "death", DEATH)
    press_keep(desk, second)
    twin = Notification.objects.latest("pk")
    first.refresh_from_db()
    assert twin.together == first.together is not None
    assert (twin.received_at, twin.organisation) == (first.received_at, first.organisation)
    assert twin.answers["notifier_came_by"] == "letter"
    assert twin.answers["date_of_birth"] == first.answers["date_of_birth"]
    assert "letter.pdf" in text_of(desk.get(page_of(twin)))


def test_a_sister_shares_no_date_of_birth(desk):
    draft = begin(desk)
    fill_all(desk, draft, child=CHILD | boxes("date_of_birth", YESTERDAY - timedelta(days=9)))
    press_keep(desk, draft)

    desk.post(place("another", draft), {"who": "sibling", "subject": str(uuid4())})

    page = typed_on(desk.get(place("page", Draft.objects.get(), "child")))
    assert f'value="{(YESTERDAY - timedelta(days=9)).year}"' not in page


def test_what_somebody_sent_by_the_public_form_is_not_gone_on_with_here(desk):
    web = intake.receive(
        {"date_of_death": YESTERDAY.isoformat()},
        edition=editions.in_force(YESTERDAY),
        route=intake.Route.WEB,
        draft=drafts.begin(intake.DRAFT_KIND, {})[0],
        by=intake.NOTIFIER,
    )

    for name in ("kept", "tasks", "check"):
        assert desk.get(place(name, str(web.draft))).status_code == 404
    assert desk.post(place("another", str(web.draft))).status_code == 404


def test_a_page_on_which_nothing_is_left_to_ask_leads_to_the_list(desk):
    """The questions about a birth are idle once the child is known to have been older."""
    draft = begin(desk)
    fill(desk, draft, "when", boxes("date_of_death", YESTERDAY))
    opened = version_on(desk.get(place("page", draft, "birth")))
    fill(desk, draft, "child", CHILD | boxes("date_of_birth", YESTERDAY - timedelta(days=6000)))

    at = place("page", draft, "birth")
    assert desk.get(at).url == place("tasks", draft)
    typed = {"born_alive": "yes", "version": opened}
    assert desk.post(at, typed).url == place("tasks", draft)
    assert desk.get(place("page", draft, "nothing")).status_code == 404


# Files


def test_the_letter_goes_over_to_the_notification(desk, coordinator):
    draft = begin(desk, came_by="letter")
    fill_all(desk, draft)
    assert "Nothing is attached." in text_of(desk.get(place("check", draft)))
    attach(desk, draft)
    assert "letter.pdf" in text_of(desk.get(place("check", draft)))
    press_keep(desk, draft)

    sent = Notification.objects.get()
    (letter,) = documents.of(sent.data_key)
    words = text_of(desk.get(page_of(sent)))
    assert "File 1 letter.pdf PDF, 1.3 kB, attached on" in words
    answer = desk.get(f"{page_of(sent)}files/{letter.pk}/")
    assert answer.content == pdf()
    assert answer["Content-Disposition"].startswith('attachment; filename="letter.pdf"')
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        "nosniff",
        "no-store, private",
    )
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.actor, entry.purpose) == ("document.read", coordinator, "triage")
    assert letter.source == "By letter"


def test_a_file_can_be_looked_at_and_taken_out_before(desk, coordinator):
    draft = begin(desk)
    attach(desk, draft)
    attach(desk, draft, picture(where="Invented Street"), "photo.jpg")
    letter, photo = documents.of(draft.data_key)

    assert desk.get(place("file", draft, letter.pk)).content == pdf()
    assert b"Invented Street" not in desk.get(place("file", draft, photo.pk)).content
    desk.post(place("remove", draft, letter.pk))

    assert [each.name for each in documents.of(draft.data_key)] == ["photo.jpg"]
    assert desk.get(place("file", draft, letter.pk)).status_code == 404
    removed = AuditEntry.objects.get(action="document.removed")
    assert (removed.actor, removed.subject) == (coordinator, f"document:{letter.pk}")


def test_what_may_not_be_kept_is_refused_and_leaves_nothing_behind(desk, store):
    draft = begin(desk)
    before = Draft.objects.get().version

    page = attach(desk, draft, b"MZ" + b"\0" * 99, "letter.pdf")

    assert "There is a problem This is a program, not a document." in text_of(page)
    assert not Document.objects.exists() and not store.exists()
    assert Draft.objects.get().version == before


def test_a_file_that_is_missing_from_the_store_is_told(desk, store):
    draft = begin(desk)
    fill_all(desk, draft)
    attach(desk, draft)
    press_keep(desk, draft)
    sent, letter = Notification.objects.get(), Document.objects.get()
    (store / letter.pk.hex).unlink()

    assert "This file is missing from the store of documents." in text_of(desk.get(page_of(sent)))
    answer = desk.get(f"{page_of(sent)}files/{letter.pk}/")
    assert answer.status_code == 409
    assert "missing from the store of documents" in text_of(answer)


def test_deleting_makes_answers_and_files_unreadable(desk, coordinator):
    draft = begin(desk)
    attach(desk, draft)
    assert "neither the answers nor the files can be brought back" in text_of(
        desk.get(place("discard", draft))
    )

    desk.post(place("discard", draft))

    assert not Draft.objects.exists()
    with pytest.raises(CannotUnseal):
        documents.read(Document.objects.get(), by=coordinator, purpose="triage")
    assert desk.get(place("tasks", draft)).status_code == 404


def test_a_draft_that_nobody_came_back_to_takes_its_files_with_it(desk, coordinator):
    draft = begin(desk)
    attach(desk, draft)
    Draft.objects.update(expires_at=timezone.now() - AN_HOUR_AGO)

    assert drafts.remove_expired() == 1

    with pytest.raises(CannotUnseal):
        documents.read(Document.objects.get(), by=coordinator, purpose="triage")


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


def test_a_file_of_one_notification_does_not_open_at_another(desk):
    one, two = keep(desk), keep(desk)
    letter = documents.keep(
        documents.Accepted("a.pdf", "application/pdf", pdf()), key=one.data_key, by=TESTS
    )

    assert desk.get(f"{page_of(two)}files/{letter.pk}/").status_code == 404
    assert desk.get(f"{page_of(one)}files/{letter.pk}/").status_code == 200


def test_pages_ask_no_more_of_the_database_for_more_files(desk):
    draft = begin(desk)
    fill_all(desk, draft)
    counts = []
    for _ in range(2):
        attach(desk, draft)
        with CaptureQueriesContext(connection) as asked:
            desk.get(place("files", draft))
            desk.get(place("check", draft))
        counts.append(len(asked))

    assert counts[0] == counts[1]


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
