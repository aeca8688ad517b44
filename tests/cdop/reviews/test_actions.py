"""Reviews sent once, findings recorded and signed off, by those who may, when they may."""

from functools import partial
from itertools import product

import pytest

from cdop.cases import actions as cases
from cdop.cases.models import Case, CaseFacts
from cdop.cases.states import CaseState
from cdop.core.audit import AuditEntry, verify
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import edit, why_not
from cdop.panel import actions as panel
from cdop.reviews import actions, queries, work
from cdop.reviews.analysis_models import Analysis, Factor
from cdop.reviews.models import Finding, Review
from cdop.reviews.states import STEPS, FindingState
from tests.at_once import at_once, names
from tests.cast import person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import recorded, sent_review, whole
from tests.pages import sign_in

PEOPLE = ["coordinator", "chair", "member", "doctor", "reader", "governance_lead", "stranger"]


@pytest.fixture
def meeting(chair, member, other_member):
    return planned_meeting(member, other_member, chair=chair)


@pytest.fixture
def item(meeting):
    return on_agenda(meeting)


@pytest.mark.parametrize(("here", "there"), list(product(FindingState, FindingState)))
def test_only_the_listed_steps_can_be_taken_by_those_who_sign_off(request, here, there):
    cast = [request.getfixturevalue(name) for name in PEOPLE]
    finding = Finding(state=here)

    allowed = [who for who in cast if not why_not(finding, there, by=who)]

    needed = STEPS.get((here, there))
    assert allowed == [who for who in cast if needed and who.can(needed)]


def test_a_sent_review_reads_back_as_it_was_written(item, member):
    content = whole(override="unexplained", override_reason="Nothing grew")

    review = actions.send_review(item, content, by=member)

    assert queries.content_of(review.analysis_id) == content
    assert (review.analysis.edition, review.analysis.category) == ("lscb-2015", "unexplained")
    entries = AuditEntry.objects.filter(action__startswith="review.")
    assert [(e.actor, e.case_number) for e in entries] == [(member, item.case_id)]
    rows = AuditEntry.objects.filter(action="factor.created")
    assert {row.case_number for row in rows} == {item.case_id}


def test_a_second_sending_gives_back_the_first_and_changes_nothing(item, member):
    first = sent_review(item, member)
    before = AuditEntry.objects.count()

    second = sent_review(item, member, cause="Something else")

    assert (second, second.analysis.cause) == (first, "Not known yet")
    assert (Review.objects.count(), Analysis.objects.count()) == (1, 1)
    assert AuditEntry.objects.count() == before


def test_no_review_is_taken_once_the_meeting_is_open(item, meeting, member, chair):
    opened(meeting, chair=chair)

    with pytest.raises(Refused, match="The meeting is open, so reviews made alone"):
        sent_review(item, member)

    assert Analysis.objects.count() == 0


@pytest.mark.parametrize("who", ["coordinator", "doctor", "reader", "stranger"])
def test_only_the_panel_reviews_and_only_a_chair_records(request, item, meeting, chair, who):
    user = request.getfixturevalue(who)
    with pytest.raises(Refused) as review:
        sent_review(item, user)
    opened(meeting, chair=chair)
    with pytest.raises(Refused) as finding:
        recorded(item, user)

    assert (review.value.status, finding.value.status) == (403, 403)


def test_a_finding_is_recorded_only_while_the_meeting_is_open(item, meeting, chair, member):
    with pytest.raises(Refused, match="The meeting is planned. A finding is recorded while"):
        recorded(item, chair)
    opened(meeting, chair=chair)
    with pytest.raises(Refused, match="Your role does not record findings"):
        recorded(item, member)
    panel.close_meeting(meeting, by=chair)
    with pytest.raises(Refused, match="The meeting is closed"):
        recorded(item, chair)

    assert Finding.objects.count() == 0


def test_recording_again_points_to_a_new_analysis_and_keeps_the_old_one(item, meeting, chair):
    opened(meeting, chair=chair)
    first = recorded(item, chair, cause="First")

    second = recorded(item, chair, version=first.version, cause="Second")

    assert (second.pk, second.number, second.version) == (first.pk, 1, 2)
    past = [row.analysis_id for row in second.history.order_by("history_date")]
    assert [queries.content_of(pk).cause for pk in past] == ["First", "Second"]
    with pytest.raises(Stale):
        recorded(item, chair, version=1, cause="Third")
    assert Analysis.objects.count() == 2


def test_the_gate_names_what_is_missing_and_nothing_is_signed(item, meeting, chair):
    opened(meeting, chair=chair)
    finding = recorded(item, chair, grades={}, modifiable="", factors=())

    with pytest.raises(Refused) as refused:
        actions.sign_off(finding, version=finding.version, by=chair)

    assert refused.value.reason == (
        "Before the finding is signed off, this must be settled: The question on modifiable "
        "factors is not answered. “The child's needs” has no grade. “Family and environment” has "
        "no grade. “Parenting capacity” has no grade. “Service provision” has no grade."
    )
    assert Case.objects.get().state == CaseState.READY


def test_sign_off_writes_what_was_found_into_the_facts_in_one_act(item, meeting, chair):
    opened(meeting, chair=chair)
    finding = recorded(item, chair, expectedness="expected")

    signed = actions.sign_off(finding, version=finding.version, by=chair)

    facts = CaseFacts.objects.get()
    assert (signed.state, signed.signed_off_by) == (FindingState.SIGNED_OFF, chair)
    assert (facts.category, facts.modifiable, facts.expectedness, facts.analysis_edition) == (
        "infection",
        "modifiable",
        "expected",
        "lscb-2015",
    )
    assert facts.reviewed_in is not None and facts.days_to_sign_off > 0
    assert Case.objects.get().state == CaseState.REVIEWED
    assert verify().broken == ""


