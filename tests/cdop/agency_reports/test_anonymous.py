"""What agencies told as the panel may have it: by kind of agency, in days, and naming nobody."""

from datetime import date, timedelta

import pytest

from cdop.agency_reports import anonymous, collating
from cdop.cases import clock_readings
from cdop.cases.models import Case
from cdop.core.audit import AuditEntry
from cdop.core.fields import NOT_KNOWN
from cdop.panel import paper_actions
from tests.cdop.agency_reports.makers import returned
from tests.cdop.panel.makers import on_agenda, planned_meeting, ready_case
from tests.guard import nothing_forbidden
from tests.makers import DIED_ON, opened_case


@pytest.fixture
def case(db) -> Case:
    return opened_case()


def test_each_question_stands_with_its_answers_by_kind_of_agency(case, coordinator):
    asked = returned(coordinator, {"growth": ["9 kg"]}, case=case)
    returned(coordinator, {"growth": ["9.1 kg"]}, case=case, agency="hospital")

    told = anonymous.composite(case, by=coordinator, purpose="test")

    [growth] = [each for each in told if ("Hospital", "9.1 kg") in each.answers]
    assert growth.answers == (("General practice", "9 kg"), ("Hospital", "9.1 kg"))
    assert str(asked.organisation) not in str(told)
    assert AuditEntry.objects.filter(action="agency_reports.read", purpose="test").count() == 1


def test_what_was_settled_stands_below_and_no_more_once_another_answer_came(case, coordinator):
    for answer in ("yes", "no"):
        returned(coordinator, {"disability": [answer]}, case=case)
    line = collating.collated(case, by=coordinator, purpose="test").line("disability")
    collating.settle(
        case, "disability", answer="Yes", why="Letter", over=line.over, version=0, by=coordinator
    )
    assert ("What holds", "Yes") in answers(case, coordinator)

    returned(coordinator, {"disability": ["no"]}, case=case, agency="hospital")

    assert ("What holds", "Yes") not in answers(case, coordinator)


def test_who_was_asked_and_when_it_came_stand_in_the_timeline_by_kind(case, coordinator):
    request = returned(coordinator, {}, case=case)

    found = anonymous.happened(case)

    assert [each.text for each in found] == [
        "Report asked for: General practice",
        f"Report came: General practice, {request.state_label}",
    ]
    assert {each.day for each in found} == {(request.asked_at.date() - DIED_ON).days}


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("date", "2014-05-01", "5 days before the death"),
        ("date", "2014-05-06", "on the day of the death"),
        ("date", "2014-05-07", "1 day after the death"),
        ("date", NOT_KNOWN, "Not known"),
        ("text", "2014-05-01", "Not known"),
    ],
)
def test_a_date_becomes_days_from_the_death(case, kind, answer, words):
    assert anonymous._words(kind, answer, "Not known", case.pk) == words


def test_moments_are_told_in_hours_for_three_days_and_in_days_then(case):
    start = clock_readings.clock_start(DIED_ON, None, None).at
    moments = [start + timedelta(hours=hours) for hours in (0, 1, 71, 72, -5)]

    assert clock_readings.moments_in_words(case.pk, moments) == [
        "0 hours after the death",
        "1 hour after the death",
        "71 hours after the death",
        "3 days after the death",
        "1 day before the death",
    ]
    assert clock_readings.from_death(case.pk, date(2014, 5, 6)) == "on the day of the death"


def test_what_agencies_say_comes_into_the_papers_and_their_names_are_found(coordinator, member):
    case = ready_case()
    asked = returned(
        coordinator, {"growth": ["Seen by Dr Vexley at Nonsuch Nursery; Aaaa grew."]}, case=case
    )
    item = on_agenda(planned_meeting(member), case)

    with nothing_forbidden():
        draft = paper_actions.begin(item, by=coordinator)

    record = next(each.text for each in draft.sections if each.code == "record")
    assert "General practice: Seen by Dr Vexley at Nonsuch Nursery; Aaaa grew." in record
    assert str(asked.organisation) not in record
    found = [place.words for place in draft.found if place.section == "record"]
    assert {"Dr Vexley", "Nonsuch Nursery", "Aaaa"} <= set(found)


def test_those_who_were_asked_are_names_to_look_for_and_that_is_recorded(case, coordinator):
    returned(coordinator, {}, case=case)

    assert anonymous.people_asked(case, by=coordinator, purpose="test") == ["Contact Invented"]
    reads = AuditEntry.objects.filter(action="agency_reports.people_read")
    assert [(entry.actor, entry.purpose) for entry in reads] == [(coordinator, "test")]


def answers(case, coordinator) -> set[tuple[str, str]]:
    told = anonymous.composite(case, by=coordinator, purpose="test")
    return {answer for each in told for answer in each.answers}
