"""What the invented panel recommended over the years, and what became of it.

Of the kinds that a panel like this one works on: safe sleeping, smoking in pregnancy, deaths of
young people on wards for adults. Owners and their contacts are invented, and so is every word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from analytics.demonstration import news
from analytics.demonstration.people import PARTNERSHIP, Cast
from cdop.core.organisations import Area, Organisation
from cdop.core.roles import Role
from cdop.core.uploads import Accepted
from cdop.learning import action_points, actions, evidence, letters, progress, responses
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.states import PointState
from cdop.panel.models import Meeting
from cdop.panel.states import MeetingState
from cdop.reviews.models import Finding

if TYPE_CHECKING:
    from cdop.core.users import User

DAY = timedelta(days=1)
BEGINS = date(2014, 4, 1)
MINUTES = Accepted("invented-minutes.txt", "text/plain", b"Invented: all were trained.")
ANSWER = Accepted("invented-answer.txt", "text/plain", b"Invented: we accept, and begin at once.")


def recommend(cast: Cast, today: date) -> None:
    """Recommendations of four years, at each place where one can stand."""
    by = cast.first(Role.COORDINATOR)
    _superseded(by)
    held = list(Meeting.objects.filter(state=MeetingState.CLOSED).order_by("held_on"))
    year = [meeting for meeting in held if meeting.held_on >= BEGINS]
    _safe_sleeping(year[0], by)
    _adult_wards(year[1], by)
    _national(year[2], by)
    _smoking(held[-1], cast, today)
    _new(held[-1], cast, today)


def _superseded(by: User) -> None:
    """One of an earlier year, in whose place another came."""
    row = actions.make(
        words="Every home visit of a midwife says how a baby sleeps safely.",
        level="local",
        to_whom="Maternity services",
        made_on=date(2013, 2, 12),
        areas=_areas("E06000049"),
        by=by,
    )
    row = _accepted(row, "The head of midwifery, invented", 30, by)
    actions.supersede(
        row,
        ended_on=date(2014, 9, 1),
        outcome="One guideline for all services takes its place. Invented.",
        superseded_by=None,
        looked_at=True,
        by=by,
        version=row.version,
    )


def _safe_sleeping(meeting: Meeting, by: User) -> None:
    """Done in time, with evidence; it comes out of a case and is about a factor."""
    finding = Finding.objects.filter(item__meeting=meeting).order_by("pk").first()
    row = actions.make(
        words="One guideline on safe sleeping, used by everybody who visits families at home.",
        level="local",
        to_whom="All services that visit families at home",
        made_on=meeting.held_on,
        meeting=meeting,
        finding=finding,
        factor=("lscb-2015", "unsafe_sleep"),
        looked_at=True,
        by=by,
    )
    row = _accepted(row, "The partnership, invented", 21, by)
    point = _agreed(
        row, "Train everybody who visits at home in the guideline.", news.COMMUNITY, 200, by
    )
    evidence.attach(point, MINUTES, by=by)
    _settled(point, PointState.DONE, 180, "Four sessions were held. Invented.", by)
    actions.done(
        row,
        ended_on=row.made_on + 200 * DAY,
        outcome="The guideline was ratified and is in use. Invented.",
        looked_at=True,
        by=by,
        version=row.version,
    )


def _adult_wards(meeting: Meeting, by: User) -> None:
    """Done late by one of two hospitals; the answer came by post."""
    row = actions.make(
        words="Hospitals tell us of each death at 16 or 17 on a ward for adults, within a day.",
        level="regional",
        to_whom="Acute hospital trusts",
        made_on=meeting.held_on,
        meeting=meeting,
        by=by,
    )
    row = _accepted(row, "The medical directors, invented", 40, by)
    what = "Put the notification of these deaths into the checklist of the wards for adults."
    for owner, done_after in ((news.GENERAL, 70), (news.INFIRMARY, 150)):
        point = _agreed(row, what, owner, 90, by)
        _settled(point, PointState.DONE, done_after, "The checklist is in use. Invented.", by)
    responses.keep(
        row,
        organisation=_organisation(news.INFIRMARY),
        received_on=row.made_on + 60 * DAY,
        words="They accept, and need until the summer.",
        file=ANSWER,
        looked_at=True,
        by=by,
    )
    actions.done(
        row,
        ended_on=row.made_on + 150 * DAY,
        outcome="Both hospitals tell us promptly now. Invented.",
        looked_at=True,
        by=by,
        version=row.version,
    )


def _national(meeting: Meeting, by: User) -> None:
    """Declined, with the reason."""
    row = actions.make(
        words="Children wear a helmet when they ride a bicycle on a road.",
        level="national",
        to_whom="The department for transport",
        made_on=meeting.held_on,
        meeting=meeting,
        looked_at=True,
        by=by,
    )
    actions.decline(
        row,
        ended_on=row.made_on + 120 * DAY,
        outcome="They go on advising it and make no law. Invented.",
        looked_at=True,
        by=by,
        version=row.version,
    )


def _smoking(meeting: Meeting, cast: Cast, today: date) -> None:
    """Accepted: one action is overdue, one is due soon; a letter went and waits for its answer."""
    by, deputy = cast.first(Role.COORDINATOR), cast.first(Role.DEPUTY_COORDINATOR)
    row = actions.make(
        words="Every pregnant woman is asked about smoking at each appointment, and offered help.",
        level="local",
        to_whom="Maternity services",
        made_on=meeting.held_on,
        areas=_areas("E06000049", "E06000050"),
        factor=("cdr-2018", "smoking_pregnancy"),
        by=by,
    )
    row = _accepted(row, "The heads of midwifery, invented", 7, by)
    days = (today - row.made_on) // DAY
    _agreed(row, "Buy monitors for carbon monoxide for every clinic.", news.GENERAL, days - 10, by)
    what = "Measure carbon monoxide at the first appointment, and write it down."
    _agreed(row, what, news.INFIRMARY, days + 10, by)
    progress.note(
        row,
        words="They have ordered the monitors. Invented.",
        on=row.made_on + 10 * DAY,
        looked_at=True,
        by=by,
    )
    letter = letters.write(
        row,
        organisation=_organisation(news.INFIRMARY),
        attention="Head of midwifery, invented",
        email="head.of.midwifery@example.org",
        words="Please tell us how often you measure carbon monoxide, and what you need.",
        answer_by=today + 30 * DAY,
        looked_at=True,
        by=by,
    )
    letters.approve(letter, by=deputy, version=letter.version)


def _new(meeting: Meeting, cast: Cast, today: date) -> None:
    """Not answered yet; a letter to the partnership waits for a second person."""
    row = actions.make(
        words="Ask every service how it learns of the death of a young person in adult care.",
        level="regional",
        to_whom="The safeguarding partnership",
        made_on=meeting.held_on,
        meeting=meeting,
        by=cast.first(Role.COORDINATOR),
    )
    letters.write(
        row,
        organisation=_organisation(PARTNERSHIP),
        attention="Independent chair, invented",
        email="",
        words="Please put this to the partnership, and tell us what it decides.",
        answer_by=today + 60 * DAY,
        looked_at=True,
        by=cast.first(Role.DEPUTY_COORDINATOR),
    )


def _accepted(row: Recommendation, who: str, after: int, by: User) -> Recommendation:
    """Accepted so many days after it was made."""
    on = row.made_on + after * DAY
    return actions.accept(row, accepted_on=on, accepted_by=who, by=by, version=row.version)


def _agreed(row: Recommendation, what: str, owner: str, due_after: int, by: User) -> ActionPoint:
    """An action of an invented organisation, due so many days after the recommendation."""
    return action_points.add(
        row,
        words=what,
        owner=_organisation(owner),
        contact_name="Lead Nurse Invented",
        contact_email="lead.nurse@example.org",
        due_on=row.made_on + due_after * DAY,
        agreed_on=row.accepted_on,
        looked_at=True,
        by=by,
    )


def _settled(point: ActionPoint, to: PointState, after: int, outcome: str, by: User) -> ActionPoint:
    on = point.recommendation.made_on + after * DAY
    return action_points.settle(
        point,
        to,
        settled_on=on,
        outcome=outcome,
        looked_at=True,
        by=by,
        version=point.version,
    )


def _organisation(name: str) -> Organisation:
    return Organisation.objects.get(name=name)


def _areas(*codes: str) -> Sequence[Area]:
    return list(Area.objects.filter(pk__in=codes))
