"""What somebody needs before them while a parent is on the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cdop.cases import (
    confirmation,
    conversations,
    families,
    family_questions,
    holds,
    placement,
)
from cdop.cases.conversations import Spoken
from cdop.cases.families import Family, FamilyRecord
from cdop.cases.family_questions import Asked
from cdop.cases.holds import Hold
from cdop.cases.models import Case
from cdop.cases.states import CaseState, PlacementState
from cdop.core import casework
from cdop.core.audit import act
from cdop.core.dates import start_of
from cdop.core.jinja import day

if TYPE_CHECKING:
    from cdop.core.users import User

PURPOSE = "a parent rings"
STAGES = {
    CaseState.GATHERING: "We are gathering what each service that knew the child can tell. The "
    "panel has not met about it yet.",
    CaseState.READY: "Everything that the panel needs is there. The panel has still to meet.",
    CaseState.REVIEWED: "The panel has met about it. What it found is being followed up.",
    CaseState.CLOSED: "The review is complete.",
    CaseState.WITHDRAWN: "There is no review: the report that began it was withdrawn.",
}


@dataclass(frozen=True)
class Told:
    """One person of the family, and what they were told last."""

    person: dict[str, str]
    last: Spoken | None


@dataclass(frozen=True)
class Next:
    """Something that lies ahead: when, and what."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Call:
    """All that the page of a call shows of one case and its family."""

    family: Family
    record: FamilyRecord
    cases: Sequence[Case]
    stage: Sequence[str]
    warnings: Sequence[str]
    told: Sequence[Told]
    spoken: Sequence[Spoken]
    questions: Sequence[Asked]
    ahead: Sequence[Next]

    @property
    def asked(self) -> list[Spoken]:
        """The conversations in which they asked something, oldest first."""
        return [each for each in reversed(self.spoken) if each.said.asked]


def on(case: Case, family: Family, *, by: User) -> Call:
    """Open what is known for a call; both readings are recorded."""
    with act():
        known = families.read(family, case, by=by, purpose=PURPOSE)
        spoken = conversations.read(family, case, by=by, purpose=PURPOSE)
        questions = family_questions.of(family, case, by=by, purpose=PURPOSE)
    held = [hold for hold in holds.of(case) if hold.is_running]
    return Call(
        family=family,
        record=known,
        cases=families.cases_of(family),
        stage=stage_in_words(case, held),
        warnings=list(_warnings(case)),
        told=[Told(person, _last_told(person, spoken)) for person in known.people],
        spoken=spoken,
        questions=questions,
        ahead=_ahead(case, family, held),
    )


def stage_in_words(case: Case, held: Sequence[Hold]) -> list[str]:
    """Where the review stands, in sentences that can be read out."""
    row = placement.known(case)
    if row and row.state == PlacementState.ELSEWHERE:
        return [f"{row.reviewed_by} reviews this death, and not our panel."]
    if row and row.state == PlacementState.OUTCOME:
        return [f"{row.reviewed_by} has reviewed this death."]
    sentences = [STAGES[CaseState(case.state)]]
    if not case.facts.in_scope and case.state != CaseState.WITHDRAWN:
        sentences = ["This panel does not review the death."]
    return [*sentences, *(_held(case, hold) for hold in held)]


def _held(case: Case, hold: Hold) -> str:
    kind = holds.kind_label(case, hold.kind).split(",")[0].lower()
    return f"It waits for something that is not ours ({kind}), since {day(hold.began_on)}."


def _warnings(case: Case) -> list[str]:
    why = confirmation.why_not_speak_to_family(case)
    return [f"Say nothing about the death yet. {why}"] if why else []


def _last_told(person: dict[str, str], spoken: Sequence[Spoken]) -> Spoken | None:
    name = person.get("name", "")
    return next((e for e in spoken if e.said.spoken_with == name and e.said.told), None)


def _ahead(case: Case, family: Family, held: Sequence[Hold]) -> list[Next]:
    """What is to come: our next word, and what the stages have put down for the days ahead."""
    found = [
        Next(start_of(on), "The family hears from us")
        for on in [family.next_on, *(hold.next_family_on for hold in held)]
        if on
    ]
    found += [Next(event.at, event.text) for event in casework.ahead(case)]
    return sorted(set(found), key=lambda each: (each.at, each.text))
