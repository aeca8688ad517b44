"""What the pages of reviews and findings read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from cdop import editions
from cdop.panel import declarations
from cdop.panel.models import AgendaItem
from cdop.panel.states import JUDGES, LEADS, READS, DeclarationState
from cdop.reviews import analyses, unfinished
from cdop.reviews.analysis_models import Analysis
from cdop.reviews.content import Content
from cdop.reviews.finding_models import NationalQuery, PreparedFinding
from cdop.reviews.models import DraftReading, Finding, Review

if TYPE_CHECKING:
    from cdop.core.users import User

WITH_PARTS = [f"analysis__{part}" for part in analyses.PARTS]


@dataclass(frozen=True)
class Standing:
    """Where one case of an agenda stands for one person.

    review    "", "begun", "sent", or of the lead's draft "opened" or "answered"
    reviews   how many members sent theirs
    answered  how many answered the lead's draft instead
    prepared  whether the team put down a draft of the finding
    draft     whether there is a draft of the lead that the person may choose to answer
    finding   the latest on the case, if there is one
    part      what the person declared about the case, if anything stands
    """

    review: str
    reviews: int
    finding: Finding | None
    part: DeclarationState | None = None
    answered: int = 0
    prepared: bool = False
    draft: bool = False

    @property
    def seen(self) -> bool:
        """Whether the person's view is sent, whichever way."""
        return self.review in ("sent", "answered")

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


def finding_of(item: AgendaItem, number: int, user: User) -> Finding | None:
    """One version of the finding on this case, made at this or an earlier meeting of it."""
    seen = Finding.objects.visible_to(user).filter(case=item.case_id, number=number)
    people = seen.select_related("analysis", "recorded_by", "signed_off_by", "item__meeting")
    return people.prefetch_related(*WITH_PARTS).first()


def versions(item: AgendaItem, user: User) -> list[Finding]:
    """All versions of the finding on a case that this person sees, the latest first."""
    seen = Finding.objects.visible_to(user).filter(case=item.case_id).order_by("-number")
    return list(seen.select_related("signed_off_by", "recorded_by", "item__meeting"))


def national_queries(item: AgendaItem, user: User) -> QuerySet[NationalQuery]:
    """What was asked of or by the national database about any version of the finding."""
    seen = Finding.objects.visible_to(user).filter(case=item.case_id)
    return NationalQuery.objects.filter(finding__in=seen)


def prepared(item: AgendaItem, user: User) -> PreparedFinding | None:
    """The draft of the finding that the team made, if this person sees it now."""
    seen = PreparedFinding.objects.visible_to(user).filter(item=item)
    people = seen.select_related("analysis", "prepared_by")
    return people.prefetch_related(*WITH_PARTS).first()


def draft_readings(item: AgendaItem, user: User) -> list[DraftReading]:
    """What members said to the lead's draft, as far as this person sees it."""
    seen = DraftReading.objects.visible_to(user).sent().filter(item=item)
    return list(seen.select_related("reader").prefetch_related("answers"))


def names_at(item: AgendaItem) -> list[str]:
    """Who is invited to the meeting, by name."""
    return list(item.meeting.attendance.order_by().values_list("user__name", flat=True))


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
    readings = DraftReading.objects.filter(item__in=items)
    prepared = PreparedFinding.objects.filter(item__in=items)
    drafts = set(prepared.order_by().values_list("item", flat=True))
    told = list(readings.order_by().values_list("item", "reader", "sent_at"))
    found = Finding.objects.filter(case__in=[item.case_id for item in items]).order_by("number")
    findings = {finding.case_id: finding for finding in found}
    return {
        item.pk: Standing(
            review=_own(item, user, sent, begun, told),
            reviews=judging[item.pk],
            finding=findings.get(item.case_id),
            part=declared.get((item.pk, user.pk)),
            prepared=item.pk in drafts,
            answered=sum(1 for key, _, at in told if key == item.pk and at),
            draft=(item.pk, item.lead_id) in sent and user.pk not in (item.lead_id, item.second_id),
        )
        for item in items
    }


def _own(
    item: AgendaItem,
    user: User,
    sent: list[tuple[int, int]],
    begun: set[int],
    told: list[tuple[int, int, datetime | None]],
) -> str:
    if (item.pk, user.pk) in sent:
        return "sent"
    for key, reader, at in told:
        if (key, reader) == (item.pk, user.pk):
            return "answered" if at else "opened"
    return "begun" if item.pk in begun else ""
