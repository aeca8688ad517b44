"""A parent rings: found in one step, told what may be said, kept in under a minute."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from cdop.cases import families, family_work, links
from cdop.cases.conversations import Conversation
from cdop.core.audit import AuditEntry
from tests.cdop.cases.holding_up import held, in_days, parts
from tests.cdop.cases.placing import P, placed
from tests.cdop.cases.speaking import FATHER, MOTHER, known_family, spoke, without_family
from tests.makers import opened_case
from tests.pages import sign_in, text_of

CALL = reverse("cases:call")


def url(name, case):
    return reverse(f"cases:{name}", args=[case.reference])


def typed(**said):
    told = {"spoken_with": MOTHER, "verified": "known", "told": "We meet in June.", "other": ""}
    return told | {"asked": "", "not_said": "", "how": "they_rang"} | said


def test_a_caller_is_found_by_post_and_stands_in_no_address(client, coordinator, case):
    known_family(case, coordinator)
    sign_in(client, coordinator)
    empty = text_of(client.post(CALL, {"who": " "}))
    assert "Enter a name or a telephone number" in empty

    page = client.post(CALL, {"who": "01632 960123"})
    assert page.content.count(b'aria-current="true"') == 1, "one link of the menu is where we are"

    assert page.status_code == HTTPStatus.OK
    assert f"{FATHER}, father" in text_of(page) and url("called", case) in page.content.decode()
    assert MOTHER not in text_of(page), "only those whom the number fits"
    assert "No family fits" in text_of(client.post(CALL, {"who": "Nobody"}))
    assert client.get(f"{CALL}?who={MOTHER}").content.count(b"Families that fit") == 0


def test_the_page_of_a_call_says_what_is_needed_while_they_wait(client, coordinator, case):
    known_family(case, coordinator, limits="Nothing about the post-mortem: the police ask for it.")
    spoke(case, coordinator, next_on=in_days(14))
    held(case, coordinator)
    page = text_of(sign_in(client, coordinator).get(url("called", case)))

    for words in (
        "Nothing about the post-mortem: the police ask for it.",
        "Say nothing about the death yet.",
        "We are gathering what each service that knew the child can tell.",
        "It waits for something that is not ours (inquest), since 1 June 2014.",
        "Kay Worker, Invented Trust, 01632 960999",
        "The family hears from us",
        "That the panel meets in June.",
        "Nothing yet, by anybody of the team.",  # the father
    ):
        assert words in page, words


def test_a_death_that_another_panel_reviews_is_said_to_be_there(client, coordinator, case):
    placed(case, P.ELSEWHERE)
    page = text_of(sign_in(client, coordinator).get(url("called", case)))

    assert "Elsewhere reviews this death, and not our panel." in page
    assert "The panel has not met" not in page


def test_each_opening_is_recorded_and_a_get_changes_nothing(client, coordinator, case):
    spoke(case, coordinator)
    before = Conversation.objects.count()
    sign_in(client, coordinator).get(url("called", case))

    reads = AuditEntry.objects.filter(action__in=["family.read", "conversation.read"])
    assert [(e.actor, e.purpose, e.case_number) for e in reads] == [
        (coordinator, "a parent rings", case.pk)
    ] * 2
    assert Conversation.objects.count() == before


def test_a_conversation_is_kept_and_shown(client, coordinator, case):
    sign_in(client, coordinator)
    said = typed(asked="Was the ambulance late?") | parts("next_on", in_days(7))
    assert client.post(url("called", case), said).url == url("case", case)

    case_page = text_of(client.get(url("case", case)))
    assert "Family 1 conversation" in case_page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Asked for the review: in 1" in case_page
    assert "Spoken with the family: they rang" in case_page
    assert "Was the ambulance late?" not in case_page, "what was said is opened on its own page"
    assert "Was the ambulance late?" in text_of(client.get(url("called", case)))


def test_somebody_who_is_not_in_the_record_is_named(client, coordinator, case):
    sign_in(client, coordinator)
    at = url("called", case)
    assert "Enter who it was" in text_of(client.post(at, typed(spoken_with="somebody else")))

    client.post(at, typed(spoken_with="somebody else", other="Aunt Invented"))

    assert "Aunt Invented" in text_of(client.get(at))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"spoken_with": ""}, "Choose who it was"),
        ({"spoken_with": "Nobody known"}, "Choose one of the answers on the page"),
        ({"verified": ""}, "Choose how we knew that it was them"),
        ({"verified": "not"}, "Nothing is told to somebody whom we did not recognise"),
        ({"told": ""}, "Say what they were told, or below what they asked"),
        (parts("next_on", in_days(-1)), "The day must be today or in the future"),
        (parts("spoken_on", in_days(1)), "The day must be today or in the past"),
    ],
    ids=["who", "unknown", "how known", "not recognised", "nothing", "next", "future"],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_there_still(
    client, coordinator, case, said, sentence
):
    answer = sign_in(client, coordinator).post(
        url("called", case), typed(not_said="Typed and kept.") | {"not_said": ""} | said
    )

    assert answer.status_code == HTTPStatus.OK and sentence in text_of(answer)
    assert not Conversation.objects.exists()
    if "told" not in said:
        assert "We meet in June." in answer.content.decode()


def test_of_two_who_change_a_family_the_later_sees_the_difference(client, coordinator, case):
    known_family(case, coordinator)
    sign_in(client, coordinator)
    posted = {"limits": "", "wishes": "", "version": 2}
    posted |= {"people-0-name": MOTHER, "people-0-relationship": "Mother"}
    client.post(url("family", case), posted | {"key_worker": "First Worker"})

    answer = client.post(url("family", case), posted | {"key_worker": "Second Worker"})

    page = text_of(answer)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Second Worker" in page and "First Worker" in page
    client.post(url("family", case), posted | {"key_worker": "Second Worker", "version": 3})
    assert families.of(case).key_worker == "Second Worker"


def test_nobody_is_lost_who_has_no_line_on_the_page(client, coordinator, case):
    many = [{"name": f"Person {n}", "relationship": "", "details": ""} for n in range(8)]
    known_family(case, coordinator, people=many)
    sign_in(client, coordinator)
    shown = {f"people-{n}-name": person["name"] for n, person in enumerate(many[:6])}
    client.post(url("family", case), {**shown, "people-0-name": "First", "version": 2})

    found = families.read(families.of(case), case, by=coordinator, purpose="test").people
    assert [person["name"] for person in found] == ["First", *(p["name"] for p in many[1:])]


def test_a_case_without_a_record_offers_to_begin_one(client, coordinator, case):
    without_family(case)
    sign_in(client, coordinator)
    assert "no record of its family yet" in text_of(client.get(url("called", case)))

    assert client.post(url("begin_family", case)).url == url("family", case)
    assert MOTHER in client.get(url("family", case)).content.decode()


def test_twins_are_spoken_of_together(client, coordinator, case):
    twin = opened_case({"given_names": "Eeee"})
    links.link(case, twin, links.Kind.TWIN, by=coordinator)
    spoke(case, coordinator)
    page = text_of(sign_in(client, coordinator).get(url("called", twin)))

    assert f"{case}, {twin}" in page and "That the panel meets in June." in page
    record = text_of(client.get(url("family", twin)))
    assert f"This one record is that of {case} and {twin}." in record


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_for_all_others_no_page_of_a_family_is_there(client, request, case, who):
    sign_in(client, request.getfixturevalue(who))
    before = AuditEntry.objects.count()

    for at in (CALL, url("called", case), url("family", case), url("begin_family", case)):
        assert client.get(at).status_code == client.post(at).status_code == HTTPStatus.NOT_FOUND
    assert AuditEntry.objects.count() == before


# Who is due a word


def test_a_family_that_is_due_a_word_is_a_task_until_it_hears(coordinator, chair, case):
    spoke(case, coordinator, next_on=in_days(0))
    families.Family.objects.update(next_on=in_days(-2), last_on=in_days(-9))

    [task] = family_work.tasks_for(coordinator)
    assert (task.text, task.overdue) == (f"Case {case}: the family is to hear from us", True)
    assert family_work.tasks_for(chair) == []

    spoke(case, coordinator)
    assert family_work.tasks_for(coordinator) == []


def test_what_a_hold_promised_the_family_is_a_task_until_it_hears(coordinator, case):
    hold = held(case, coordinator)
    type(hold).objects.update(next_family_on=in_days(-1))
    assert len(family_work.tasks_for(coordinator)) == 1

    spoke(case, coordinator)

    assert family_work.tasks_for(coordinator) == []


def test_a_family_of_two_children_is_one_task(coordinator, case):
    links.link(case, opened_case({"given_names": "Eeee"}), links.Kind.TWIN, by=coordinator)
    families.Family.objects.filter(joined_to=None).update(next_on=in_days(-2))

    assert [task.text for task in family_work.tasks_for(coordinator)] == [
        f"Case {case}: the family is to hear from us"
    ]


def test_the_pages_ask_as_much_for_one_family_as_for_many(
    client, coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    known_family(case, coordinator)
    spoke(case, coordinator)
    sign_in(client, coordinator).get(url("called", case))
    with django_assert_max_num_queries(45) as one:
        client.get(url("called", case))
    called = len(one)
    client.post(CALL, {"who": MOTHER})
    with django_assert_max_num_queries(25) as one:
        client.post(CALL, {"who": MOTHER})
    searched = len(one)
    for number in range(5):
        spoke(case, coordinator)
        opened_case({"given_names": f"Kkkk{number}"})

    with django_assert_num_queries(called):
        client.get(url("called", case))
    with django_assert_num_queries(searched):
        client.post(CALL, {"who": MOTHER})
