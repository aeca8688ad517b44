"""Opening a case: what is kept where, and what lies in the clear."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from cdop.cases import actions, identity, search
from cdop.cases.identity import IdentityRecord
from cdop.cases.models import Case, CaseFacts, Clocks, IdentityToken
from cdop.cases.states import CaseState
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cast import TESTS
from tests.makers import ANSWERS, a_case, opened_case


def everything_stored() -> str:
    """Every column of every row of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [bytes(v) if isinstance(v, memoryview) else v for r in cursor for v in r]
    return "\n".join(v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in found)


def test_the_facts_are_worked_out_from_the_report(db):
    case = opened_case(died_at=datetime(2014, 5, 6, 21, 0, tzinfo=UTC))

    facts = CaseFacts.objects.get(case=case)
    assert (facts.area_id, facts.in_scope, facts.sex) == ("E06000006", True, "female")
    assert (facts.age_days, facts.age_years, facts.age_band) == (94, 0, "28-364d")
    assert (facts.died_in, facts.notified_in) == (date(2014, 5, 1), date(2014, 5, 1))
    assert facts.hours_to_notification == 12
    assert (facts.reviewed_in, facts.category, facts.modifiable) == (None, "", "")


def test_a_child_whose_birth_date_is_not_known_has_no_age_rather_than_age_nought(db):
    facts = CaseFacts.objects.get(case=opened_case({"date_of_birth": ""}))

    assert (facts.age_days, facts.age_years, facts.age_band) == (None, None, "not_known")


def test_nothing_that_identifies_the_child_lies_in_the_clear(db, coordinator):
    case = opened_case()
    identity.read(case, by=coordinator, purpose="a parent rang")
    known = identity.read(case, by=TESTS, purpose="test")
    identity.edit(case, IdentityRecord(**{**vars(known), "address": "1 Nowhere Lane"}), by=TESTS)

    stored = everything_stored()

    assert case.reference in stored  # the search does see what is in the clear
    for planted in ("Aaaa", "Invented", "Bbbb", "9990000123", "ZZ99", "2014-02-01", "Nowhere"):
        assert planted not in stored


def test_reading_who_the_child_was_is_recorded_with_the_purpose(coordinator):
    case = opened_case()

    record = identity.read(case, by=coordinator, purpose="a parent rang")

    assert record.full_name == "Aaaa Invented-Child"
    entry = AuditEntry.objects.last()
    assert (entry.action, entry.actor, entry.case_number, entry.purpose) == (
        "identity.read",
        coordinator,
        case.pk,
        "a parent rang",
    )


@pytest.mark.parametrize("who", ["chair", "member", "reader", "governance_lead", "stranger"])
def test_the_panel_and_the_readers_cannot_open_who_a_child_was(db, request, who):
    case, person = opened_case(), request.getfixturevalue(who)
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match="Your role does not open who a child was"):
        identity.read(case, by=person, purpose="curious")

    assert AuditEntry.objects.count() == before


def test_a_reading_without_a_purpose_is_refused(coordinator):
    with pytest.raises(Refused, match="Say why"):
        identity.read(opened_case(), by=coordinator, purpose="  ")


def test_a_stale_identity_is_refused_and_nothing_changes(coordinator):
    case = opened_case()
    record = identity.read(case, by=coordinator, purpose="correct")
    changed = IdentityRecord(**{**vars(record), "family_name": "Another"})
    identity.edit(case, changed, by=coordinator, version=1)
    before = AuditEntry.objects.count()

    with pytest.raises(Stale):
        identity.edit(case, record, by=coordinator, version=1)

    assert identity.read(case, by=TESTS, purpose="test").family_name == "Another"
    assert AuditEntry.objects.filter(number__gt=before, action="identity.edited").count() == 0


def test_a_changed_name_is_found_and_the_old_one_no_longer(coordinator):
    case = opened_case()
    record = identity.read(case, by=coordinator, purpose="correct")
    identity.edit(case, IdentityRecord(**{**vars(record), "family_name": "Qwerty"}), by=coordinator)

    assert [c.case for c in search.candidates(IdentityRecord(family_name="Qwerty"))] == [case]
    assert search.candidates(IdentityRecord(family_name="Invented")) == []


def test_an_earlier_notification_moves_the_clock_back(db):
    case = opened_case(notified_at=datetime(2014, 6, 2, 9, tzinfo=UTC))

    actions.add_report(
        case,
        answers=ANSWERS,
        notified_at=datetime(2014, 5, 8, 9, tzinfo=UTC),
        source="N-TWO",
        by=TESTS,
    )

    assert Clocks.objects.get(case=case).notified_at == datetime(2014, 5, 8, 9, tzinfo=UTC)
    assert CaseFacts.objects.get(case=case).notified_in == date(2014, 5, 1)


def test_a_failed_opening_leaves_nothing_behind(db, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the last write fails")

    monkeypatch.setattr(actions.contacts, "keep", fail)

    with pytest.raises(RuntimeError):
        opened_case()

    assert (Case.objects.count(), IdentityToken.objects.count(), AuditEntry.objects.count()) == (
        0,
        0,
        0,
    )


def test_a_case_without_an_area_says_what_is_missing_and_stays_where_it_is(coordinator):
    case = opened_case(area=None)

    with pytest.raises(Refused, match="Say in which area the child normally lived"):
        actions.make_ready(case, by=coordinator)

    assert Case.objects.get().state == CaseState.GATHERING


def test_a_signed_off_finding_is_counted_once_and_keeps_its_month(chair, coordinator):
    case = a_case(expectedness="unexpected")
    actions.make_ready(case, by=coordinator)
    found = {"edition": "lscb-2015", "modifiable": "modifiable", "expectedness": "unexpected"}

    first = datetime(2014, 9, 3, 10, tzinfo=UTC)
    later = datetime(2015, 4, 3, 10, tzinfo=UTC)
    take = {"case_id": case.pk, "by": chair, **found}
    actions.take_finding(**take, signed_off_at=first, category="infection")
    actions.take_finding(**take, signed_off_at=later, category="acute")

    facts = CaseFacts.objects.get(case=case)
    assert (facts.reviewed_in, facts.days_to_sign_off) == (date(2014, 9, 1), 120)
    assert (facts.category, facts.modifiable) == ("acute", "modifiable")
    assert Case.objects.get().state == CaseState.REVIEWED
