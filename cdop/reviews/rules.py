"""Why an analysis does not fit together, and why a review or a finding cannot be taken on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdop.cases.states import CaseState
from cdop.editions import Edition, one
from cdop.editions.schema import CONTRIBUTION, NO_INFORMATION
from cdop.panel import declarations
from cdop.panel.models import AgendaItem
from cdop.panel.states import JUDGES, LEADS, ItemState, MeetingState
from cdop.reviews.content import Content, FactorLine, Outcome, Recommendation, highest
from cdop.reviews.models import DraftReading, Finding
from cdop.reviews.states import FindingState, Reached

if TYPE_CHECKING:
    from cdop.core.users import User


NOT_LED = (
    "You declared an interest in this case, so somebody else who chairs records its finding and "
    "signs it off."
)
REVIEWED = (CaseState.REVIEWED, CaseState.CLOSED)


@dataclass(frozen=True)
class Problem:
    """What is wrong, in a sentence, and the field of the form that it stands beside."""

    field: str
    sentence: str


def problems(content: Content, edition: Edition) -> list[Problem]:
    """What does not fit together in an analysis, in the order of the form."""
    return [
        *_domains(content, edition),
        *(found for line in content.factors for found in _factor(line, edition)),
        *_modifiable(content, edition),
        *_category(content, edition),
        *(found for line in content.recommendations for found in _recommended(line)),
    ]


def outcome_problems(outcome: Outcome, people: Iterable[str]) -> list[Problem]:
    """What does not fit in how the panel came to its finding.

    people  names of those who were invited: what was said against it is nobody's
    """
    found = []
    if outcome.reached == Reached.MAJORITY and not outcome.dissent:
        found.append(
            Problem("dissent", "Say what those thought who did not agree, and not who they are.")
        )
    said = outcome.dissent.casefold()
    named = sorted({name for name in people if name.casefold() in said})
    if named:
        found.append(
            Problem("dissent", f"Take out who said it: {', '.join(named)}. The words are enough.")
        )
    return found


def why_not_alone(user: User, opened: DraftReading | None) -> str:
    """Why this person's review would no longer be made alone."""
    if opened is None or opened.reader_id != user.pk:
        return ""
    return "You opened the lead's draft, so you can no longer send a review made alone."


def why_not_review(item: AgendaItem) -> str:
    """Why no review of this case is taken now; sent reviews are made alone, before the meeting."""
    meeting = item.meeting
    if item.state == ItemState.DEFERRED:
        return "This case is deferred, so no review of it is taken for this meeting."
    if meeting.state == MeetingState.PLANNED:
        return ""
    return f"The meeting is {meeting.state_label}, so reviews made alone are no longer taken."


def why_not_record(item: AgendaItem, finding: Finding | None) -> str:
    """Why the panel's finding on this case cannot be recorded now.

    finding  the latest on the case, if there is one
    """
    if finding and amends(item, finding):
        return _why_not_amend(item, finding)
    if item.state == ItemState.DEFERRED:
        return "This case was deferred at this meeting. Take it up again to record a finding."
    if item.meeting.state != MeetingState.OPEN:
        return f"The meeting is {item.meeting.state_label}. A finding is recorded while it is open."
    return ""


def why_not_judge(item: AgendaItem, user: User) -> str:
    """Why this person sends no review of a case, whatever its meeting: an interest of theirs."""
    if declarations.part(item, user) in (None, *JUDGES):
        return ""
    return "You declared an interest in this case, so you do not review it."


def why_not_lead(item: AgendaItem, user: User) -> str:
    """Why this person neither records nor signs off a finding: their interest in the case."""
    if declarations.part(item, user) in (None, *LEADS):
        return ""
    return NOT_LED


def is_anew(item: AgendaItem, finding: Finding) -> bool:
    """Whether the case was reopened after this finding and is at another meeting."""
    signed_off = finding.state == FindingState.SIGNED_OFF
    return signed_off and finding.item_id != item.pk and item.case.state == CaseState.READY


def amends(item: AgendaItem, finding: Finding) -> bool:
    """Whether what is recorded now is another version of what was signed off once."""
    if is_anew(item, finding):
        return False
    if finding.state == FindingState.SIGNED_OFF:
        return True
    return bool(finding.why_changed) and item.case.state in REVIEWED


def _why_not_amend(item: AgendaItem, finding: Finding) -> str:
    if item.case.state not in REVIEWED:
        return "This case is open again. Its finding is recorded at the meeting that reviews it."
    if finding.item_id != item.pk:
        return "A later meeting found on this case. Change what was found there."
    return ""


