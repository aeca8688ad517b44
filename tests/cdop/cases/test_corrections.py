"""Corrections: what follows from them, and what they can no longer touch."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from cdop.cases import actions, corrections, identity, reports
from cdop.cases.models import Case, CaseFacts, Clocks
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from cdop.rapid_response import actions as rapid_response
from tests.cast import TESTS
from tests.makers import NOTIFIED_AT, opened_case
from tests.pages import date_parts, sign_in, text_of

SIGNED_OFF_AT = datetime(2014, 9, 3, 10, tzinfo=UTC)


def facts_of(case):
    return CaseFacts.objects.get(case=case)


def reviewed(case, coordinator, chair):
    """The case after the chair has signed off that the death was unexpected."""
    actions.make_ready(case, by=coordinator)
    actions.take_finding(
        case.pk,
        by=chair,
        signed_off_at=SIGNED_OFF_AT,
        edition="lscb-2015",
        category="infection",
        modifiable="not_modifiable",
        expectedness="unexpected",
    )
    return Case.objects.get(pk=case.pk)


def reported(case, **answers):
    """What a second notifier said, ready to be settled."""
    notified = {"notified_at": NOTIFIED_AT, "source": "N-TWO", "by": TESTS}
    actions.add_report(case, answers=answers, **notified)
    return case.reported_values.get(source="N-TWO", field=next(iter(answers)))


def test_a_corrected_birth_date_corrects_the_age_that_is_counted(client, coordinator):
    case = opened_case()
    posted = {"family_name": "Invented-Child", "version": "1"}
    posted |= date_parts("date_of_birth", 2, 1, 2010)

    sign_in(client, coordinator).post(reverse("cases:edit_identity", args=[case.reference]), posted)

    facts = facts_of(case)
    assert (facts.age_years, facts.age_band) == (4, "1-4")


def test_a_death_corrected_to_unexpected_gets_the_tasks_of_the_response(client, coordinator):
    case = opened_case({"expectedness": "expected"})
    rapid_response.start(case, by=TESTS)
    before = case.checklist.count()
    posted = {"area": "E06000006", "sex": "female", "expectedness": "unexpected", "version": "1"}

    sign_in(client, coordinator).post(reverse("cases:edit_facts", args=[case.reference]), posted)

    assert case.checklist.count() > before + 10
    assert case.checklist.filter(task="joint_visit").exists()


def test_weeks_of_pregnancy_that_were_settled_are_counted(coordinator):
    case = opened_case({"gestation_weeks": "30"})

    reports.settle(reported(case, gestation_weeks="24"), by=coordinator)

    assert facts_of(case).gestation_weeks == 24


def test_a_date_of_death_is_settled_only_as_the_case_says_it(coordinator):
    case = opened_case({"date_of_death": "2014-05-06"})
    value = reported(case, date_of_death="2014-05-05")
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match="Correct when the child died"):
        reports.settle(value, by=coordinator)
    assert AuditEntry.objects.count() == before

    clocks = {"died_on": date(2014, 5, 5), "died_at": None, "confirmed_at": None}
    corrections.correct_clocks(case, by=coordinator, version=1, **clocks)
    reports.settle(value, by=coordinator)

    assert case.reported_values.filter(field="date_of_death", settled_at=None).count() == 0


def test_two_who_settle_the_same_at_once_do_not_both_win(coordinator):
    case = opened_case()
    value = reported(case, family_name="Other-Invented")
    first = case.reported_values.get(field="family_name", source="N-TEST")
    reports.settle(first, by=coordinator)

    with pytest.raises(Refused, match="Somebody settled this meanwhile"):
        reports.settle(value, by=coordinator)

    known = identity.read(case, by=TESTS, purpose="test")
    assert known.family_name == "Invented-Child"


def test_a_corrected_date_of_death_moves_the_days_to_the_sign_off(coordinator, chair):
    case = reviewed(opened_case(), coordinator, chair)
    before = facts_of(case).days_to_sign_off

    clocks = {"died_on": date(2014, 5, 4), "died_at": None, "confirmed_at": None}
    corrections.correct_clocks(case, by=coordinator, version=1, **clocks)

    assert facts_of(case).days_to_sign_off == before + 2


def test_what_the_chair_signed_off_is_not_corrected_beside_the_finding(coordinator, chair):
    case = reviewed(opened_case(), coordinator, chair)
    value = reported(case, expectedness="expected")
    ways = [
        lambda: corrections.correct_facts(case, by=coordinator, expectedness="expected"),
        lambda: reports.settle(value, by=coordinator),
        lambda: actions.change_scope(case, in_scope=False, reason="Elsewhere", by=coordinator),
    ]
    for way in ways:
        with pytest.raises(Refused, match="signed off with the panel's finding"):
            way()

    facts = facts_of(case)
    assert (facts.expectedness, facts.in_scope) == ("unexpected", True)


def test_other_facts_of_a_reviewed_case_may_still_be_corrected(coordinator, chair):
    case = reviewed(opened_case(), coordinator, chair)

    corrections.correct_facts(
        case, by=coordinator, ethnic_group="white_irish", expectedness="unexpected"
    )

    assert facts_of(case).ethnic_group == "white_irish"


def test_nothing_that_is_counted_of_a_closed_case_can_be_corrected(coordinator, chair):
    case = reviewed(opened_case(), coordinator, chair)
    value = reported(case, sex="male")
    actions.close(case, by=coordinator)
    known = identity.read(case, by=TESTS, purpose="test")
    facts, clocks = facts_of(case), Clocks.objects.get(case=case)
    when = {"died_on": date(2014, 5, 4), "died_at": None, "confirmed_at": None}
    ways = [
        lambda: corrections.correct_facts(case, by=coordinator, sex="male"),
        lambda: corrections.correct_identity(case, known, by=coordinator),
        lambda: corrections.correct_clocks(case, by=coordinator, version=1, **when),
        lambda: reports.settle(value, by=coordinator),
    ]
    for way in ways:
        with pytest.raises(Refused, match="This case is closed"):
            way()
    earlier = datetime(2014, 5, 6, 12, tzinfo=UTC)
    actions.add_report(case, answers={"sex": "male"}, notified_at=earlier, source="N", by=TESTS)

    assert facts_of(case).version == facts.version
    assert Clocks.objects.get(case=case).notified_at == clocks.notified_at


def test_a_death_that_another_panel_reviews_is_counted_nowhere_after_the_decision(
    client, coordinator
):
    case = opened_case(area=None)
    address = reverse("cases:change_scope", args=[case.reference])
    unsaid = sign_in(client, coordinator).post(address, {"in_scope": "no", "reason": ""})
    assert "Say why you decide so" in text_of(unsaid)

    said = {"in_scope": "no", "rule": "resident", "stop": "no", "version": facts_of(case).version}
    client.post(address, said | {"reason": "The child lived in another county."})

    facts = facts_of(case)
    assert facts.in_scope is False
    assert facts.history.first().history_change_reason == "The child lived in another county."


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_nobody_but_the_team_decides_on_scope(client, request, db, who):
    case = opened_case()
    address = reverse("cases:change_scope", args=[case.reference])

    page = sign_in(client, request.getfixturevalue(who)).post(
        address, {"in_scope": "no", "reason": "Curious"}
    )

    assert page.status_code == 404
    assert facts_of(case).in_scope is True
