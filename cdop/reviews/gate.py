"""What the national database would complain of, before a finding is signed off and a case closed.

Each point is answered, by what the finding or the case says, or explained in words that are kept
with the finding. A few cannot be explained away: without them nothing can be counted.
Source of what is asked: S6h (demographics, each factor on a line of its own with its grade, an
answer on modifiable factors).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.cases.states import CaseState
from cdop.core.audit import act
from cdop.core.refusals import Refused, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit
from cdop.editions import Edition
from cdop.panel import reading
from cdop.reviews import queries, rules, vocabulary
from cdop.reviews.content import Content, FactorLine
from cdop.reviews.finding_models import Explained
from cdop.reviews.models import Finding
from cdop.reviews.vocabulary import Offered, normal

if TYPE_CHECKING:
    from cdop.core.users import User

DEMOGRAPHICS = {
    "area": "The case does not say in which area the child normally lived.",
    "sex": "The case does not say the child's sex, nor that it is not known.",
    "age_days": "The case does not say how old the child was.",
    "ethnic_group": "The case does not say the child's ethnic group, nor that it is not known.",
}
BETWEEN = re.compile(r"\s*(?:,|;|/|&|\+|\band\b|\bas well as\b)\s*")
SHORTEST = 5
"""Letters that a word needs to stand for a factor by itself."""
ABOUT_LIMIT = 300


@dataclass(frozen=True)
class Point:
    """One thing that is missing or doubtful.

    code   such as ``sex``, ``grade-child`` or ``combined``
    about  the words that it is about, where there are some
    firm   whether it has to be answered: no explanation settles it
    why    the explanation, "" while there is none
    """

    code: str
    sentence: str
    about: str = ""
    firm: bool = False
    why: str = ""

    @property
    def open(self) -> bool:
        return not self.why


def points(finding: Finding, content: Content) -> list[Point]:
    """All points of a finding, those that are explained with the explanation."""
    edition = editions.get(finding.analysis.edition)
    facts = CaseFacts.objects.get(pk=finding.case_id)
    said = {(row.point, row.about): row.words for row in finding.explained.all()}
    joined = any(BETWEEN.search(normal(line.words)) for line in content.factors)
    terms = vocabulary.offered(edition) if joined else []
    found = [*_demographics(facts), *in_analysis(content, edition, finding.reached, terms)]
    return [
        point if point.firm else replace(point, why=said.get((point.code, point.about), ""))
        for point in found
    ]


def in_analysis(
    content: Content, edition: Edition, reached: str, terms: Iterable[Offered] = ()
) -> list[Point]:
    """What is missing or doubtful in the analysis itself.

    reached  how the panel came to it, a code of ``states.Reached``
    terms    the factors on offer, to see where a line names two of them
    """
    return [
        *_firm(content, reached),
        *_ungraded(content, edition),
        *_combined(content.factors, list(terms)),
    ]


def open_sentences(found: Iterable[Point]) -> list[str]:
    """What must still be answered or explained."""
    return [point.sentence for point in found if point.open]


def why_not_close(finding: Finding | None) -> str:
    """Why a case cannot be closed with this, its latest finding; "" means it can."""
    if finding is None:
        return ""
    if finding.signed_off_at is None:
        return "The finding on this case has a version that is not signed off yet."
    found = points(finding, queries.content_of(finding.analysis_id))
    left = open_sentences(point for point in found if not point.firm)
    if not left:
        return ""
    return "Before the case is closed, this must be answered or explained: " + " ".join(left)


def explain(finding: Finding, *, code: str, about: str, words: str, by: User) -> Explained:
    """Say why a point stays as it is; said again, the later words stand."""
    refuse_unless(
        by,
        Permission.FINDINGS_RECORD,
        Permission.MEETINGS_ARRANGE,
        otherwise="Your role does not answer what is missing in a finding.",
    )
    if not words.strip():
        raise Refused("Say why it stays as it is.")
    with act():
        row = Finding.objects.select_for_update().select_related("item", "case").get(pk=finding.pk)
        reading.must_read(row.item, by)
        refuse_if(rules.why_not_lead(row.item, by), HTTPStatus.FORBIDDEN)
        refuse_if(_why_not_explain(row, code, about))
        kept = row.explained.filter(point=code, about=about).first()
        said: dict[str, Any] = {"words": words.strip(), "explained_by": by}
        if kept is not None:
            return edit(kept, by=by, action="finding.explained", **said)
        new = Explained(finding=row, point=code, about=about, **said)
        return create(new, by=by, action="finding.explained")


def _why_not_explain(finding: Finding, code: str, about: str) -> str:
    if finding.case.state == CaseState.CLOSED:
        return "The case is closed, so what was explained stays as it was."
    found = points(finding, queries.content_of(finding.analysis_id))
    point = next((each for each in found if (each.code, each.about) == (code, about)), None)
    if point is None:
        return "This is answered meanwhile. Nothing needs to be explained."
    return "This has to be answered. An explanation does not settle it." if point.firm else ""


def _firm(content: Content, reached: str) -> Iterator[Point]:
    if not content.expectedness:
        yield Point("expectedness", "Nobody said whether the death was expected.", firm=True)
    if not content.categories:
        yield Point("category", "No category of death is chosen.", firm=True)
    if not content.modifiable:
        yield Point("modifiable", "The question on modifiable factors is not answered.", firm=True)
    if not reached:
        yield Point("reached", "Nobody said how the finding was reached.", firm=True)
    for line in content.factors:
        if not line.grade:
            yield Point("factor", f"Factor {line.line + 1} has no grade.", firm=True)


def _demographics(facts: CaseFacts) -> Iterator[Point]:
    for column, sentence in DEMOGRAPHICS.items():
        value = facts.area_id if column == "area" else getattr(facts, column)
        if value in ("", None):
            yield Point(column, sentence)


def _ungraded(content: Content, edition: Edition) -> Iterator[Point]:
    for domain in edition.domains:
        graded = content.grades.get(domain.code)
        if graded is None or not graded.grade:
            yield Point(f"grade-{domain.code}", f"“{domain.label}” has no grade.")


def _combined(lines: Iterable[FactorLine], terms: list[Offered]) -> Iterator[Point]:
    """Lines whose words name two factors: each belongs on a line of its own."""
    for line in lines:
        if names_two(line.words, terms):
            yield Point(
                "combined",
                f"Factor {line.line + 1}, “{line.words}”, seems to name two factors. Give each a "
                "line of its own, with its own grade.",
                about=line.words[:ABOUT_LIMIT],
            )


def names_two(words: str, terms: Iterable[Offered]) -> bool:
    """Whether words join two different factors of the list.

    A part between two joining words stands for every factor whose name it is in, or that is in it.
    The parts name two factors where two of them have none in common.
    """
    labels = {(term.domain, term.code): normal(term.label) for term in terms}
    whole = normal(words)
    if any(whole == label for label in labels.values()):
        return False
    parts = [part for part in BETWEEN.split(whole) if part]
    meant = [{key for key, label in labels.items() if _is_in(part, label)} for part in parts]
    known = [each for each in meant if each]
    return any(not one & other for number, one in enumerate(known) for other in known[number + 1 :])


def _is_in(part: str, label: str) -> bool:
    return _holds(part, label) or len(part) >= SHORTEST and _holds(label, part)


def _holds(text: str, words: str) -> bool:
    """Whether the words stand in the text as whole words."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None
