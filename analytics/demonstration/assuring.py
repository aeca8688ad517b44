"""Returns from the invented hospitals, and a registrar's list laid beside what was notified."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from analytics.demonstration import news
from analytics.demonstration.children import Child
from analytics.demonstration.people import Cast
from cdop.cases.models import Case
from cdop.core.clocks import add_working_days
from cdop.core.dates import at_london, london_date, month_of
from cdop.core.organisations import Organisation, closed_days
from cdop.core.periods import Period
from cdop.core.roles import Role
from cdop.core.users import User
from notifications.assurance import asking, lists, returns, settling
from notifications.assurance.listed import Listed
from notifications.assurance.lists import About, Absence, Kind
from notifications.assurance.models import DeathList, Return
from notifications.assurance.reading import Parsed
from notifications.assurance.returns import TRUST, Answer
from notifications.assurance.settling import Reason

MONTHS_ASKED = 4
NINE_IN_THE_MORNING = time(9, 0)
RETURNING = (news.GENERAL, news.INFIRMARY, news.UNIVERSITY)
SILENT = news.INFIRMARY
"""Does not answer about the last two months."""
WARDS = "\n".join(news.ADULT_WARDS)
NOBODY_TOLD = {
    "initials": "N. T.",
    "age": "17 years",
    "place": news.ADULT_WARDS[0],
    "adult_ward": "yes",
    "notified": "not_known",
}
"""A death on a ward for adults, of which only the return tells."""

QUARTER = Period.parse("2014-15-Q2")
WAITS_FOR_AN_INQUEST, NOBODY_KNOWS_WHY = 30, 33
NOT_LISTED = (WAITS_FOR_AN_INQUEST, NOBODY_KNOWS_WHY)
"""The numbers of two children of the quarter who are not on the registrar's list."""
GROWN_UP = Listed(
    date_of_death="2014-08-14",
    date_of_birth="1996-08-01",
    given_names="Grown-up",
    family_name="Synthetic",
    own_reference="Entry 19",
)
NOT_NOTIFIED = Listed(
    date_of_death="2014-09-20",
    date_of_birth="1998-02-01",
    given_names="Teenager",
    family_name="Synthetic-Unreported",
    own_reference="Entry 23",
)
UNKNOWN = (GROWN_UP, NOT_NOTIFIED)
COLUMNS = (
    ("Date of death", "date_of_death"),
    ("Date of birth", "date_of_birth"),
    ("Forenames", "given_names"),
    ("Surname", "family_name"),
    ("NHS number", "nhs_number"),
    ("Sex", "sex"),
    ("Entry", "own_reference"),
)


def ask_hospitals(found: Mapping[Case, Child], cast: Cast, now: datetime) -> None:
    """Ask three hospitals about each of the last months: answered, outstanding and settled ones.

    found  the cases of the last months with their children
    """
    by, times = cast.first(Role.COORDINATOR), _times_of_asking(now)
    months = list(times)
    for name in RETURNING:
        asking.add(
            Organisation.objects.get(name=name),
            email="returns@example.org",
            first_month=months[0],
            adult_wards=WARDS,
            by=by,
            now=times[months[0]],
        )
    for asked_at in list(times.values())[1:]:
        asking.ask_due(asked_at)
    for row in Return.objects.select_related("asked_of__organisation").order_by("pk"):
        _answer(row, found, by, now, of_late=row.month in months[-2:], last=row.month == months[-1])
    asking.remind_due(now)


def take_in_a_list(found: Mapping[Case, Child], cast: Cast) -> DeathList:
    """A registrar's list of one quarter: matched, not notified, and notified but not listed.

    found  the cases of the year with their children
    """
    by = cast.first(Role.COORDINATOR)
    of_quarter = {case: child for case, child in found.items() if QUARTER.contains(child.died_on)}
    made = _taken_in(of_quarter.values(), by)
    sure = settling.sure(lists.lines(made), by)
    settling.match_all(sure, made, by=by)
    for line, listed in lists.lines(made).items():
        if listed == GROWN_UP:
            settling.explain(line, by=by, version=line.version, reason=Reason.GROWN_UP)
    for case, child in of_quarter.items():
        if child.number == WAITS_FOR_AN_INQUEST:
            lists.settle_absent(made, case, by=by, reason=Absence.NOT_YET)
    return made


def _times_of_asking(now: datetime) -> dict[date, datetime]:
    """The last months about which is asked by now, each with its first working day after it."""
    this = month_of(london_date(now))
    month, times = Period(this, this).previous(), dict[date, datetime]()
    while len(times) < MONTHS_ASKED:
        first = add_working_days(month.next().first_month, 0, closed_days())
        asked_at = at_london(first, NINE_IN_THE_MORNING)
        if asked_at <= now:
            times[month.first_month] = asked_at
        month = month.previous()
    return dict(sorted(times.items()))


def _answer(
    row: Return,
    found: Mapping[Case, Child],
    by: User,
    now: datetime,
    *,
    of_late: bool,
    last: bool,
) -> None:
    """What one hospital says about one month, and what the coordinator makes of it."""
    name = row.asked_of.organisation.name
    if of_late and name == SILENT:
        return
    there = {
        case: child
        for case, child in found.items()
        if child.news.organisation == name and month_of(child.died_on) == row.month
    }
    deaths = tuple(_listed(child) for child in there.values())
    if last and name == news.UNIVERSITY:
        died_on = row.month + timedelta(days=9)
        deaths += (Listed(date_of_death=died_on.isoformat(), **NOBODY_TOLD),)
    said = Answer(deaths, "Registry Invented", "Bereavement office", "01632 960002")
    returned = returns.answer(
        row, said, by=TRUST, version=row.version, now=min(now, row.asked_at + timedelta(days=2))
    )
    for line, case in settling.sure(returns.lines(returned), by).items():
        settling.match(line, by=by, version=line.version, case=case)
    if not last and not returns.why_not_settle(returned):
        returns.settle(returned, by=by, version=returned.version)


def _taken_in(children: Iterable[Child], by: User) -> DeathList:
    """The registrar's file: those of whom we know but for two, one grown up, one nobody told of."""
    known = [_listed(child) for child in children if child.number not in NOT_LISTED]
    lines = (*(replace(each, place="", adult_ward="", notified="") for each in known), *UNKNOWN)
    registration = Organisation.objects.get(name=news.REGISTRATION)
    first, last = QUARTER.first_month.isoformat(), QUARTER.last_day.isoformat()
    about = About(str(Kind.REGISTRAR), registration.pk, None, first, last)
    draft = lists.hold(Parsed(lines, (), COLUMNS, (), 0), about, by=by)
    return lists.take(draft, version=draft.version, by=by)


def _listed(child: Child) -> Listed:
    """What a hospital or a registrar says about a child of whom it told us."""
    answers = child.answers()
    return Listed(
        date_of_death=answers["date_of_death"],
        date_of_birth=answers["date_of_birth"],
        given_names=answers["given_names"],
        family_name=answers["family_name"],
        nhs_number=answers["nhs_number"],
        sex=child.sex,
        place=child.news.ward,
        adult_ward=child.news.adult_ward,
        notified="yes",
    )
