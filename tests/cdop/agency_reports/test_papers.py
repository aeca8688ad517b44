"""The forms of a request while they are answered: what counts as an answer, and what is missing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdop.agency_reports.models import Request
from cdop.agency_reports.papers import Paper, gap_box
from cdop.core.questions import CHOOSERS

REQUEST = Request(edition="lscb-2015", agency="hospital", forms=["form_b", "sudi"])
KNOWN = {"age_band": "28-364d", "known_events": [], "expectedness": "unexpected"}
CHILD, REPORTER = "form_b.child", "form_b.reporter"


def paper(typed=None, **known) -> Paper:
    return Paper(REQUEST, KNOWN | known, typed or {})


def only(boxes, code=CHILD):
    """The page of the child with some boxes filled."""
    return paper({code: boxes}).pages[code]


def test_a_blank_page_is_not_started_and_nothing_is_an_answer():
    page = only({"growth": [""], "long_conditions": ["  "]})

    assert (page.status, page.considered) == ("not_started", [])


@pytest.mark.parametrize("gap", ["not_known", "not_applicable"])
@pytest.mark.parametrize("code", ["growth", "birth_weight", "birth_weeks", "allergies"])
def test_not_known_and_not_applicable_are_answers_to_questions_of_every_kind(code, gap):
    question = next(each for each in paper().pages[CHILD].asked if each.code == code)
    box = gap_box(question)

    page = only({box: [gap]})

    assert [each.code for each in page.considered] == [code]
    assert page.paper.answers[code] == gap


def test_a_date_and_a_time_can_be_not_known():
    reporter = only({"last_contact-gap": ["not_known"]}, REPORTER)
    sleep = paper({"sudi.last_sleep": {"put_down_at-gap": ["not_applicable"]}})

    assert reporter.paper.answers["last_contact"] == "not_known"
    assert sleep.answers["put_down_at"] == "not_applicable"


def test_an_answer_and_not_known_at_once_is_a_mistake_beside_the_box():
    page = only({"growth": ["9 kg"], "growth-gap": ["not_known"]})

    assert list(page.form.errors) == ["growth"]
    assert page.status == "incomplete"


def test_not_known_and_not_applicable_at_once_is_a_mistake():
    assert "growth-gap" in only({"growth-gap": ["not_known", "not_applicable"]}).form.errors


def test_a_follow_up_is_asked_where_its_answer_calls_for_it_and_counts_then_alone():
    without, with_it = only({"disability": ["no"]}), only({"disability": ["yes"]})

    assert len(with_it.asked) == len(without.asked) + 1
    assert "disability_which" in [each.code for each in with_it.asked]


def test_what_was_typed_under_another_answer_is_not_sent():
    page = only({"disability": ["no"], "disability_which": ["Hearing"]})

    assert "disability_which" not in page.paper.kept


def test_what_the_death_makes_idle_is_not_asked():
    newborn = paper(age_band="0-27d")

    codes = {each.code for page in newborn.pages.values() for each in page.asked}
    assert not codes & {"education", "friendships", "child_substances", "birth_weight"}


def test_filling_the_rest_makes_a_page_complete_and_leaves_what_was_typed():
    before = paper({CHILD: {"growth": ["9 kg"], "disability": ["yes"]}})

    after = paper({CHILD: before.filled(CHILD)})

    assert after.pages[CHILD].status == "completed"
    assert (after.answers["growth"], after.answers["development"]) == ("9 kg", "not_known")


def test_filling_the_rest_leaves_what_is_wrong_to_be_put_right():
    before = paper({CHILD: {"birth_weight": ["heavy"]}})

    after = paper({CHILD: before.filled(CHILD)})

    assert list(after.pages[CHILD].form.errors) == ["birth_weight"]


SLOW = settings(deadline=None, max_examples=25)  # each example makes every form anew
CODES = sorted({each.code for page in paper().pages.values() for each in page.section.questions})
WORDS = st.sampled_from(
    ["", "yes", "no", "not_known", "not_applicable", "7", "some words", "14:30"]
)
BOXES = st.dictionaries(
    st.sampled_from([*CODES, *(f"{code}-gap" for code in CODES)]), st.lists(WORDS, max_size=2)
)


@SLOW
@given(BOXES)
def test_whatever_is_typed_the_counts_nest_and_only_asked_questions_are_sent(boxes):
    found = paper({code: boxes for code in paper().pages})

    counts = found.counts
    asked = {each.code for page in found.pages.values() for each in page.asked}
    assert 0 <= counts.known <= counts.considered <= counts.questions == len(asked)
    assert set(found.kept) <= asked
    assert counts.whole is all(page.status == "completed" for page in found.pages.values())


@SLOW
@given(BOXES)
def test_filling_the_rest_leaves_nothing_blank_unless_something_is_wrong(boxes):
    for code in paper().pages:
        page = paper({code: paper({code: boxes}).filled(code)}).pages[code]
        assert page.form.errors or page.status == "completed"


def test_kinds_without_a_box_of_their_own_for_gaps_are_the_choosers():
    boxes = {q.kind: gap_box(q) for page in paper().pages.values() for q in page.section.questions}

    assert all((not box.endswith("-gap")) is (kind in CHOOSERS) for kind, box in boxes.items())
