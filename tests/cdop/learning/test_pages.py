"""The pages of recommendations as people use them: what each sees, sends and is told."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from cdop.core import casework
from cdop.core.casework import Named
from cdop.core.organisations import Area
from cdop.learning import actions, chasing, letters
from cdop.learning.letter_models import LearningLetter
from cdop.learning.models import ActionPoint, Recommendation
from cdop.learning.states import PointState, RecommendationState
from tests.cast import person
from tests.cdop.learning.makers import (
    MADE_ON,
    WORDS,
    accepted,
    agreed,
    in_days,
    made,
    signed_off,
    trust,
    written,
)
from tests.guard import nothing_forbidden
from tests.makers import HALTON
from tests.pages import date_parts, sign_in, text_of

pytestmark = pytest.mark.pages
S = RecommendationState


def at(name, row=None, *more):
    return reverse(f"learning:{name}", args=[row.reference, *more] if row else [])


def on(name, day):
    return date_parts(name, day.day, day.month, day.year)


def typed(**said):
    usual = {"words": WORDS, "to_whom": "Maternity services", "level": "local", "version": 0}
    return usual | {"areas": [], "meeting": "", "reference": "", "factor": ""} | said


def test_a_recommendation_is_put_down_and_followed_to_its_end(client, coordinator, store):
    sign_in(client, coordinator)
    trust()
    posted = client.post(at("new"), typed(factor="cdr-2018:unsafe_sleep") | on("made_on", MADE_ON))
    row = Recommendation.objects.get()
    assert (posted.url, row.factor) == (at("list"), "unsafe_sleep")

    said = {"accepted_by": "The board", "version": 1}
    client.post(at("accept", row), said | on("accepted_on", MADE_ON))
    said = {"words": "Train all.", "owner": trust().pk, "contact_name": "Lead", "version": 0}
    said |= {"contact_email": "lead@example.org"} | on("agreed_on", MADE_ON)
    client.post(at("new_action", row), said | on("due_on", in_days(-1)))
    point = ActionPoint.objects.get()
    assert "Overdue" in text_of(client.get(at("recommendation", row)))
    assert "is open" in text_of(client.get(at("done", row)))

    file = SimpleUploadedFile("minutes.txt", b"All were there.")
    client.post(at("attach", row, point.pk), {"file": file, "version": 0})
    said = {"outcome": "All are trained.", "version": point.version} | on("ended_on", localdate())
    client.post(at("action_done", row, point.pk), said)
    said = {"outcome": "It is in use.", "version": 2} | on("ended_on", localdate())
    client.post(at("done", row), said)

    page = text_of(client.get(at("recommendation", row)))
    for words in ("It is in use.", "All are trained.", "The board", "Save the file"):
        assert words in page
    row.refresh_from_db()
    assert (row.state, point.evidence.count()) == (S.DONE, 1)
    document = point.evidence.get().document
    assert client.get(at("file", row, document.pk)).content == b"All were there."


def test_words_that_look_like_a_name_come_back_with_the_question_and_can_be_kept(
    client, coordinator
):
    sign_in(client, coordinator)
    said = typed(words="Visit as Mrs Planted did.") | on("made_on", MADE_ON)

    page = client.post(at("new"), said)
    words = text_of(page)
    assert page.status_code == HTTPStatus.OK and not Recommendation.objects.exists()
    assert "“Mrs Planted”" in words and "I have looked at each place" in words
    assert "Visit as Mrs Planted did." in words

    client.post(at("new"), said | {"looked_at": "on"})
    assert Recommendation.objects.get().words == "Visit as Mrs Planted did."


def test_what_a_case_knows_is_refused_beside_the_box(client, coordinator, chair, member):
    finding = signed_off(chair, member)
    sign_in(client, coordinator)
    reference = finding.case.reference

    page = client.post(at("new"), typed(words="Aaaa slept.", reference=reference, looked_at="on"))
    assert "part of the child's name" in text_of(page) and not Recommendation.objects.exists()

    client.post(at("new"), typed(reference=reference))
    row = Recommendation.objects.get()
    assert (row.finding, row.meeting) == (finding, finding.item.meeting)
    assert reference in text_of(client.get(at("recommendation", row)))
    assert row.reference in text_of(client.get(reverse("cases:case", args=[reference])))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"words": ""}, "Say what is recommended"),
        ({"level": "galactic"}, "Choose one of the answers"),
        ({"reference": "C-2222-2222"}, "no case with this reference"),
        ({"factor": "cdr-2018:nonsense"}, "Choose one of the answers"),
        (on("made_on", localdate() + timedelta(days=1)), "today or in the past"),
        (dict.fromkeys(on("made_on", MADE_ON), ""), "Enter the day"),
    ],
)
def test_a_mistake_stands_beside_its_box_and_nothing_is_lost(client, coordinator, said, why):
    sign_in(client, coordinator)

    page = text_of(client.post(at("new"), typed() | on("made_on", MADE_ON) | said))

    assert (
        why in page
        and "Maternity services" in client.post(at("new"), typed() | said).content.decode()
    )
    assert not Recommendation.objects.exists()


def test_somebody_else_was_first_and_both_sides_are_shown(client, coordinator):
    row = made(coordinator)
    said = {"level": "local", "to_whom": "Maternity services", "made_on": MADE_ON}
    actions.change(row, words="What they wrote.", **said, by=person("coordinator"), version=1)
    sign_in(client, coordinator)

    page = client.post(
        at("change", row), typed(words="What I wrote.", version=1) | on("made_on", MADE_ON)
    )

    assert page.status_code == HTTPStatus.CONFLICT
    assert "What I wrote." in text_of(page) and "What they wrote." in text_of(page)


# Who reads what


@pytest.fixture
def told(coordinator):
    """One about Halton with a letter, an action and a case's worth of detail, one of another."""
    row = accepted(coordinator, areas=[Area.objects.get(pk=HALTON)])
    agreed(coordinator, row, due_on=MADE_ON)
    letter = written(coordinator, row)
    letters.approve(letter, by=person("cdop_nurse", "Second"), version=1)
    made(coordinator, areas=[Area.objects.get(pk="E06000007")], words="Another of Warrington.")
    return row