def test_after_sign_off_nothing_is_recorded_again(item, meeting, chair):
    opened(meeting, chair=chair)
    finding = recorded(item, chair)
    actions.sign_off(finding, version=1, by=chair)

    with pytest.raises(Refused, match="Say why the finding is changed"):
        recorded(item, chair, version=2)

    assert (Analysis.objects.count(), Factor.objects.count()) == (1, 2)


def test_a_case_taken_back_cannot_be_signed_off_and_nothing_changes(
    item, meeting, chair, coordinator
):
    opened(meeting, chair=chair)
    finding = recorded(item, chair)
    cases.take_back(Case.objects.get(), by=coordinator, reason="More is needed")

    with pytest.raises(Refused, match="so it cannot become reviewed"):
        actions.sign_off(finding, version=1, by=chair)

    finding.refresh_from_db()
    assert (finding.state, CaseFacts.objects.get().category) == (FindingState.RECORDED, "")


def test_a_chair_who_saw_an_older_finding_is_told_before_signing(item, meeting, chair):
    opened(meeting, chair=chair)
    seen = recorded(item, chair)
    recorded(item, chair, version=1, cause="Other")

    with pytest.raises(Refused, match="The finding was recorded anew after you opened the page"):
        actions.sign_off(seen, version=seen.version, by=chair)


@pytest.mark.database
def test_of_two_who_sign_off_at_once_one_wins_and_the_other_is_told(committed_database):
    chair, vice = person("chair"), person("vice_chair")
    meeting = planned_meeting(chair=chair)
    item = on_agenda(meeting)
    opened(meeting, chair=chair)
    finding = recorded(item, chair)

    came = at_once(
        *[partial(actions.sign_off, finding, version=1, by=who) for who in (chair, vice)]
    )

    (refused,) = [each for each in came if isinstance(each, Refused)]
    assert (refused.status, refused.reason) == (409, "The finding is signed off already.")
    assert names(came) == ["Finding", "Refused"]
    assert AuditEntry.objects.filter(action="finding.signed_off").count() == 1
    assert verify().broken == ""


def test_a_case_that_comes_again_is_found_on_at_the_later_meeting(item, meeting, chair, member):
    opened(meeting, chair=chair)
    first = recorded(item, chair)
    panel.close_meeting(meeting, by=chair)
    later = planned_meeting(member, chair=chair)
    again = on_agenda(later, item.case)
    opened(later, chair=chair)

    second = recorded(again, chair, version=first.version, cause="Later")

    assert (second.pk, second.item, second.item.serial) == (first.pk, again, item.serial)


def test_nobody_sees_another_review_before_their_own_is_sent_or_the_meeting_is_open(
    item, meeting, member, other_member, chair, coordinator, stranger
):
    def seen(user):
        return [review.reviewer for review in queries.reviews(item, user)]

    sent_review(item, member)
    assert [seen(who) for who in (member, other_member, chair)] == [[member], [], []]
    sent_review(item, other_member)
    assert seen(member) == seen(other_member) == [member, other_member]
    assert [seen(who) for who in (chair, coordinator, stranger)] == [[], [], []]
    opened(meeting, chair=chair)
    assert seen(chair) == [member, other_member]
    assert seen(person("member", "Not invited")) == []


def test_the_way_to_a_review_leads_through_the_statement_until_it_is_accepted(client, item, member):
    place = item.meeting.attendance.get(user=member)
    edit(place, by=member, accepted_at=None, accepted_by=None)
    [task] = work.tasks_for(member)

    page = sign_in(client, member).get(task.href)
    assert (page.status_code, task.text.split(",")[0]) == (200, f"Write your review on {item}")
    client.post(task.href)

    [task] = work.tasks_for(member)
    assert client.get(task.href).resolver_match.view_name == "reviews:review"


def test_the_home_pages_say_what_to_write_record_and_sign(item, meeting, member, chair):
    name = f"{item}, panel of 18 September 2014"
    assert [task.text for task in work.tasks_for(member)] == [f"Write your review on {name}"]
    sent_review(item, member)
    assert work.tasks_for(member) == []
    opened(meeting, chair=chair)
    assert [task.text for task in work.tasks_for(chair)] == [f"Record the finding on {name}"]
    finding = recorded(item, chair)
    assert [task.text for task in work.tasks_for(chair)] == [f"Sign off the finding on {name}"]
    panel.close_meeting(meeting, by=chair)
    assert [task.text for task in work.tasks_for(chair)] == [f"Sign off the finding on {name}"]
    actions.sign_off(finding, version=1, by=chair)
    assert work.tasks_for(chair) == []


def test_the_case_page_and_its_timeline_tell_the_finding_without_names(
    item, meeting, member, chair, coordinator
):
    sent_review(item, member)
    opened(meeting, chair=chair)
    assert work.on_case(item.case, coordinator).panel is None
    actions.sign_off(recorded(item, chair), version=1, by=chair)

    assert work.on_case(item.case, coordinator).panel.status == "signed off"
    assert work.on_case(item.case, chair).panel is None
    assert [event.text for event in work.on_case(item.case, coordinator).events] == [
        "A panel member sent a review",
        "The panel's finding was recorded",
        "The finding was signed off",
    ]
