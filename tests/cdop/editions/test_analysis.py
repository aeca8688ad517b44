"""What both editions give to analyse a death: categories, grades, answers, domains and ages."""

from datetime import date, timedelta

import pytest

from cdop import editions
from tests.cdop.editions.both import BOTH, codes

# The analysis


@BOTH
def test_the_ten_categories_stand_in_their_order(code):
    edition = editions.get(code)

    assert [(category.rank, category.code) for category in edition.categories] == [
        (1, "inflicted"),
        (2, "self_harm"),
        (3, "trauma"),
        (4, "malignancy"),
        (5, "acute"),
        (6, "chronic"),
        (7, "congenital"),
        (8, "perinatal"),
        (9, "infection"),
        (10, "unexplained"),
    ]


@BOTH
@pytest.mark.parametrize(
    ("category", "says"),
    [("acute", "SUDEP"), ("perinatal", "whatever the age at death"), ("unexplained", "any age")],
)
def test_the_hints_settle_what_is_often_asked(code, category, says):
    assert says in " ".join(editions.one(editions.get(code).categories, category).hints)


def test_grades_are_text_and_belong_to_their_edition():
    assert codes(editions.get("lscb-2015").grades) == ["0", "1", "1*", "2", "3"]
    assert codes(editions.get("cdr-2018").grades) == ["0", "1", "2"]


def test_each_edition_says_which_of_its_grades_lack_information_and_which_contributed():
    said = {
        edition: {grade.code: grade.says for grade in editions.get(edition).grades}
        for edition in ("lscb-2015", "cdr-2018")
    }

    assert said == {
        "lscb-2015": {
            "0": "no_information",
            "1": "no_contribution",
            "1*": "no_contribution",
            "2": "contribution",
            "3": "contribution",
        },
        "cdr-2018": {"0": "no_information", "1": "no_contribution", "2": "contribution"},
    }


@BOTH
def test_three_answers_on_modifiability_of_which_two_count_for_percentages(code):
    answers = [
        (answer.code, answer.enough_information, answer.modifiable)
        for answer in editions.get(code).answers
    ]

    assert answers == [
        ("modifiable", True, True),
        ("not_modifiable", True, False),
        ("inadequate", False, False),
    ]


@pytest.mark.parametrize(
    ("code", "domains"),
    [
        ("lscb-2015", ["child", "family_environment", "parenting", "service"]),
        ("cdr-2018", ["intrinsic", "social", "physical", "service"]),
    ],
)
def test_each_edition_has_its_four_domains_each_with_factors(code, domains):
    edition = editions.get(code)

    assert codes(edition.domains) == domains
    assert all(len(domain.factors) > 5 for domain in edition.domains)


# Ages


@BOTH
@pytest.mark.parametrize("born_on", [date(2000, 2, 29), date(2001, 3, 1), date(2003, 12, 31)])
def test_the_bands_cover_every_day_of_a_childhood_exactly_once(code, born_on):
    def reached(days, years):
        if days is not None:
            return born_on + timedelta(days=days)
        leap_day_in_a_common_year = (born_on.month, born_on.day) == (2, 29) and years % 4
        if leap_day_in_a_common_year:
            return date(born_on.year + years, 3, 1)
        return born_on.replace(year=born_on.year + years)

    childhood = (reached(None, 18) - born_on).days
    found = [
        [
            band.code
            for band in editions.get(code).age_bands
            if reached(band.from_days, band.from_years)
            <= born_on + timedelta(days=day)
            < reached(band.until_days, band.until_years)
        ]
        for day in range(-1, childhood + 1)
    ]

    assert found[0] == found[-1] == []
    assert {len(bands) for bands in found[1:-1]} == {1}
    assert (found[28], found[29]) == (["0-27d"], ["28-364d"])


@BOTH
def test_the_bands_have_the_codes_of_the_published_tables(code):
    bands = [(band.code, band.parent) for band in editions.get(code).age_bands]

    assert bands == [
        ("0-27d", "under-1"),
        ("28-364d", "under-1"),
        ("1-4", None),
        ("5-9", None),
        ("10-14", None),
        ("15-17", None),
    ]
