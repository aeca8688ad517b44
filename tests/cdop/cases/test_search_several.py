"""Looking for many reports at once finds what looking for each of them finds."""

from dataclasses import replace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cdop.cases import search
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Known, can_be_likely, compare_known
from cdop.cases.search import MOST_OF_SEVERAL, Sought
from tests.cdop.cases import pairs
from tests.cdop.cases.children import Told
from tests.cdop.cases.crowd import filed
from tests.cdop.cases.test_search import CROWD, DIED, crowd
from tests.makers import ANSWERS, opened_case

AT_ONCE = 50
EVERY = 4
"""Of so many reports one is looked for by itself too."""


def test_the_same_cases_are_likely_as_for_each_report_by_itself(db):
    filed(pair.other for pair in pairs.HELD_OUT)
    sought = [Sought(pair.one.who, pair.one.died_on, pair.one.sex) for pair in pairs.HELD_OUT]

    together = [
        found
        for start in range(0, len(sought), AT_ONCE)
        for found in search.candidates_of_several(sought[start : start + AT_ONCE])
    ]

    alone = [
        search.candidates(each.record, died_on=each.died_on, sex=each.sex)
        for each in sought[::EVERY]
    ]
    assert likely(together[::EVERY]) == likely(alone)
    assert sum(map(bool, likely(together))) > 100
    assert sum(map(bool, likely(alone))) > 100 / EVERY


def test_what_is_not_compared_to_the_end_could_not_have_been_likely():
    """Every first report of the labelled pairs against every second one."""
    ones = [Known.of(pair.one.who, pair.one.died_on, pair.one.sex) for pair in pairs.HELD_OUT]
    others = [
        Known.of(pair.other.who, pair.other.died_on, pair.other.sex) for pair in pairs.HELD_OUT
    ]
    own = list(zip(ones, others, strict=True))
    across = [(one, other) for one in ones[::8] for other in others[::2]]

    spared = [both for both in own + across if not can_be_likely(*both)]

    assert [both for both in spared if compare_known(*both).is_likely] == []
    assert len(spared) > len(across) / 4


def likely(found) -> list[list[str]]:
    return [[each.case.reference for each in every if each.match.is_likely] for every in found]


def test_many_reports_take_the_same_queries_as_one(db):
    for _ in range(3):
        opened_case()

    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as taken:
            search.candidates_of_several([Sought(IdentityRecord.of(ANSWERS))] * number)
        return len(taken)

    assert queries(1) == queries(20)


def test_for_each_of_several_fewer_are_opened_those_with_the_rarest_traces(db):
    name = IdentityRecord(given_names="Oliver", family_name="Smith")
    numbered = replace(name, nhs_number="9990000123")
    (right,) = filed([Told(numbered, DIED, "male")])
    filed([Told(name, DIED, "male")] * (MOST_OF_SEVERAL + 5))

    found = search.nearest_of_several([numbered, IdentityRecord(mother_name="Nobody")])

    assert [len(each) for each in found] == [MOST_OF_SEVERAL, 0]
    assert found[0][0] == right.pk


def test_a_name_that_all_have_crowds_nobody_out(db):
    like = IdentityRecord(family_name="Smith", mother_name="Sarah Smith")
    sought = replace(like, given_names="Oliver", date_of_birth="2024-05-09")
    (right,) = filed([Told(sought, DIED, "male")])
    crowd(CROWD, like)

    [[best]] = search.candidates_of_several([Sought(sought, DIED, "male")])

    assert best.case == right
