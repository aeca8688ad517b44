"""What came later: the same factor in deaths after something was done, counted and not listed."""

from datetime import date

import pytest

from cdop.cases.models import CaseFacts
from cdop.core import steps
from cdop.core.audit import AuditEntry
from cdop.core.counts import DoesNotAddUp
from cdop.learning import action_points, actions, later
from cdop.learning.later import Since
from cdop.learning.models import Recommendation
from cdop.learning.states import PointState
from cdop.reviews import vocabulary_actions
from cdop.reviews.content import FactorLine
from tests.cast import TESTS
from tests.cdop.learning.makers import accepted, agreed, signed_off
from tests.cdop.reviews.makers import LSCB
from tests.guard import nothing_forbidden
from tests.makers import a_case
from tests.pages import sign_in, text_of

FACTOR = ("lscb-2015", "unsafe_sleep")
DONE_ON = date(2014, 4, 20)
NONE = (FactorLine(0, "service", "", "No visit", "1", True),)


@pytest.fixture
def deaths(chair, member):
    """In May two reviewed deaths, one with the factor, and one that is not reviewed; one in April,
    with the factor, and one out of scope."""
    of = [
        died_in(signed_off(chair, member).case, date(2014, 5, 1)),
        died_in(signed_off(chair, member, factors=NONE).case, date(2014, 5, 1)),
        died_in(a_case(), date(2014, 5, 1)),
        died_in(signed_off(chair, member).case, date(2014, 4, 1)),
    ]
    died_in(a_case(in_scope=False), date(2015, 5, 1))
    return of


def died_in(case, month):
    steps.edit(CaseFacts.objects.get(case=case), by=TESTS, died_in=month)
    return case


def test_the_factor_is_counted_in_deaths_after_the_month_in_which_it_was_done(deaths):
    with nothing_forbidden():
        assert later.since(*FACTOR, DONE_ON) == [
            ("2014-15", Since(3, 2, 2, 1)),
            ("Total", Since(3, 2, 2, 1)),
        ]
        assert later.since(*FACTOR, date(2014, 3, 31)) == [
            ("2014-15", Since(4, 3, 3, 2)),
            ("Total", Since(4, 3, 3, 2)),
        ]
        assert later.since(*FACTOR, date(2014, 5, 1)) == [("Total", Since())]


def test_free_words_and_terms_that_were_merged_into_the_factor_count_as_it(
    deaths, chair, member, coordinator
):
    slept = (FactorLine(0, "parenting", "", " Slept in  a chair", "2", True),)
    died_in(signed_off(chair, member, factors=slept).case, date(2014, 5, 1))
    assert later.since(*FACTOR, DONE_ON)[-1] == ("Total", Since(4, 3, 3, 1))

    into, said = ("parenting", "unsafe_sleep"), "slept in a chair"
    vocabulary_actions.fold(LSCB, "parenting", said, into, version=0, by=coordinator)

    assert later.since(*FACTOR, DONE_ON)[-1] == ("Total", Since(4, 3, 3, 2))
    assert later.since("lscb-2015", "no_such_factor", DONE_ON)[-1] == ("Total", Since(4, 3, 3, 0))


def test_a_factor_of_another_guidance_is_another_factor(deaths):
    assert later.since("cdr-2018", "unsafe_sleep", DONE_ON)[-1] == ("Total", Since(3, 2, 0, 0))


def test_what_a_finding_said_before_it_was_made_anew_counts_no_more(chair, member):
    first = signed_off(chair, member)
    died_in(first.case, date(2014, 5, 1))
    other = signed_off(chair, member, factors=NONE)
    died_in(other.case, date(2014, 4, 1))
    steps.edit(other, by=TESTS, case=first.case, number=2)

    assert later.since(*FACTOR, DONE_ON)[-1] == ("Total", Since(1, 1, 1, 0))


def test_counted_from_the_day_of_the_recommendation_or_of_its_first_action(coordinator):
    row = accepted(coordinator)
    assert later.done_on(row) is None

    point = agreed(coordinator, row)
    said = {"settled_on": date(2014, 7, 1), "outcome": "Trained.", "version": 1}
    action_points.settle(point, PointState.DONE, **said, by=coordinator)
    assert later.done_on(row) == date(2014, 7, 1)

    said = {"ended_on": date(2014, 8, 1), "outcome": "In use.", "version": row.version}
    assert later.done_on(actions.done(row, **said, by=coordinator)) == date(2014, 8, 1)


def test_a_part_that_is_more_than_its_whole_is_not_shown():
    with pytest.raises(DoesNotAddUp):
        Since(died=1, reviewed=2).checked()


def finished(by) -> Recommendation:
    row = accepted(by, made_on=date(2014, 4, 1), factor=FACTOR)
    said = {"ended_on": DONE_ON, "outcome": "In use.", "version": row.version}
    return actions.done(row, **said, by=by)


@pytest.mark.pages
def test_the_page_shows_counts_names_no_case_and_says_that_they_show_no_effect(
    client, coordinator, deaths
):
    row = finished(coordinator)
    sign_in(client, coordinator)

    page = text_of(client.get(f"/learning/recommendations/{row.reference}/later/"))

    assert "show no effect by themselves" in page and "after April 2014" in page
    assert "Total 3 2 2 1" in page
    assert [case.reference for case in deaths if case.reference in page] == []
    assert AuditEntry.objects.filter(action="recommendation.later_read").count() == 1


@pytest.mark.pages
def test_without_a_factor_or_before_anything_is_done_nothing_is_counted(client, coordinator):
    sign_in(client, coordinator)
    for row, why in (
        (accepted(coordinator), "about no factor"),
        (accepted(coordinator, factor=FACTOR), "no day to count from"),
    ):
        assert why in text_of(client.get(f"/learning/recommendations/{row.reference}/later/"))
    assert not AuditEntry.objects.filter(action="recommendation.later_read").exists()
