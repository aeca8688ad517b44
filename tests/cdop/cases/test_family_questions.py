"""What a family asks the review: put down one by one, answered, approved, told to them."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.cases import families, family_questions, links
from cdop.cases.family_questions import FamilyQuestion, PanelQuestion
from cdop.cases.states import QuestionState
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from tests.cdop.cases import speaking
from tests.cdop.cases.holding_up import in_days, parts
from tests.cdop.cases.speaking import LATE, MOTHER, without_family
from tests.guard import nothing_forbidden
from tests.makers import opened_case
from tests.pages import sign_in, text_of

S = QuestionState
ON = in_days(-3)


def asked(case, by, **said):
    return speaking.asked(case, by, **({"asked_on": ON} | said))


def answered(row, by, **said):
    told = {"answer": "It came after seven minutes.", "answered_on": localdate(), "may_tell": True}
    return family_questions.answer(row, by=by, version=row.version, **(told | said))


def approved(row, by):
    row = answered(row, by)
    return family_questions.approve(row, by=by, version=row.version)


def at(name, case, *row):
    return reverse(f"cases:{name}", args=[case.reference, *(each.pk for each in row)])


def opened(case, by):
    return family_questions.of(families.of(case), case, by=by, purpose="test")


# What becomes of a question


def test_a_question_goes_its_way_from_the_asking_to_the_telling(coordinator, case):
    row = approved(asked(case, coordinator), coordinator)
    family_questions.told(row, told_on=localdate(), by=coordinator, version=row.version)

    [found] = opened(case, coordinator)
    assert (found.said.asked_by, found.said.question, found.said.answer) == (
        MOTHER,
        LATE,
        "It came after seven minutes.",
    )
    now = found.row
    assert (now.state, now.asked_on, now.told_on) == (S.APPROVED, ON, localdate())
    assert (now.answered_by, now.approved_by) == (coordinator, coordinator)


def test_another_answer_is_approved_anew_and_told_anew(coordinator, case):
    row = approved(asked(case, coordinator), coordinator)
    row = family_questions.told(row, told_on=localdate(), by=coordinator, version=row.version)

    row = answered(row, coordinator, answer="After nine minutes, as we know now.")

    assert (row.state, row.approved_on, row.told_on) == (S.ANSWERED, None, None)


def test_an_answer_that_may_not_be_told_is_not_told(coordinator, case):
    row = asked(case, coordinator)
    row = answered(row, coordinator, may_tell=False, why_not="The coroner asks to wait.")
    row = family_questions.approve(row, by=coordinator, version=row.version)

    with pytest.raises(Refused, match="approved and may be told"):
        family_questions.told(row, told_on=localdate(), by=coordinator, version=row.version)

    assert not opened(case, coordinator)[0].may_be_told_now


def test_what_does_not_fit_is_refused_and_changes_nothing(coordinator, case):
    row = asked(case, coordinator)
    wrong = [
        lambda: asked(case, coordinator, asked_by=" "),
        lambda: asked(case, coordinator, question=" "),
        lambda: asked(case, coordinator, asked_on=in_days(1)),
        lambda: answered(row, coordinator, answer=" "),
        lambda: answered(row, coordinator, answered_on=in_days(1)),
        lambda: answered(row, coordinator, answered_on=ON - timedelta(days=1)),
        lambda: answered(row, coordinator, may_tell=False),
        lambda: family_questions.approve(row, by=coordinator, version=row.version),
        lambda: asked(case, coordinator, for_panel="Why did Aaaa die?"),
    ]
    for act in wrong:
        with pytest.raises(Refused):
            act()

    assert [(each.pk, each.state, each.version) for each in FamilyQuestion.objects.all()] == [
        (row.pk, S.ASKED, 1)
    ]


def test_of_two_who_answer_the_later_is_told(coordinator, case):
    row = asked(case, coordinator)
    answered(row, coordinator)

    with pytest.raises(Stale):
        answered(row, coordinator)


def test_what_a_question_says_is_sealed_and_each_opening_is_recorded(coordinator, case):
    row = asked(case, coordinator)
    assert LATE.encode() not in bytes(FamilyQuestion.objects.get().sealed)

    opened(case, coordinator)

    entry = AuditEntry.objects.filter(action="question.read").get()
    assert (entry.case_number, entry.purpose) == (case.pk, "test")
    assert LATE not in str(list(AuditEntry.objects.values_list("detail", flat=True)))
    assert row.case == case


def test_the_questions_of_twins_are_read_together(coordinator, case):
    twin = opened_case({"given_names": "Eeee"})
    asked(twin, coordinator, question="Was he in pain?")
    asked(case, coordinator)
    links.link(case, twin, links.Kind.TWIN, by=coordinator)

    for each in (case, twin):
        assert {found.said.question for found in opened(each, coordinator)} == {
            LATE,
            "Was he in pain?",
        }


# What the panel reads


def test_the_panel_reads_its_own_words_and_none_of_the_family(coordinator, case):
    asked(case, coordinator, for_panel="Did help come in time?")
    asked(case, coordinator, question="Unworded")

    with nothing_forbidden():
        assert family_questions.for_panel(case) == ["Did help come in time?"]


def test_a_question_that_is_no_longer_asked_is_kept_from_the_panel(coordinator, case):
    row = asked(case, coordinator, for_panel="Did help come in time?")
    row = family_questions.drop(row, by=coordinator, version=row.version)

    assert family_questions.for_panel(case) == []
    assert PanelQuestion.history.count() == 2
    row = family_questions.take_up(row, by=coordinator, version=row.version)
    assert row.state == S.ASKED


# The pages


def test_a_question_is_put_down_answered_and_read_out(client, coordinator, case):
    sign_in(client, coordinator)
    said = {"question": LATE, "asked_by": MOTHER, "for_panel": "", "version": 0}
    said |= parts("asked_on", ON)
    assert client.post(at("new_question", case), said).url == at("questions", case)
    row = FamilyQuestion.objects.get()
    waiting = text_of(client.get(at("called", case)))
    assert LATE in waiting and "Do not answer it yet" in waiting

    told = {"answer": "After seven minutes.", "may_tell": "yes", "why_not": "", "version": 1}
    client.post(at("answer_question", case, row), told | parts("answered_on", localdate()))
    page = text_of(client.get(at("questions", case)))
    assert "Answered, to be approved" in page and "Approve the answer" in page
    assert "You may tell them" not in text_of(client.get(at("called", case)))
    client.post(at("approve_question", case, row), {"version": 2})

    page = text_of(client.get(at("called", case)))
    assert "You may tell them After seven minutes." in page and "Do not answer" not in page
    client.post(at("told_question", case, row), {"version": 3} | parts("told_on", localdate()))
    row.refresh_from_db()
    assert row.told_on == localdate()


def test_words_for_the_panel_that_name_the_child_are_refused_beside_the_box(
    client, coordinator, case
):
    sign_in(client, coordinator)
    said = {"question": LATE, "asked_by": MOTHER, "version": 0, "for_panel": "Was Aaaa alone?"}
    answer = client.post(at("new_question", case), said | parts("asked_on", ON))

    page = text_of(answer)
    assert answer.status_code == HTTPStatus.OK and "which is part of the child's name" in page
    assert LATE in page and not FamilyQuestion.objects.exists()


@pytest.mark.parametrize(
    ("name", "said", "sentence"),
    [
        ("new_question", {"question": ""}, "Enter what they ask"),
        ("new_question", {"asked_by": ""}, "Enter who asked"),
        ("new_question", parts("asked_on", in_days(1)), "must be today or in the past"),
        ("answer_question", {"answer": ""}, "Enter the answer"),
        ("answer_question", {"may_tell": ""}, "Choose whether the family may be told"),
        ("answer_question", {"may_tell": "no"}, "Say why they may not be told yet"),
        ("answer_question", parts("answered_on", in_days(-9)), "before the day on which it was"),
    ],
    ids=["question", "who", "future", "answer", "may", "why not", "before"],
)
def test_what_is_wrong_is_said(client, coordinator, case, name, said, sentence):
    row = asked(case, coordinator)
    posted = {"question": LATE, "asked_by": MOTHER, "for_panel": "", "version": 1}
    posted |= {"answer": "Yes.", "may_tell": "yes", "why_not": ""}
    posted |= parts("asked_on", ON) | parts("answered_on", localdate()) | said
    where = at(name, case) if name == "new_question" else at(name, case, row)

    page = sign_in(client, coordinator).post(where, posted)

    assert page.status_code == HTTPStatus.OK and sentence in text_of(page)
    assert FamilyQuestion.objects.get().version == 1


def test_both_sides_are_shown_to_the_later_of_two(client, coordinator, case):
    row = asked(case, coordinator)
    answered(row, coordinator)
    said = {"answer": "Mine.", "may_tell": "yes", "why_not": "", "version": 1}

    page = sign_in(client, coordinator).post(
        at("answer_question", case, row), said | parts("answered_on", localdate())
    )

    assert page.status_code == HTTPStatus.CONFLICT
    assert "Mine." in text_of(page) and "It came after seven minutes." in text_of(page)


def test_a_question_of_another_family_is_not_there(client, coordinator, case):
    other = opened_case({"given_names": "Ffff", "mother_name": "Gggg Invented-Other"})
    row = asked(other, coordinator)
    sign_in(client, coordinator)

    for name in ("question", "answer_question", "told_question"):
        assert client.get(at(name, case, row)).status_code == HTTPStatus.NOT_FOUND


def test_a_case_without_a_record_of_its_family_offers_to_begin_one(client, coordinator, case):
    without_family(case)
    sign_in(client, coordinator)

    for name in ("questions", "new_question"):
        assert "no record of its family yet" in text_of(client.get(at(name, case)))


def test_the_page_asks_the_same_of_the_database_for_many_questions(client, coordinator, case):
    sign_in(client, coordinator)
    needed = []
    for number in range(6):
        asked(case, coordinator, question=f"Question {number}", for_panel=f"Question {number}")
        with CaptureQueriesContext(connection) as taken:
            client.get(at("questions", case))
        needed.append(len(taken))

    assert len(set(needed)) == 1
