"""What several notifications say of one death: side by side, settled once, and taken back whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cdop.cases import actions, corrections, identity, reports, work
from cdop.cases.models import Case, CaseFacts, Clocks, ReportedValue
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from tests.cast import TESTS
from tests.makers import NOTIFIED_AT

EARLIER, LATER = NOTIFIED_AT - timedelta(hours=5), NOTIFIED_AT + timedelta(hours=3)


def second(case, source="N-TWO", at=LATER, **answers):
    actions.add_report(case, answers=answers, notified_at=at, source=source, by=TESTS)


def fields(case, by) -> dict[str, list]:
    """Each contradiction: its field, and what was said, in order."""
    return {
        each.field: [said.answer for said in each.said]
        for each in reports.contradictions(case, by=by)
    }


def test_what_two_say_differently_stands_side_by_side_with_its_sources(coordinator, case):
    second(case, sex="male", family_name="Invented-Child")

    [found] = reports.contradictions(case, by=coordinator)

    assert found.field == "sex"
    assert [(said.value.source, said.answer) for said in found.said] == [
        ("N-TEST", "female"),
        ("N-TWO", "male"),
    ]
    assert reports.differences(case) == 1


def test_each_value_stands_once_with_all_who_said_it_and_the_one_that_stands_now(coordinator, case):
    second(case, sex="male", time_of_death="10:00")
    second(case, "N-THREE", sex="FEMALE", time_of_death="11:00")

    sex, time = reports.contradictions(case, by=coordinator)

    assert [
        (value.answer, [each.source for each in value.said], value.stands) for value in sex.values
    ] == [("female", ["N-TEST", "N-THREE"], True), ("male", ["N-TWO"], False)]
    assert [(value.answer, value.stands) for value in time.values] == [
        ("10:00", False),
        ("11:00", False),
    ]
    assert not sex.is_otherwise and not time.is_otherwise


def test_what_the_case_says_besides_is_said_where_nobody_else_says_it(coordinator, case):
    second(case, given_names="Cccc")
    known = identity.read(case, by=TESTS, purpose="test")
    corrections.correct_identity(case, replace(known, given_names="Dddd"), by=coordinator)

    [found] = reports.contradictions(case, by=coordinator)

    assert (found.is_otherwise, found.now) == (True, "Dddd")
    assert [value.stands for value in found.values] == [False, False]


def test_reading_what_the_case_says_of_the_child_is_recorded(coordinator, case):
    second(case, given_names="Cccc")

    reports.contradictions(case, by=coordinator)

    assert AuditEntry.objects.filter(action="identity.read", actor=coordinator.pk).exists()


def test_capitals_and_spaces_make_no_other_answer(coordinator, case):
    second(case, family_name="  INVENTED-CHILD ", mother_name="bbbb  invented-child")

    assert reports.differences(case) == 0


def test_what_people_tell_of_the_same_day_adds_up_and_contradicts_nothing(coordinator, case):
    second(case, "N-TWO", circumstances="One story", agencies_known=["gp"])
    second(case, "N-THREE", circumstances="Another story", agencies_known=["police"])

    assert reports.differences(case) == 0


def test_a_third_who_agrees_with_one_of_them_leaves_the_difference(coordinator, case):
    second(case, sex="male")
    second(case, "N-THREE", sex="male")

    assert fields(case, coordinator) == {"sex": ["female", "male", "male"]}


def test_what_is_settled_is_settled_until_somebody_says_otherwise_again(coordinator, case):
    second(case, sex="male")
    reports.settle(case.reported_values.get(source="N-TWO"), by=coordinator)
    assert (reports.differences(case), CaseFacts.objects.get().sex) == (0, "male")

    second(case, "N-THREE", sex="female")
    second(case, "N-FOUR", sex="male")

    assert fields(case, coordinator) == {"sex": ["female", "male"]}


def test_the_case_shows_how_many_answers_differ_and_the_team_has_a_task(
    coordinator, doctor, chair, case
):
    second(case, sex="male", family_name="Other-Invented")
    actions.give_access(case, doctor, by=TESTS, ends_on=None)

    tasks = [task for task in work.tasks_for(coordinator) if "settle" in task.text]

    assert [(task.text, task.count) for task in tasks] == [
        (f"Case {case}: settle what notifiers said differently", 2)
    ]
    assert ("Said differently", "2 answers") in work.on_case(case, coordinator).panel.lines
    assert work.on_case(case, doctor).panel.links == ()
    assert "Said differently" not in dict(work.on_case(case, doctor).panel.lines)
    assert work.tasks_for(chair) == []


# Taken back


def test_what_is_taken_off_a_case_is_kept_and_contradicts_nothing_any_more(coordinator, case):
    second(case, sex="male")

    reports.withdraw(case, "N-TWO", by=coordinator)

    value = ReportedValue.objects.get(source="N-TWO")
    assert value.withdrawn_at and not value.differs
    assert value.history.count() == 3  # said, compared, withdrawn
    assert (reports.differences(case), fields(case, coordinator)) == (0, {})
    assert not ReportedValue.objects.get(source="N-TEST", field="sex").differs


def test_what_the_others_say_differently_stays_a_difference(coordinator, case):
    second(case, sex="male")
    second(case, "N-THREE", sex="indeterminate")

    reports.withdraw(case, "N-TWO", by=coordinator)

    assert fields(case, coordinator) == {"sex": ["female", "indeterminate"]}


def test_what_was_settled_with_others_stays_and_is_named(coordinator, case):
    second(case, sex="male", family_name="Other-Invented")
    reports.settle(case.reported_values.get(source="N-TWO", field="family_name"), by=coordinator)
    before = AuditEntry.objects.count()

    with pytest.raises(Refused) as refused:
        actions.take_report_off(case, "N-TWO", by=coordinator)

    assert refused.value.reason == (
        "What N-TWO said was settled together with what others said: “Family name”. It stays with "
        "this case."
    )
    assert identity.read(case, by=TESTS, purpose="test").family_name == "Other-Invented"
    assert AuditEntry.objects.filter(action="reportedvalue.withdrawn").count() == 0
    assert AuditEntry.objects.count() == before + 1  # the reading above


def test_a_withdrawn_value_cannot_be_settled_on_from_an_old_page(coordinator, case):
    second(case, sex="male")
    value = case.reported_values.get(source="N-TWO")
    reports.withdraw(case, "N-TWO", by=coordinator)

    with pytest.raises(Refused, match="Somebody settled this meanwhile."):
        reports.settle(value, by=coordinator)

    assert CaseFacts.objects.get().sex == "female"


def test_the_clock_goes_to_the_first_of_those_that_are_left(coordinator, case):
    second(case, at=EARLIER, sex="female")
    assert Clocks.objects.get().notified_at == EARLIER
    hours = CaseFacts.objects.get().hours_to_notification

    actions.take_report_off(case, "N-TWO", by=coordinator)

    assert Clocks.objects.get().notified_at == NOTIFIED_AT
    assert CaseFacts.objects.get().hours_to_notification == hours + 5


def test_of_a_closed_case_nothing_counted_moves(coordinator, case):
    second(case, at=EARLIER, sex="female")
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=LATER)
    case.refresh_from_db()

    actions.take_report_off(case, "N-TWO", by=coordinator)

    assert Clocks.objects.get().notified_at == EARLIER
    assert ReportedValue.objects.get(source="N-TWO").withdrawn_at


def test_nothing_is_put_to_a_withdrawn_case(coordinator, case):
    withdrawn = actions.withdraw(case, by=coordinator, reason="It was a hoax.")

    with pytest.raises(Refused, match="This case is withdrawn. Nothing can be put to it."):
        second(withdrawn, sex="male")

    assert not ReportedValue.objects.filter(source="N-TWO").exists()
