"""Several deaths reviewed together at a neonatal meeting: a short form for each, on one page.

Each form asks what every finding needs, and has two lines for factors. What stands in boxes that
it does not show, from the long form or a draft, is kept and recorded with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from cdop import editions
from cdop.core.drafts import Draft
from cdop.panel import declarations, quorum
from cdop.panel.facts import facts_of
from cdop.panel.models import NEONATAL, AgendaItem, Meeting
from cdop.panel.states import LEADS
from cdop.reviews import analyses, rules, unfinished, vocabulary
from cdop.reviews.content import Content
from cdop.reviews.finding_models import PreparedFinding
from cdop.reviews.forms import PARTS, FindingForm, Typed, lines_of, typed_of
from cdop.reviews.models import Finding, Review
from cdop.reviews.queries import WITH_PARTS, names_at
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.users import User

SHORT_LINES = 2
FIRST = ("cause", "expectedness", "categories")
LAST = ("modifiable", "learning", "reached", "dissent")


@dataclass
class Place:
    """One case on the page.

    there   what the boxes of its form hold: a draft, else what was recorded or prepared
    closed  why nothing is recorded of it here, "" where it is
    """

    item: AgendaItem
    finding: Finding | None
    draft: Draft | None
    there: Typed
    closed: str
    form: FindingForm | None = None
    stale: str = ""
    differences: list[dict[str, str]] = field(default_factory=list)

    @property
    def about(self) -> str:
        """Age and sex, as the papers say them."""
        told = {fact.term: fact.text for fact in facts_of(self.item)}
        return f"{told['Age']}, {told['Sex'].lower()}"

    @property
    def version(self) -> int:
        return self.finding.version if self.finding else 0

    @property
    def beyond(self) -> int:
        """How many boxes hold something that the short form does not show."""
        return len(set(self.there) - set(shown(self.item)))


def is_neonatal(meeting: Meeting) -> bool:
    """Whether the cases of a meeting are reviewed together."""
    return meeting.kind == NEONATAL


def shown(item: AgendaItem) -> list[str]:
    """The boxes of the short form, in the order of the page."""
    grades = [f"grade-{domain.code}" for domain in item.meeting.edition.domains]
    lines = [f"factor-{line}-{part}" for line in range(SHORT_LINES) for part in PARTS]
    return [*FIRST, *grades, *lines, *LAST]


def places(meeting: Meeting, user: User) -> list[Place]:
    """The cases of a meeting that the person reads, in order; how many changes no statement."""
    rows = AgendaItem.objects.readable_by(user).not_deferred().filter(meeting=meeting)
    items = list(
        rows.select_related("case__data_key", "case__facts__area").order_by("position", "pk")
    )
    for item in items:
        item.meeting = meeting
    drafts, begun = _drafts(items, user), _begun(items, user)
    findings, closed = _findings(items), _closed(meeting, items, user)
    found = []
    for item in items:
        finding, draft = findings.get(item.case_id), drafts.get(item.pk)
        why = closed[item.pk] or _settled(item, finding)
        there = unfinished.typed(draft) if draft else begun.get(item.pk, {})
        if finding and not draft and finding.item_id == item.pk:
            there = typed_of(content_of(finding), rules.outcome_of(finding))
        found.append(Place(item, finding, draft, there, why))
    return found


def with_forms(found: Sequence[Place], data: QueryDict | None = None) -> Sequence[Place]:
    """The places, each that is not closed with its form; bound to what was posted, if anything."""
    if not found:
        return found
    meeting = found[0].item.meeting
    terms, people = vocabulary.rows(meeting.edition), names_at(found[0].item)
    for place in found:
        if not place.closed:
            typed = place.there if data is None else posted(place, data)
            place.form = _form(place, typed, terms, people, bound=data is not None)
    return found


def posted(place: Place, data: QueryDict) -> Typed:
    """What was typed into the short form, over what stands in the boxes that it does not show."""
    names = shown(place.item)
    kept = {name: values for name, values in place.there.items() if name not in names}
    typed = {name: data.getlist(f"{place.item.serial}-{name}") for name in names}
    return kept | {name: values for name, values in typed.items() if any(values)}


def keep(place: Place, typed: Typed, user: User, version: int) -> None:
    """Keep what was typed, where it is not what is there already. Raises Stale."""
    if typed != place.there:
        lines = lines_of(typed)
        kind = unfinished.FINDING
        place.draft = unfinished.keep(user, kind, place.item, typed, lines=lines, version=version)


def _form(
    place: Place,
    typed: Typed,
    terms: vocabulary.Rows,
    people: Iterable[str],
    *,
    bound: bool,
) -> FindingForm:
    prefix = place.item.serial
    data = MultiValueDict({f"{prefix}-{name}": values for name, values in typed.items()})
    said: dict[str, Any] = {
        "edition": place.item.meeting.edition,
        "lines": lines_of(typed),
        "must_be_whole": False,
        "people": people,
        "terms": terms,
        "prefix": prefix,
        "auto_id": "%s",
    }
    return FindingForm(data, **said) if bound else FindingForm(typed=typed, **said)


def _settled(item: AgendaItem, finding: Finding | None) -> str:
    """Why nothing more is recorded of the case on this page: it stands, or it stands elsewhere."""
    if finding is None or rules.is_anew(item, finding):
        return ""
    if finding.state == FindingState.SIGNED_OFF:
        return "The finding is signed off."
    return rules.why_not_record(item, finding)


def _closed(meeting: Meeting, items: Sequence[AgendaItem], user: User) -> dict[int, str]:
    """By the key of the case, why this person does not record a finding on it now."""
    rows, parts = list(meeting.attendance.select_related("user")), declarations.parts(items)
    found = {}
    for item in items:
        why = rules.why_not_record(item, None)
        if not why and parts.get((item.pk, user.pk)) not in (None, *LEADS):
            why = rules.NOT_LED
        if not why:
            seats = quorum.seats(meeting.edition, rows, quorum.judging(item, parts))
            why = quorum.why_not_for_case(seats)
        found[item.pk] = why
    return found


def _drafts(items: Sequence[AgendaItem], user: User) -> dict[int, Draft]:
    return unfinished.all_of(user, unfinished.FINDING, items)


def _findings(items: Sequence[AgendaItem]) -> dict[int, Finding]:
    cases = [item.case_id for item in items]
    rows = Finding.objects.filter(case__in=cases).select_related("analysis").order_by("number")
    return {row.case_id: row for row in rows.prefetch_related(*WITH_PARTS)}


def _begun(items: Sequence[AgendaItem], user: User) -> dict[int, Typed]:
    """What the chair begins with: what the team prepared, else their own review."""
    own = Review.objects.of(user).filter(item__in=items).select_related("analysis")
    drafts = PreparedFinding.objects.visible_to(user).filter(item__in=items)
    rows: Mapping[int, Review | PreparedFinding] = {
        **{row.item_id: row for row in own.prefetch_related(*WITH_PARTS)},
        **{
            row.item_id: row
            for row in drafts.select_related("analysis").prefetch_related(*WITH_PARTS)
        },
    }
    return {key: typed_of(content_of(row)) for key, row in rows.items()}


def content_of(row: Finding | Review | PreparedFinding) -> Content:
    """What the analysis of a row says, whose parts were read with it."""
    return analyses.read(row.analysis, editions.get(row.analysis.edition))
