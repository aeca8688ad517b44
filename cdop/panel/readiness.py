"""Which cases can come to a meeting: those that are ready, and for each one that is not, why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cdop.cases import links
from cdop.cases.links import Linked
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import casework
from cdop.panel.models import NEONATAL, Meeting
from cdop.panel.queries import Candidate, candidates

if TYPE_CHECKING:
    from cdop.core.users import User
    from cdop.panel.models import AgendaItem

NEONATAL_DAYS = 28
STATES = {
    CaseState.READY: "It is ready, and not on this agenda.",
    CaseState.GATHERING: "It is not ready yet.",
}


@dataclass(frozen=True)
class Offer:
    """Cases of one family that are offered together, or one case alone.

    remarks   by the key of each case, what else to know before it is chosen
    missing   cases of the family that cannot come, each with the reason
    """

    candidates: list[Candidate]
    remarks: dict[int, list[str]]
    missing: list[str] = field(default_factory=list)

    @property
    def possible(self) -> list[Candidate]:
        return [each for each in self.candidates if not each.why_not]


def offers(meeting: Meeting, user: User) -> list[Offer]:
    """The ready cases that are not on this agenda, those of one family together."""
    found = {each.case.pk: each for each in candidates(meeting, user)}
    related = links.beside([each.case.reference for each in found.values()], user)
    missing = casework.missing_for_panel([each.case for each in found.values()])
    remarks = {
        key: _remarks(meeting, each.case, missing.get(key, [])) for key, each in found.items()
    }
    there = set(meeting.agenda.values_list("case", flat=True))
    grouped: list[Offer] = []
    placed: set[int] = set()
    for key in found:
        if key in placed:
            continue
        together = _family(key, found, related)
        placed |= set(together)
        absent = {
            relative.case.pk: f"{relative.case} ({relative.kind}): {_why_absent(relative.case)}"
            for one in together
            for relative in related.get(found[one].case.reference, [])
            if relative.case.pk not in found and relative.case.pk not in there
        }
        grouped.append(Offer([found[one] for one in together], remarks, list(absent.values())))
    return grouped


def why_not_ready(cases: Iterable[Case]) -> dict[int, list[str]]:
    """Of cases that are not ready, what each still misses, by its key; each is in it."""
    cases = list(cases)
    missing = casework.missing_for_panel(cases)
    nothing = ["Nothing is missing: make it ready on its page."]
    return {case.pk: missing.get(case.pk) or nothing for case in cases}


def family_on_agenda(items: Sequence[AgendaItem], user: User) -> dict[int, list[str]]:
    """What the agenda says of the families of its cases, by the key of the item.

    To everybody, which other case of it belongs with one; to the team also which is missing.
    """
    on = {item.case_id: item for item in items}
    found: dict[int, list[str]] = {}
    for one, other, kind in links.between(on):
        found.setdefault(on[one].pk, []).append(f"Belongs with {on[other]} ({kind}).")
        found.setdefault(on[other].pk, []).append(f"Belongs with {on[one]} ({kind}).")
    related = links.beside([item.case.reference for item in items], user)
    for item in items:
        for each in related.get(item.case.reference, []):
            if each.case.pk not in on:
                why = _why_absent(each.case)
                sentence = f"{each.case} ({each.kind}) is not on this agenda. {why}"
                found.setdefault(item.pk, []).append(sentence)
    return found


def _family(key: int, found: dict[int, Candidate], related: dict[str, list[Linked]]) -> list[int]:
    """A case and all others of its family among those found, however they are linked."""
    together, waiting = [], [key]
    while waiting:
        one = waiting.pop(0)
        if one in together or one not in found:
            continue
        together.append(one)
        waiting += [each.case.pk for each in related.get(found[one].case.reference, [])]
    return together


def _remarks(meeting: Meeting, case: Case, missing: list[str]) -> list[str]:
    age = case.facts.age_days
    older = meeting.kind == NEONATAL and age is not None and age >= NEONATAL_DAYS
    return [*(["Not in the first four weeks of life."] if older else []), *missing]


def _why_absent(case: Case) -> str:
    return STATES.get(CaseState(case.state), f"It is {CaseState(case.state).label}.")
