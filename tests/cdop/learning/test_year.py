"""The year's tables: what became of what was recommended, adding up within and between years."""

import csv
import io
import random
from datetime import date, timedelta

import pytest

from cdop.core.counts import DoesNotAddUp
from cdop.core.organisations import Area
from cdop.core.periods import Period
from cdop.learning import action_points, actions, queries, year
from cdop.learning.states import PointState, RecommendationState
from cdop.learning.year_counts import Agreed, Recommended
from cdop.rapid_response import compliance_tables
from tests.cdop.learning.makers import agreed, made
from tests.makers import HALTON
from tests.pages import sign_in, text_of

YEAR = Period.parse("2014-15")
TODAY = date(2016, 1, 10)
S = RecommendationState


def ended(by, row, how, on):
    said = {"ended_on": on, "outcome": "Said so.", "by": by}
    if how == S.DONE:
        return actions.done(row, **said, version=row.version)
    if how == S.DECLINED:
        return actions.decline(row, **said, version=row.version)
    return actions.supersede(row, **said, superseded_by=None, version=row.version)


def accepted_on(by, row, on):
    return actions.accept(row, accepted_on=on, accepted_by="Board", by=by, version=row.version)


def settled(by, point, on, to=PointState.DONE):
    said = {"settled_on": on, "outcome": "Trained.", "by": by, "version": point.version}
    return action_points.settle(point, to, **said)


@pytest.fixture
def some(coordinator):
    """Seven of several years: each stands once in the year, or is not in it."""
    by, halton = coordinator, [Area.objects.get(pk=HALTON)]
    gone = made(by, made_on=date(2012, 5, 1))
    ended(by, gone, S.DECLINED, date(2014, 3, 31))
    carried = made(by, made_on=date(2013, 5, 1), areas=halton, level="national")
    accepted_on(by, carried, date(2014, 4, 1))
    in_time = accepted_on(by, made(by, made_on=date(2014, 4, 1), areas=halton), date(2014, 4, 2))
    first = agreed(by, in_time, due_on=date(2014, 9, 1), agreed_on=date(2014, 4, 2))
    settled(by, first, date(2014, 9, 1))
    ended(by, in_time, S.DONE, date(2014, 9, 1))
    late = accepted_on(by, made(by, made_on=date(2014, 5, 1)), date(2014, 5, 2))
    second = agreed(by, late, due_on=date(2014, 9, 1), agreed_on=date(2014, 5, 2))
    settled(by, second, date(2014, 9, 2))
    ended(by, late, S.DONE, date(2015, 3, 31))
    still = made(by, made_on=date(2015, 3, 31))
    agreed(by, still, due_on=date(2015, 3, 31), agreed_on=date(2015, 3, 31))
    no_day = accepted_on(by, made(by, made_on=date(2014, 6, 1)), date(2014, 6, 1))
    ended(by, no_day, S.DONE, date(2015, 4, 1))
    made(by, made_on=date(2015, 4, 1))


def counted(user, period=YEAR, today=TODAY) -> dict[str, dict[str, list[int]]]:
    tables = year.tables(period, user, today)
    return {table.name: {row[0]: list(row[1:]) for row in table.rows} for table in tables}


