"""How far members who reviewed alone agree over some months, question by question.

Reviews made alone are measured; answers to a lead's draft are counted apart, since whoever has
seen an answer agrees with it more easily. No number belongs to a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdop import editions
from cdop.core.periods import Period
from cdop.reviews import analyses
from cdop.reviews.agreement import fleiss_kappa, krippendorff_alpha
from cdop.reviews.models import DraftAnswer, DraftReading, Review
from cdop.reviews.queries import WITH_PARTS
from cdop.reviews.questions import Asked, answer, coded
from cdop.reviews.states import Stands

LEAST_CASES = 10
"""Cases with two reviews or more, below which a statistic says more about chance. Our choice."""


@dataclass(frozen=True)
class Measured:
    """One question.

    cases       with at least two reviews made alone that answer it
    reviews     of these cases
    all_agree   of these cases, where every review answers the same
    alpha       Krippendorff's, ordinal where the answers have an order; None where not enough
    kappa       Fleiss', where every one of the cases has as many reviews; else None
    agreed      answers to drafts that agree
    questioned  answers to drafts that question
    """

    edition: str
    asked: Asked
    cases: int
    reviews: int
    all_agree: int
    alpha: float | None
    kappa: float | None
    agreed: int
    questioned: int

    @property
    def why_no_alpha(self) -> str:
        """Why alpha is not given, in words; "" where it is."""
        if self.cases < LEAST_CASES:
            return "Not enough to say"
        return "One answer throughout" if self.alpha is None else ""

    @property
    def why_no_kappa(self) -> str:
        """Why kappa is not given, in words; "" where it is."""
        if why := self.why_no_alpha:
            return why
        return "Not all cases have as many reviews" if self.kappa is None else ""


@dataclass(frozen=True)
class Whole:
    """What the measures rest on.

    cases    with at least one review made alone
    reviews  made alone
    answers  of members who answered the lead's draft instead
    """

    cases: int
    reviews: int
    answers: int


def measured(period: Period) -> tuple[Whole, list[Measured]]:
    """What is measured of the meetings of a period; each edition's questions by themselves."""
    reviews = list(_reviews(period))
    said = _to_drafts(period)
    found: list[Measured] = []
    for code in sorted({review.analysis.edition for review in reviews}):
        own = [review for review in reviews if review.analysis.edition == code]
        found += _of_edition(code, own, said)
    cases = {review.item_id for review in reviews}
    sent = DraftReading.objects.sent().filter(item__meeting__held_on__range=_days(period))
    return Whole(len(cases), len(reviews), sent.count()), found


def _of_edition(
    code: str, reviews: Sequence[Review], said: Counter[tuple[str, str, str]]
) -> Iterable[Measured]:
    edition = editions.get(code)
    contents = [(review.item_id, analyses.read(review.analysis, edition)) for review in reviews]
    for asked in coded(edition):
        units: dict[int, list[str]] = {}
        for item, content in contents:
            if given := answer(content, edition, asked.code):
                units.setdefault(item, []).append(given)
        several = [values for values in units.values() if len(values) > 1]
        yield _measured(code, asked, several, said)


def _measured(
    edition: str, asked: Asked, units: Sequence[Sequence[str]], said: Counter[tuple[str, str, str]]
) -> Measured:
    enough = len(units) >= LEAST_CASES
    alpha = krippendorff_alpha(units, asked.order) if enough else None
    kappa = fleiss_kappa(units) if enough else None
    return Measured(
        edition=edition,
        asked=asked,
        cases=len(units),
        reviews=sum(map(len, units)),
        all_agree=sum(1 for values in units if len(set(values)) == 1),
        alpha=alpha,
        kappa=kappa,
        agreed=said[edition, asked.code, Stands.AGREE],
        questioned=said[edition, asked.code, Stands.QUESTION],
    )


def _reviews(period: Period) -> Iterable[Review]:
    held = Review.objects.judging().filter(item__meeting__held_on__range=_days(period))
    return held.select_related("analysis").prefetch_related(*WITH_PARTS)


def _to_drafts(period: Period) -> Counter[tuple[str, str, str]]:
    """How many answers to drafts agree with, or question, each question of each edition."""
    held = DraftAnswer.objects.filter(reading__item__meeting__held_on__range=_days(period))
    sent = held.exclude(reading__sent_at=None).order_by()
    return Counter(sent.values_list("reading__review__analysis__edition", "question", "stands"))


def _days(period: Period) -> tuple[object, object]:
    return period.first_month, period.last_day