@pytest.mark.parametrize("who", ["chair", "member", "reader"])
def test_readers_see_what_is_done_and_no_contact_letter_case_or_way_to_change(
    client, request, told, who
):
    sign_in(client, request.getfixturevalue(who))
    with nothing_forbidden():
        pages = [client.get(at("list")), client.get(at("year_list") + "?year=2014-15")]

    for page in map(text_of, pages):
        assert WORDS in page and "Train everybody" in page and "Overdue" in page
        assert ("Another of Warrington." in page) == (who != "reader")
        for secret in ("lead@example.org", "Lead Invented", "director@"):
            assert secret not in page, secret
        assert not re.search(r"\b[CD]-\w{4}-\w{4}\b", page)
    assert f'href="{at("recommendation", told)}"' not in pages[0].content.decode()
    assert client.get(at("recommendation", told)).status_code == HTTPStatus.NOT_FOUND


def test_the_list_is_filtered_and_says_by_what(client, coordinator, told):
    sign_in(client, coordinator)
    own, other = WORDS, "Another of Warrington."
    for query, seen in (
        ("", {own, other}),
        ("?show=overdue", {own}),
        (f"?area={HALTON}", {own}),
        (f"?owner={trust().pk}", {own}),
        ("?level=national", set()),
        ("?year=2014-15", {own, other}),
        ("?year=nonsense&area=nowhere", {own, other}),
    ):
        page = text_of(client.get(at("list") + query))
        assert {words for words in (own, other) if words in page} == seen, query
    assert "Still open, Halton" in text_of(client.get(f"{at('list')}?area={HALTON}"))


