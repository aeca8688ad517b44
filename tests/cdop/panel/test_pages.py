"""Pages of a meeting, with the people who may, may not and must not know."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.panel import actions
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.states import MeetingState
from tests.cdop.panel.makers import on_agenda, person_for, planned_meeting, ready_case
from tests.guard import Forbidden, nothing_forbidden
from tests.makers import opened_case
from tests.pages import date_parts, sign_in, text_of

PLAIN = ["meeting", "change", "invite", "agenda", "attendance", "close"]
OF_ITEM = ["pack"]
MAY = {
    "meeting": {"coordinator", "chair", "member"},
    "change": {"coordinator"},
    "invite": {"coordinator"},
    "agenda": {"coordinator"},
    "attendance": {"coordinator", "chair"},
    "close": {"chair"},
    "pack": {"coordinator", "chair", "member"},
}
PEOPLE = [
    "coordinator",
    "chair",
    "member",
    "other_member",
    "doctor",
    "reader",
    "governance_lead",
    "stranger",
]


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def url(name, item):
    serial = [item.serial] if name in OF_ITEM else []
    return reverse(f"panel:{name}", args=[item.meeting_id, *serial])


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", PLAIN + OF_ITEM)
def test_each_page_opens_for_those_who_may_and_is_not_there_for_others(
    client, request, item, who, name
):
    with nothing_forbidden():
        page = sign_in(client, request.getfixturevalue(who)).get(url(name, item))

    assert page.status_code == (200 if who in MAY[name] else 404)
    if who not in MAY[name]:
        assert item.serial not in text_of(page)


@pytest.mark.parametrize("name", PLAIN + OF_ITEM)
def test_a_page_asks_who_is_there_before_it_says_anything(client, item, name):
    page = client.get(url(name, item))

    assert (page.status_code, page.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("who", ["chair", "member"])
@pytest.mark.parametrize("name", ["meetings", "meeting", "pack", "attendance", "close"])
def test_the_panel_sees_serials_and_never_a_reference_or_a_name(client, request, item, who, name):
    address = reverse("panel:meetings") if name == "meetings" else url(name, item)

    page = sign_in(client, request.getfixturevalue(who)).get(address)

    said = page.content.decode()
    for hidden in (item.case.reference, "Aaaa", "Bbbb", "9990000123", "6 May 2014", "ZZ99"):
        assert hidden not in said


def test_a_member_sees_the_meetings_to_which_they_are_invited_and_no_other(client, member, item):
    other = on_agenda(planned_meeting())
    sign_in(client, member)

    page = client.get(reverse("panel:meetings")).content.decode()

    assert reverse("panel:meeting", args=[item.meeting_id]) in page
    assert reverse("panel:meeting", args=[other.meeting_id]) not in page
    crossed = reverse("panel:pack", args=[item.meeting_id, other.serial])
    for address in (url("meeting", other), url("pack", other), crossed):
        assert client.get(address).status_code == 404


def test_a_meeting_is_planned_with_day_and_place(client, coordinator):
    sign_in(client, coordinator)
    typed = {"place": "Room 2", "kind": "ordinary"} | date_parts("held_on", 31, 2, 2015)
    wrong = client.post(reverse("panel:plan"), typed)
    assert "There is no 31 February" in text_of(wrong)
    assert 'value="Room 2"' in wrong.content.decode()

    page = client.post(reverse("panel:plan"), typed | date_parts("held_on", 27, 2, 2015))

    made = Meeting.objects.get()
    assert page.url == reverse("panel:meeting", args=[made.pk])
    assert (str(made), made.place) == ("Panel meeting of 27 February 2015", "Room 2")
    assert made.papers_due_on == date(2015, 2, 13), "ten working days before, by the guidance"


def test_a_stale_plan_keeps_what_was_typed_beside_what_is_there(client, coordinator, item):
    sign_in(client, coordinator)
    typed = date_parts("held_on", 19, 9, 2014) | {"version": "1", "kind": "ordinary"}
    client.post(url("change", item), typed | {"place": "First"})

    page = client.post(url("change", item), typed | {"place": "Second"})

    said = text_of(page)
    assert page.status_code == 409
    assert "Your words Day of the meeting 19 September 2014 Place Second" in said
    assert "What is there now Day of the meeting 19 September 2014 Place First" in said
    assert "ordinary" not in said, "codes are for the program"
    assert 'value="Second"' in page.content.decode()
    again = client.post(url("change", item), typed | {"place": "Second", "version": "2"})
    assert (again.status_code, Meeting.objects.get().place) == (302, "Second")


def test_a_plan_without_its_version_is_stale(client, coordinator, item):
    typed = date_parts("held_on", 19, 9, 2014) | {"place": "First", "kind": "ordinary"}

    assert sign_in(client, coordinator).post(url("change", item), typed).status_code == 409


def test_only_people_of_the_panel_can_be_invited(client, coordinator, other_member, doctor, item):
    sign_in(client, coordinator)
    refused = client.post(url("invite", item), {"user": doctor.pk, "sits_as": "lay"})
    assert "Choose a person who holds a role of the panel on that day" in text_of(refused)

    client.post(url("invite", item), {"user": other_member.pk, "sits_as": "lay"})

    seats = item.meeting.attendance.filter(user__in=[other_member, doctor])
    assert [(row.user, row.sits_as) for row in seats] == [(other_member, "lay")]


def test_the_agenda_page_offers_ready_cases_and_says_why_others_cannot_come(
    client, coordinator, item
):
    ready, gathering = ready_case(), opened_case()
    elsewhere = on_agenda(planned_meeting())
    sign_in(client, coordinator)

    page = text_of(client.get(url("agenda", item)))

    nobody_asked = "For this meeting No agency was asked for a report."
    assert f"{ready} {nobody_asked} Put on the agenda : {ready}" in page
    assert f"{elsewhere.case} {nobody_asked} This case is already on the agenda of" in page
    assert f"{gathering} Why it cannot come No agency was asked for a report." in page
    assert "Aaaa" not in page and item.case.reference not in page

    client.post(url("agenda", item), {"case": ready.reference})
    refused = client.post(url("agenda", item), {"case": gathering.reference})

    assert (refused.status_code, "not ready for panel" in text_of(refused)) == (409, True)
    on_it = AgendaItem.objects.filter(meeting=item.meeting).values_list("case", flat=True)
    assert set(on_it) == {item.case_id, ready.pk}


def test_a_second_press_on_put_on_the_agenda_is_told(client, coordinator, meeting):
    case = ready_case()
    sign_in(client, coordinator)
    address = reverse("panel:agenda", args=[meeting.pk])

    pages = [client.post(address, {"case": case.reference}) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 409]
    assert AgendaItem.objects.count() == 1


def test_opening_without_a_needed_seat_says_who_is_missing_and_keeps_who_is_here(
    client, chair, member, item
):
    sign_in(client, chair)

    page = client.post(url("attendance", item), {"present": [chair.pk], "do": "open"})

    assert "who are not here: Public health; Child health" in text_of(page)
    assert Meeting.objects.get().state == MeetingState.PLANNED
    came = dict(item.meeting.attendance.values_list("user", "present"))
    assert came == {chair.pk: True, member.pk: False}


def test_the_chair_opens_and_closes_the_meeting_on_its_pages(client, chair, coordinator, item):
    for seat in ("child_health", "social_care", "police"):
        actions.invite(item.meeting, person_for(seat), sits_as=seat, by=coordinator)
    everybody = list(item.meeting.attendance.values_list("user", flat=True))
    sign_in(client, chair)

    page = client.post(url("attendance", item), {"present": everybody, "do": "open"})
    assert page.url == url("meeting", item)
    assert Meeting.objects.get().state == MeetingState.OPEN
    client.post(url("close", item))
    assert Meeting.objects.get().state == MeetingState.CLOSED
    again = client.post(url("close", item))
    assert (again.status_code, "is closed" in text_of(again)) == (409, True)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("meeting", "coordinator"),
        ("meeting", "member"),
        ("meeting", "chair"),
        ("agenda", "coordinator"),
        ("close", "chair"),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_cases(
    client, request, item, name, who, django_assert_num_queries
):
    sign_in(client, request.getfixturevalue(who))
    ready_case(), opened_case(), on_agenda(planned_meeting())
    with CaptureQueriesContext(connection) as with_one:
        client.get(url(name, item))
    for _ in range(4):
        on_agenda(item.meeting), ready_case(), opened_case(), on_agenda(planned_meeting())

    with django_assert_num_queries(len(with_one)):
        client.get(url(name, item))


def test_the_guard_itself_refuses_a_statement_on_identity(db):
    case = opened_case()

    with pytest.raises(Forbidden, match="cdop_identity"), nothing_forbidden():
        case.identity.refresh_from_db()


def test_a_meeting_after_the_change_of_guidance_asks_for_its_seats(client, coordinator, chair):
    meeting = planned_meeting(chair=chair, held_on=date(2019, 4, 1))

    page = text_of(sign_in(client, coordinator).get(reverse("panel:invite", args=[meeting.pk])))

    assert "Independent chair" in page and "Safeguarding doctor or nurse" in page
