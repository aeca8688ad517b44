"""Reopening: after an inquest the panel reviews again, and nothing that was signed off is lost."""

from datetime import UTC, date, datetime
from http import HTTPStatus

import pytest
from django.urls import reverse

from cdop.cases import actions, corrections
from cdop.cases.models import Case, CaseFacts
from cdop.core.refusals import Refused
from cdop.panel import actions as panel
from cdop.reviews import actions as reviews
from cdop.reviews import work
from cdop.reviews.models import Finding
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting
from tests.cdop.reviews.makers import AGREED, recorded, whole
from tests.makers import opened_case
from tests.pages import sign_in, text_of

FIRST = datetime(2014, 9, 18, 12, tzinfo=UTC)
LATER = date(2015, 3, 19)


@pytest.fixture
def closed(db, coordinator, chair) -> Case:
    """A case that the panel reviewed in September, and that was closed."""
    meeting = planned_meeting(chair=chair)
    item = on_agenda(meeting)
    meeting = opened(meeting, chair=chair)
    finding = recorded(item, chair)
    reviews.sign_off(finding, version=finding.version, by=chair, at=FIRST)
    panel.close_meeting(meeting, by=chair)
    return actions.close(Case.objects.get(pk=item.case_id), by=coordinator)


def found_anew(case, coordinator, chair) -> Finding:
    """The panel's second finding, at a later meeting."""
    meeting = planned_meeting(chair=chair, held_on=LATER)
    item = panel.put_on_agenda(meeting, case, by=coordinator)
    opened(meeting, chair=chair)
    content = whole(categories=("trauma",))
    return reviews.record_finding(item, content, version=0, outcome=AGREED, by=chair)


def test_a_case_is_reopened_and_reviewed_again(coordinator, chair, closed):
    before = CaseFacts.objects.get(case=closed)
    case = actions.reopen(closed, by=coordinator, reason="The inquest found an injury.")
    assert (case.state, case.closed_at, case.closed_by) == ("gathering", None, None)

    finding = found_anew(actions.make_ready(case, by=coordinator), coordinator, chair)
    assert CaseFacts.objects.get(case=case).category == before.category, "until it is signed off"
    reviews.sign_off(finding, version=finding.version, by=chair)

    facts = CaseFacts.objects.get(case=case)
    assert (facts.category, finding.number) == ("trauma", 2)
    kept = ("reviewed_in", "days_to_sign_off", "days_not_held", "in_scope")
    assert [getattr(facts, n) for n in kept] == [getattr(before, n) for n in kept]
    assert Case.objects.get(pk=case.pk).state == "reviewed"
    assert list(Finding.objects.values_list("number", "state")) == [
        (1, "signed_off"),
        (2, "signed_off"),
    ]


def test_the_chair_is_asked_for_the_finding_again(coordinator, chair, closed):
    case = actions.make_ready(
        actions.reopen(closed, by=coordinator, reason="Inquest"), by=coordinator
    )
    meeting = planned_meeting(chair=chair, held_on=LATER)
    item = panel.put_on_agenda(meeting, case, by=coordinator)
    opened(meeting, chair=chair)

    assert f"Record the finding on {item}, panel of 19 March 2015" in [
        task.text for task in work.tasks_for(chair)
    ]


def test_the_first_finding_is_not_written_over(client, coordinator, chair, closed):
    case = actions.reopen(closed, by=coordinator, reason="Inquest")
    first = Finding.objects.get()
    actions.make_ready(case, by=coordinator)

    with pytest.raises(Refused, match="This case is open again"):
        reviews.record_finding(first.item, whole(), version=first.version, by=chair)


def test_what_was_signed_off_stays_out_of_reach_while_it_is_open_again(coordinator, closed):
    case = actions.reopen(closed, by=coordinator, reason="Inquest")

    with pytest.raises(Refused, match="signed off with the panel's finding"):
        corrections.correct_facts(case, by=coordinator, expectedness="expected")
    with pytest.raises(Refused, match="so its case cannot be withdrawn"):
        actions.withdraw(case, by=coordinator, reason="A mistake")
    assert corrections.correct_facts(case, by=coordinator, sex="male").sex == "male"


def test_only_what_was_reviewed_is_reopened_and_with_a_reason(coordinator, closed):
    with pytest.raises(Refused, match="Say why the case is reopened"):
        actions.reopen(closed, by=coordinator, reason=" ")
    with pytest.raises(Refused, match="nothing to reopen"):
        actions.reopen(opened_case(), by=coordinator, reason="Inquest")


@pytest.mark.parametrize("act", [actions.take_back, actions.take_up_again])
def test_no_other_act_reopens_a_case(coordinator, closed, act):
    with pytest.raises(Refused, match="This case is closed"):
        act(closed, by=coordinator, reason="By another way")


def test_the_page_reopens_and_the_timeline_says_so(client, coordinator, closed):
    at = reverse("cases:reopen", args=[closed.reference])
    sign_in(client, coordinator)
    assert "Say why the case is reopened" in text_of(client.post(at, {"reason": ""}))
    assert client.post(at, {"reason": "Inquest"}).status_code == HTTPStatus.FOUND

    timeline = text_of(client.get(reverse("cases:timeline", args=[closed.reference])))
    assert "Case closed" in timeline and "Case reopened" in timeline
    again = client.post(at, {"reason": "Inquest"})
    assert again.status_code == HTTPStatus.CONFLICT
    assert "nothing to reopen" in text_of(client.get(at))


def test_a_case_that_went_elsewhere_and_came_back_keeps_everything(coordinator, case):
    withdrawn = actions.withdraw(case, by=coordinator, reason="Not ours")
    back = actions.take_up_again(withdrawn, by=coordinator, reason="It was")

    assert back.state == "gathering"
    assert back.reported_values.exists() and back.identity and back.clocks