@pytest.mark.parametrize("name", ["list", "year", "year_list"])
def test_more_recommendations_are_no_more_queries(client, coordinator, name):
    sign_in(client, coordinator)
    agreed(coordinator)
    client.get(at(name))

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(at(name))
        return len(found)

    before = queries()
    for _ in range(3):
        agreed(coordinator, made(coordinator))

    assert queries() == before


def test_neither_pages_nor_chasing_read_identity_or_clocks(client, coordinator, chair, member):
    row = accepted(coordinator, finding=signed_off(chair, member))
    point = agreed(coordinator, row)
    sign_in(client, coordinator)

    with nothing_forbidden():
        for name in ("recommendation", "later", "change", "done", "new_letter", "note"):
            assert client.get(at(name, row)).status_code == HTTPStatus.OK
        assert chasing.chase_due() == 1
        assert client.get(at("action", row, point.pk)).status_code == HTTPStatus.OK


# Letters and answers


def test_a_letter_is_written_by_one_approved_by_another_posted_and_answered(
    client, coordinator, store
):
    row, deputy = accepted(coordinator), person("deputy_coordinator")
    sign_in(client, coordinator)
    said = {"organisation": trust().pk, "attention": "Chair", "email": "", "version": 0}
    client.post(
        at("new_letter", row), said | {"words": "Please act."} | on("answer_by", in_days(9))
    )
    letter = LearningLetter.objects.get()
    assert "a second person" in text_of(client.get(at("letter", row, letter.reference)))
    refused = client.post(at("approve_letter", row, letter.reference), {"version": 1})
    assert refused.status_code == HTTPStatus.CONFLICT

    sign_in(client, deputy)
    assert "Read and approve the letter to Invented Trust" in text_of(client.get("/"))
    client.post(at("approve_letter", row, letter.reference), {"version": 1})
    said = {"how": "By post", "version": 2} | on("settled_on", localdate())
    client.post(at("posted_letter", row, letter.reference), said)
    letter.refresh_from_db()
    assert letter.state == "sent"
    assert client.get(at("letter_file", row, letter.reference)).content.startswith(b"%PDF")

    scan = SimpleUploadedFile("answer.txt", b"We accept.")
    said = {"organisation": trust().pk, "letter": letter.pk, "words": "They accept.", "version": 0}
    client.post(at("new_response", row), said | {"file": scan} | on("received_on", localdate()))
    assert "They accept." in text_of(client.get(at("recommendation", row)))
    assert not LearningLetter.objects.unanswered().exists()


# What other pages say


def test_the_home_page_of_the_team_says_what_is_overdue_and_unanswered(client, coordinator):
    row = accepted(coordinator)
    agreed(coordinator, row, due_on=MADE_ON)
    letter = letters.approve(written(coordinator, row), by=person("cdop_nurse"), version=1)
    LearningLetter.objects.filter(pk=letter.pk).update(answer_by=in_days(-1))
    sign_in(client, coordinator)

    page = text_of(client.get("/"))
    assert "Actions that are overdue: 1" in page
    assert f"Invented Trust has not answered letter {letter.reference}" in page

    chasing.chase_due()
    ActionPoint.objects.update(reminders=3)
    assert "overdue after a reminder, to be asked after: 1" in text_of(client.get("/"))
    for who in (person("chair"), person("member")):
        assert "overdue" not in text_of(sign_in(client, who).get("/"))


def test_an_organisation_with_an_open_action_stays_in_use(client, coordinator):
    point = agreed(coordinator)
    sign_in(client, coordinator)
    end = reverse("end_organisation", args=[point.owner_id])

    assert "open action of a recommendation" in text_of(client.get(end))
    assert Named("Recommendations", {point.owner_id: 1}) in casework.organisations_named()
    assert point.state == PointState.OPEN


def test_a_message_leads_to_its_recommendation(client, coordinator):
    point = agreed(coordinator)
    chasing.chase_due()
    sign_in(client, coordinator)

    page = client.get(reverse("messages") + f"?about={point.recommendation.reference}")

    assert at("recommendation", point.recommendation) in page.content.decode()
