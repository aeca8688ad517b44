"""Promptness on its page and in its file: which deaths count, and what stands beside them."""

import csv
import io
from datetime import UTC, date, datetime
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.cases import actions as cases
from cdop.cases.models import CaseFacts
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Closure
from cdop.core.periods import Period
from cdop.core.steps import create, edit
from notifications import decisions
from notifications.assurance import deaths, promptness
from notifications.assurance.promptness import LEAST_FOR_A_SHARE, Death
from tests.cast import TESTS, person
from tests.client import Client
from tests.makers import opened_case
from tests.notifications.assurance.makers import notified, organisation
from tests.notifications.legacy.importing import brought_in, case_of
from tests.notifications.legacy.sheets import CLOSED, GATHERING, REVIEWED
from tests.pages import sign_in, text_of

PAGE = reverse("notifications:promptness")
FILE = reverse("notifications:promptness_file")
ASKED = {"period": "2025-26", "basis": "notified_in", "group": "all"}
CAST = ["chair", "member", "doctor", "reader", "governance_lead", "stranger"]


# The address

EVERY = {
    "period": ["", " ", "2014-15", "x", "2999-00", "%00\x00", "2014-15--2010-11", "9" * 200],
    "basis": ["", "died_in", "x\x00"],
    "group": ["", "all", "-1"],
}


@pytest.mark.parametrize("page", [PAGE, reverse("rapid_response:first_weeks")])
def test_every_address_is_answered_with_the_page_and_a_message(desk, page):
    for period, basis, group in product(*EVERY.values()):
        asked = {"period": period, "basis": basis, "group": group, "area": basis}

        answer = desk.get(page, {name: said for name, said in asked.items() if said})

        assert answer.status_code == 200, asked
        assert "Which months?" in text_of(answer)


@pytest.mark.parametrize(
    ("asked", "left_out"),
    [
        ({"period": ""}, "Which months?” and “Which deaths?” and “Which of them?"),
        ({"period": "2025-26"}, "Which deaths?” and “Which of them?"),
        ({"period": "", "basis": "died_in", "group": "all"}, "Which months?"),
    ],
)
def test_what_an_address_leaves_out_is_the_usual_and_said(desk, asked, left_out):
    page = text_of(desk.get(PAGE, asked))

    assert f"Nothing was chosen for “{left_out}”, so the usual is shown." in page
    assert "There is a problem" not in page
    assert "What is counted" in page


def test_nothing_is_said_of_the_usual_where_the_page_is_opened_or_everything_is_chosen(desk):
    assert "Nothing was chosen" not in text_of(desk.get(PAGE))
    assert "Nothing was chosen" not in text_of(desk.get(PAGE, ASKED))


def test_a_choice_that_is_none_is_refused_beside_its_field_and_counts_nothing(desk):
    page = text_of(desk.get(PAGE, ASKED | {"group": "x"}))

    assert "There is a problem" in page and "Choose one of the answers on the page" in page
    assert "What is counted" not in page


@pytest.mark.parametrize("file", [FILE, reverse("rapid_response:first_weeks_file")])
def test_a_file_that_cannot_be_made_leads_to_the_page_that_says_why(desk, file):
    answer = desk.get(file, {"period": "x", "basis": "died_in"}, follow=True)

    assert "There is a problem" in text_of(answer)


# Which deaths


@pytest.fixture
def taken(db):
    """Accept a notification into a case of its own."""
    by = person("coordinator")

    def take(**said):
        facts = {"in_scope": said.pop("in_scope", True)}
        sent = notified(**said)
        reason = "" if facts["in_scope"] else "Lived elsewhere"
        area = said.pop("area", None)
        case = decisions.accept(
            sent, by=by, version=sent.version, area=area, reason=reason, **facts
        )
        return case, sent

    return take


def counted(basis="notified_in", year=2025) -> list[Death]:
    return deaths.of(Period.year(year), basis)


def test_a_death_counts_once_with_the_first_that_told_us(taken):
    first, second = organisation("First Invented Trust"), organisation("Second Invented Trust")
    by = person("coordinator")
    case, _ = taken(
        at=datetime(2026, 1, 13, 9, tzinfo=UTC),
        time_of_death="14:30",
        organisation=second,
        notifier_role="police",
    )
    earlier = notified(
        at=datetime(2026, 1, 11, 14, 30, tzinfo=UTC),
        organisation=first,
        notifier_role="midwife",
        adult_ward="yes",
    )
    decisions.attach(earlier, case, by=by, version=1)

    assert counted() == [
        Death(
            edition="cdr-2018",
            started_at=datetime(2026, 1, 10, 14, 30, tzinfo=UTC),
            notified_at=datetime(2026, 1, 11, 14, 30, tzinfo=UTC),
            age_years=0,
            has_area=False,
            kept=True,
            organisation="First Invented Trust",
            role="midwife",
            role_label="Midwife",
            adult_ward="yes",
        )
    ]


