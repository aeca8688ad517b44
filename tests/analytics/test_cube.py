"""The one count: which deaths, in which month, how often the database is asked, and by what."""

import base64
import hashlib
import hmac
import json
from datetime import date

import pytest
import time_machine
from django.db import DatabaseError, connection, connections
from django.test.utils import CaptureQueriesContext

from analytics import compose, cube
from analytics.populations import BIRTHS
from analytics.tables import declared
from cdop.cases.models import CaseFacts
from cdop.core.audit import AuditEntry
from cdop.core.periods import Period
from cdop.core.steps import edit
from tests.analytics.deaths import (
    HALTON,
    REVIEWED,
    WARRINGTON,
    a_death,
    a_reviewed_death,
    deaths,
    random_deaths,
)
from tests.cast import TESTS

YEAR = Period.year(2014)
RECORDED = ("ethnic_group", "place_of_death", "place_of_event", "gestation", "time_to_review")
SEALED_OFF = ("identity", "clocks", "contact", "reportedvalue", "notifications_")


def tables_of(period=YEAR):
    """Every table's counts, by its id."""
    return {table.table.id: table for table in compose.count(period).tables}


def total_of(table_id, period=YEAR):
    table = tables_of(period)[table_id]
    return table.counts[("total",) * len(table.dimensions)]


@pytest.mark.parametrize(
    ("seed", "codes", "period"),
    [
        (1, ("lscb-2015",), YEAR),
        (2, ("lscb-2015", "cdr-2018"), YEAR),
        (3, ("cdr-2018",), Period.parse("2013-14--2014-15")),
        (4, ("lscb-2015", "cdr-2018"), Period.parse("2014-15-Q2")),
    ],
)
def test_every_table_equals_a_count_by_hand(db, seed, codes, period):
    random_deaths(60, seed, codes=codes)
    rows = list(CaseFacts.objects.select_related("area"))

    counted = compose.count(period)

    wanted = {
        tabulated.table.id: by_hand(rows, tabulated, period, of=tabulated.table.numerator)
        for tabulated in counted.tables
    }
    assert {t.table.id: dict(t.counts) for t in counted.tables} == wanted
    assert sum(sum(counts.values()) for counts in wanted.values()) > 0
    for tabulated in counted.tables:
        if tabulated.table.denominator:
            assert dict(tabulated.denominators) == by_hand(
                rows, tabulated, period, of=tabulated.table.denominator
            )


def by_hand(rows, tabulated, period, of):
    """The same table with loops over the rows: slow, and without a thought in it."""
    table = tabulated.table
    values = {d.code: d.values for d in (*tabulated.dimensions, *tabulated.restricting)}
    columns = {d.code: d.column for d in (*tabulated.dimensions, *tabulated.restricting)}
    counts = {}
    for at in tabulated.counts:
        wanted = {**table.where, **of, **dict(zip(table.dimensions, at, strict=True))}
        counts[at] = 0
        for row in rows:
            if row.in_scope and in_period(row, table.basis, period):
                answers = facts_of(row)
                if all(
                    under(answers[columns[code]], value, values[code])
                    for code, value in wanted.items()
                ):
                    counts[at] += 1
    return counts


def in_period(row, basis, period):
    month = {"notified": row.notified_in, "reviewed": row.reviewed_in, "died": row.died_in}[basis]
    return month is not None and period.first_month <= month <= period.last_month


def facts_of(row):
    said = {
        "area": row.area_id,
        "age_band": row.age_band,
        "sex": row.sex,
        "expectedness": row.expectedness,
        "edition": row.analysis_edition,
        "category": row.category,
        "modifiable": row.modifiable,
        "ethnic_group": row.ethnic_group,
        "place_of_death": row.place_of_death,
        "place_of_event": row.place_of_event,
        "gestation": band_of(row.gestation_weeks, WEEKS),
        "time_to_review": band_of(row.days_to_sign_off, DAYS),
    }
    return {name: value or "not_known" for name, value in said.items()}


WEEKS = {range(24): "under-24", range(24, 28): "24-27", range(28, 32): "28-31"}
WEEKS |= {range(32, 37): "32-36", range(37, 50): "37-plus"}
DAYS = {range(183): "within-6-months", range(183, 366): "within-12-months"}
DAYS |= {range(366, 9_999): "over-12-months"}


def band_of(number, bands):
    return next((code for numbers, code in bands.items() if number in numbers), None)


def under(answer, value, values):
    """Whether an answer is a value, or one of the parts of it."""
    parents = {entry.code: entry.parent for entry in values}
    if value == "total":
        return True
    while answer is not None:
        if answer == value:
            return True
        answer = parents.get(answer)
    return False


