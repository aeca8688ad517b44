"""Members who answer the lead's draft in place of a review, and how that is told apart."""

from datetime import date

import pytest

from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.panel import agenda
from cdop.reviews import draft_readings, measuring, queries, work
from cdop.reviews.comparison import agreed, answers_by_question, columns_of
from cdop.reviews.models import DraftAnswer, DraftReading, Review
from cdop.reviews.states import Stands
from tests.cast import TESTS, person
from tests.cdop.panel.makers import on_agenda, opened, planned_meeting, seated
from tests.cdop.reviews.makers import sent_review

ANSWERS = {
    "category": (Stands.AGREE, ""),
    "factor-0": (Stands.QUESTION, "It was a cot of its own."),
}


@pytest.fixture
def meeting(chair, member, other_member):
    return planned_meeting(member, other_member, chair=chair)


@pytest.fixture
def item(meeting, member):
    """A case that the member leads."""
    row = on_agenda(meeting)
    said = {"minutes_planned": 20, "lead": member, "second": None}
    return agenda.plan_item(row, **said, version=row.version, by=TESTS)


def seen(item, user):
    return [review.reviewer for review in queries.reviews(item, user)]


def test_a_member_opens_the_draft_answers_it_and_then_sees_the_others(item, member, other_member):
    sent_review(item, member)
    third = person("member", "Third Member")
    seated(item.meeting, third, "police")
    sent_review(item, third)
    assert seen(item, other_member) == []

    opened_draft = draft_readings.open_draft(item, by=other_member)
    assert seen(item, other_member) == [member], "the lead's draft, and nothing else"
    draft_readings.send_answers(opened_draft, ANSWERS, by=other_member)

    assert seen(item, other_member) == [member, third]
    rows = DraftAnswer.objects.values_list("question", "stands", "words")
    assert sorted(rows) == [
        ("category", "agree", ""),
        ("factor-0", "question", "It was a cot of its own."),
    ]


def test_who_has_opened_the_draft_sends_no_review_made_alone(item, member, other_member):
    sent_review(item, member)
    draft_readings.open_draft(item, by=other_member)

    with pytest.raises(Refused, match="you can no longer send a review made alone"):
        sent_review(item, other_member)

    assert Review.objects.count() == 1


def test_there_is_no_draft_before_the_lead_has_sent_a_review(item, other_member, member):
    sent_review(item, other_member)
    third = person("member", "Third Member")
    seated(item.meeting, third, "police")

    with pytest.raises(Refused, match="The lead has not sent a review"):
        draft_readings.open_draft(item, by=third)

    assert DraftReading.objects.count() == 0


def test_lead_second_and_who_sent_a_review_answer_no_draft(item, member, other_member, chair):
    item = agenda.plan_item(
        item, minutes_planned=20, lead=member, second=chair, version=item.version, by=TESTS
    )
    sent_review(item, member), sent_review(item, other_member)

    for who, why in ((member, "The lead and"), (chair, "The lead and"), (other_member, "You sent")):
        with pytest.raises(Refused, match=why):
            draft_readings.open_draft(item, by=who)


def test_nobody_answers_for_somebody_else_and_the_first_answers_stand(item, member, other_member):
    sent_review(item, member)
    row = draft_readings.open_draft(item, by=other_member)

    with pytest.raises(Refused) as refused:
        draft_readings.send_answers(row, ANSWERS, by=member)
    with pytest.raises(Refused, match="Answer at least one"):
        draft_readings.send_answers(row, {}, by=other_member)
    first = draft_readings.send_answers(row, ANSWERS, by=other_member)
    again = draft_readings.send_answers(row, {"category": (Stands.AGREE, "")}, by=other_member)

    assert (refused.value.status, again.sent_at) == (403, first.sent_at)
    assert DraftAnswer.objects.count() == 2


def test_nothing_is_answered_once_the_meeting_is_open(item, meeting, member, other_member, chair):
    sent_review(item, member)
    row = draft_readings.open_draft(item, by=other_member)
    opened(meeting, chair=chair)

    with pytest.raises(Refused, match="The meeting is open"):
        draft_readings.send_answers(row, ANSWERS, by=other_member)
    with pytest.raises(Refused, match="Say in it what you think"):
        draft_readings.open_draft(item, by=chair)


def test_answers_stand_apart_from_reviews_made_alone(item, meeting, member, other_member, chair):
    sent_review(item, member)
    sent_review(item, chair, categories=("unexplained",))
    row = draft_readings.open_draft(item, by=other_member)
    draft_readings.send_answers(row, ANSWERS, by=other_member)
    opened(meeting, chair=chair)

    columns = columns_of(item, chair)
    assert [column.heading for column in columns] == [str(member), str(chair)]
    assert agreed(columns)["Category"] == (1, 2)
    said = answers_by_question(queries.draft_readings(item, chair), columns)
    assert [(each.term, each.agreed, each.questioned) for each in said] == [
        ("Category", 1, []),
        ("Factor 1", 0, [(str(other_member), "It was a cot of its own.")]),
    ]
    whole, measured = measuring.measured(Period.of(date(2014, 9, 1)))
    assert (whole.cases, whole.reviews, whole.answers) == (1, 2, 1)
    category = next(each for each in measured if each.asked.code == "category")
    assert (category.cases, category.reviews, category.all_agree) == (1, 2, 0)
    assert (category.agreed, category.questioned) == (1, 0)
    assert (category.why_no_alpha, category.alpha, category.kappa) == (
        "Not enough to say",
        None,
        None,
    )


def test_the_home_page_asks_for_a_review_until_the_view_is_sent(item, member, other_member):
    sent_review(item, member)
    row = draft_readings.open_draft(item, by=other_member)
    assert len(work.tasks_for(other_member)) == 1

    draft_readings.send_answers(row, ANSWERS, by=other_member)

    assert work.tasks_for(other_member) == []