def test_the_clock_starts_at_the_confirmation_where_the_time_of_death_is_not_known(taken):
    taken(time_death_confirmed="15:10")
    taken()

    assert [each.started_at for each in counted()] == [
        datetime(2026, 1, 10, 15, 10, tzinfo=UTC),
        None,
    ]


ONLY_THE_DAY = REVIEWED | {"notified_at": ""}


def test_a_time_of_notification_that_an_import_made_up_is_measured_by_nobody(coordinator):
    brought_in([CLOSED, ONLY_THE_DAY], by=coordinator)

    found = counted(year=2012) + counted(year=2013)

    assert [(each.notified_at, each.hours) for each in found] == [
        (datetime(2012, 5, 7, 8, 15, tzinfo=UTC), 18.75),
        (None, None),
    ]


def test_what_tells_us_before_the_noon_that_an_import_made_up_has_a_clock(coordinator):
    brought_in([GATHERING | {"time_of_death": "09:00"}], by=coordinator)
    earlier = notified(at=datetime(2026, 3, 4, 8, tzinfo=UTC), date_of_death="2026-03-03")
    decisions.attach(earlier, case_of(2), by=coordinator, version=1)

    [death] = counted()

    assert (death.notified_at, death.hours) == (datetime(2026, 3, 4, 8, tzinfo=UTC), 23)


def test_a_later_notification_gives_a_made_up_time_no_clock(coordinator):
    brought_in([GATHERING | {"time_of_death": "09:00"}], by=coordinator)
    later = notified(at=datetime(2026, 3, 4, 15, tzinfo=UTC), date_of_death="2026-03-03")
    decisions.attach(later, case_of(2), by=coordinator, version=1)

    assert [death.hours for death in counted()] == [None]


def test_what_the_panel_does_not_review_is_left_out_and_said(taken):
    taken()
    taken(in_scope=False)
    cases.withdraw(taken()[0], by=person("coordinator"), reason="There was no death")
    waiting, declined = notified(), notified()
    decisions.decline(declined, by=person("coordinator"), version=1, reason="test")

    found = counted()

    assert len(found) == 1
    assert deaths.left_out(Period.year(2025), "notified_in", found) == deaths.LeftOut(
        elsewhere=1, withdrawn=1, no_area=1, declined=1, passed_on=0, waiting=1
    )
    assert waiting.state == "received"


def test_the_basis_decides_which_months_hold_a_death(taken):
    taken(date_of_death="2026-03-30", at=datetime(2026, 4, 2, 9, tzinfo=UTC))

    assert (len(counted("died_in", 2025)), len(counted("notified_in", 2025))) == (1, 0)
    assert (len(counted("died_in", 2026)), len(counted("notified_in", 2026))) == (0, 1)


def test_a_case_without_a_notification_is_counted_and_says_so(db):
    opened_case(died_at=datetime(2014, 5, 6, 21, tzinfo=UTC))

    [found] = counted(year=2014)

    assert (found.kept, found.hours) == (False, 12.5)
    assert promptness.organisation(found) == "No notification is kept here"


def test_a_notice_in_law_needs_no_role(taken):
    taken(route="registrar")

    [found] = counted()

    assert (promptness.role(found), promptness.setting(found)) == (
        "Registrar's notice",
        "Other services and offices",
    )


# The page and the file


@pytest.mark.parametrize("who", CAST)
@pytest.mark.parametrize("address", [PAGE, FILE, reverse("notifications:registered")])
def test_for_everybody_else_promptness_is_not_there(request, client, who, address):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address, ASKED).status_code == 404
    assert not AuditEntry.objects.filter(action__startswith="promptness").exists()


@pytest.mark.parametrize("address", [PAGE, FILE, reverse("notifications:registered")])
def test_without_an_account_one_is_asked_to_sign_in(db, address):
    assert Client().get(address).url.startswith("/account/login/")


def test_the_page_states_basis_months_and_what_it_leaves_out_and_is_recorded(
    client, coordinator, taken
):
    taken(in_scope=False)

    page = text_of(sign_in(client, coordinator).get(PAGE, ASKED))

    assert "OFFICIAL-SENSITIVE" in page
    assert "April 2025 to March 2026 Deaths first notified in these months." in page
    assert "Left out: 1 case of these months" in page
    assert "No death is counted in these months." in page
    entry = AuditEntry.objects.get(action="promptness.read")
    assert (entry.actor, entry.subject) == (
        coordinator,
        "promptness of 2025-26, notified_in, all",
    )


