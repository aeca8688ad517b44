"""Requests to invented agencies at each state, on the open cases about which facts are gathered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from analytics.demonstration import news
from analytics.demonstration.people import Cast
from cdop import editions
from cdop.agency_reports import answering, asking, chasing, invitations, opening, times
from cdop.agency_reports.asking import Line
from cdop.agency_reports.models import Invitation, Request
from cdop.agency_reports.papers import Paper
from cdop.agency_reports.states import Came, RequestState, Role
from cdop.cases.models import Case, Contact
from cdop.core.organisations import Organisation, closed_days
from cdop.core.roles import Role as Hat
from cdop.core.uploads import Accepted
from cdop.core.users import User

AGENCIES = {
    "general_practice": news.PRACTICE,
    "health_visiting": news.COMMUNITY,
    "hospital": news.GENERAL,
    "police": news.POLICE,
    "social_care": news.SOCIAL_CARE,
}
"""Who knew each invented child, and which invented organisation that is."""

SAID = {
    "hospital": {"resuscitation": "yes", "disability": "no", "housing": "Nothing known."},
    "health_visiting": {"resuscitation": "yes", "disability": "yes", "household_smoking": "yes"},
}
"""What they answer to some questions; they differ about one. The rest is not known to them."""


def ask_agencies(cases: Iterable[Case], cast: Cast, now: datetime) -> None:
    """Three cases: begun a week ago, under way, and one on which a report stays away."""
    by = cast.first(Hat.COORDINATOR)
    young, middle, old = cases
    _under_way(_asked(young, by, now), by)
    _answered(_asked(middle, by, now))
    _overdue(_asked(old, by, now), by, now)


def _asked(case: Case, by: User, now: datetime) -> dict[str, Request]:
    """Ask everybody whom the notification named, two days after it; the requests by agency."""
    edition, known = editions.get(case.edition), opening.known_of(case)
    contacts = Contact.objects.filter(case=case, agency__in=AGENCIES)
    lines = [
        Line(
            agency=contact.agency,
            organisation=Organisation.objects.get(name=AGENCIES[contact.agency]),
            name="Report Desk Invented",
            email=f"{contact.agency.replace('_', '.')}@example.org",
            forms=tuple(opening.opened(edition, known, contact.agency)),
            approves=contact.agency == "social_care",
            board_name="Board Member Invented",
            board_email="board@example.org",
            contact=contact,
        )
        for contact in contacts
    ]
    at = min(now, case.clocks.notified_at + timedelta(days=2))
    return {row.agency: row for row in asking.ask(case, lines, by=by, now=at)}


def _under_way(rows: dict[str, Request], by: User) -> None:
    """Returned, in part, with nothing, with a respondent, to be approved, and asked."""
    _send(rows["hospital"], SAID["hospital"])
    _send(rows["health_visiting"], SAID["health_visiting"], whole=False)
    answering.return_nothing(_link(rows["police"]), why="Looked by name and date of birth.")
    _assign(rows["general_practice"])
    respondent = _assign(rows["social_care"])
    draft = _fill(respondent, {})
    answering.send(respondent, version=draft)


def _answered(rows: dict[str, Request]) -> None:
    """All but one have answered, and two of them differ."""
    for agency, row in rows.items():
        if agency != "police":
            _send(row, SAID.get(agency, {}))


def _overdue(rows: dict[str, Request], by: User, now: datetime) -> None:
    """One came by post, one was asked in error, one gave up, one has more time, one is chased."""
    came = Accepted("report.txt", "text/plain", b"An invented report.")
    asking.keep_by_hand(
        rows["general_practice"],
        [came],
        came_by=Came.POST,
        at=rows["general_practice"].asked_at + timedelta(days=9),
        whole=True,
        by=by,
        version=rows["general_practice"].version,
    )
    for agency, to, why in (
        ("police", RequestState.NOT_APPLICABLE, "Not involved in this synthetic death."),
        ("social_care", RequestState.CLOSED, "Invented: the records were lost in a move."),
    ):
        row = rows[agency]
        asking.set_aside(row, to, why=why, by=by, version=row.version)
    more = rows["hospital"]
    until = (now + timedelta(days=14)).date()
    asking.extend(
        more, until=until, why="Invented: a colleague is ill.", by=by, version=more.version
    )
    _chase(rows["health_visiting"], now)


def _chase(row: Request, now: datetime) -> None:
    """Take each step of chasing when it was due, as the worker would have."""
    closures = closed_days()
    while (step := times.next_step(row, closures)) and step[1] < now:
        chasing.chase_due(step[1] + timedelta(hours=1))
        row.refresh_from_db()


def _link(row: Request, role: Role = Role.CONTACT) -> Invitation:
    return next(each for each in invitations.live(row) if each.role == role)


def _assign(row: Request) -> Invitation:
    made = answering.assign(_link(row), name="Respondent Invented", email="respondent@example.org")
    return _link(made, Role.RESPONDENT)


def _send(row: Request, said: dict[str, str], *, whole: bool = True) -> None:
    link = _link(row)
    answering.send(link, version=_fill(link, said, whole=whole))


def _fill(link: Invitation, said: dict[str, str], *, whole: bool = True) -> int:
    """Answer every page, or the first two; the version of the draft that holds it."""
    paper = answering.paper_of(link.request)
    for code in list(paper.pages) if whole else list(paper.pages)[:2]:
        asked = {question.code for question in paper.pages[code].section.questions}
        boxes = {name: [answer] for name, answer in said.items() if name in asked}
        filled = Paper(paper.request, paper.known, {code: boxes}).filled(code)
        draft = answering.save(link, code, filled, version=0)
    return draft.version
