"""What does not fit together in an analysis, and what is missing before it is signed off."""

import pytest

from cdop import editions
from cdop.reviews.content import Content, FactorLine, Graded, highest, primary
from cdop.reviews.gate import in_analysis, open_sentences
from cdop.reviews.rules import Problem, problems
from tests.cdop.reviews.makers import LSCB, WHOLE, whole

CDR = editions.get("cdr-2018")
ASLEEP = FactorLine(0, "parenting", "unsafe_sleep", "", "2", True)


def grades(grade, **others):
    given = {domain.code: grade for domain in LSCB.domains} | others
    return {code: Graded(grade) for code, grade in given.items()}


def missing(content, edition, reached=""):
    return open_sentences(in_analysis(content, edition, reached))


def fields(content, edition=LSCB):
    return [problem.field for problem in problems(content, edition)]


@pytest.mark.parametrize("edition", [LSCB, CDR], ids=lambda each: each.code)
def test_nothing_said_fits_together_and_everything_is_missing(edition):
    assert problems(Content(), edition) == []
    assert missing(Content(), edition) == [
        "Nobody said whether the death was expected.",
        "No category of death is chosen.",
        "The question on modifiable factors is not answered.",
        "Nobody said how the finding was reached.",
        *(f"“{domain.label}” has no grade." for domain in edition.domains),
    ]


def test_a_whole_analysis_fits_together_and_nothing_is_missing():
    assert (problems(WHOLE, LSCB), missing(WHOLE, LSCB, "agreed")) == ([], [])


def test_the_category_nearest_the_top_of_the_list_is_the_primary_one():
    ranks = {category.code: category.rank for category in LSCB.categories}

    assert highest(("unexplained", "infection"), LSCB) == "infection"
    assert ranks["infection"] < ranks["unexplained"]
    assert primary(whole(override="unexplained"), LSCB) == "unexplained"
    assert (highest((), LSCB), primary(Content(), LSCB)) == ("", "")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"override": "unexplained"},
            Problem("override_reason", "Say why another category stands in place of “Infection”."),
        ),
        (
            {"override": "trauma", "override_reason": "Because"},
            Problem(
                "categories",
                "Select the category that you let stand among those that fit, too.",
            ),
        ),
        (
            {"override_reason": "Because"},
            Problem(
                "override",
                "You gave a reason for another category. Select which one, or take the reason out.",
            ),
        ),
        ({"override": "unexplained", "override_reason": "Because"}, None),
        ({"override": "infection"}, None),
    ],
)
def test_another_category_than_the_highest_needs_its_reason(changes, expected):
    assert problems(whole(**changes), LSCB) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (FactorLine(0, "parenting", "unsafe_sleep", "", "2", True), []),
        (FactorLine(0, "parenting", "", "In own words", "2", True), []),
        (FactorLine(0, "", "", "In own words", "2", True), ["what"]),
        (FactorLine(0, "parenting", "", "", "2", True), ["words"]),
        (FactorLine(0, "parenting", "unsafe_sleep", "", "", True), ["grade"]),
        (FactorLine(0, "parenting", "unsafe_sleep", "", "0", True), ["grade"]),
        (FactorLine(0, "parenting", "unsafe_sleep", "", "2", None), ["modifiable"]),
    ],
)
def test_a_factor_has_a_name_a_grade_and_an_answer(line, wrong):
    content = Content(factors=(line,))

    assert fields(content) == [f"factor-0-{part}" for part in wrong]


@pytest.mark.parametrize(
    ("own", "factor", "fits"),
    [("2", "2", True), ("3", "2", True), ("1*", "2", False), ("1", "1*", False), ("0", "1", False)],
)
def test_a_part_is_graded_at_least_as_high_as_its_factors(own, factor, fits):
    line = FactorLine(0, "parenting", "unsafe_sleep", "", factor, False)
    content = Content(grades=grades("2", parenting=own), factors=(line,))

    assert fields(content) == ([] if fits else ["grade-parenting"])


@pytest.mark.parametrize(
    ("answer", "factor", "fits"),
    [
        ("modifiable", ("2", True), True),
        ("modifiable", ("2", False), False),
        ("modifiable", ("1*", True), False),
        ("modifiable", None, False),
        ("not_modifiable", ("2", True), False),
        ("not_modifiable", ("2", False), True),
        ("not_modifiable", ("1*", True), True),
        ("not_modifiable", None, True),
        ("inadequate", ("3", True), False),
        ("inadequate", None, True),
        ("", ("2", True), True),
    ],
)
def test_the_answer_on_modifiable_factors_agrees_with_the_factors(answer, factor, fits):
    lines = (FactorLine(0, "parenting", "unsafe_sleep", "", *factor),) if factor else ()

    assert fields(Content(modifiable=answer, factors=lines)) == ([] if fits else ["modifiable"])


def test_where_every_part_lacks_information_nobody_can_say_that_there_were_none():
    nothing = Content(grades=grades("0"), modifiable="not_modifiable")

    assert fields(nothing) == ["modifiable"]
    assert fields(Content(grades=grades("0"), modifiable="inadequate")) == []
    assert fields(Content(grades=grades("0", child="1"), modifiable="not_modifiable")) == []


def test_what_is_missing_is_named_line_by_line():
    content = whole(
        categories=(),
        grades=grades("2", service=""),
        factors=(ASLEEP, FactorLine(3, "service", "", "Words", "", True)),
        modifiable="",
    )

    assert missing(content, LSCB) == [
        "No category of death is chosen.",
        "The question on modifiable factors is not answered.",
        "Nobody said how the finding was reached.",
        "Factor 4 has no grade.",
        "“Service provision” has no grade.",
    ]