def test_the_tables_stand_on_the_page_with_both_numbers(client, coordinator, taken):
    for _ in range(LEAST_FOR_A_SHARE):
        taken(time_of_death="14:30", notifier_role="midwife")

    page = text_of(sign_in(client, coordinator).get(PAGE, ASKED))

    # From Saturday 14:30 to Monday 9:00.
    assert "Midwife 10 10 42 0 of 10 (0%) 10 of 10 (100%) 10 of 10 (100%)" in page
    assert "All deaths 10 10 42" in page


def test_those_of_sixteen_and_seventeen_can_be_seen_alone(client, coordinator, taken):
    taken(date_of_birth="2009-05-01", adult_ward="yes")
    taken()
    browser = sign_in(client, coordinator)
    seen = {
        group: text_of(browser.get(PAGE, ASKED | {"group": group}))
        for group in ("all", "16-17", "adult_ward")
    }

    assert ["All deaths 1 0" in page for page in seen.values()] == [False, True, True]
    assert "All deaths 2 0" in seen["all"]


def test_a_period_that_is_none_is_answered_and_nothing_is_recorded(client, coordinator):
    page = sign_in(client, coordinator).get(PAGE, ASKED | {"period": "soon"})

    assert "is not a period" in text_of(page)
    assert not AuditEntry.objects.filter(action="promptness.read").exists()


def queries_of(browser) -> int:
    with CaptureQueriesContext(connection) as queries:
        browser.get(PAGE, ASKED)
    return len(queries)


def test_the_page_takes_as_many_queries_for_one_death_as_for_many(client, coordinator, taken):
    browser = sign_in(client, coordinator)
    taken()
    one = queries_of(browser)
    for _ in range(4):
        taken()

    assert queries_of(browser) == one


def test_the_file_holds_the_tables_is_marked_and_recorded(client, coordinator, taken):
    where = organisation("=1+1 Invented")
    taken(time_of_death="14:30", organisation=where)

    given_out = sign_in(client, coordinator).get(FILE, ASKED)

    assert given_out["Content-Disposition"] == (
        'attachment; filename="promptness-2025-26-notified-in-all-official-sensitive.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(given_out.content.decode())))
    assert {row["marking"].split(".")[0] for row in rows} == {"OFFICIAL-SENSITIVE"}
    named = [row for row in rows if row["row"] == "'=1+1 Invented"]
    assert [(row["standard"], row["in_time"], row["of"], row["percent"]) for row in named] == [
        ("Within 24 hours", "0", "1", ""),
        ("By the end of the next working day", "1", "1", ""),
        ("Within 48 hours", "1", "1", ""),
    ]
    assert AuditEntry.objects.get(action="promptness.downloaded").actor == coordinator


def test_closures_of_the_offices_count(client, coordinator, taken):
    create(Closure(on=date(2026, 1, 12), reason="Invented"), by=TESTS)
    case, _ = taken(time_of_death="14:30", at=datetime(2026, 1, 13, 9, tzinfo=UTC))

    page = text_of(sign_in(client, coordinator).get(PAGE, ASKED))

    assert "All deaths 1 1 – Not shown 0 of 1 1 of 1 0 of 1" in page


# Beside registered deaths


def test_registered_deaths_stand_beside_those_known_here_and_nothing_is_subtracted(
    client, coordinator
):
    for age_years, age_days, area in (
        (0, 3, "E06000006"),
        (16, 6000, "E06000006"),
        (4, 1500, None),
    ):
        facts = CaseFacts.objects.get(case=opened_case(area=area))
        edit(facts, by=TESTS, age_years=age_years, age_days=age_days)

    page = text_of(sign_in(client, coordinator).get(reverse("notifications:registered")))

    assert (
        "Halton Age at death Registered in 2014 Died in 2014, known here Under 1 year 3 1 "
        "of whom under 4 weeks 2 1 1 to 4 years 1 0 5 to 9 years 1 0 10 to 14 years 1 0 "
        "15 to 19 years registered, 15 to 17 here 1 1 Age not known Not published 0 All ages 7 2"
    ) in page
    assert "All ages 79 2" in page
    assert "Elsewhere, or area not known: 1 death known here" in page
    assert "must not be subtracted" in page
    assert "Office for National Statistics" in page
