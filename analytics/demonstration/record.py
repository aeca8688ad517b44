"""What a case waits for, a family and what was said to it, a signal: on cases open today.

By the same actions that people take; every word of it is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from analytics.demonstration.people import Cast
from cdop.cases import (
    confirmation,
    conversations,
    families,
    family_questions,
    holding,
    linked,
    signals,
    urgent,
)
from cdop.cases.conversations import ConversationRecord, How, Verified
from cdop.cases.holds import Meanwhile
from cdop.cases.linked import Origin
from cdop.cases.models import Case
from cdop.cases.signals import Signal
from cdop.cases.states import CaseState
from cdop.core.dates import london_date
from cdop.core.roles import Role

if TYPE_CHECKING:
    from cdop.core.users import User

FATHER = {
    "name": "Second Parent Synthetic",
    "relationship": "Father",
    "details": "Ring 01632 960007, not before noon",
}


def keep(open_cases: Sequence[Case], cast: Cast, now: datetime) -> None:
    """Fill the record of the three cases for which information is still gathered."""
    keys = [case.pk for case in open_cases]
    gathering = Case.objects.filter(pk__in=keys, state=CaseState.GATHERING)
    newest, second, oldest = gathering.order_by("pk")
    _hold_by_inquest(second, cast, now)
    _hold_by_police(oldest, cast, now)
    _refer(oldest, cast, now)
    _call_for_a_notice(oldest, cast, now)
    _speak(second, cast, now)
    _signal([newest, second], cast, now)


def _hold_by_inquest(case: Case, cast: Cast, now: datetime) -> None:
    """An inquest, about which nobody has asked the coroner yet; its next check is today."""
    today = london_date(now)
    holding.begin(
        case,
        kind="inquest",
        reason="Synthetic: the inquest was opened and put off until the post-mortem is there.",
        owner=cast.first(Role.COORDINATOR),
        began_on=today - timedelta(days=5),
        next_check_on=today,
        next_family_on=today + timedelta(days=7),
        by=cast.first(Role.COORDINATOR),
    )


def _hold_by_police(case: Case, cast: Cast, now: datetime) -> None:
    """An investigation by the police, during which the panel may go on."""
    today, nurse = london_date(now), cast.first(Role.CDOP_NURSE)
    next_check_on = today + timedelta(days=60)
    why = "Synthetic: the police ask that the family hears from them alone."
    hold = holding.begin(
        case,
        kind="criminal",
        reason="Synthetic: the police look into it.",
        owner=nurse,
        began_on=today - timedelta(days=30),
        why_no_family=why,
        by=nurse,
        next_check_on=next_check_on,
        next_family_on=None,
    )
    holding.check(
        hold,
        found="Synthetic: nobody is charged so far.",
        owner=nurse,
        meanwhile=Meanwhile.AGREES,
        view_of="Senior investigating officer, invented",
        view_on=today - timedelta(days=2),
        why_no_family=why,
        by=nurse,
        version=hold.version,
        next_check_on=next_check_on,
        next_family_on=None,
    )


def _refer(case: Case, cast: Cast, now: datetime) -> None:
    """A referral that was taken on."""
    today, by = london_date(now), cast.first(Role.COORDINATOR)
    review = linked.add(
        case,
        kind="safeguarding_review",
        led_by="Invented safeguarding partners",
        origin=Origin.REFERRED,
        why="Synthetic: several services knew of the same worry.",
        asked_on=today - timedelta(days=25),
        owner=by,
        next_check_on=today + timedelta(days=14),
        by=by,
    )
    linked.start(
        review,
        began_on=today - timedelta(days=10),
        decided_on=today - timedelta(days=12),
        decision="Synthetic: the criteria are met.",
        next_check_on=today + timedelta(days=45),
        by=by,
        version=review.version,
    )


def _call_for_a_notice(case: Case, cast: Cast, now: datetime) -> None:
    """The council's notice of a serious incident, given in time."""
    by, known_at = cast.first(Role.COORDINATOR), now - timedelta(days=30)
    notice = urgent.call_for(
        case,
        kind="serious_incident",
        about="Synthetic: neglect is suspected.",
        owner=by,
        known_at=known_at,
        by=by,
    )
    urgent.give(
        notice,
        sent_at=known_at + timedelta(hours=20),
        sent_to="Invented national body",
        by=by,
        version=notice.version,
    )


def _speak(case: Case, cast: Cast, now: datetime) -> None:
    """A family with two parents, of whom one rang; a key worker, and what may not be said."""
    by, family = cast.first(Role.CDOP_NURSE), families.of(case)
    assert family  # begun with the case
    confirmation.confirm_by_call(
        case,
        organisation="Invented General Hospital",
        number_from="Synthetic: the directory of the trust",
        spoke_to="Duty manager, invented",
        rung_at=now - timedelta(days=2),
        by=by,
        version=0,
    )
    known = families.read(family, case, by=by, purpose="demonstration")
    families.edit(
        case,
        by=by,
        version=family.version,
        people=[*known.people, FATHER],
        limits="Synthetic: nothing about the post-mortem before the coroner has told them.",
        wishes="Synthetic: by telephone, not by post.",
        key_worker="Kim Keyworker",
        key_worker_at="Invented General Hospital",
        key_worker_phone="01632 960008",
    )
    said = ConversationRecord(
        spoken_with=FATHER["name"],
        told="Synthetic: that we gather what the services know, and that an inquest was opened.",
        asked="Synthetic: why the ambulance took so long.",
        not_said="Synthetic: the post-mortem, which is the coroner's to tell.",
    )
    conversations.keep(
        case,
        said,
        how=How.THEY_RANG,
        verified=Verified.CALLED_BACK,
        next_on=london_date(now) + timedelta(days=7),
        at=now - timedelta(days=1),
        by=by,
    )
    _ask(case, by, london_date(now))


def _ask(case: Case, by: User, today: date) -> None:
    """Two questions of the family: one has an answer that nobody has approved yet."""
    father, yesterday = FATHER["name"], today - timedelta(days=1)
    family_questions.ask(
        case,
        asked_by=father,
        asked_on=yesterday,
        question="Synthetic: why did the ambulance take so long?",
        for_panel="Made up: could help have come sooner?",
        by=by,
    )
    other = family_questions.ask(
        case,
        asked_by=father,
        asked_on=yesterday,
        question="Synthetic: will somebody tell the school?",
        by=by,
    )
    family_questions.answer(
        other,
        answer="Synthetic: the key worker has told the head teacher.",
        answered_on=today,
        may_tell=True,
        by=by,
        version=other.version,
    )


def _signal(cases: Sequence[Case], cast: Cast, now: datetime) -> Signal:
    """Two deaths that may have a product in common; it is decided and looked at again."""
    today, by = london_date(now), cast.first(Role.COORDINATOR)
    first, *others = cases
    signal = signals.raise_signal(
        first,
        kind="product",
        about="Synthetic: the same invented cot in both homes.",
        owner=by,
        due_on=today + timedelta(days=3),
        by=by,
    )
    for case in others:
        signals.add_case(signal, case, by=by)
    return signals.decide(
        signal,
        decision="Synthetic: the maker is asked, and the other panels are told.",
        decided_by="Chas Chair",
        decided_on=today,
        due_on=today + timedelta(days=21),
        by=by,
        version=signal.version,
    )