def test_the_whole_set_asks_for_the_deaths_once(db):
    random_deaths(12, seed=5)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        compose.count(YEAR)

    asked = [query["sql"] for query in queries if "casefacts" in query["sql"]]
    assert len(asked) == 1
    assert asked[0].count("GROUP BY") == 1
    assert len(queries) == 3  # the deaths, the names of the areas, and how many live there


def test_counting_takes_as_many_queries_for_many_deaths_as_for_one(db):
    a_death()
    with CaptureQueriesContext(connection) as few:
        compose.count(YEAR)
    random_deaths(25, seed=6)

    with CaptureQueriesContext(connection) as many:
        compose.count(YEAR)

    assert len(many) == len(few)


def test_no_statement_names_what_is_sealed_off(db):
    random_deaths(5, seed=7)

    with CaptureQueriesContext(connection) as queries:
        compose.count(YEAR)

    assert [q["sql"] for q in queries if any(name in q["sql"].lower() for name in SEALED_OFF)] == []


def test_the_cube_holds_each_combination_once_with_how_it_counts(db):
    deaths(3)
    a_reviewed_death(sex="", notified_in=date(2013, 12, 1), died_in=date(2013, 12, 1))

    frame = cube.count(YEAR).frame

    assert frame.to_dict("records") == [
        {
            "area": HALTON,
            "age_band": "0-27d",
            "sex": "female",
            "expectedness": "expected",
            "edition": "not_known",
            "category": "not_known",
            "modifiable": "not_known",
            **dict.fromkeys(RECORDED, "not_known"),
            "basis_notified": 1,
            "basis_reviewed": 0,
            "basis_died": 1,
            "n": 3,
        },
        {
            "area": HALTON,
            "age_band": "0-27d",
            "sex": "not_known",
            "expectedness": "expected",
            "edition": "lscb-2015",
            "category": "perinatal",
            "modifiable": "not_modifiable",
            **dict.fromkeys(RECORDED, "not_known"),
            "basis_notified": 0,
            "basis_reviewed": 1,
            "basis_died": 0,
            "n": 1,
        },
    ]


def test_an_empty_code_and_the_answer_not_known_are_counted_together(db):
    a_death(sex="")
    a_death(sex="not_known")

    frame = cube.count(YEAR).frame

    assert list(zip(frame["sex"], frame["n"], strict=True)) == [("not_known", 2)]


def test_a_death_not_reviewed_and_one_reviewed_in_another_period_count_alike(db):
    a_death()
    a_death(reviewed_in=date(2015, 6, 1))

    frame = cube.count(YEAR).frame

    assert list(zip(frame["basis_reviewed"], frame["n"], strict=True)) == [(0, 2)]


def test_the_rows_of_the_cube_are_in_order_whatever_the_database_does(db):
    random_deaths(40, seed=9)

    rows = list(cube.count(YEAR).frame.itertuples(index=False, name=None))

    assert rows == sorted(rows)


@pytest.mark.parametrize(
    ("month", "notified"),
    [(date(2014, 3, 1), 0), (date(2014, 4, 1), 1), (date(2015, 3, 1), 1), (date(2015, 4, 1), 0)],
)
def test_a_year_holds_its_first_and_its_last_month_and_no_other(db, month, notified):
    a_death(notified_in=month)

    assert total_of("notified-area") == notified


def test_a_death_reviewed_later_counts_as_notified_now_and_as_reviewed_then(db):
    a_reviewed_death(reviewed_in=date(2015, 6, 1))

    later = Period.year(2015)

    assert (total_of("notified-area"), total_of("reviewed-area")) == (1, 0)
    assert (total_of("notified-area", later), total_of("reviewed-area", later)) == (0, 1)


def test_one_more_case_signed_off_is_exactly_one_more_death_reviewed(db):
    random_deaths(20, seed=8)
    open_case = a_death()
    before = {key: dict(table.counts) for key, table in tables_of().items()}

    edit(open_case, by=TESTS, **REVIEWED)

    after = {key: dict(table.counts) for key, table in tables_of().items()}
    grown = {key: sum(after[key].values()) - sum(before[key].values()) for key in before}
    margin = ("total",)
    assert after["reviewed-area"][margin] == before["reviewed-area"][margin] + 1
    assert grown["reviewed-area"] == 2  # its area, and Pan-Cheshire
    assert {key for key, n in grown.items() if key.startswith("notified") and n} == set()


def test_out_of_scope_is_not_counted(db):
    a_death(in_scope=False)

    assert total_of("notified-area") == 0


