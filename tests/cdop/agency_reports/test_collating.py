"""One composite record: what each agency says, where they differ, and what holds."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop.agency_reports import asking, collating, queries
from cdop.agency_reports.models import Request
from cdop.agency_reports.states import Came, RequestState
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused, Stale
from cdop.core.uploads import Accepted
from tests.cdop.agency_reports.makers import answer, asked, fresh, link_of, recent_case, returned
from tests.makers import opened_case
from tests.pages import sign_in, text_of


@pytest.fixture
def case(db):
    return opened_case()


def composite(case, coordinator, **more):
    return collating.collated(case, by=coordinator, purpose="test", **more)


def said(line) -> list[str]:
    return [each.words for each in line.said]


def settle(case, coordinator, line, **changes):
    version = line.settled.version if line.settled else 0
    values = {"answer": "Yes", "why": "Letter", "over": line.over, "version": version}
    return collating.settle(case, line.question.code, by=coordinator, **(values | changes))


def two_that_differ(coordinator, case):
    for answer_ in ("yes", "no"):
        returned(coordinator, {"disability": [answer_]}, case=case)
    return composite(case, coordinator).line("disability")


def test_every_answer_of_every_agency_stands_under_its_question(case, coordinator):
    returned(coordinator, {"growth": ["9 kg"]}, case=case)
    returned(coordinator, {"growth": ["9.1 kg"]}, case=case, agency="hospital")

    line = composite(case, coordinator).line("growth")

    assert said(line) == ["9 kg", "9.1 kg"]
    assert [each.agency for each in line.said] == ["General practice", "Hospital"]


def test_what_is_told_in_words_adds_up_and_does_not_differ(case, coordinator):
    for words in ("Well", "Unwell"):
        returned(coordinator, {"growth": [words]}, case=case)

    assert not composite(case, coordinator).to_settle


@pytest.mark.parametrize(
    ("code", "one", "two"),
    [
        ("disability", "yes", "no"),
        ("birth_weight", "3000", "3100"),
        ("immunised", "complete", "part"),
        ("birth_weeks", "39", "40"),
    ],
)
def test_two_answers_to_a_question_with_one_right_answer_differ(case, coordinator, code, one, two):
    for value in (one, two):
        returned(coordinator, {code: [value]}, case=case)

    assert [line.question.code for line in composite(case, coordinator).to_settle] == [code]


def test_not_known_differs_from_nothing(case, coordinator):
    returned(coordinator, {"disability": ["yes"]}, case=case)
    returned(coordinator, {"disability": ["not_applicable"]}, case=case)
    returned(coordinator, {}, case=case)

    line = composite(case, coordinator).line("disability")

    assert not line.differs
    assert "not applicable" in line.unknown and "not known" in line.unknown


def test_the_first_page_is_not_in_the_record_and_stands_on_a_page_of_its_own(case, coordinator):
    returned(coordinator, {"reporter_name": ["Reporter Invented"]}, case=case)

    assert composite(case, coordinator).line("reporter_name") is None
    first = composite(case, coordinator, identifying=True)
    assert said(first.line("reporter_name")) == ["Reporter Invented"]
    assert first.line("growth") is None


def test_opening_the_record_is_recorded_with_its_purpose(case, coordinator):
    returned(coordinator, case=case)

    composite(case, coordinator)

    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.action, entry.purpose) == ("agency_reports.read", "test")
    assert (entry.actor, entry.case_number) == (coordinator, case.pk)


@pytest.mark.parametrize("who", ["doctor", "member", "chair", "reader"])
def test_nobody_but_the_team_opens_it(case, request, who):
    with pytest.raises(Refused) as refused:
        composite(case, request.getfixturevalue(who))

    assert refused.value.status == 403


def test_what_holds_is_settled_with_a_reason_and_every_answer_stays(case, coordinator):
    line = two_that_differ(coordinator, case)

    settle(case, coordinator, line)

    found = composite(case, coordinator)
    line = found.line("disability")
    assert not found.to_settle
    assert (line.settled.said, said(line)) == ({"answer": "Yes", "why": "Letter"}, ["Yes", "No"])


def test_an_answer_that_comes_later_opens_it_again(case, coordinator):
    settle(case, coordinator, two_that_differ(coordinator, case))

    returned(coordinator, {"disability": ["no"]}, case=case)

    line = composite(case, coordinator).line("disability")
    assert line.open_again and line.to_settle


def test_nobody_settles_over_an_answer_that_they_did_not_see(case, coordinator):
    line = two_that_differ(coordinator, case)
    returned(coordinator, {"disability": ["no"]}, case=case)

    with pytest.raises(Refused, match="Another answer has come"):
        settle(case, coordinator, line)


def test_of_two_who_settle_at_once_the_second_is_told(case, coordinator):
    line = two_that_differ(coordinator, case)
    settle(case, coordinator, line)

    with pytest.raises(Stale):
        settle(case, coordinator, line, answer="No")


def test_where_they_agree_there_is_nothing_to_settle(case, coordinator):
    returned(coordinator, {"disability": ["yes"]}, case=case)
    line = composite(case, coordinator).line("disability")

    with pytest.raises(Refused, match="do not differ"):
        settle(case, coordinator, line)


def test_a_file_that_came_after_answers_takes_none_of_them_away(case, coordinator, store):
    made = returned(coordinator, {"growth": ["9 kg"]}, rest="", case=case)
    asking.keep_by_hand(
        made,
        [Accepted("rest.txt", "text/plain", b"x")],
        came_by=Came.POST,
        at=timezone.now(),
        whole=True,
        by=coordinator,
        version=made.version,
    )

    assert said(composite(case, coordinator).line("growth")) == ["9 kg"]


def test_the_page_settles_what_it_showed(client, case, coordinator):
    line = two_that_differ(coordinator, case)
    at = reverse("agency_reports:settle", args=[case.reference, "disability"])
    sign_in(client, coordinator)
    typed = {"answer": "Yes", "why": "Letter", "over": line.over, "version": "0"}

    assert client.post(at, typed).status_code == 302
    again = client.post(at, typed | {"answer": "No"})

    assert again.status_code == 409 and "Somebody else changed this" in text_of(again)
    assert b"No</textarea>" in again.content


# Completeness


def test_completeness_gives_each_number_with_its_denominator(coordinator):
    case, now = recent_case(), timezone.now()
    returned(coordinator, {"development": ["As others"]}, case=case)
    part = returned(coordinator, {"development": ["As others"]}, rest="", case=case)
    away = asked(coordinator, case)
    wrong = asked(coordinator, case)
    asking.set_aside(
        wrong, RequestState.NOT_APPLICABLE, why="x", by=coordinator, version=wrong.version
    )
    gone = asked(coordinator, case)
    asking.set_aside(gone, RequestState.CLOSED, why="x", by=coordinator, version=gone.version)

    found = queries.complete(queries.of_case(case), now)

    questions = sum(Request.objects.filter(case=case).values_list("questions", flat=True))
    assert found.came.words == "2 of 4"
    assert found.complete.words == "1 of 4"
    assert found.in_time.words == "2 of 2"
    assert found.questions.of == questions
    assert found.known.words == f"2 of {found.questions.number}"
    asking.accept(part, by=coordinator, version=part.version)
    assert queries.complete(queries.of_case(case), now).complete.words == "2 of 4"
    assert queries.complete(queries.of_case(case), away.due_at + timezone.timedelta(1)).overdue == 1


def test_the_counts_of_agencies_add_up_to_those_of_all(coordinator):
    case, now = recent_case(), timezone.now()
    for number in range(3):
        made = asked(coordinator, case)
        if number:
            link = link_of(made)
            answer(link, {})
    rows = [each for _, _, each in queries.by_agency(coordinator, now)]

    whole = queries.complete(Request.objects.all(), now)

    assert sum(each.came.of for each in rows) == whole.came.of == 3
    assert fresh(made).questions == 0
