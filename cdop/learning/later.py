"""What came later: whether the same factor appeared in deaths after something was done about it.

Counts alone, for those who may see exact ones, and never which cases. A count that falls, or does
not, shows no effect by itself: few deaths vary by chance, and not every death is reviewed yet.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from cdop import editions
from cdop.cases.models import CaseFacts
from cdop.core.counts import Counts, DoesNotAddUp
from cdop.core.dates import month_of
from cdop.core.periods import Period
from cdop.learning.models import Recommendation
from cdop.learning.states import PointState, RecommendationState
from cdop.reviews import counting
from cdop.reviews.analysis_models import Factor

NO_EFFECT = (
    "These numbers show no effect by themselves. With few deaths they rise and fall by chance, "
    "other things change as well, and not every death is reviewed yet."
)


@dataclass(frozen=True)
class Since(Counts):
    """Deaths of some months: all that this panel reviews, those reviewed so far, by this guidance,
    and those in whose signed-off finding the factor stands."""

    died: int = 0
    reviewed: int = 0
    by_edition: int = 0
    with_factor: int = 0

    def checked(self) -> Since:
        """The same; raises DoesNotAddUp where a part is more than its whole."""
        if not self.with_factor <= self.by_edition <= self.reviewed <= self.died:
            raise DoesNotAddUp(f"More deaths with the factor than reviewed: {self}")
        return self


def factor_label(edition: str, code: str) -> str:
    """The factor in the words of its guidance, and which guidance that is."""
    found = editions.get(edition)
    factors = (each for domain in found.domains for each in domain.factors)
    label = next((each.label for each in factors if each.code == code), code)
    return f"{label} ({found.title})"


def done_on(recommendation: Recommendation) -> date | None:
    """When something was done: the recommendation itself, else the first of its actions."""
    if recommendation.state == RecommendationState.DONE:
        return recommendation.ended_on
    days = recommendation.action_points.filter(state=PointState.DONE)
    return days.order_by("settled_on").values_list("settled_on", flat=True).first()


def since(edition: str, code: str, on: date) -> list[tuple[str, Since]]:
    """A row for each year of death after the month of ``on``, and the total last.

    The month itself is left out: facts know no days, and part of it was before.
    """
    deaths = CaseFacts.objects.filter(in_scope=True, died_in__gt=month_of(on))
    reviewed = Q(reviewed_in__isnull=False)
    ours = reviewed & Q(analysis_edition=edition)
    marked = deaths.annotate(has=Exists(_factors(edition, code)))
    grouped = (
        marked.order_by()
        .values_list("died_in")
        .annotate(
            died=Count("pk"),
            reviewed=Count("pk", filter=reviewed),
            by_edition=Count("pk", filter=ours),
            with_factor=Count("pk", filter=ours & Q(has=True)),
        )
    )
    rows: dict[Period, Since] = defaultdict(Since)
    for month, *numbers in grouped:
        rows[Period.of(month)] += Since(*numbers)
    total = sum(rows.values(), Since())
    named = [*((str(year), rows[year]) for year in sorted(rows)), ("Total", total)]
    return [(year, each.checked()) for year, each in named]


def _factors(edition: str, code: str) -> QuerySet[Factor]:
    """The lines of a case's last signed-off finding that count as the factor, after merges."""
    counted = counting.counted_as(editions.get(edition), code)
    return Factor.objects.filter(pk__in=counted, analysis__finding__case=OuterRef("pk"))
