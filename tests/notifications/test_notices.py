"""Registrars' and coroners' notices: their clocks, and what triage does."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from cdop import editions
from cdop.cases import reports
from cdop.cases.models import Case, ReportedValue
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area
from notifications import decisions, intake, likeness, notices, queries
from notifications.intake import NOTIFIER
from notifications.models import Notification
from notifications.notices import CORONER, REGISTRAR
from tests.makers import HALTON, opened_case
from tests.notifications.filling import YESTERDAY, boxes, text_of
from tests.notifications.noticing import BOTH, send

LONDON = ZoneInfo("Europe/London")
NEW = editions.get("cdr-2018")
ANSWERS = {
    "notifier_notice": "registered",
    "notifier_acted_on": "2026-03-27",
    "notifier_role": "registrar",
    "family_name": "Exampleby",
    "given_names": "Testina",
    "date_of_birth": "2025-12-01",
    "date_of_death": "2026-03-20",
}


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
    settling = text_of(desk.get(reverse("cases:contradictions", args=[case.reference])))
    assert "Exampleby Stands now" in settling
    who = "Registrar of births and deaths, a registrar's notice"
    assert f"Otherwise {who} Correction: corrects {first.reference} " in settling
    assert settling.count("Correction:") == len(fields)


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
