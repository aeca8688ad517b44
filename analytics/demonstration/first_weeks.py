"""The first weeks of the invented deaths: decisions, first hours, meetings, a letter of figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from analytics.demonstration.people import Cast
from cdop import editions
from cdop.cases import actions as cases
from cdop.cases.models import Case
from cdop.core.clocks import clock_start
from cdop.core.dates import london_date
from cdop.core.organisations import Area, Organisation, OrganisationKind
from cdop.core.periods import Period
from cdop.core.roles import Role
from cdop.core.users import User
from cdop.rapid_response import agreed, discussions, facts, letters, responses, visits
from cdop.rapid_response.states import DiscussionState, LetterState, ResponseState

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = "Invented for the demonstration."
DECIDED = "Consultant paediatrician with senior investigating officer, invented"
AMBULANCE = ("yes", "no", "yes", "not_known", "no")
"""How the ambulance service followed its protocol in the demonstration, one after the other."""
SAID = ("yes", "yes", "no", "yes", "not_known", "yes")
"""What was done in the first hours."""
NOT_NEEDED_EVERY = 9
_numbers = count()


def past(case: Case, by: User, until: datetime) -> None:
    """What was recorded of the first weeks of a death that the panel has reviewed since."""
    if not _asks(case):
        return
    number = next(_numbers)
    decide(case, by, needed=number % NOT_NEEDED_EVERY != 4)
    say_what_was_done(case, by, number)
    hold(case, by, "planning", _death(case) + (20 + 7 * (number % 5)) * HOUR)
    final = min(_death(case) + (60 + 5 * (number % 6)) * DAY, until - 3 * DAY)
    row = hold(case, by, "final", final)
    sent_on = london_date(final + (2 + number % 8) * DAY)
    discussions.send_to_coroner(row, sent_on, by=by, version=row.version)


def present(found: list[Case], cast: Cast, now: datetime) -> None:
    """Open cases: the response started on the first that asks for one, undecided on the others.

    The officer is on the case with the tasks of the police alone.
    """
    nurse, officer = cast.first(Role.CDOP_NURSE), cast.first(Role.RESPONDER)
    asking = [case for case in found if _asks(case)]
    for case in found:
        until = london_date(now) + timedelta(days=90)
        coordinator = cast.first(Role.COORDINATOR)
        cases.give_access(case, officer, by=coordinator, ends_on=until, leads=["police"])
    for case in asking[:1]:
        decide(case, nurse, needed=True)
        held = hold(case, nurse, "planning", min(_death(case) + 26 * HOUR, now - HOUR))
        due_on = london_date(now) - DAY
        what = "Ring the school, so that no letter goes to the family"
        agreed.add(held, by=nurse, what=what, lead="education", due_on=due_on)
        what = "Visit the other home in which the child lived"
        agreed.add(held, by=nurse, what=what, lead="police", due_on=due_on + 7 * DAY)
        plan(case, nurse, "case", now + DAY)


def write_letter(cast: Cast, period: Period, at: datetime) -> None:
    """The panel writes to the police about the visits of a year, as it had to."""
    police = Organisation.objects.filter(kind=OrganisationKind.POLICE).first()
    area = Area.objects.get(code="E06000050")
    if police is None:
        return
    by = cast.first(Role.COORDINATOR)
    letter = letters.write(
        police,
        period,
        area,
        by=by,
        attention="Superintendent for public protection, invented",
        purpose=REASON,
        at=at,
    )
    on, note = london_date(at), "By secure e-mail, invented"
    letters.settle(letter, LetterState.SENT, by=by, version=letter.version, on=on, note=note)


def decide(case: Case, by: User, *, needed: bool) -> None:
    """Whether a response was started, an hour and a half after the death."""
    criteria = [each.code for each in editions.get(case.edition).criteria]
    decided_at = _death(case) + 1.5 * HOUR
    responses.record(
        case,
        ResponseState.STARTED if needed else ResponseState.NOT_NEEDED,
        by=by,
        version=responses.NOT_RECORDED,
        criteria=criteria[:1] if needed else [],
        decided_at=decided_at,
        decided_by=DECIDED,
        why="" if needed else REASON,
        at=decided_at + 30 * HOUR,
    )


def say_what_was_done(case: Case, by: User, number: int) -> None:
    """What was done in the first hours, answers in turn."""
    said = {name: SAID[(number + order) % len(SAID)] for order, name in enumerate(facts.DONE)}
    ambulance = AMBULANCE[number % len(AMBULANCE)]
    facts.record_care(
        case,
        by=by,
        version=facts.NOT_RECORDED,
        ambulance_protocol=ambulance,
        ambulance_why=REASON if ambulance == "no" else "",
        care_why=REASON if "no" in said.values() else "",
        **said,
    )


def hold(case: Case, by: User, kind: str, held_at: datetime) -> discussions.Discussion:
    """A meeting of the agencies was held."""
    return discussions.save(
        case,
        0,
        DiscussionState.HELD,
        by=by,
        version=discussions.NOT_RECORDED,
        kind=kind,
        held_at=held_at,
        chair="Designated doctor, invented",
        agencies=["designated_doctor", "consultant", "police", "social_care"],
        present="Invented professionals, by their roles",
        decisions=REASON,
        at=held_at + 20 * HOUR,
    )


def plan(case: Case, by: User, kind: str, planned_for: datetime) -> None:
    """A meeting of the agencies is planned."""
    discussions.save(
        case,
        0,
        DiscussionState.PLANNED,
        by=by,
        version=discussions.NOT_RECORDED,
        kind=kind,
        planned_for=planned_for,
    )


def _asks(case: Case) -> bool:
    """Whether the checklist asks for a visit: then the death was not known to be expected."""
    return case.checklist.filter(task=visits.RECORDED).exists()


def _death(case: Case) -> datetime:
    clocks = case.clocks
    return clock_start(clocks.died_on, clocks.died_at, clocks.confirmed_at).at
