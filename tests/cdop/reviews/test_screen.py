"""The meeting screen: case after case, kept as it goes, and nobody's but the chair's."""

import pytest
from django.urls import reverse

from cdop.core.drafts import Draft
from cdop.panel import agenda, declarations
from cdop.panel.states import DeclarationState
from cdop.reviews import screen, unfinished
from cdop.reviews.models import Finding
from tests.cast import person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import recorded, sent_review
from tests.cdop.reviews.test_pages import KEEP, PEOPLE, SEND, posted
from tests.guard import nothing_forbidden
from tests.pages import sign_in, text_of

pytestmark = pytest.mark.pages
AS_SCRIPT = {"headers": {"accept": "application/json"}}
BEFORE, AFTER = {"do": "before"}, {"do": "after"}


@pytest.fixture
def meeting(chair, member, other_member):
    return planned_meeting(member, other_member, chair=chair)


@pytest.fixture
def items(meeting, chair):
    """Three cases of a meeting that is open."""
    found = [on_agenda(meeting) for _ in range(3)]
    opened(meeting, chair=chair)
    return found


def at(item):
    return reverse("reviews:screen_case", args=[item.meeting_id, item.serial])


def whole_screen(meeting):
    return reverse("reviews:screen", args=[meeting.pk])


@pytest.mark.parametrize("who", PEOPLE)
def test_the_screen_is_there_for_who_chairs_alone(client, request, items, member, who):
    sent_review_of_nobody = at(items[0])

    with nothing_forbidden():
        page = sign_in(client, request.getfixturevalue(who)).get(sent_review_of_nobody)

    assert page.status_code == (200 if who == "chair" else 404)
    for hidden in (items[0].case.reference, "Aaaa", "Bbbb", "6 May 2014"):
        assert hidden not in page.content.decode()


def test_another_chair_who_is_not_invited_has_no_screen(client, items):
    sign_in(client, person("chair", "Another chair"))

    assert client.get(whole_screen(items[0].meeting)).status_code == 404
    assert client.post(at(items[0]), posted() | SEND).status_code == 404
    assert Finding.objects.count() == 0


def test_the_screen_begins_at_the_first_case_without_a_finding(client, chair, items, meeting):
    sign_in(client, chair)
    recorded(items[0], chair)

    assert client.get(whole_screen(meeting)).url == at(items[1])

    agenda.defer(items[1], why="A report is late.", version=items[1].version, by=chair)
    assert client.get(whole_screen(meeting)).url == at(items[2])
    recorded(items[2], chair)
    assert client.get(whole_screen(meeting)).url == reverse("panel:close", args=[meeting.pk])


def test_a_meeting_that_is_not_open_has_no_screen_yet(client, chair, meeting):
    on_agenda(meeting)

    page = sign_in(client, chair).get(whole_screen(meeting))

    assert page.url == reverse("panel:meeting", args=[meeting.pk])


def test_a_finding_that_is_recorded_leads_to_the_next_case_and_the_last_to_the_closing(
    client, chair, items, meeting
):
    sign_in(client, chair)

    ways = [client.post(at(item), posted() | SEND).url for item in items]

    assert ways == [at(items[1]), at(items[2]), reverse("panel:close", args=[meeting.pk])]
    assert list(Finding.objects.values_list("item", flat=True)) == [item.pk for item in items]


@pytest.mark.parametrize(("wants", "place"), [(BEFORE, 0), (AFTER, 2)], ids=["back", "on"])
def test_going_to_another_case_keeps_what_was_typed(client, chair, items, wants, place):
    sign_in(client, chair)
    said = {"lines": "6", "draft": "0", "version": "0", "cause": "Not known"}

    page = client.post(at(items[1]), said | wants)

    assert page.url == at(items[place])
    draft = Draft.objects.get(holder=chair)
    assert unfinished.typed(draft) == {"cause": ["Not known"]}
    assert "Not known</textarea>" in client.get(at(items[1])).content.decode()
    assert Finding.objects.count() == 0


def test_the_page_keeps_what_is_typed_in_the_background_version_by_version(client, chair, items):
    sign_in(client, chair)
    said = {"lines": "6", "draft": "0", "version": "0", "cause": "A"} | KEEP

    first = client.post(at(items[0]), said, **AS_SCRIPT)
    second = client.post(at(items[0]), said | {"draft": "1", "cause": "AB"}, **AS_SCRIPT)
    stale = client.post(at(items[0]), said | {"draft": "1", "cause": "AC"}, **AS_SCRIPT)

    assert [page.status_code for page in (first, second, stale)] == [200, 200, 409]
    assert [page.json().get("draft") for page in (first, second)] == [1, 2]
    assert "why" in stale.json()
    assert unfinished.typed(Draft.objects.get(holder=chair)) == {"cause": ["AB"]}


def test_two_windows_of_one_chair_lose_nothing_and_the_later_sees_both(client, chair, items):
    sign_in(client, chair)
    said = {"lines": "6", "draft": "0", "version": "0"}
    client.post(at(items[0]), said | {"cause": "First words"} | KEEP, **AS_SCRIPT)

    page = client.post(at(items[0]), said | {"cause": "Second words"} | AFTER)

    assert page.status_code == 409
    assert "First words" in text_of(page) and "Second words" in text_of(page)


def test_after_the_meeting_is_closed_the_script_is_told_why_nothing_is_kept(
    client, chair, items, meeting
):
    sign_in(client, chair)
    client.post(reverse("panel:close", args=[meeting.pk]))

    page = client.post(at(items[0]), posted() | KEEP, **AS_SCRIPT)

    assert (page.status_code, "The meeting is closed" in page.json()["why"]) == (409, True)
    assert Draft.objects.count() == 0


def test_interests_are_said_before_the_case_as_they_were_decided(client, chair, items, member):
    vice = person("vice_chair", "Vera Vice")
    said = declarations.declare(items[0], member, interest="I knew the family.", by=member)
    assert screen.said_before(items[0]) == [
        f"{member} declared an interest. Decide on it before the case begins."
    ]
    declarations.decide(
        said, DeclarationState.LEAVES, reason="They knew them.", version=said.version, by=vice
    )

    page = text_of(sign_in(client, chair).get(at(items[0])))

    assert f"{member} leaves the room, and comes back after it." in page
    assert "I knew the family." not in page


def test_who_chairs_and_leaves_for_a_case_has_no_page_of_it_and_the_way_goes_past_it(
    client, chair, items
):
    vice = person("vice_chair", "Vera Vice")
    own = declarations.declare(items[1], chair, interest="I led the response.", by=chair)
    declarations.decide(
        own, DeclarationState.LEAVES, reason="They led it.", version=own.version, by=vice
    )
    sign_in(client, chair)

    assert client.get(at(items[1])).status_code == 404
    page = text_of(client.get(at(items[0])))
    assert f"{items[1].serial} You leave for it" in page
    assert client.post(at(items[0]), posted() | SEND).url == at(items[2])
    assert client.post(at(items[2]), posted() | BEFORE).url == at(items[0])


def test_the_reviews_stand_folded_beside_the_form(client, chair, meeting, member):
    item = on_agenda(meeting)
    sent_review(item, member)
    opened(meeting, chair=chair)

    page = text_of(sign_in(client, chair).get(at(item)))

    assert "Reviews, side by side (1)" in page and str(member) in page