def outcome_of(finding: Finding) -> Outcome:
    """How the panel came to a finding."""
    return Outcome(finding.reached, finding.dissent, finding.would_change)


def why_not_sign_off(finding: Finding, missing: list[str]) -> str:
    """Why the finding cannot be signed off as it stands.

    missing  what the gate asks and nobody answered or explained
    """
    if finding.state == FindingState.SIGNED_OFF:
        return "The finding is signed off already."
    if finding.why_changed and finding.case.state not in REVIEWED:
        return "This case is open again. Its finding is signed off when the panel has reviewed it."
    if missing:
        return "Before the finding is signed off, this must be settled: " + " ".join(missing)
    return ""


def locked(item: AgendaItem) -> AgendaItem:
    """The case at its meeting, locked: of two acts on it one waits for the other."""
    return (
        AgendaItem.objects.select_for_update(of=("self",))
        .select_related("meeting", "case")
        .get(pk=item.pk)
    )


def _category(content: Content, edition: Edition) -> Iterator[Problem]:
    rule = highest(content.categories, edition)
    if content.override and content.override not in content.categories:
        yield Problem(
            "categories", "Select the category that you let stand among those that fit, too."
        )
    overrides = content.override not in ("", rule)
    if overrides and not content.override_reason:
        label = one(edition.categories, rule).label if rule else "the highest-ranking one"
        yield Problem("override_reason", f"Say why another category stands in place of “{label}”.")
    if content.override_reason and not overrides:
        yield Problem(
            "override",
            "You gave a reason for another category. Select which one, or take the reason out.",
        )


def _factor(line: FactorLine, edition: Edition) -> Iterator[Problem]:
    name = f"Factor {line.line + 1}"
    if not line.domain:
        yield Problem(
            f"factor-{line.line}-what",
            f"{name}: select the factor, or the part of the child's life for your own words.",
        )
    elif not line.code and not line.words:
        yield Problem(f"factor-{line.line}-words", f"{name}: say in your own words what it is.")
    if not line.grade:
        yield Problem(f"factor-{line.line}-grade", f"{name}: select how much it contributed.")
    elif _says(line.grade, edition) == NO_INFORMATION:
        yield Problem(
            f"factor-{line.line}-grade",
            f"{name} was found, so information on it is available. Select another grade.",
        )
    if line.modifiable is None:
        yield Problem(f"factor-{line.line}-modifiable", f"{name}: say whether it is modifiable.")


def _recommended(line: Recommendation) -> Iterator[Problem]:
    name, box = f"Recommendation {line.line + 1}", f"recommended-{line.line}"
    if not line.words:
        yield Problem(f"{box}-words", f"{name}: say what you recommend.")
    if not line.to_whom:
        yield Problem(f"{box}-to_whom", f"{name}: say to whom.")
    if not line.level:
        yield Problem(f"{box}-level", f"{name}: choose a level.")


def _domains(content: Content, edition: Edition) -> Iterator[Problem]:
    order = [grade.code for grade in edition.grades]
    for domain in edition.domains:
        grade = content.grades[domain.code].grade if domain.code in content.grades else ""
        own = [line.grade for line in content.factors if line.domain == domain.code and line.grade]
        worst = max(own, key=order.index, default="")
        if grade and worst and order.index(grade) < order.index(worst):
            yield Problem(
                f"grade-{domain.code}",
                f"“{domain.label}” is graded {grade}, but one of its factors {worst}. Grade the "
                "part at least as high as the highest of its factors.",
            )


def _modifiable(content: Content, edition: Edition) -> Iterator[Problem]:
    contributing = any(
        line.modifiable and _says(line.grade, edition) == CONTRIBUTION for line in content.factors
    )
    said = {_says(each.grade, edition) for each in content.grades.values() if each.grade}
    if content.modifiable == "modifiable" and not contributing:
        yield Problem(
            "modifiable",
            "You answered that modifiable factors were identified, but no factor that may have "
            "contributed is marked as modifiable. Mark it on its line, or change the answer.",
        )
    if content.modifiable in ("not_modifiable", "inadequate") and contributing:
        yield Problem(
            "modifiable",
            "A factor that may have contributed is marked as modifiable, so the answer must be "
            "that modifiable factors were identified. Change the answer, or the factor.",
        )
    if content.modifiable == "not_modifiable" and said == {NO_INFORMATION}:
        yield Problem(
            "modifiable",
            "Every part that you graded lacks information, so nobody can say that there were no "
            "modifiable factors. Change the grades, or answer that there was not enough.",
        )


def _says(grade: str, edition: Edition) -> str:
    """What a grade means for the answer on modifiable factors; "" where none was given."""
    return one(edition.grades, grade).says if grade else ""
