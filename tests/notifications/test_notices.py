"""Registrars' and coroners' notices: the public pages, their clocks, and what triage does."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases import reports
from cdop.cases.models import Case, ReportedValue
from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.core.organisations import Area
from cdop.core.sealing import DataKey
from notifications import decisions, intake, likeness, notices, queries
from notifications.intake import NOTIFIER
from notifications.models import Notification
from notifications.notices import CORONER, KINDS, REGISTRAR
from tests.makers import HALTON, opened_case
from tests.notifications.filling import boxes, text_of, typed_on, version_on

LONDON = ZoneInfo("Europe/London")
NEW = editions.get("cdr-2018")
YESTERDAY = localdate() - timedelta(days=1)
BOTH = pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))

SAID = {
    "registrar": {"notifier_notice": "registered"},
    "coroner": {"notifier_notice": "investigation"},
}
TYPED = {
    "notifier_name": "Notifier Invented",
    "notifier_organisation": "Invented district",
    "notifier_phone": "01632 960001",
    "family_name": "Exampleby",
    "given_names": "Testina",
    **boxes("date_of_death", YESTERDAY),
    **boxes("notifier_acted_on", YESTERDAY),
}
ANSWERS = {
    "notifier_notice": "registered",
    "notifier_acted_on": "2026-03-27",
    "notifier_role": "registrar",
    "family_name": "Exampleby",
    "given_names": "Testina",
    "date_of_birth": "2025-12-01",
    "date_of_death": "2026-03-20",
}


def address(kind, name="") -> str:
    return reverse(f"report:{kind.code}{'_' if name else ''}{name}")


def fill(browser: Client, kind, **typed):
    page = browser.get(address(kind))
    boxes_ = TYPED | SAID[kind.code] | typed | {"version": version_on(page)}
    return browser.post(address(kind), boxes_)


def press(browser: Client, kind, **pressed):
    version = version_on(browser.get(address(kind, "check")))
    return browser.post(address(kind, "check"), {"version": version, **pressed})


def send(browser: Client, kind, **typed) -> Notification:
    fill(browser, kind, **typed)
    press(browser, kind)
    return Notification.objects.latest("pk")


def received(kind, at: datetime, **answers) -> Notification:
    return intake.receive(
        ANSWERS | answers,
        edition=NEW,
        route=kind.route,
        questionnaire=kind.code,
        by=NOTIFIER,
        at=at,
    )


def london(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def desk(client, coordinator):
    client.force_login(coordinator)
    return client


# The pages


@BOTH
def test_a_notice_is_one_page_one_look_and_a_reference(client, db, kind):
    assert fill(client, kind).url == address(kind, "check")
    assert "Family name Exampleby" in text_of(client.get(address(kind, "check"))).replace(
        "Surname", "Family name"
    )

    assert press(client, kind).url == address(kind, "sent")

    sent = Notification.objects.get()
    page = text_of(client.get(address(kind, "sent")))
    assert f"Your reference is {sent.reference}" in page
    assert "Exampleby" not in page
    assert (sent.route, sent.questionnaire, sent.notifier_role, sent.edition) == (
        kind.route,
        kind.code,
        kind.code,
        "cdr-2018",
    )
    assert {name: sent.answers[name] for name in ("family_name", "date_of_death")} == {
        "family_name": "Exampleby",
        "date_of_death": YESTERDAY.isoformat(),
    }
    assert not Draft.objects.exists()


def test_that_the_coroner_was_told_follows_from_who_writes(client, db):
    assert send(client, CORONER).answers["coroner"] == "yes"


@BOTH
def test_what_is_missing_is_said_and_what_was_typed_stays(client, db, kind):
    page = fill(client, kind, family_name="", notifier_phone="", given_names="Testina Rose")

    text = text_of(page)
    assert "There is a problem" in text
    assert "Enter your telephone number or your work email address" in text
    assert 'value="Testina Rose"' in typed_on(page)
    assert 'value="Testina Rose"' in typed_on(client.get(address(kind)))
    assert client.get(address(kind, "check")).url == address(kind)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            boxes("notifier_acted_on", localdate() + timedelta(days=1)),
            "The day on which you did this must be today or in the past",
        ),
        (
            boxes("notifier_acted_on", YESTERDAY - timedelta(days=1)),
            "This day is before the date of death. Correct whichever is wrong.",
        ),
        (
            boxes("date_of_death", localdate() + timedelta(days=2)),
            "The date of death must be today or in the past",
        ),
        (
            boxes("date_of_birth", localdate()),
            "is after the date of death",
        ),
        ({"notifier_corrects": "the one before"}, "Enter the reference as it was given to you"),
        ({"notifier_notice": "nonsense"}, "Choose one of the answers on the page"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(client, db, typed, sentence):
    page = fill(client, REGISTRAR, **typed)

    assert page.status_code == 200
    assert sentence in text_of(page)
    assert client.get(address(REGISTRAR, "check")).url == address(REGISTRAR)


@BOTH
def test_an_old_death_is_asked_by_the_edition_of_its_day(client, db, kind):
    died = date(2018, 5, 1)

    sent = send(client, kind, **boxes("date_of_death", died))

    assert sent.edition == "lscb-2015"


@BOTH
def test_pressing_send_twice_sends_once(client, db, kind):
    fill(client, kind)
    version = version_on(client.get(address(kind, "check")))

    answers = [client.post(address(kind, "check"), {"version": version}) for _ in range(2)]

    assert [answer.url for answer in answers] == [address(kind, "sent")] * 2
    assert Notification.objects.count() == 1


@BOTH
def test_a_page_saved_in_another_window_is_shown_beside_what_was_typed_here(client, db, kind):
    fill(client, kind, family_name="First")
    typed = TYPED | SAID[kind.code] | {"family_name": "Second", "version": "0"}

    page = client.post(address(kind), typed)

    assert page.status_code == 409
    assert "What you typed here" in text_of(page)
    assert "Second" in text_of(page)
    assert "First" in text_of(page)
    assert client.post(address(kind), typed | {"version": version_on(page)}).status_code == 302


@BOTH
def test_what_is_checked_in_an_old_window_is_not_sent(client, db, kind):
    fill(client, kind)
    version = version_on(client.get(address(kind, "check")))
    fill(client, kind, family_name="Changed")

    page = client.post(address(kind, "check"), {"version": version})

    assert page.status_code == 409
    assert "Changed" in text_of(page)
    assert not Notification.objects.exists()


@BOTH
def test_deleting_what_was_typed_destroys_its_key(client, db, kind):
    fill(client, kind)
    key = DataKey.objects.get()

    answer = press(client, kind, discard="yes")

    assert answer.url == address(kind)
    key.refresh_from_db()
    assert (key.wrapped, Draft.objects.exists()) == (None, False)
    assert "Exampleby" not in typed_on(client.get(address(kind)))


@BOTH
def test_another_browser_sees_nothing_of_it(client, db, kind):
    send(client, kind)
    fill(client, kind)
    other = Client()

    assert "Exampleby" not in typed_on(other.get(address(kind)))
    assert other.get(address(kind, "check")).url == address(kind)
    assert other.get(address(kind, "sent")).url == address(kind)


@BOTH
def test_a_notice_is_answered_alike_whether_or_not_the_child_is_known(client, db, kind):
    def answers() -> list[str]:
        pages = [fill(client, kind), press(client, kind), client.get(address(kind, "sent"))]
        reference = Notification.objects.latest("pk").reference
        moment = text_of(pages[2]).split("It reached us on ")[1].split(". Keep")[0]
        words = text_of(pages[2]).replace(reference, "").replace(moment, "")
        return [pages[0].url, pages[1].url, words]

    unknown = answers()
    case = opened_case({"given_names": "Testina", "family_name": "Exampleby"})
    known = answers()

    assert known == unknown
    assert case.reference not in str(known)


@BOTH
def test_a_flood_from_one_place_is_stopped_and_keeps_what_was_typed(client, db, kind, settings):
    fill(client, kind)
    settings.REPORTS_AT_MOST = 0

    page = press(client, kind)

    assert page.status_code == 429
    assert "What you typed is not lost." in text_of(page)
    assert (Notification.objects.count(), Draft.objects.count()) == (0, 1)


@BOTH
def test_in_a_crowd_only_what_nobody_can_have_typed_has_to_wait(client, db, kind, settings):
    settings.REPORTS_AN_HOUR = 0
    fill(client, kind)

    assert press(client, kind).status_code == 429
    DataKey.objects.update(made_at=timezone.now() - timedelta(minutes=3))

    assert press(client, kind).url == address(kind, "sent")


@BOTH
def test_in_a_flood_no_new_draft_is_begun_and_the_boxes_stay_filled(client, db, kind, settings):
    settings.REPORTS_AT_MOST = 0

    page = fill(client, kind, family_name="Kept in its box")

    assert page.status_code == 429
    assert 'value="Kept in its box"' in typed_on(page)
    assert not Draft.objects.exists()


@BOTH
def test_more_than_a_page_can_hold_is_refused(client, db, kind):
    page = client.post(address(kind), {"family_name": "x" * 300_000})

    assert page.status_code == 413
    assert not Draft.objects.exists()


def test_the_arrangements_are_published_with_the_times_of_the_edition(client, db):
    page = text_of(client.get(reverse("report:arrangements")))

    assert "within 7 days, counted from the day after" in page
    assert "we count 3 working days from that" in page
    assert "section 31 of the Children and Young Persons Act 2008" in page


@pytest.mark.parametrize("code", ["lscb-2015", "cdr-2018"])
@BOTH
def test_both_editions_ask_the_same_so_that_the_date_of_death_loses_no_answer(code, kind):
    here, new = (editions.get(each).questionnaires[kind.code] for each in (code, "cdr-2018"))

    def asked(form):
        return [(q.code, q.kind, q.required, q.vocabulary) for q in form.questions]

    assert asked(here) == asked(new)
    for question in here.questions:
        if question.vocabulary:
            mine, theirs = (
                [term.code for term in editions.get(each).vocabularies[question.vocabulary].choices]
                for each in (code, "cdr-2018")
            )
            assert mine == theirs


@pytest.mark.parametrize("code", ["lscb-2015", "cdr-2018"])
@BOTH
def test_what_is_asked_of_the_child_goes_by_the_codes_of_the_notification(code, kind):
    forms = editions.get(code).questionnaires
    known = {question.code: question.kind for question in forms["notification"].questions}

    own = {q.code: q.kind for q in forms[kind.code].questions if not q.code.startswith("notifier_")}

    assert own == {name: known[name] for name in own}


# Its clock


@pytest.mark.parametrize(
    ("at", "in_time"),
    [
        (london(date(2026, 4, 3), 23, 59), True),
        (london(date(2026, 4, 4), 0, 0), False),
        (london(date(2026, 3, 27), 9), True),
    ],
)
def test_a_registrar_has_seven_days_from_the_day_after_in_london(db, at, in_time):
    notice = received(REGISTRAR, at)

    arrival = notices.arrival(notice, notice.answers)

    assert (arrival.in_time, arrival.acted_on) == (in_time, date(2026, 3, 27))
    assert arrival.due_at.astimezone(LONDON).date() == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("at", "in_time"),
    # Friday 27 March 2026; 3 April is Good Friday, 6 April Easter Monday.
    [(london(date(2026, 4, 1), 23, 59), True), (london(date(2026, 4, 2), 0, 0), False)],
)
def test_a_coroner_has_three_working_days(db, at, in_time):
    notice = received(CORONER, at, notifier_notice="investigation")

    assert notices.arrival(notice, notice.answers).in_time is in_time


def test_bank_holidays_do_not_count_for_a_coroner(db):
    said = {"notifier_notice": "post_mortem", "notifier_acted_on": "2026-04-02"}
    notice = received(CORONER, london(date(2026, 4, 9), 12), **said)

    assert notices.arrival(notice, notice.answers).in_time is True


def test_where_the_law_sets_no_time_none_is_shown(desk):
    notice = received(CORONER, london(date(2026, 5, 1), 9), notifier_notice="other")

    assert notices.arrival(notice, notice.answers).due_at is None
    assert "The law sets no time for this" in triage_page(desk, notice)


def test_any_other_notification_has_no_such_clock(db):
    other = intake.receive(ANSWERS, edition=NEW, route="web", by=NOTIFIER)

    assert notices.arrival(other, other.answers) is None


# Triage


def triage_page(desk, notice) -> str:
    return text_of(desk.get(reverse("notifications:notification", args=[notice.reference])))


def test_triage_shows_whether_it_came_in_time_and_every_answer(desk):
    late = received(REGISTRAR, london(date(2026, 5, 1), 9))

    page = triage_page(desk, late)

    assert "What was done I registered the death When 27 March 2026" in page
    assert "Late" in page
    assert "Surname Exampleby" in page


def test_a_notice_is_matched_and_what_it_says_stands_beside_what_is_known(coordinator):
    case = opened_case(
        {"given_names": "Testina", "family_name": "Exampleby", "date_of_birth": "2025-12-10"},
        died_on=date(2026, 3, 20),
    )
    notice = received(REGISTRAR, london(date(2026, 3, 30), 9))

    assert [each.case for each in queries.alike(notice.answers, coordinator, notice)] == [case]
    decisions.attach(notice, case, by=coordinator, version=1)

    found = {each.field: each for each in reports.contradictions(case, by=coordinator)}
    assert [said.answer for said in found["date_of_birth"].said] == ["2025-12-10", "2025-12-01"]
    assert [said.value.source for said in found["date_of_birth"].said][1] == notice.reference


def test_what_a_registrar_says_of_the_notice_is_not_set_against_others(coordinator):
    case = opened_case()
    decisions.attach(
        received(REGISTRAR, london(date(2026, 3, 30), 9)), case, by=coordinator, version=1
    )

    fields = set(ReportedValue.objects.filter(case=case).values_list("field", flat=True))
    assert not [name for name in fields if name.startswith("notifier_")]


@BOTH
def test_a_notice_alone_can_open_a_case(client, coordinator, kind):
    notice = send(client, kind, **boxes("date_of_birth", YESTERDAY - timedelta(days=9)))

    case = decisions.accept(
        notice, by=coordinator, version=1, area=Area.objects.get(code=HALTON), in_scope=True
    )

    assert (case.facts.age_days, case.clocks.died_on) == (9, YESTERDAY)
    assert Notification.objects.get().case == case


def test_a_correction_leads_to_the_case_of_the_notice_that_it_corrects(desk, coordinator):
    first = received(REGISTRAR, london(date(2026, 3, 30), 9))
    area = Area.objects.get(code=HALTON)
    case = decisions.accept(first, by=coordinator, version=1, area=area, in_scope=True)
    said = {"family_name": "Otherwise", "given_names": "Quite", "date_of_birth": "2020-01-01"}
    second = received(
        REGISTRAR,
        london(date(2026, 4, 9), 9),
        notifier_notice="corrected",
        notifier_corrects=first.reference.lower().replace("-", " "),
        **said,
    )

    best = likeness.of(second, second.answers, coordinator).likely[0]

    why = f"this corrects {first.reference}, which stands behind the case"
    assert (best.case, best.alike) == (case, (why,))
    page = triage_page(desk, second)
    assert f"Corrects {first.reference} , which stands behind case {case.reference}" in page
    decisions.attach(second, case, by=coordinator, version=1)
    fields = {each.field for each in reports.contradictions(case, by=coordinator)}
    assert {"family_name", "given_names", "date_of_birth"} <= fields


def test_a_correction_of_what_nobody_has_says_so(desk):
    notice = received(REGISTRAR, london(date(2026, 4, 9), 9), notifier_corrects="N-4K7M-2QX9")

    assert "N-4K7M-2QX9, which no notification here has" in triage_page(desk, notice)


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_a_notice_is_opened_by_those_who_triage_alone(request, client, db, who):
    notice = received(REGISTRAR, london(date(2026, 3, 30), 9))
    client.force_login(request.getfixturevalue(who))

    page = client.get(reverse("notifications:notification", args=[notice.reference]))

    assert page.status_code == 404
    assert not AuditEntry.objects.filter(action="notification.read").exists()
    assert not Case.objects.exists()
