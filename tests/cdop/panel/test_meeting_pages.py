"""Pages of who comes, who declared what, and what is open: with those who may and may not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.panel import (
    actions,
    agenda,
    counting_down,
    declarations,
    paper_reading,
    reading,
    work,
)
from cdop.panel.declarations import Declaration
from cdop.panel.models import AgendaItem
from cdop.panel.states import DeclarationState
from tests.cast import TESTS, person
from tests.cdop.panel.makers import (
    NEEDED,
    on_agenda,
    opened,
    person_for,
    planned_meeting,
    seated,
)
from tests.cdop.panel.paper_makers import released
from tests.cdop.reviews.makers import recorded
from tests.guard import nothing_forbidden
from tests.pages import sign_in, text_of

D = DeclarationState


@pytest.fixture
def meeting(chair, member):
    return planned_meeting(member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def url(name, item, *more):
    serial = [item.serial] if name in ("pack", "declare", "defer", "take_up", "plan_item") else []
    return reverse(f"panel:{name}", args=[item.meeting_id, *serial, *more])


def of_review(name, item):
    return reverse(f"reviews:{name}", args=[item.meeting_id, item.serial])


def test_the_papers_open_once_the_statement_is_accepted_and_when_is_recorded(
    client, meeting, item, other_member
):
    actions.invite(meeting, other_member, sits_as="lay", by=TESTS)
    sign_in(client, other_member)
    page = text_of(client.get(url("meeting", item)))
    assert "read and accept the confidentiality statement" in page and "Closed for you" in page
    for address in (url("pack", item), of_review("review", item)):
        refused = client.get(address)
        assert (refused.status_code, reading.NOT_ACCEPTED in text_of(refused)) == (403, True)

    statement = text_of(client.get(url("statement", item)))
    client.post(url("statement", item)), client.post(url("statement", item))

    assert "I will read the papers of this meeting alone" in statement
    place = meeting.attendance.get(user=other_member)
    assert place.accepted_by == other_member and place.accepted_at
    accepted = AuditEntry.objects.filter(action="attendance.statement_accepted")
    assert accepted.filter(actor=other_member).count() == 1
    assert client.get(url("pack", item)).status_code == 200


def test_who_accepts_in_the_room_is_recorded_by_who_records_the_meeting(
    client, meeting, item, chair, other_member
):
    actions.invite(meeting, other_member, sits_as="lay", by=TESTS)
    sign_in(client, chair)
    nobody = client.post(url("accepted", item), {})
    assert "Select who accepted it" in text_of(nobody)

    client.post(url("accepted", item), {"people": [other_member.pk]})

    assert meeting.attendance.get(user=other_member).accepted_by == chair


def test_an_invitation_is_answered_by_oneself_or_by_the_team(
    client, meeting, item, member, chair, coordinator
):
    sign_in(client, member).post(url("reply", item), {"coming": "yes"})
    refused = client.post(url("reply", item), {"coming": "no", "user": chair.pk})
    sign_in(client, coordinator).post(url("reply", item), {"coming": "no", "user": chair.pk})
    nobody = client.post(url("reply", item), {"coming": "no"})

    said = dict(meeting.attendance.values_list("user", "coming"))
    assert (refused.status_code, nobody.status_code) == (403, 404)
    assert said == {member.pk: True, chair.pk: False}
    opened(meeting, chair=chair)
    assert client.post(url("reply", item), {"coming": "no", "user": member.pk}).status_code == 409


def test_a_declared_interest_closes_the_papers_until_it_is_decided_and_then_as_decided(
    client, meeting, item, member, chair
):
    sign_in(client, member)
    assert "Say what the interest is" in text_of(
        client.post(url("declare", item), {"version": "0"})
    )
    client.post(url("declare", item), {"version": "0", "interest": "I led the response. 👶"})
    row = Declaration.objects.get()
    for address in (url("pack", item), of_review("review", item), of_review("compare", item)):
        refused = client.get(address)
        assert (refused.status_code, reading.NOT_DECIDED in text_of(refused)) == (403, True)
    assert client.post(of_review("review", item), {"do": "send", "lines": "6"}).status_code == 403

    sign_in(client, chair)
    page = text_of(client.get(url("decide", item, row.pk)))
    assert "I led the response. 👶" in page
    typed = {"version": "1", "outcome": "leaves", "reason": "They led it."}
    unsaid = client.post(url("decide", item, row.pk), typed | {"reason": ""})
    assert "Say why" in text_of(unsaid)
    client.post(url("decide", item, row.pk), typed)
    stale = client.post(url("decide", item, row.pk), typed | {"outcome": "takes_part"})
    assert stale.status_code == 409 and "Takes part but does not lead" in text_of(stale)

    sign_in(client, member)
    opened(meeting, chair=chair)
    for address in (url("pack", item), of_review("review", item), of_review("compare", item)):
        assert client.get(address).status_code == 404
    page = text_of(client.get(url("meeting", item)))
    assert f"{item.serial}" in page and "You: leaves for this case (They led it.)" in page


def test_whoever_leaves_finds_no_finding_either(client, meeting, item, member, chair):
    seated(meeting, person_for(NEEDED[0]), NEEDED[0])
    said = declarations.declare(item, member, interest="I knew them.", by=member)
    declarations.decide(said, D.LEAVES, reason="Near.", version=1, by=chair)
    opened(meeting, chair=chair)
    recorded(AgendaItem.objects.get(pk=item.pk), chair)

    assert sign_in(client, member).get(of_review("finding", item)).status_code == 404
    assert sign_in(client, chair).get(of_review("finding", item)).status_code == 200


def test_the_words_of_an_interest_are_for_who_declared_it_and_who_arranges_and_chairs(
    client, meeting, item, member, other_member, chair, coordinator
):
    seated(meeting, other_member, "lay")
    declarations.declare(item, member, interest="I led the response.", by=member)
    row = Declaration.objects.get()

    for who, status in ((coordinator, 200), (chair, 200), (member, 404), (other_member, 404)):
        assert sign_in(client, who).get(url("declarations", item)).status_code == status
    assert client.get(url("decide", item, row.pk)).status_code == 404
    assert client.post(url("withdraw", item, row.pk), {"version": "1"}).status_code == 404
    page = text_of(client.get(url("meeting", item)))
    assert "to be decided" not in page and "I led the response." not in page
    sign_in(client, chair)
    assert client.post(url("withdraw", item, row.pk), {"version": "1"}).status_code == 403
    elsewhere = on_agenda(planned_meeting(chair=chair))
    assert client.get(url("decide", elsewhere, row.pk)).status_code == 404


def test_cases_are_moved_by_buttons_and_a_stale_press_is_told(client, coordinator, meeting, item):
    other = on_agenda(meeting)
    sign_in(client, coordinator)
    press = {"item": other.serial, "way": "up", "version": "1"}

    moved = client.post(url("order", item), press)
    stale = client.post(url("order", item), press)
    unknown = client.post(url("order", item), press | {"item": "P000-0"})

    assert [page.status_code for page in (moved, stale, unknown)] == [302, 409, 404]
    page = text_of(client.get(url("order", item)))
    assert page.index(other.serial) < page.index(item.serial)


def test_a_case_is_deferred_and_taken_up_on_its_pages(client, chair, coordinator, item):
    sign_in(client, coordinator)
    assert "Say why the case is deferred" in text_of(
        client.post(url("defer", item), {"version": "1"})
    )
    client.post(url("defer", item), {"version": "1", "why": "The report is missing."})
    page = text_of(client.get(url("meeting", item)))
    assert "Deferred The report is missing." in page
    assert "Defer" not in text_of(client.get(url("countdown", item))).split("Case")[1]

    client.post(url("take_up", item), {"version": "2"})
    again = client.post(url("take_up", item), {"version": "3"})

    assert (AgendaItem.objects.get().state, again.status_code) == ("listed", 409)


def test_the_countdown_says_what_is_open(client, meeting, item, member, chair, coordinator):
    reading.answer_invitation(meeting, member, coming=False, by=member)
    declarations.declare(item, chair, interest="I knew them.", by=chair)
    actions.invite(meeting, person("member", "Silent"), sits_as="lay", by=TESTS)

    with nothing_forbidden():
        page = text_of(sign_in(client, coordinator).get(url("countdown", item)))

    assert "The day of the meeting is over, and it was not opened." in page
    assert "Late were due on 4 September 2014" in page
    for sentence in (
        "The papers are not released. No time is planned. Nobody leads it yet.",
        "Have not answered the invitation: Chair, Silent.",
        "Have not accepted the confidentiality statement: Silent.",
        f"Interests to decide on : Chair on {item}.",
        "Public health (Panel member cannot come)",
        "Chair (Chair declared an interest, which is not decided yet)",
    ):
        assert sentence in page, sentence
    on_the_day = counting_down.of(meeting, coordinator, today=meeting.held_on)
    assert on_the_day.days == 0


def test_the_countdown_names_who_has_not_opened_the_papers_and_nobody_who_has_to_leave(
    meeting, item, member, chair, coordinator
):
    vice_chair = person("vice_chair")
    seated(meeting, vice_chair, "public_health")
    said = declarations.declare(item, vice_chair, interest="I knew them.", by=vice_chair)
    declarations.decide(said, D.LEAVES, reason="A relative.", version=said.version, by=chair)
    released(item, by=coordinator)

    def told():
        [case] = counting_down.of(meeting, coordinator).cases
        return [sentence for sentence in case.open if "papers" in sentence]

    assert told() == [f"Its papers were not opened by {chair}, {member}."]
    paper_reading.opened(item, by=member, purpose="tests")
    assert told() == [f"Its papers were not opened by {chair}."]
    paper_reading.opened(item, by=chair, purpose="tests")
    assert told() == []


def test_the_home_page_brings_interests_to_who_decides_on_them(meeting, item, member, chair):
    vice_chair = person("vice_chair")
    seated(meeting, vice_chair, "public_health")
    declarations.declare(item, chair, interest="I knew them.", by=chair)
    declarations.declare(on_agenda(meeting), member, interest="I knew them.", by=member)

    told = {
        who: [task.text for task in work.tasks_for(who) if "declared" in task.text]
        for who in (chair, vice_chair, member)
    }

    of = "Panel meeting of 18 September 2014: decide on"
    assert told == {
        chair: [f"{of} 1\u00a0declared interest"],
        vice_chair: [f"{of} 2\u00a0declared interests"],
        member: [],
    }


@pytest.mark.parametrize("name", ["meeting", "order", "countdown", "declarations"])
def test_the_number_of_queries_does_not_grow(
    client, coordinator, chair, member, meeting, item, name, django_assert_num_queries
):
    declarations.declare(item, member, interest="I knew them.", by=member)
    sign_in(client, coordinator)
    with CaptureQueriesContext(connection) as with_one:
        client.get(url(name, item))
    for number in range(3):
        other = on_agenda(meeting)
        declarations.declare(other, member, interest="I knew them.", by=member)
        agenda.defer(other, why="Later.", version=1, by=chair)
        seated(meeting, person("member", f"Member {number}"), "lay")

    with django_assert_num_queries(len(with_one)):
        client.get(url(name, item))