def test_each_stands_once_where_it_belongs(coordinator, some):
    found = counted(coordinator)

    # carried, made, accepted, declined, superseded, done, in time, late, no day, open, overdue
    assert found["Recommendations by area"] == {
        "Cheshire East": [0] * 11,
        "Cheshire West and Chester": [0] * 11,
        "Halton": [1, 1, 2, 0, 0, 1, 1, 0, 0, 1, 0],
        "Warrington": [0] * 11,
        "Two or three areas": [0] * 11,
        "All four areas": [0, 3, 2, 0, 0, 1, 0, 1, 0, 2, 1],
        "Total": [1, 4, 4, 0, 0, 2, 1, 1, 0, 3, 1],
    }
    assert found["Recommendations by level"] == {
        "Local": [0, 4, 3, 0, 0, 2, 1, 1, 0, 2, 1],
        "Regional": [0] * 11,
        "National": [1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
        "Total": [1, 4, 4, 0, 0, 2, 1, 1, 0, 3, 1],
    }
    # carried, agreed, not to be done, done, in time, late, open, overdue
    assert found["Actions by area"]["Halton"] == [0, 1, 0, 1, 1, 0, 0, 0]
    assert found["Actions by level"]["Total"] == [0, 3, 0, 2, 1, 1, 1, 1]


def test_a_year_that_is_not_over_is_counted_to_today_and_says_so(coordinator, some):
    today = date(2014, 9, 1)

    assert counted(coordinator, today=today)["Recommendations by level"]["Total"] == [
        *(1, 3, 4, 0, 0, 1, 1, 0, 0, 3, 0)
    ]
    assert "1 April 2014 to 1 September 2014" in year.Year.of(YEAR, today).basis


def test_what_is_open_at_the_end_of_a_year_is_carried_into_the_next(coordinator):
    """Invented histories over six years; every table adds up, and each year begins as the last
    one ended."""
    chance = random.Random(7)
    for _ in range(40):
        invent(coordinator, chance)
    years = [Period.year(begins) for begins in range(2010, 2016)]
    found = [counted(coordinator, each, date(2017, 1, 1)) for each in years]

    for name in found[0]:
        was_open = -2
        for before, after in zip(found, found[1:], strict=False):
            assert [row[was_open] for row in before[name].values()] == [
                row[0] for row in after[name].values()
            ]
        for each in found:
            *parts, total = each[name].values()
            assert [sum(column) for column in zip(*parts, strict=True)] == total
    assert sum(each["Recommendations by area"]["Total"][1] for each in found) == 40


def invent(by, chance: random.Random) -> None:
    areas = list(Area.objects.all())
    row = made(
        by,
        made_on=date(2010, 4, 1) + timedelta(days=chance.randrange(2100)),
        areas=chance.sample(areas, chance.randrange(5)),
        level=chance.choice(["local", "regional", "national"]),
    )
    if chance.random() < 0.7:
        row = accepted_on(by, row, row.made_on + timedelta(days=chance.randrange(200)))
    since = row.accepted_on or row.made_on
    for _ in range(chance.randrange(3)):
        due_on = since + timedelta(days=chance.randrange(400))
        point = agreed(by, row, due_on=due_on, agreed_on=since)
        if chance.random() < 0.7:
            to = chance.choice([PointState.DONE, PointState.DROPPED])
            settled(by, point, since + timedelta(days=chance.randrange(500)), to)
    how = chance.choice([None, S.DECLINED, S.SUPERSEDED, S.DONE])
    is_open = row.action_points.filter(state=PointState.OPEN).exists()
    if how and (how != S.DONE or (row.state == S.ACCEPTED and not is_open)):
        ended(by, row, how, since + timedelta(days=500 + chance.randrange(400)))


def test_numbers_that_do_not_add_up_are_not_shown():
    wrong = [
        Recommended(made=2, done=1, in_time=1),
        Recommended(made=1, done=1),
        Recommended(made=1, open=1, overdue=2),
        Recommended(made=1, open=1, accepted=2),
        Agreed(agreed=2, open=1),
        Agreed(agreed=1, done=1),
        Agreed(agreed=1, open=1, overdue=2),
    ]
    for each in wrong:
        with pytest.raises(DoesNotAddUp):
            each.checked()
    assert Recommended().checked() + Recommended(made=1, open=1).checked() == Recommended(
        made=1, open=1
    )


def test_the_printed_list_has_what_stood_on_it_and_nothing_else(coordinator, reader, some):
    rows = list(queries.of_the_year(YEAR, coordinator))

    assert [row.made_on for row in rows] == [
        date(2013, 5, 1),
        date(2014, 4, 1),
        date(2014, 5, 1),
        date(2014, 6, 1),
        date(2015, 3, 31),
    ]
    assert list(queries.of_the_year(YEAR, reader)) == rows


@pytest.mark.pages
def test_the_file_has_a_line_for_each_number_with_its_basis_and_year(client, coordinator, some):
    sign_in(client, coordinator)
    page = client.get("/learning/recommendations/year/file/?year=2014-15")
    lines = list(csv.DictReader(io.StringIO(page.content.decode())))

    tables = year.tables(YEAR, coordinator)
    assert len(lines) == len(list(compliance_tables.lines(tables))) > 100
    [carried] = [
        line["Number"]
        for line in lines
        if (line["Table"], line["Row"], line["Column"])
        == ("Recommendations by level", "Total", "From earlier years")
    ]
    assert carried == "1"
    assert {line["Year"] for line in lines} == {"2014-15"}
    assert all("by the days on which things happened" in line["Basis"] for line in lines)


@pytest.mark.pages
@pytest.mark.parametrize("asked", ["", "?year=nonsense", "?year=2999-00", "?year=2014-15-Q1"])
def test_without_a_year_the_page_shows_this_one(client, coordinator, asked):
    sign_in(client, coordinator)
    page = text_of(client.get(f"/learning/recommendations/year/{asked}"))

    assert "Recommendations in 20" in page and "2999" not in page
