"""The demonstration as ``make run`` fills it: enough on every page to see what the page is for."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from analytics import comparison
from analytics.demonstration import news, telling
from analytics.demonstration.filling import YEAR, earlier_today
from cdop.agency_reports.collating import collated
from cdop.agency_reports.models import Request
from cdop.agency_reports.states import RequestState
from cdop.agency_reports.times import ESCALATION
from cdop.cases import conversations, family_search
from cdop.cases.conversations import Conversation
from cdop.cases.holds import Hold
from cdop.cases.linked import LinkedReview
from cdop.cases.models import Case
from cdop.cases.signals import Signal
from cdop.cases.states import CaseState
from cdop.cases.urgent import UrgentNotice
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Organisation, closed_days
from cdop.core.users import User
from cdop.rapid_response import visits
from cdop.rapid_response.models import ChecklistItem, Visit
from cdop.rapid_response.states import ItemState
from notifications.assurance import deaths, lists, promptness, returns_overview
from notifications.assurance.models import DeathList, Return
from notifications.assurance.settling import Counts
from notifications.models import Notification
from tests.databases import fresh_database, in_use, manage

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("site 1")]


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The address of a database with the demonstration, which the test works on."""
    with django_db_blocker.unblock(), fresh_database(filled=True) as url, in_use(url):
        yield url


@pytest.fixture
def coordinator(filled) -> User:
    return User.objects.get(email="cora.coordinator@example.org")


def promptness_of_the_year() -> dict[str, promptness.Table]:
    tables = promptness.tables(deaths.of(YEAR, "notified_in"), closed_days())
    return {table.code: table for table in tables}


@pytest.mark.parametrize(
    "now, earlier",
    [
        ("2027-01-15 15:20", "2027-01-15 14:20"),
        ("2027-01-15 00:20", "2027-01-15 00:00"),
        ("2027-07-14 23:20", "2027-07-14 23:00"),  # 00:20 of the 15th by a clock in London
    ],
)
def test_the_demonstration_begins_an_hour_ago_but_never_yesterday_in_london(now, earlier):
    moment, expected = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (now, earlier))

    assert earlier_today(moment) == expected


def test_every_published_figure_that_can_be_met_is_met(filled):
    compared = comparison.compare(comparison.read(telling.SOURCE), YEAR)

    assert [each.published.measure for each in compared if not each.agrees] == [
        "reviewed: 15 to 17 years"  # the ages printed add up to 45 of 44
    ]


def test_every_organisation_is_plainly_invented(filled):
    names = list(Organisation.objects.values_list("name", flat=True))

    assert len(names) > 8 and all(name.startswith("Invented ") for name in names)


def test_every_death_of_the_year_has_an_organisation_and_a_role(filled):
    tables = promptness_of_the_year()

    for code in ("organisation", "role", "setting"):
        labels = {line.label for line in tables[code].lines}
        assert len(labels) > 1 and not labels & set(promptness.LAST), labels
    assert tables["organisation"].total.deaths == 48


def test_promptness_differs_between_sources_and_is_worst_on_wards_for_adults(filled):
    tables = promptness_of_the_year()
    shares = {
        line.label: [(share.in_time, share.of) for share in line.shares]
        for line in tables["ward"].lines
    }

    assert shares["On a ward for adults"][0][0] == 0 < shares["On a ward for adults"][0][1]
    in_time, of = shares["Not on a ward for adults"][0]
    assert 0 < in_time < of
    told = {each.adult_ward for each in deaths.of(YEAR, "notified_in") if each.age_years == 16}
    assert told == {"yes", ""}


def test_returns_are_settled_to_settle_and_outstanding(filled, coordinator):
    states = Counter(Return.objects.values_list("state", flat=True))
    overview = returns_overview.overview(coordinator, timezone.now())

    assert set(states) == {"asked", "returned", "settled"}
    assert {str(asked) for asked, _ in overview.rows} == {
        news.GENERAL,
        news.INFIRMARY,
        news.UNIVERSITY,
    }


def test_one_list_has_every_kind_of_line_and_both_kinds_of_absence(filled, coordinator):
    made = DeathList.objects.get()

    assert Counts.of(lists.lines(made)) == Counts(
        total=11, matched=9, notified=0, explained=1, open=1, taken_back=0
    )
    assert [each.is_settled for each in lists.absent(made, coordinator)] == [True, False]


def test_every_visit_that_an_open_case_says_was_recorded_is_recorded(filled):
    today = Case.objects.filter(state__in=[CaseState.GATHERING, CaseState.READY])
    said = ChecklistItem.objects.filter(case__in=today, task=visits.RECORDED, state=ItemState.DONE)
    visited = Visit.objects.filter(case__in=today)

    assert set(visited.values_list("case", flat=True)) == set(said.values_list("case", flat=True))
    assert set(visited.values_list("outcome", flat=True)) == {"jointly", "police", "not_indicated"}


def test_what_waits_leaves_the_choice_of_the_organisation_to_triage(filled):
    waiting = Notification.objects.waiting()

    assert sorted(waiting.values_list("route", "organisation")) == [
        ("coroner", None),
        ("web", None),
        ("web", None),
    ]


def test_open_cases_show_holds_a_review_a_family_and_a_signal(filled, coordinator):
    held = set(Hold.objects.running().values_list("kind", "meanwhile"))
    assert held == {("inquest", "not_asked"), ("criminal", "agrees")}
    assert list(LinkedReview.objects.values_list("state", flat=True)) == ["under_way"]
    assert [not notice.was_late for notice in UrgentNotice.objects.all()] == [True]
    signal = Signal.objects.get()
    assert (signal.state, signal.cases.count()) == ("decided", 2)

    [row] = Conversation.objects.all()
    spoken = conversations.read(row.family, row.case, by=coordinator, purpose="test")
    words = " ".join([*vars(spoken[0].said).values()])
    assert words.count("Synthetic") == 4 and row.family.key_worker == "Kim Keyworker"
    found = family_search.search("01632 960007", by=coordinator)
    assert [case.reference for each in found for case in each.cases] == [row.case.reference]


def test_requests_to_agencies_stand_at_every_state(filled):
    states = Counter(Request.objects.values_list("state", flat=True))

    assert set(states) == set(RequestState)
    assert Request.objects.filter(reminders=ESCALATION).exists()
    assert Request.objects.exclude(extended_why="").exists()


def test_two_agencies_differ_about_a_case(filled, coordinator):
    cases = Case.objects.filter(pk__in=Request.objects.values("case"))

    found = [collated(case, by=coordinator, purpose="test") for case in cases]

    assert any(composite.to_settle for composite in found)


def test_a_second_start_changes_nothing(filled):
    before = (AuditEntry.objects.count(), Notification.objects.count(), User.objects.count())

    done = manage("demo", url=filled)

    assert done.returncode == 0, done.stderr
    after = (AuditEntry.objects.count(), Notification.objects.count(), User.objects.count())
    assert after == before
