"""Filling an empty database with the demonstration, all of it or nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from analytics import actions as releases
from analytics import synthesis
from analytics.demonstration import (
    assuring,
    children,
    first_weeks,
    learned,
    path,
    people,
    present,
    recommending,
    record,
    reporting,
)
from analytics.demonstration.children import Child
from analytics.demonstration.people import Cast
from analytics.models import Release
from cdop.cases.models import Case
from cdop.core.audit import act
from cdop.core.dates import london_date, start_of
from cdop.core.periods import Period
from cdop.core.refusals import refuse_if
from cdop.core.roles import Role
from cdop.core.users import User
from notifications.models import Notification

YEAR = Period.parse("2014-15")
EARLIER_YEARS = 4
EARLIER_CASES = 190


def why_not() -> str:
    """Why the demonstration cannot be loaded here; "" means it can."""
    if not settings.DEMONSTRATION:
        return "This is not a demonstration system. Set DEMONSTRATION=true on an empty database."
    if any(model.objects.exists() for model in (User, Case, Notification)):
        return "The database holds something already. The demonstration needs an empty one."
    return ""


def is_filled() -> bool:
    """Whether the demonstration is here already: its first person has an account."""
    return settings.DEMONSTRATION and User.objects.filter(email=people.PEOPLE[0].email).exists()


def fill() -> Cast:
    """Load people, the year that the panel reported, and open cases at every stage."""
    refuse_if(why_not())
    with act():
        cast = people.make()
        people.seat(cast)
        _invent_earlier_years(cast)
        now = earlier_today(timezone.now())
        assuring.take_in_a_list(_hold_meetings(cast), cast)
        open_now = present.open_cases(cast, now, _next_number())
        record.keep(list(open_now), cast, now)
        reporting.ask_agencies(list(open_now)[: present.GATHERING], cast, now)
        assuring.ask_hospitals(open_now, cast, now)
        first_weeks.write_letter(cast, YEAR, now)
        learned.fill(cast)
        recommending.recommend(cast, london_date(now))
    return cast


def earlier_today(now: datetime) -> datetime:
    """An hour ago, but never yesterday in London: what is due today would begin as overdue."""
    return max(now - timedelta(hours=1), start_of(london_date(now)))


def publish(cast: Cast) -> Release:
    """Draft, approve and publish the release of the year, by the people who may."""
    release = releases.draft(YEAR, by=cast.first(Role.COORDINATOR))
    releases.approve(release, by=cast.first(Role.CHAIR))
    return releases.publish(Release.objects.get(pk=release.pk), by=cast.first(Role.COORDINATOR))


def _invent_earlier_years(cast: Cast) -> None:
    """Four years before the one that was published, for trends: all reviewed before it begins."""
    synthesis.populate(
        cases=EARLIER_CASES,
        seed=1,
        first=date(YEAR.first_month.year - EARLIER_YEARS, 4, 1),
        last=YEAR.first_month - timedelta(days=1),
        people=cast.panel,
        by=people.DEMONSTRATION,
        finished=True,
    )


def _hold_meetings(cast: Cast) -> dict[Case, Child]:
    """The meetings that the panel reported; return the cases with their children."""
    cases: dict[Case, Child] = {}
    for held_on, reviewed in path.group_by_meeting(children.of_the_year()).items():
        found = {path.open_case(child, cast): child for child in reviewed}
        path.hold_meeting(held_on, found, cast)
        cases |= found
    return cases


def _next_number() -> int:
    return len(children.of_the_year()) + 1
