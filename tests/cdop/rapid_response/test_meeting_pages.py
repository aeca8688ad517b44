"""The pages of the meetings of agencies: who gets them, what they keep, what they refuse."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cdop.cases import actions as cases
from cdop.core.audit import AuditEntry
from cdop.core.uploads import Accepted
from cdop.rapid_response import actions, agreed, discussions
from cdop.rapid_response.discussion_models import AgreedAction, Discussion
from tests.cast import TESTS
from tests.cdop.rapid_response.meeting import CHAIR, DECIDED, DIED_AT, HELD_AT, held, planned
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of


@pytest.fixture
def case(db):
    made = opened_case(died_at=DIED_AT)
    actions.start(made, by=TESTS)
    return made


def url(name, case, *more) -> str:
    return reverse(f"rapid_response:{name}", args=[case.reference, *more])


def typed(state="held", kind="planning", version=0, **said) -> dict:
    """What the form of a meeting posts."""
    answers = {"kind": kind, "state": state, "time": "2pm", "version": version}
    answers |= date_parts("on", 7, 5, 2014)
    if state == "held":
        answers |= {"chair": CHAIR, "agencies": ["police", "consultant"], "decisions": DECIDED}
    return answers | said


def test_a_meeting_goes_from_plan_to_minutes_with_the_coroner_on_its_pages(
    client, coordinator, case, store
):
    sign_in(client, coordinator)
    client.post(url("add_meeting", case), typed("planned", "final"))
    assert "Final case discussion Planned" in text_of(client.get(url("meetings", case)))

    client.post(url("change_meeting", case, 1), typed(kind="final", version=1))
    minutes = SimpleUploadedFile("minutes.txt", b"Invented minutes.")
    client.post(url("minutes", case, 1), {"file": minutes})
    version = Discussion.objects.get().version
    client.post(url("coroner", case, 1), date_parts("sent_on", 8, 5, 2014) | {"version": version})
    posted = {"what": "Ring the school", "lead": "police"} | date_parts("due_on", 9, 5, 2014)
    client.post(url("add_action", case, 1), posted)
    action = AgreedAction.objects.get()
    done = {"state": "done", "version": 1} | date_parts("settled_on", 10, 5, 2014)
    client.post(url("settle_action", case, 1, action.pk), done)
    page = text_of(client.get(url("meeting", case, 1)))
    file = client.get(url("minutes_file", case, 1))

    for words in (
        "Held 7 May 2014, 2:00pm",
        f"Led by {CHAIR}",
        "Agencies there Consultant paediatrician, Police",
        DECIDED,
        "Ring the school Done Police. By 9 May 2014. Since 10 May 2014.",
        "Sent to the coroner on 8 May 2014.",
    ):
        assert words in page
    assert file.content == b"Invented minutes."
    assert file["Content-Disposition"].startswith("attachment")
    done = set(case.checklist.filter(state="done").values_list("task", flat=True))
    assert done == {"final_meeting", "minutes_to_coroner"}
    client.post(url("open_action", case, 1, action.pk), {"version": 2})
    assert AgreedAction.objects.get().state == "open"


def test_opening_a_meeting_or_its_minutes_is_recorded_and_the_list_opens_nothing(
    client, coordinator, case, store
):
    row = held(case, coordinator)
    discussions.attach_minutes(
        row, Accepted("minutes.txt", "text/plain", b"invented"), by=coordinator
    )
    sign_in(client, coordinator)
    client.get(url("meetings", case))
    assert not AuditEntry.objects.filter(action__endswith=".read").exists()

    client.get(url("meeting", case, 1))
    client.get(url("minutes_file", case, 1))

    read = AuditEntry.objects.filter(action__endswith=".read").order_by("number")
    assert list(read.values_list("action", "actor")) == [
        ("discussion.read", coordinator.pk),
        ("document.read", coordinator.pk),
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": ""}, "Choose what kind of meeting"),
        ({"kind": "tea"}, "Choose one of the answers on the page"),
        ({"state": ""}, "Choose where it stands"),
        ({"time": ""}, "Enter the time, as near as you know it"),
        ({"chair": ""}, "Enter who led it"),
        ({"agencies": []}, "Choose which agencies were there"),
        ({"agencies": ["a bus"]}, "Choose one of the answers on the page"),
        ({"state": "cancelled"}, "Say why"),
        ({"on-year": "2004"}, "This is more than a year before the day on which the child died"),
        ({"on-year": str(timezone.now().year + 1)}, "This is in the future"),
    ],
)
def test_what_is_missing_or_wrong_is_said_beside_the_box_and_nothing_is_kept(
    client, coordinator, case, said, sentence
):
    sign_in(client, coordinator)
    answer = client.post(url("add_meeting", case), typed(decisions="As I typed it.") | said)

    assert answer.status_code == HTTPStatus.OK
    assert sentence in text_of(answer)
    assert "As I typed it." in answer.content.decode()
    assert not Discussion.objects.exists()


def test_a_page_that_is_stale_shows_both_and_loses_nothing(client, coordinator, case):
    held(case, coordinator)
    held(case, coordinator, number=1, version=1, chair="Consultant paediatrician")
    sign_in(client, coordinator)
    address = url("change_meeting", case, 1)
    answer = client.post(address, typed(version=1, decisions="Mine, as typed."))
    page = text_of(answer)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Mine, as typed." in page and "Consultant paediatrician" in page
    client.post(address, typed(version=2, decisions="Mine, as typed."))
    row = Discussion.objects.get()
    assert discussions.read(row, by=coordinator).decisions == "Mine, as typed."


def test_a_meeting_that_was_held_cannot_become_planned(client, coordinator, case):
    held(case, coordinator)
    sign_in(client, coordinator)
    answer = client.post(url("change_meeting", case, 1), typed("planned", version=1))

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "This meeting is held, so it cannot become planned." in text_of(answer)


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("minutes", {}, "Choose a file"),
        ("coroner", {"version": 1} | date_parts("sent_on", 6, 5, 2014), "before the day of the"),
        ("coroner", {"version": 1} | date_parts("sent_on", 6, 5, 2099), "This is in the future"),
        ("add_action", {}, "Enter what is to be done"),
        ("add_action", {"what": "Ring", "lead": "a bus"}, "Choose one of the answers on the page"),
        ("add_action", {"what": "Ring"} | date_parts("due_on", 6, 5, 2014), "before the day of"),
    ],
)
def test_the_short_forms_say_what_is_wrong(client, coordinator, case, name, said, sentence):
    held(case, coordinator, "final")
    sign_in(client, coordinator)
    answer = client.post(url(name, case, 1), said)

    assert answer.status_code == HTTPStatus.OK
    assert sentence in text_of(answer)


def test_a_stale_day_for_the_coroner_is_shown_beside_what_is_there(client, coordinator, case):
    row = held(case, coordinator, "final")
    discussions.send_to_coroner(row, HELD_AT.date(), by=coordinator, version=1)
    sign_in(client, coordinator)
    said = {"version": 1} | date_parts("sent_on", 9, 5, 2014)
    answer = client.post(url("coroner", case, 1), said)

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "9 May 2014" in text_of(answer) and "7 May 2014" in text_of(answer)
    assert Discussion.objects.get().to_coroner_on == HELD_AT.date()


def test_there_is_no_page_about_the_coroner_where_the_guidance_does_not_ask(
    client, coordinator, case
):
    held(case, coordinator, "planning")
    sign_in(client, coordinator)

    assert client.get(url("coroner", case, 1)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(url("minutes_file", case, 1)).status_code == HTTPStatus.NOT_FOUND


PAGES = ("meetings", "add_meeting", "meeting", "change_meeting", "minutes", "coroner", "add_action")


@pytest.mark.parametrize("who", ["doctor", "chair", "member", "reader", "stranger"])
def test_for_those_not_on_the_case_no_page_of_its_meetings_is_there(
    client, request, coordinator, case, who
):
    held(case, coordinator, "final")
    sign_in(client, request.getfixturevalue(who))

    for name in PAGES:
        more = () if name in ("meetings", "add_meeting") else (1,)
        assert client.get(url(name, case, *more)).status_code == HTTPStatus.NOT_FOUND, name


def test_a_professional_on_one_case_reaches_no_meeting_or_action_of_another(
    client, coordinator, doctor, case
):
    other = opened_case(died_at=DIED_AT)
    row = held(other, coordinator, "final")
    action = an_action(row, coordinator)
    held(case, coordinator, "final")
    cases.give_access(case, doctor, by=TESTS, ends_on=None)
    sign_in(client, doctor)

    assert client.get(url("meeting", case, 1)).status_code == HTTPStatus.OK
    assert client.get(url("meeting", other, 1)).status_code == HTTPStatus.NOT_FOUND
    foreign = client.get(url("settle_action", case, 1, action.pk))
    assert foreign.status_code == HTTPStatus.NOT_FOUND


def an_action(row, by) -> AgreedAction:
    return agreed.add(row, by=by, what="Ring", lead="police", due_on=HELD_AT.date())


def test_the_pages_cost_the_same_with_one_meeting_and_with_many(
    client, coordinator, case, django_assert_max_num_queries
):
    row = held(case, coordinator, "final")
    an_action(row, coordinator)
    addresses = [url("meetings", case), url("meeting", case, 1)]
    sign_in(client, coordinator)
    client.get(addresses[0])
    spent = []
    for address in addresses:
        with django_assert_max_num_queries(40) as one:
            client.get(address)
        spent.append(len(one))
    for day in range(3):
        planned(case, coordinator, planned_for=HELD_AT + timedelta(days=day))
        an_action(row, coordinator)

    for address, queries in zip(addresses, spent, strict=True):
        with django_assert_max_num_queries(queries):
            client.get(address)
