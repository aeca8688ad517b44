"""What the panel found about an invented death, such as its own rules would let pass."""

from random import Random

from analytics.synthesis import marginals
from analytics.synthesis.deaths import Death
from analytics.synthesis.marginals import happens
from cdop.editions import Edition
from cdop.editions.schema import (
    CONTRIBUTION,
    NO_CONTRIBUTION,
    NO_INFORMATION,
    Answer,
    Domain,
    Grade,
)
from cdop.reviews.content import Content, FactorLine, Graded

CAUSE = "Synthetic: no cause of a real death."
SUMMARY = "Synthetic: no real child."
FACTOR_IN_WORDS = "An invented factor in words of the panel's own"


def draw(random: Random, death: Death, edition: Edition) -> Content:
    """A complete finding in the codes of the edition in force at the meeting."""
    answer = _answer(random, death.category, edition)
    factors = _factors(random, edition, answer)
    return Content(
        cause=CAUSE,
        summary=SUMMARY,
        expectedness=death.answers["expectedness"],
        categories=_categories(random, death.category, edition),
        grades=_grades(random, edition, factors, answer),
        factors=factors,
        modifiable=answer.code,
    )


def _answer(random: Random, category: str, edition: Edition) -> Answer:
    found = happens(random, marginals.MODIFIABLE.get(category, 20))
    enough = not happens(random, marginals.INADEQUATE)
    return next(
        answer
        for answer in edition.answers
        if answer.enough_information == enough and answer.modifiable == (found and enough)
    )


def _categories(random: Random, category: str, edition: Edition) -> tuple[str, ...]:
    """The category that stands and, now and then, one below it that fits as well."""
    codes = [each.code for each in sorted(edition.categories, key=lambda each: each.rank)]
    below = codes[codes.index(category) + 1 :]
    return (category, random.choice(below)) if below and happens(random, 8) else (category,)


def _factors(random: Random, edition: Edition, answer: Answer) -> tuple[FactorLine, ...]:
    """None to three factors; with modifiable ones among them where the answer says so."""
    some = random.choices(range(4), (35, 35, 20, 10))[0]
    least = 1 if answer.modifiable else 0
    return tuple(
        _factor(random, line, edition, modifiable=answer.modifiable and line == 0)
        for line in range(max(some, least))
    )


def _factor(random: Random, line: int, edition: Edition, *, modifiable: bool) -> FactorLine:
    grades = [grade.code for grade in edition.grades if grade.says == CONTRIBUTION]
    domain = random.choice(edition.domains)
    listed = domain.factors and not happens(random, 10)
    return FactorLine(
        line=line,
        domain=domain.code,
        code=random.choice(domain.factors).code if listed else "",
        words="" if listed else FACTOR_IN_WORDS,
        grade=random.choices(grades, range(len(grades), 0, -1))[0],
        modifiable=modifiable,
    )


def _grades(
    random: Random, edition: Edition, factors: tuple[FactorLine, ...], answer: Answer
) -> dict[str, Graded]:
    return {
        domain.code: Graded(_grade(random, domain, edition.grades, factors, answer))
        for domain in edition.domains
    }


def _grade(
    random: Random,
    domain: Domain,
    grades: tuple[Grade, ...],
    factors: tuple[FactorLine, ...],
    answer: Answer,
) -> str:
    """As high as the highest of the domain's factors; else that none was found, or is known."""
    order = [grade.code for grade in grades]
    own = [line.grade for line in factors if line.domain == domain.code]
    if own:
        return max(own, key=order.index)
    unknown = not answer.enough_information and happens(random, 80)
    says = NO_INFORMATION if unknown else NO_CONTRIBUTION
    return next(grade.code for grade in grades if grade.says == says)
