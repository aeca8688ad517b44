"""Whether several years together would show more: told to whoever drafts, from exact counts."""

from datetime import date

from analytics import pooling
from analytics.states import ReleaseState
from cdop.core.periods import Period
from tests.analytics.deaths import a_reviewed_death, random_deaths
from tests.analytics.pages import page_of
from tests.pages import sign_in, text_of

YEAR = Period.year(2014)


def test_the_year_and_the_three_and_five_years_that_end_with_it_are_set_side_by_side(db):
    random_deaths(30, seed=11)

    found = pooling.compare(YEAR, 5)

    assert [str(each.period) for each in found] == [
        "2014-15",
        "2012-13--2014-15",
        "2010-11--2014-15",
    ]
    assert found[0].small > 0
    assert found[0].share == (
        f"{found[0].small} of {found[0].counts} ({100 * found[0].small / found[0].counts:.0f}%)"
    )


def test_a_quarter_is_not_compared(db):
    assert pooling.compare(Period.parse("2014-15-Q1"), 5) == []


def test_whoever_drafts_sees_it_and_who_only_approves_does_not(
    client, release_at, coordinator, chair
):
    release = release_at(ReleaseState.DRAFT)

    assert "2012-13--2014-15: " in text_of(sign_in(client, coordinator).get(page_of(release)))
    assert "Would more years show more?" not in text_of(
        sign_in(client, chair).get(page_of(release))
    )


def test_years_whose_tables_do_not_hold_together_are_passed_over(db):
    random_deaths(20, seed=11)
    then = date(2010, 5, 1)
    a_reviewed_death(died_in=then, notified_in=then, reviewed_in=then, sex="strange")

    assert [str(each.period) for each in pooling.compare(YEAR, 5)] == [
        "2014-15",
        "2012-13--2014-15",
    ]