def test_a_period_without_a_death_has_every_table_and_nothing_but_zeros(db):
    counted = compose.count(YEAR)

    known = [t.id for t in declared(["lscb-2015"]) if t.population != BIRTHS]
    assert [t.table.id for t in counted.tables] == known
    assert {n for table in counted.tables for n in table.counts.values()} == {0}
    assert [edition.code for edition in counted.cube.editions] == ["lscb-2015"]


def test_a_death_without_an_area_stands_in_a_column_of_its_own(db):
    a_death(area_id=None)
    a_death(area_id=WARRINGTON)

    counted = compose.count(YEAR)

    assert counted.cube.without_area == 1
    assert dict(counted.tables[0].counts) == {
        ("E06000049",): 0,
        ("E06000050",): 0,
        (HALTON,): 0,
        (WARRINGTON,): 1,
        ("not_known",): 1,
        ("total",): 2,
    }


def test_a_fact_that_no_table_has_a_place_for_stops_the_count_and_is_named(db):
    a_death(age_band="18-24")

    with pytest.raises(compose.Refused, match="age_band .*18-24"):
        compose.count(YEAR)


def test_a_reviewed_death_without_its_guidance_stops_the_count(db):
    a_reviewed_death(analysis_edition="")

    with pytest.raises(compose.Refused, match="does not name its guidance"):
        compose.count(YEAR)


@time_machine.travel("2015-06-01T08:00:00Z", tick=False)
def test_a_snapshot_tells_its_time_and_whoever_has_the_key_whether_the_counts_are_the_same(db):
    a_death()
    first = cube.count(YEAR).snapshot
    same = cube.count(YEAR).snapshot
    a_death()
    changed = cube.count(YEAR).snapshot

    assert first.startswith("20150601T080000Z-")
    assert first == same != changed


def test_a_reader_cannot_tell_from_two_snapshots_that_nothing_changed(db):
    a_death()
    with time_machine.travel("2015-06-01T08:00:00Z", tick=False):
        first = cube.count(YEAR)
    with time_machine.travel("2015-06-02T09:30:00Z", tick=False):
        second = cube.count(YEAR)

    seals = [counted.snapshot.partition("-")[2] for counted in (first, second)]
    assert first.frame.equals(second.frame)
    assert seals[0] != seals[1]
    assert cube.snapshot_id(second.frame, first.counted_at) == first.snapshot


def test_a_snapshot_cannot_be_made_again_with_another_key(db, settings):
    a_death()
    counted = cube.count(YEAR)

    settings.AUDIT_KEY = base64.b64encode(b"x" * 32).decode()

    assert cube.snapshot_id(counted.frame, counted.counted_at) != counted.snapshot


def test_nothing_that_a_reader_can_compute_from_the_counts_alone_is_in_the_snapshot(db):
    a_death()
    counted = cube.count(YEAR)
    moment, _, seal = counted.snapshot.partition("-")
    counts = json.dumps(counted.frame.values.tolist())

    for text in (counts, f"{moment}:{counts}", f"release-snapshot:{moment}:{counts}"):
        assert not hashlib.sha256(text.encode()).hexdigest().startswith(seal)
        assert not hmac.new(b"", text.encode(), hashlib.sha256).hexdigest().startswith(seal)


@pytest.fixture
def beside(db):
    """A second connection to the same database, outside the test's own transaction."""
    connections["beside"] = connection.copy("beside")
    yield "beside"
    connections["beside"].close()
    del connections["beside"]


def test_counting_cannot_write(beside):
    with pytest.raises(DatabaseError, match="read-?only"), cube.one_moment(beside):
        CaseFacts.objects.using(beside).update(sex="male")


def test_a_connection_writes_again_after_it_was_counted_on(beside):
    with cube.one_moment(beside):
        AuditEntry.objects.using(beside).count()

    with connections[beside].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE written (n integer)")
        cursor.execute("INSERT INTO written VALUES (1)")
        assert cursor.rowcount == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting that only SQLite has")
def test_transactions_lock_at_their_start_again_after_a_count(beside):
    with cube.one_moment(beside):
        AuditEntry.objects.using(beside).count()

    assert connections[beside].transaction_mode == "IMMEDIATE"


def test_counting_does_not_wait_for_somebody_who_is_writing(db, beside):
    a_death()  # in the transaction of this test, which holds the write lock of SQLite

    counted = cube.count(YEAR, using=beside)

    assert counted.frame.empty  # what is not committed is not counted


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no isolation levels")
def test_all_that_is_read_at_one_moment_sees_the_same(beside):
    with cube.one_moment(beside), connections[beside].cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        isolation = cursor.fetchone()
        cursor.execute("SHOW transaction_read_only")
        assert (isolation, cursor.fetchone()) == (("repeatable read",), ("on",))
