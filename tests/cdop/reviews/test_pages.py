"""Pages of reviews and findings, with the people who may, may not and must not know."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.panel import actions as panel
from cdop.reviews import queries
from cdop.reviews.analysis_models import Analysis
from cdop.reviews.forms import typed_of
from cdop.reviews.models import Finding, Review
from cdop.reviews.states import FindingState
from tests.cast import person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, seated
from tests.cdop.reviews.makers import recorded, sent_review, whole
from tests.guard import nothing_forbidden
from tests.pages import sign_in, text_of

PAGES = ["review", "sent", "compare", "finding", "record"]
PEOPLE = ["coordinator", "chair", "member", "doctor", "reader", "governance_lead", "stranger"]
MAY = {
    "review": {"chair", "member"},
    "sent": {"chair", "member"},
    "compare": {"chair", "member"},
    "finding": {"coordinator", "chair", "member"},
    "record": {"chair"},
}
SEND, KEEP, MORE = {"do": "send"}, {"do": "keep"}, {"do": "more"}


@pytest.fixture
def meeting(chair, member, other_member):
    return planned_meeting(member, other_member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


def url(name, item):
    return reverse(f"reviews:{name}", args=[item.meeting_id, item.serial])


def posted(content=None, **more):
    """The boxes of the form as a browser posts them."""
    boxes = typed_of(content or whole()) | {name: [value] for name, value in more.items()}
    return {"lines": "6", "draft": "0", "version": "0"} | boxes


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_for_those_who_may_and_is_not_there_for_others(
    client, request, item, meeting, chair, member, who, name
):
    sent_review(item, member), sent_review(item, chair)
    opened(meeting, chair=chair)
    recorded(item, chair)

    with nothing_forbidden():
        page = sign_in(client, request.getfixturevalue(who)).get(url(name, item))

    expected = 302 if name == "review" else 200  # what was sent leads to the page that says so
    assert page.status_code == (expected if who in MAY[name] else 404)
    if page.status_code == 200 and who != "coordinator":
        said = page.content.decode()
        for hidden in (item.case.reference, "Aaaa", "Bbbb", "6 May 2014"):
            assert hidden not in said


@pytest.mark.parametrize("name", [*PAGES, "sign_off"])
def test_a_member_who_is_not_invited_reaches_no_page(client, item, meeting, chair, name):
    opened(meeting, chair=chair)
    recorded(item, chair)
    for outsider in (person("member", "Not invited"), person("chair", "Another chair")):
        sign_in(client, outsider)
        assert client.get(url(name, item)).status_code == 404
        assert client.post(url(name, item), posted() | SEND).status_code == 404


def test_a_member_sends_a_review_and_sees_what_was_sent(client, member, item):
    sign_in(client, member)
    form = text_of(client.get(url("review", item)))
    assert "Which categories of death fit?" in form and item.serial in form

    with nothing_forbidden():
        page = client.post(url("review", item), posted() | SEND, follow=True)

    assert f"Your review of {item.serial} was sent" in text_of(page)
    assert "Unsafe sleeping arrangements (grade 2, modifiable)" in text_of(page)
    review = Review.objects.get()
    assert queries.content_of(review.analysis_id) == whole()
    assert AuditEntry.objects.filter(action="pack.read", actor=member).count() == 1


def test_the_form_of_the_later_edition_is_used_after_the_change_of_guidance(client, member):
    item = on_agenda(planned_meeting(member, held_on=date(2019, 4, 1)))
    sign_in(client, member)

    page = text_of(client.get(url("review", item)))
    client.post(url("review", item), {"lines": "6", "modifiable": "inadequate"} | SEND)

    assert "Physical environment: how much does it explain?" in page
    assert "1*" not in page
    assert Analysis.objects.get().edition == "cdr-2018"


def test_pressing_send_twice_leads_to_the_same_page_and_one_review(client, member, item):
    sign_in(client, member)

    pages = [client.post(url("review", item), posted() | SEND) for _ in range(2)]

    assert [(page.status_code, page.url) for page in pages] == [(302, url("sent", item))] * 2
    assert (Review.objects.count(), Analysis.objects.count(), Draft.objects.count()) == (1, 1, 0)


def test_what_does_not_fit_together_is_said_beside_its_field_and_nothing_is_lost(
    client, member, item
):
    typed = posted(**{"factor-5-what": "child/", "cause": "ع 👶 " + "x" * 9000}) | SEND
    del typed["modifiable"]
    sign_in(client, member)

    page = client.post(url("review", item), typed)

    said, html = text_of(page), page.content.decode()
    assert "<title>Error: Your review" in html
    for sentence in (
        "The cause must be 8,000 characters or fewer. You typed 9,004.",
        "Answer the question on modifiable factors",
        "Factor 6: say in your own words what it is.",
        "Factor 6: select how much it contributed.",
        "Factor 6: say whether it is modifiable.",
    ):
        assert said.count(sentence) == 2, "once in the summary, once beside the field"
    assert "ع 👶 " + "x" * 9000 in html
    assert Review.objects.count() == 0
    again = client.get(url("review", item)).content.decode()
    assert "ع 👶 " + "x" * 9000 in again and "No visit in the first week" in again


def test_saved_for_later_it_is_sealed_and_comes_back_as_it_was(client, member, item):
    sign_in(client, member)

    page = client.post(url("review", item), posted(cause="Half a sent") | KEEP, follow=True)

    assert f"What you wrote about {item.serial} is kept. It is not sent." in text_of(page)
    assert "Your review: in progress" in text_of(page)
    draft = Draft.objects.get()
    assert draft.data_key_id == item.case.data_key_id
    assert b"Half a sent" not in bytes(draft.sealed)
    assert "Half a sent</textarea>" in client.get(url("review", item)).content.decode()


def test_more_lines_come_without_scripts_and_stay(client, member, item):
    sign_in(client, member)
    assert 'name="factor-6-what"' not in client.get(url("review", item)).content.decode()

    page = client.post(url("review", item), posted() | MORE)

    assert page.url == url("review", item) + "#factor-6"
    more = client.get(url("review", item)).content.decode()
    assert 'name="factor-8-what"' in more and "No visit in the first week" in more
    nine = {"factor-8-what": "child/asthma", "factor-8-grade": "1", "factor-8-modifiable": "no"}
    client.post(url("review", item), posted(**nine, draft="1") | {"lines": "9"} | SEND)
    codes = [row.code for row in Review.objects.get().analysis.factors.all()]
    assert codes == ["unsafe_sleep", "", "asthma"]


@pytest.mark.parametrize("lines", ["", "x", "-3", "0", "999999999999", "10000"])
def test_a_number_of_lines_that_makes_no_sense_breaks_nothing(client, member, item, lines):
    typed = posted() | {"lines": lines} | KEEP

    assert sign_in(client, member).post(url("review", item), typed).status_code == 302


def test_saved_on_another_page_meanwhile_both_versions_are_shown(client, member, item):
    sign_in(client, member)
    client.post(url("review", item), posted(cause="On the first page") | KEEP)

    page = client.post(url("review", item), posted(cause="On the second page") | KEEP)

    said = text_of(page)
    assert page.status_code == 409
    assert "Your words Cause of death as it is understood now On the second page" in said
    assert "What is there now Cause of death as it is understood now On the first page" in said
    assert "On the second page</textarea>" in page.content.decode()
    again = posted(cause="On the second page") | {"draft": "1"} | KEEP
    assert client.post(url("review", item), again).status_code == 302
    assert Draft.objects.get().answers["typed"]["cause"] == ["On the second page"]


def test_once_the_meeting_is_open_the_page_says_so_and_keeps_what_was_typed(
    client, member, item, meeting, chair
):
    opened(meeting, chair=chair)
    sign_in(client, member)

    page = client.post(url("review", item), posted(cause="Too late") | SEND)

    assert page.status_code == 409
    assert "The meeting is open, so reviews made alone are no longer taken." in text_of(page)
    for shown in (page, client.get(url("review", item))):
        assert "Too late</textarea>" in shown.content.decode()
        assert "Send the review" not in text_of(shown)
    assert Review.objects.count() == 0


def test_others_are_seen_side_by_side_once_ones_own_is_sent(client, member, other_member, item):
    sent_review(item, other_member, cause="What the other thinks")
    sign_in(client, member)

    page = client.get(url("compare", item))
    assert page.status_code == 403
    assert "You see the other reviews when yours is sent" in text_of(page)
    assert "What the other thinks" not in text_of(page)

    sent_review(item, member)
    page = text_of(client.get(url("compare", item)))
    assert "Cause of death Not the same What the other thinks Not known yet" in page
    assert AuditEntry.objects.filter(action="reviews.read", actor=member).count() == 1


def test_the_chair_begins_with_their_own_review_beside_the_others(
    client, chair, member, item, meeting
):
    sent_review(item, member, cause="What the member thinks")
    sent_review(item, chair, cause="What the chair thinks")
    opened(meeting, chair=chair)

    page = sign_in(client, chair).get(url("record", item))

    assert "What the chair thinks</textarea>" in page.content.decode()
    assert "What was found so far Panel member Chair" in text_of(page)
    assert "What the member thinks" in text_of(page)


def test_the_chair_records_completes_and_signs_off(client, chair, item, meeting):
    opened(meeting, chair=chair)
    sign_in(client, chair)
    half = whole(grades={}, factors=(), modifiable="")

    with nothing_forbidden():
        page = client.post(url("record", item), posted(half) | SEND, follow=True)
        said = text_of(page)
        assert "“Service provision” has no grade." in said
        assert "Sign off the finding" not in said
        again = posted(version="1", reached="agreed") | SEND
        page = client.post(url("record", item), again, follow=True)
        assert "Sign off the finding" in text_of(page)
        page = client.post(url("sign_off", item), {"version": "2"}, follow=True)

    assert "Signed off by Chair" in text_of(page)
    assert Finding.objects.get().state == FindingState.SIGNED_OFF
    without_reason = client.post(url("record", item), posted(version="3") | SEND)
    assert "Say why the finding is changed" in text_of(without_reason)
    assert Analysis.objects.count() == 2


def test_a_second_signature_is_told_that_it_is_signed_off(client, chair, item, meeting):
    opened(meeting, chair=chair)
    recorded(item, chair)
    sign_in(client, chair)

    pages = [client.post(url("sign_off", item), {"version": "1"}) for _ in range(2)]

    assert [page.status_code for page in pages] == [302, 409]
    assert "The finding is signed off already." in text_of(pages[1])


def test_a_finding_recorded_by_somebody_else_meanwhile_is_shown_beside_what_was_typed(
    client, chair, item, meeting
):
    opened(meeting, chair=chair)
    recorded(item, chair, cause="What is recorded")
    sign_in(client, chair)

    page = client.post(url("record", item), posted(cause="What was typed") | SEND)

    said = text_of(page)
    assert page.status_code == 409
    assert "Your words Cause of death as it is understood now What was typed" in said
    assert "What is there now Cause of death as it is understood now What is recorded" in said
    html = page.content.decode()
    assert 'name="version" value="1"' in html and "What was typed</textarea>" in html
    assert Draft.objects.get().answers["typed"]["cause"] == ["What was typed"]
    again = posted(cause="What was typed", version="1") | {"draft": "1"} | SEND
    assert client.post(url("record", item), again).status_code == 302
    assert Draft.objects.count() == 0


def test_members_and_the_coordinator_see_a_finding_but_not_how_to_change_it(
    client, chair, member, coordinator, item, meeting
):
    opened(meeting, chair=chair)
    recorded(item, chair)
    for who in (member, coordinator):
        said = text_of(sign_in(client, who).get(url("finding", item)))
        assert "It is not signed off yet." in said
        assert "Sign off the finding" not in said and "Record the finding again" not in said
    reads = AuditEntry.objects.filter(action="finding.read", case_number=item.case_id)
    assert [entry.actor for entry in reads.order_by("number")] == [member, coordinator]


def test_each_page_about_one_death_carries_its_marking(client, chair, item, meeting):
    sent_review(item, chair)
    opened(meeting, chair=chair)
    recorded(item, chair)
    sign_in(client, chair)
    pages = [url(name, item) for name in ("sent", "compare", "record", "finding")]
    for address in (*pages, reverse("panel:pack", args=[meeting.pk, item.serial])):
        assert "OFFICIAL-SENSITIVE" in text_of(client.get(address)), address


def test_a_finding_that_nobody_recorded_is_not_there(client, chair, item):
    assert sign_in(client, chair).get(url("finding", item)).status_code == 404
    assert client.get(url("sign_off", item)).status_code == 404


def test_the_meeting_page_says_where_each_review_and_finding_stands(
    client, member, chair, item, meeting
):
    address = reverse("panel:meeting", args=[meeting.pk])
    sign_in(client, member)
    assert "Your review: not started" in text_of(client.get(address))
    sent_review(item, member)
    assert f"Your review: sent , {item.serial} 1 review sent" in text_of(client.get(address))
    opened(meeting, chair=chair)
    recorded(item, chair)
    assert f"Finding: recorded , {item.serial}" in text_of(client.get(address))
    panel.close_meeting(meeting, by=chair)
    assert "Finding: recorded" in text_of(client.get(address))


@pytest.mark.parametrize("who", ["coordinator", "member", "chair"])
def test_the_number_of_queries_does_not_grow_with_cases_and_factors(
    client, request, item, meeting, member, other_member, chair, who
):
    sent_review(item, member)
    sign_in(client, request.getfixturevalue(who))
    addresses = [reverse("panel:meeting", args=[meeting.pk]), reverse("home")]
    addresses += [url("sent", item)] if who == "member" else []
    counts = [queries_of(client, address) for address in addresses]
    for _ in range(4):
        more = on_agenda(meeting)
        sent_review(more, member), sent_review(more, other_member)

    assert [queries_of(client, address) for address in addresses] == counts


def test_the_comparison_asks_as_often_for_five_reviews_as_for_one(client, item, meeting, member):
    sent_review(item, member)
    sign_in(client, member)
    one = queries_of(client, url("compare", item))
    for number in range(4):
        other = person("member", f"Member {number}")
        seated(meeting, other, "lay")
        sent_review(item, other)

    assert queries_of(client, url("compare", item)) == one


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
