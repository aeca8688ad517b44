"""Finding cases by token: by what is shared, misspelt, in a crowd, and through the whole path."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdop.cases import identity, search
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Relation
from cdop.cases.models import Case, IdentityToken
from cdop.cases.tokens import of
from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from tests.cdop.cases import pairs
from tests.cdop.cases.children import Told
from tests.cdop.cases.crowd import filed
from tests.cdop.cases.pairs import Pair
from tests.cdop.cases.test_matching import PRECISION, RECALL, figures_of, told
from tests.makers import ANSWERS, opened_case

CROWD = 20_000
DIED = date(2025, 3, 4)


def found(record: IdentityRecord, **known) -> list[Case]:
    return [each.case for each in search.candidates(record, **known)]


@pytest.mark.parametrize(
    "known, alike",
    [
        ({"nhs_number": "999 000 0123"}, ("the same NHS number",)),
        ({"date_of_birth": "2014-02-01"}, ("the same date of birth",)),
        (
            {"date_of_birth": "2014-01-02"},
            ("the same date of birth with day and month exchanged",),
        ),
        ({"family_name": "INVENTED CHILD"}, ("the same family name",)),
        ({"family_name": "INVENTED"}, ("a family name in common",)),
        ({"family_name": "Invvented"}, ("family names that sound alike",)),
        ({"family_name": "Invntd"}, ("family names that sound alike",)),
        ({"mother_name": "bbbb"}, ("a name of the mother in common",)),
    ],
)
def test_a_case_is_found_by_what_another_report_has_in_common(db, known, alike):
    case = opened_case()
    reasons = tuple(r for r in alike)

    got = search.candidates(IdentityRecord(**known))

    assert [each.case for each in got] == [case]
    named = [r for r in got[0].alike if r != "a given name that only one report has"]
    assert tuple(named) == reasons


def test_a_postcode_is_a_trace_but_not_the_one_of_no_place(db):
    case = opened_case({"postcode": "WA7 1AA"})
    opened_case({"postcode": "ZZ99 3VZ"})

    assert found(IdentityRecord(postcode="wa71aa")) == [case]
    assert found(IdentityRecord(postcode="zz993vz")) == []


def test_the_case_with_most_in_common_comes_first(db):
    namesake = opened_case({"nhs_number": "", "date_of_birth": "2001-01-01", "postcode": ""})
    same = opened_case()

    assert found(IdentityRecord.of(ANSWERS)) == [same, namesake]


def test_nothing_is_found_by_an_empty_report_or_in_an_empty_system(db):
    assert found(IdentityRecord()) == []
    assert found(IdentityRecord.of(ANSWERS)) == []
    assert not AuditEntry.objects.exists()


def test_an_exact_number_is_proposed_and_never_joined(db):
    one = opened_case()
    other = opened_case({"given_names": "Zzzz", "family_name": "Mockford", "mother_name": ""})

    both = search.candidates(IdentityRecord(nhs_number="9990000123"))

    assert {each.case for each in both} == {one, other}
    assert all(each.match.is_likely for each in both)
    assert Case.objects.count() == 2
    assert IdentityRecord.of(ANSWERS) == identity.read(one, by=search.SEARCH, purpose="test")


def test_a_twin_is_told_apart_and_marked_as_family(db):
    opened_case({"given_names": "Zzzz", "nhs_number": "9990000204"}, died_on=DIED)

    (twin,) = search.candidates(IdentityRecord.of(ANSWERS), died_on=DIED, sex="male")

    assert (twin.is_family, twin.match.is_likely) == (True, False)


def test_a_case_reported_together_with_this_child_is_family_however_alike(db):
    case = opened_case({"given_names": "Aaab", "nhs_number": ""}, died_on=DIED)
    record = IdentityRecord.of(ANSWERS)

    assert search.candidates(record, died_on=DIED)[0].match.relation is Relation.SAME
    (twin,) = search.candidates(record, died_on=DIED, together=[case.pk])
    assert twin.is_family


def test_opening_cases_to_compare_them_is_recorded_once_with_how_many(coordinator):
    opened_case()
    opened_case()
    before = AuditEntry.objects.count()

    search.candidates(IdentityRecord.of(ANSWERS), by=coordinator)

    (entry,) = AuditEntry.objects.filter(number__gt=before)
    assert (entry.action, entry.actor, entry.purpose) == (
        "identity.compared",
        coordinator,
        "find reports about the same child",
    )
    assert entry.detail == '{"after": {"identities": 2}}'


@pytest.mark.parametrize("who", ["chair", "member", "reader", "governance_lead", "stranger"])
def test_who_may_not_open_an_identity_may_not_have_it_compared(db, request, who):
    opened_case()
    person = request.getfixturevalue(who)
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match="Your role does not open who a child was"):
        search.candidates(IdentityRecord.of(ANSWERS), by=person)

    assert AuditEntry.objects.count() == before


def test_a_case_whose_key_was_destroyed_is_passed_over(db):
    gone, there = opened_case(), opened_case()
    sealing.destroy(gone.data_key)

    assert found(IdentityRecord.of(ANSWERS)) == [there]


def test_one_search_takes_the_same_queries_for_one_case_and_for_many(db):
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            search.candidates(IdentityRecord.of(ANSWERS))
        return len(taken)

    opened_case()
    one = queries()
    for _ in range(5):
        opened_case()

    assert queries() == one


# A crowd


def crowd(size: int, like: IdentityRecord) -> None:
    """So many cases, each with every trace of ``like``, written by the database itself.

    They have no identity to be opened: a search that opens them finds nothing.
    """
    key = sealing.new_key()
    opened = {"edition": "cdr-2018", "data_key": key, "opened_at": timezone.now()}
    Case.objects.bulk_create((Case(reference=f"X-{n}", **opened) for n in range(size)), 5000)
    traces = " UNION ALL ".join(f"SELECT '{kind}' AS k, '{hmac}' AS h" for kind, hmac in of(like))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cdop_identitytoken (case_id, kind, hmac) SELECT cdop_case.id, k, h "
            f"FROM cdop_case CROSS JOIN ({traces}) AS traces WHERE data_key_id = %s",
            [Case._meta.get_field("data_key").get_db_prep_value(key.pk, connection)],
        )


def test_the_right_case_is_not_crowded_out_by_a_name_that_all_have(db):
    """All share the surname, its sound and beginning, and the mother's name with the right one."""
    sought = IdentityRecord(
        given_names="Olivver",
        family_name="Smith",
        date_of_birth="2024-05-09",
        mother_name="Sarah Smith",
    )
    swapped = replace(sought, given_names="Oliver", date_of_birth="2024-09-05")
    (right,) = filed([Told(swapped, DIED, "male")])
    crowd(CROWD, IdentityRecord(family_name="Smith", mother_name="Sarah Smith"))

    (best,) = search.candidates(sought, died_on=DIED, sex="male")

    assert best.case == right
    assert best.match.is_likely
    assert "the same date of birth with day and month exchanged" in best.alike
    assert IdentityToken.objects.count() > 5 * CROWD


# How often it is right, through tokens and score


def test_the_whole_path_finds_the_same_child_and_little_else(db, capsys):
    """Every second report is a case; every first one is looked for among all of them."""
    figures = figures_of(through_the_path(pairs.HELD_OUT))

    with capsys.disabled():
        print(f"\nwhole path on {connection.vendor}, held out: {told(figures)}")
    assert figures["recall"] >= RECALL
    assert figures["precision"] >= PRECISION


def through_the_path(labelled: list[Pair]):
    """Each pair, and whether its case was called the same; what else was found counts as wrong."""
    own = dict(zip(filed(pair.other for pair in labelled), labelled, strict=True))
    strange = replace(labelled[0], same=False)
    for case, pair in own.items():
        one = pair.one
        likely = {}
        for each in search.candidates(one.who, died_on=one.died_on, sex=one.sex):
            likely[each.case] = each.match.is_likely
        yield pair, likely.pop(case, False)
        yield from ((strange, True) for called in likely.values() if called)
