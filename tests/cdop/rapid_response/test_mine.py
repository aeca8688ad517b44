"""Professionals of other agencies: their own tasks on the one case they are on, until a day."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.cases import actions as cases
from cdop.cases.models import Case, CaseAccess
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from cdop.core.uploads import Accepted
from cdop.rapid_response import (
    actions,
    discussions,
    evidence,
    facts,
    queries,
    responses,
    visits,
    work,
)
from cdop.rapid_response.states import ResponseState, VisitOutcome
from tests.cast import TESTS, person
from tests.cdop.rapid_response.meeting import held
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)
DEATH = datetime(2027, 3, 10, 5, 0, tzinfo=UTC)
NOTES = Accepted("notes.txt", "text/plain", b"invented notes")
# Led by the police, or done with them; and what others do alone.
OFFICERS = {
    "preserve_scene",
    "tell_coroner",
    "decide_response",
    "strategy_discussion",
    "take_history",
    "decide_visit",
    "joint_visit",
}


@pytest.fixture
def case(db) -> Case:
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    return made


@pytest.fixture
def officer(db):
    return person("responder", "Officer Invented")


@pytest.fixture
def on_case(case, officer):
    """The officer is on the case, with the tasks of the police."""
    return given(case, officer)


def given(case, user, leads=("police",), days=30) -> CaseAccess:
    until = localdate() + timedelta(days=days)
    return cases.give_access(case, user, by=TESTS, ends_on=until, leads=leads)


def url(name, *args):
    return reverse(f"rapid_response:{name}", args=args)


def everything(found) -> list[queries.Line]:
    return [*found.waiting, *found.passed, *found.later, *found.settled]


def item(case, task="decide_visit"):
    return case.checklist.get(task=task)


def typed(**said) -> dict:
    done = {"outcome": "done", "done_time": "0310"} | date_parts("done_on", 7, 5, 2014)
    return done | {"present": "Detective sergeant with consultant"} | said


def test_theirs_are_the_tasks_that_their_agency_leads_or_shares(case, officer, on_case):
    found = queries.mine(officer)
    listed = {line.task.code for line in everything(found)}

    assert listed == OFFICERS
    assert found.cases == 1


def test_who_leads_the_response_has_every_task(case, doctor):
    given(case, doctor, leads=())
    found = queries.mine(doctor)

    assert len(everything(found)) == case.checklist.count()


def test_what_is_due_first_stands_first_over_all_their_cases(officer, case):
    now = timezone.now()
    died_at = now - timedelta(hours=1)
    later = opened_case(died_at=died_at, notified_at=now, died_on=localdate(died_at))
    actions.start(later, by=TESTS)
    given(case, officer), given(later, officer)
    found = queries.mine(officer)
    due = [line.item.due_at for line in found.waiting]

    assert due == sorted(due) and len({line.item.case_id for line in found.waiting}) == 2
    assert all(line.passed for line in found.passed)
    assert {line.item.due_at for line in found.later} <= {None}


def test_a_task_is_recorded_from_ones_own_list_with_who_was_there_and_a_file(
    client, officer, case, on_case, store
):
    sign_in(client, officer)
    address = url("settle", case.reference, "decide_visit") + "?from=mine"
    assert address in client.get(url("mine")).content.decode()
    notes = SimpleUploadedFile("notes.txt", b"Invented notes.")
    answer = client.post(address, typed(file=notes))

    done = item(case)
    assert answer.url == url("mine")
    assert (done.state, done.done_at, done.present, done.settled_by) == (
        "done",
        datetime(2014, 5, 7, 2, 10, tzinfo=UTC),
        "Detective sergeant with consultant",
        officer,
    )
    kept = evidence.of(done).get()
    file = client.get(url("file", case.reference, "decide_visit", kept.document.pk))
    assert file.content == b"Invented notes."
    assert AuditEntry.objects.filter(action="document.read", actor=officer).count() == 1
    page = text_of(client.get(url("settle", case.reference, "decide_visit")))
    assert "Who was there Detective sergeant with consultant" in page
    assert "notes.txt" not in page, "a name of a file can say who the child was"


def test_a_file_can_follow_later(client, officer, case, on_case, store):
    actions.complete(item(case), by=officer, done_at=DIED_AT)
    sign_in(client, officer)
    notes = SimpleUploadedFile("notes.txt", b"Invented notes.")
    client.post(url("attach", case.reference, "decide_visit"), {"file": notes})

    assert evidence.of(item(case)).count() == 1


def test_a_file_that_could_act_is_refused_and_the_task_stays_open(client, officer, case, on_case):
    sign_in(client, officer)
    program = SimpleUploadedFile("notes.pdf", b"MZ\x90\x00 not a document at all")
    answer = client.post(url("settle", case.reference, "decide_visit"), typed(file=program))

    assert answer.status_code == HTTPStatus.OK
    assert "0310" in answer.content.decode()
    assert item(case).state == "open" and not evidence.of(item(case)).exists()


def test_another_agencys_task_is_shown_with_who_records_it_and_no_button(
    client, officer, case, on_case
):
    page = sign_in(client, officer).get(url("settle", case.reference, "examine_child"))

    assert "This is for the consultant paediatrician to record." in text_of(page)
    assert ">Record<" not in page.content.decode().replace("\n", "").replace(" ", "")
    answer = client.post(url("settle", case.reference, "examine_child"), typed())
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert item(case, "examine_child").state == "open"


def test_behind_the_pages_another_agencys_work_is_refused_too(officer, coordinator, case, on_case):
    other = item(case, "examine_child")
    done = actions.complete(item(case, "take_samples"), by=coordinator, done_at=DIED_AT)
    before = AuditEntry.objects.count()
    attempts = [
        lambda: actions.complete(other, by=officer, done_at=DIED_AT),
        lambda: actions.leave_undone(other, by=officer, reason="No"),
        lambda: actions.set_aside(other, by=officer, reason="No"),
        lambda: actions.open_again(done, by=officer),
        lambda: actions.settle_several(
            case, {other.task: 1}, actions.ItemState.NOT_DONE, by=officer, reason="No"
        ),
        lambda: evidence.attach(other, NOTES, by=officer),
        lambda: held(case, officer, "case"),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="On this case you were given other tasks") as refused:
            attempt()
        assert refused.value.status == HTTPStatus.FORBIDDEN
    assert AuditEntry.objects.count() == before


def work_of(case, by):
    """Everything that a professional could record on a case."""
    return [
        lambda: actions.complete(item(case), by=by, done_at=DIED_AT),
        lambda: evidence.attach(item(case), NOTES, by=by),
        lambda: visits.record(case, by=by, version=0, outcome=VisitOutcome.NONE, why="No"),
        lambda: responses.record(
            case,
            ResponseState.NOT_NEEDED,
            by=by,
            version=0,
            criteria=[],
            decided_at=DIED_AT,
            decided_by="Officer",
            why="No",
        ),
        lambda: facts.record_care(case, by=by, version=0, ambulance_protocol="yes"),
        lambda: held(case, by, "strategy"),
    ]


@pytest.mark.parametrize("why", ["never given", "over", "withdrawn"])
def test_who_is_not_on_the_case_now_records_nothing_and_must_not_know_of_it(
    client, officer, coordinator, case, why, time_machine
):
    if why != "never given":
        access = given(case, officer, days=0)
    if why == "over":
        time_machine.move_to(timezone.now() + timedelta(days=1))
    elif why == "withdrawn":
        cases.end_access(access, by=coordinator)
    before = AuditEntry.objects.count()

    for attempt in work_of(case, officer):
        with pytest.raises(Refused, match="You are not on this case") as refused:
            attempt()
        assert refused.value.status == HTTPStatus.FORBIDDEN
    assert AuditEntry.objects.count() == before
    sign_in(client, officer)
    for name, *more in (("checklist",), ("settle", "decide_visit"), ("attach", "decide_visit")):
        assert client.get(url(name, case.reference, *more)).status_code == HTTPStatus.NOT_FOUND
    assert case.reference not in text_of(client.get(url("mine")))


def test_what_an_officer_records_settles_the_tasks_of_others_that_hang_on_it(
    officer, case, on_case
):
    for attempt in work_of(case, officer)[2:]:
        attempt()

    assert item(case, "record_visit").state == "done", "the coordinator's own, by the record"
    assert discussions.of_case(case)


def test_access_given_anew_after_it_was_withdrawn_is_there_again(officer, coordinator, case):
    cases.end_access(given(case, officer), by=coordinator)
    with pytest.raises(Refused, match="withdrawn already"):
        cases.end_access(CaseAccess.objects.get(), by=coordinator)
    given(case, officer, leads=("ambulance",))

    assert list(Case.objects.visible_to(officer)) == [case]
    assert CaseAccess.objects.get().leads == ["ambulance"]


def test_the_coordinator_says_whose_tasks_are_theirs_and_withdraws_it_on_the_page(
    client, officer, coordinator, case
):
    sign_in(client, coordinator)
    said = {"user": officer.pk} | date_parts("ends_on", 1, 1, localdate().year + 1)
    give = reverse("cases:give_access", args=[case.reference])
    assert "Choose which tasks are theirs" in text_of(client.post(give, said))
    assert "not both" in text_of(client.post(give, said | {"leads": ["all", "police"]}))
    client.post(give, said | {"leads": ["police"]})
    page = text_of(client.get(reverse("cases:case", args=[case.reference])))
    access = CaseAccess.objects.get()
    client.post(reverse("cases:end_access", args=[case.reference, access.pk]))

    assert "Tasks: Police senior investigating officer." in page
    assert access.leads == ["police"]
    assert not Case.objects.visible_to(officer).exists()
    assert AuditEntry.objects.filter(action="caseaccess.withdrawn").count() == 1


def test_a_file_of_another_task_or_case_is_not_there(client, officer, coordinator, case, store):
    other = opened_case(died_at=DIED_AT)
    actions.start(other, by=TESTS)
    theirs = evidence.attach(item(other), NOTES, by=coordinator).document
    beside = evidence.attach(item(case, "examine_child"), NOTES, by=coordinator).document
    given(case, officer)
    sign_in(client, officer)

    for at in (
        url("file", other.reference, "decide_visit", theirs.pk),
        url("file", case.reference, "decide_visit", theirs.pk),
        url("file", case.reference, "decide_visit", beside.pk),
    ):
        assert client.get(at).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("who", ["coordinator", "chair", "member", "reader", "stranger"])
def test_nobody_else_has_a_page_of_own_tasks(client, request, who):
    page = sign_in(client, request.getfixturevalue(who)).get(url("mine"))

    assert page.status_code == HTTPStatus.NOT_FOUND


def test_the_page_costs_the_same_with_one_case_and_with_many(
    client, officer, case, on_case, django_assert_max_num_queries
):
    sign_in(client, officer).get(url("mine"))
    with django_assert_max_num_queries(20) as one:
        client.get(url("mine"))
    for _ in range(4):
        more = opened_case(died_at=DIED_AT)
        actions.start(more, by=TESTS)
        given(more, officer)

    with django_assert_max_num_queries(len(one)):
        client.get(url("mine"))
    assert queries.mine(officer).cases == 5


def test_the_home_page_counts_a_professionals_own_tasks_alone(coordinator, officer, time_machine):
    time_machine.move_to("2027-03-10 06:00+00:00")
    made = opened_case(died_on=DEATH.date(), died_at=DEATH, notified_at=DEATH)
    actions.start(made, by=TESTS)
    given(made, officer)
    time_machine.move_to("2027-03-16 12:00+00:00")

    [own] = [each for each in work.tasks_for(officer) if "overdue" in each.text]
    [every] = [each for each in work.tasks_for(coordinator) if "overdue" in each.text]

    late = [line for line in queries.mine(officer).waiting if line.overdue]
    assert {line.item.task for line in late} <= OFFICERS
    assert own.text == f"Case {made}: your overdue tasks"
    assert own.href == reverse("rapid_response:mine")
    assert 0 < own.count == len(late) < every.count
