"""Other reviews of the same death: asked for, held or declined, with their effect on ours."""

import pytest
from django.db import IntegrityError, transaction

from cdop.cases import actions, linked, waiting_work
from cdop.cases.linked import LinkedReview, Origin
from cdop.cases.models import Case
from cdop.core.refusals import Refused, Stale
from tests.cdop.cases.holding_up import BEGAN_ON, backdated, beside, in_days


def started(review, by, **said):
    told = {"began_on": in_days(-3), "decided_on": in_days(-4), "decision": "It is held."}
    told |= {"next_check_on": in_days(30), "version": review.version}
    return linked.start(review, by=by, **(told | said))


def ended(review, by, **said):
    told = {"ended_on": in_days(0), "outcome": "Published.", "effect": "Its learning is ours."}
    return linked.end(review, by=by, **({"version": review.version} | told | said))


def test_a_referral_goes_its_way_and_says_what_it_means_for_ours(coordinator, case):
    review = ended(started(beside(case, coordinator), coordinator), coordinator)

    assert (review.state, review.effect, review.next_check_on) == (
        "ended",
        "Its learning is ours.",
        None,
    )
    states = list(LinkedReview.history.order_by("version").values_list("state", flat=True))
    assert states == ["asked", "under_way", "ended"]


def test_a_referral_may_be_declined_with_the_decision_and_made_again(coordinator, case):
    review = beside(case, coordinator)
    declined = linked.decline(
        review,
        decided_on=in_days(0),
        decision="Does not meet the criteria.",
        by=coordinator,
        version=review.version,
    )
    assert (declined.state, declined.next_check_on) == ("declined", None)

    again = linked.take_back(
        declined, next_check_on=in_days(7), by=coordinator, version=declined.version
    )
    assert (again.state, again.decision, again.decided_on) == ("asked", "", None)


def test_what_was_recorded_by_mistake_goes_one_step_back(coordinator, case):
    review = ended(started(beside(case, coordinator), coordinator), coordinator)
    back = {"next_check_on": in_days(7), "by": coordinator}

    under_way = linked.take_back(review, version=review.version, **back)
    assert (under_way.state, under_way.ended_on) == ("under_way", None)
    asked = linked.take_back(under_way, version=under_way.version, **back)
    assert (asked.state, asked.began_on) == ("asked", None)
    with pytest.raises(Refused, match="nothing can be taken back"):
        linked.take_back(asked, version=asked.version, **back)


def test_one_of_which_we_were_told_may_be_under_way_already(coordinator, case):
    review = beside(case, coordinator, Origin.TOLD, kind="criminal", why="", began_on=in_days(-20))

    assert (review.state, review.origin_label) == ("under_way", "We were told of it")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"why": " "}, "Say why this panel refers"),
        ({"asked_on": in_days(1)}, "today or in the past"),
        ({"next_check_on": in_days(200)}, "within three months"),
    ],
    ids=["why", "future", "far"],
)
def test_a_referral_without_reason_or_check_is_refused(coordinator, case, said, sentence):
    with pytest.raises(Refused, match=sentence):
        beside(case, coordinator, **said)

    assert not LinkedReview.objects.exists()


def test_nothing_ends_before_it_began_or_without_a_word_on_ours(coordinator, case):
    review = started(beside(case, coordinator), coordinator)

    with pytest.raises(Refused, match="on or after the day on which it began"):
        ended(review, coordinator, ended_on=in_days(-10))
    with pytest.raises(Refused, match="what it means for our review"):
        ended(review, coordinator, effect=" ")
    with pytest.raises(Refused, match="This review is asked for, so it cannot become ended"):
        ended(beside(case, coordinator), coordinator)


def test_two_who_decide_at_once_are_not_written_over(coordinator, case):
    review = beside(case, coordinator)
    started(review, coordinator)

    with pytest.raises(Stale) as stale:
        linked.decline(
            review, decided_on=in_days(0), decision="No.", by=coordinator, version=review.version
        )

    assert stale.value.current.state == "under_way"


def test_what_is_known_can_be_put_right_after_the_end_too(coordinator, case):
    review = ended(started(beside(case, coordinator), coordinator), coordinator)
    said = {"kind": "practice_learning_review", "led_by": "Another board", "owner": coordinator}
    said |= {"origin": Origin.REFERRED, "asked_on": BEGAN_ON, "why": "Why.", "next_check_on": None}

    with pytest.raises(Refused, match="what it means"):
        linked.correct(review, by=coordinator, version=review.version, effect="", **said)
    row = linked.correct(review, by=coordinator, version=review.version, effect="None.", **said)

    assert (row.kind, row.effect, row.state) == ("practice_learning_review", "None.", "ended")


def test_a_closed_case_may_still_be_told_of_a_review_but_a_withdrawn_one_not(coordinator, case):
    Case.objects.filter(pk=case.pk).update(state="closed")
    assert beside(case, coordinator).state == "asked"

    other = Case.objects.get()
    Case.objects.filter(pk=case.pk).update(state="gathering")
    actions.withdraw(other, by=coordinator, reason="A mistake")
    with pytest.raises(Refused, match="withdrawn"):
        beside(case, coordinator)


def test_a_review_to_ask_about_is_a_task_and_on_the_page(coordinator, case):
    review = backdated(beside(case, coordinator), in_days(-1))

    [task] = waiting_work.tasks_for(coordinator)
    said = waiting_work.on_case(Case.objects.get(), coordinator)

    assert task.text == f"Case {case}: ask how it stands (serious case review), yours"
    assert task.overdue and task.href.endswith(f"/reviews/{review.pk}/")
    assert (said.panel.status, said.panel.overdue) == ("another review is not over", True)
    assert [event.text for event in said.events] == [
        "Serious case review: This panel referred the death"
    ]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"next_check_on": None}, "linked_waits_until"),
        ({"state": "under_way"}, "linked_began_where"),
        ({"state": "declined", "next_check_on": None}, "linked_declined_when"),
        (
            {"state": "ended", "next_check_on": None, "began_on": BEGAN_ON},
            "linked_ended_when",
        ),
    ],
)
def test_the_database_keeps_no_half_of_a_review(coordinator, case, changed, name):
    review = beside(case, coordinator)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        LinkedReview.objects.filter(pk=review.pk).update(**changed)
