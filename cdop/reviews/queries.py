"""What the pages of reviews and findings read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cdop import editions
from cdop.panel import declarations
from cdop.panel.models import AgendaItem
from cdop.panel.states import JUDGES, LEADS, READS, DeclarationState
from cdop.reviews import analyses, unfinished
from cdop.reviews.content import Content
from cdop.reviews.models import Analysis, Finding, Review

if TYPE_CHECKING:
    from cdop.core.users import User

WITH_PARTS = [f"analysis__{part}" for part in analyses.PARTS]


@dataclass(frozen=True)
class Standing:
    """Where one case of an agenda stands for one person.

    review    "", "begun" or "sent"
    reviews   how many members sent theirs
    finding   the latest on the case, if there is one
    part      what the person declared about the case, if anything stands
    """

    review: str
    reviews: int
    finding: Finding | None
    part: DeclarationState | None = None

    @property
    def reads(self) -> bool:
        return self.part in (None, *READS)

    @property
    def judges(self) -> bool:
        return self.part in (None, *JUDGES)

    @property
    def leads(self) -> bool:
        return self.part in (None, *LEADS)


def own_review(item: AgendaItem, user: User) -> Review | None:
    """The review that this person sent."""
    return Review.objects.of(user).filter(item=item).first()


def reviews(item: AgendaItem, user: User) -> QuerySet[Review]:
    """The reviews of a case that this person may see, in the order in which they were sent."""
    seen = Review.objects.visible_to(user).filter(item=item)
    return seen.select_related("reviewer", "analysis").prefetch_related(*WITH_PARTS)


def latest_finding(case_id: int) -> Finding | None:
    """The last version of the panel's finding on a case."""
    findings = Finding.objects.filter(case=case_id).select_related("item")
    return findings.order_by("number").last()


def finding_at(item: AgendaItem, user: User) -> Finding | None:
    """The finding recorded at this meeting, with its analysis, if this person sees it."""
    seen = Finding.objects.visible_to(user).filter(item=item).order_by("number")
    people = seen.select_related("analysis", "recorded_by", "signed_off_by")
    return people.prefetch_related(*WITH_PARTS).last()


def content_of(analysis_id: int) -> Content:
    """What an analysis says, in the codes of its own edition."""
    row = Analysis.objects.prefetch_related(*analyses.PARTS).get(pk=analysis_id)
    return analyses.read(row, editions.get(row.edition))


def standing(items: Iterable[AgendaItem], user: User) -> dict[int, Standing]:
    """Where each case of an agenda stands for this person, by primary key of the item."""
    items = list(items)
    begun = unfinished.begun(user, unfinished.REVIEW, items)
    sent = list(Review.objects.filter(item__in=items).values_list("item", "reviewer"))
    judging = Counter(
        Review.objects.judging().filter(item__in=items).values_list("item", flat=True)
    )
    declared = declarations.parts(items)
    found = Finding.objects.filter(case__in=[item.case_id for item in items]).order_by("number")
    findings = {finding.case_id: finding for finding in found}
    return {
        item.pk: Standing(
            review=_own(item, user, sent, begun),
            reviews=judging[item.pk],
            finding=findings.get(item.case_id),
            part=declared.get((item.pk, user.pk)),
        )
        for item in items
    }


def _own(item: AgendaItem, user: User, sent: list[tuple[int, int]], begun: set[int]) -> str:
    if (item.pk, user.pk) in sent:
        return "sent"
    return "begun" if item.pk in begun else ""
