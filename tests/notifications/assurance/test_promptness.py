"""Promptness: against which standards a death is measured, and that every table adds up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdop import editions
from cdop.core.counts import DoesNotAddUp
from notifications.assurance import promptness
from notifications.assurance.promptness import (
    DIVISIONS,
    LEAST_FOR_A_SHARE,
    Death,
    Share,
    Table,
    check,
    tables,
    yardsticks,
)

FRIDAY_NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)


def death(hours: float | None = 10, **said) -> Death:
    started = None if hours is None else FRIDAY_NOON
    notified_at = FRIDAY_NOON + timedelta(hours=hours or 0)
    told = {"edition": "cdr-2018", "started_at": started, "notified_at": notified_at}
    return Death(**told | said)


def table(code: str, found: list[Death], closures=frozenset()) -> Table:
    return next(each for each in tables(found, closures) if each.code == code)


def words(line) -> list[str]:
    return [share.words for share in line.shares]


def test_the_standards_are_those_of_the_editions():
    assert [(each.words, each.editions) for each in yardsticks(editions.codes())] == [
        ("Within 24 hours", {"lscb-2015", "cdr-2018"}),
        ("By the end of the next working day", {"lscb-2015", "cdr-2018"}),
        ("Within 48 hours", {"cdr-2018"}),
    ]


def test_a_standard_for_another_purpose_says_so():
    notes = [each.note for each in yardsticks(["cdr-2018"])]

    assert ["referring an unexpected death" in note for note in notes] == [False, True, False]


@pytest.mark.parametrize(
    ("hours", "in_time"),
    [
        (0, [1, 1, 1]),
        (24, [1, 1, 1]),
        (24.001, [0, 1, 1]),
        (48, [0, 1, 1]),
        (48.001, [0, 1, 0]),
        (83.99, [0, 1, 0]),  # Monday, just before midnight
        (84, [0, 0, 0]),  # Tuesday
    ],
)
def test_each_standard_is_measured_by_its_own_clock(hours, in_time):
    total = table("role", [death(hours)]).total

    assert [share.in_time for share in total.shares] == in_time
    assert [share.of for share in total.shares] == [1, 1, 1]


def test_a_day_on_which_nobody_works_moves_the_next_working_day():
    late = [death(84)]

    assert table("role", late).total.shares[1].in_time == 0
    assert table("role", late, frozenset({date(2026, 1, 12)})).total.shares[1].in_time == 1


def test_a_standard_of_no_edition_among_the_deaths_has_no_column():
    assert [each.words for each in table("role", [death(edition="lscb-2015")]).yardsticks] == [
        "Within 24 hours",
        "By the end of the next working day",
    ]


def test_a_standard_that_the_edition_does_not_have_is_not_measured():
    total = table("role", [death(edition="lscb-2015"), death()]).total

    assert [share.of for share in total.shares] == [2, 2, 1]


@pytest.mark.parametrize("unknown", [death(None), death(-1)])
def test_a_clock_that_is_not_known_or_contradicts_itself_counts_as_a_death_only(unknown):
    total = table("age", [unknown]).total

    assert (total.deaths, total.known, total.median, words(total)) == (
        1,
        0,
        None,
        ["0 of 0", "0 of 0", "0 of 0"],
    )


def test_no_share_and_no_median_below_the_number():
    few = table("age", [death(30)] * (LEAST_FOR_A_SHARE - 1)).total
    enough = table("age", [death(30)] * LEAST_FOR_A_SHARE).total

    assert (few.median, words(few)) == (None, ["0 of 9", "9 of 9", "9 of 9"])
    assert (enough.median, words(enough)) == (
        30,
        ["0 of 10 (0%)", "10 of 10 (100%)", "10 of 10 (100%)"],
    )


def test_the_number_is_one_at_which_a_single_death_moves_the_share_by_ten_points_at_most():
    most = LEAST_FOR_A_SHARE
    moved = Share(1, most).percent - Share(0, most).percent

    assert moved <= 10
    assert Share(1, most - 1).percent is None


def test_the_rows_are_in_the_order_of_names_with_what_is_not_known_below():
    found = [
        death(organisation="zeta"),
        death(kept=False),
        death(),
        death(organisation="Alpha"),
    ]

    assert [line.label for line in table("organisation", found).lines] == [
        "Alpha",
        "zeta",
        "Organisation not chosen",
        "No notification is kept here",
    ]


@pytest.mark.parametrize(
    ("age_years", "label"),
    [
        (None, "Not known"),
        (0, "Under 16 years"),
        (15, "Under 16 years"),
        (16, "16 and 17 years"),
        (17, "16 and 17 years"),
    ],
)
def test_sixteen_and_seventeen_stand_apart(age_years, label):
    assert promptness.age(death(age_years=age_years)) == label


def test_every_role_of_every_edition_has_a_setting():
    roles = {
        term.code
        for code in editions.codes()
        for term in editions.get(code).vocabularies["notifier_roles"].terms
    }

    assert roles > promptness.HOSPITAL | promptness.COMMUNITY
    assert not promptness.HOSPITAL & promptness.COMMUNITY
    assert {promptness.setting(death(role=role)) for role in roles} == {
        "Hospital staff and midwives",
        "Community services",
        "Other services and offices",
    }


some_deaths = st.lists(
    st.builds(
        death,
        st.none() | st.floats(-50, 500),
        edition=st.sampled_from(editions.codes()),
        age_years=st.none() | st.integers(0, 17),
        kept=st.booleans(),
        organisation=st.sampled_from(["", "Alpha", "Beta"]),
        role=st.sampled_from(["", "midwife", "police", "coroner"]),
        role_label=st.sampled_from(["", "Midwife", "Police"]),
        adult_ward=st.sampled_from(["", "yes", "no"]),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(some_deaths)
def test_every_table_adds_up_whatever_the_deaths(found):
    made = tables(found, frozenset())

    assert [each.code for each in made] == [each.code for each in DIVISIONS]
    for each in made:
        assert each.total.deaths == len(found)
        assert each.total.known == sum(one.hours is not None for one in found)
        assert sum(line.deaths for line in each.lines) == len(found)
        for line in (*each.lines, each.total):
            assert all(s.in_time <= s.of <= line.known <= line.deaths for s in line.shares)
            assert (line.median is None) == (line.known < LEAST_FOR_A_SHARE)


def test_a_table_that_does_not_add_up_is_never_shown():
    made = table("age", [death(age_years=3), death(age_years=16)])
    short = replace(made, lines=made.lines[:1])

    with pytest.raises(DoesNotAddUp, match="Deaths at 16 and 17 years: rows"):
        check(short)
