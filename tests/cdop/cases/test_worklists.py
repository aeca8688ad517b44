"""Worklists, finding by name or number, and the timeline: the same cost for one case or many."""

import json
from http import HTTPStatus

import pytest
from django.urls import reverse

from cdop.cases import actions, holding, links, worklists
from cdop.cases.models import CaseFacts
from cdop.core import casework
from cdop.core.audit import AuditEntry
from cdop.core.casework import WAITED_FOR
from cdop.rapid_response import actions as rapid_response
from tests.cast import TESTS, person
from tests.cdop.cases.holding_up import backdated, beside, checked, held, in_days
from tests.cdop.cases.placing import P, placed
from tests.cdop.cases.signalling import called_for, raised
from tests.makers import HALTON, a_case, opened_case
from tests.pages import sign_in, text_of

WORKLISTS, FIND = reverse("cases:worklists"), reverse("cases:find")
LISTS = ["mine", "overdue", "ready", "area"]
LISTS += [f"waiting&for={what}" for what in WAITED_FOR]


def page_of(client, query) -> str:
    return text_of(client.get(f"{WORKLISTS}?list={query}"))


def test_mine_is_what_i_own_and_goes_on(coordinator, case):
    nurse = person("cdop_nurse", "Nurse Invented")
    held(case, coordinator)
    beside(case, coordinator)
    raised(case, coordinator)
    called_for(case, coordinator)
    held(case, coordinator, owner=nurse, kind="criminal")
    over = held(case, coordinator, kind="other")
    said = {"ended_on": in_days(0), "how_ended": "Over.", "version": 1}
    holding.end(over, by=coordinator, **said)

    texts = {each.text for each in worklists.mine(coordinator)}
    assert texts == {
        "Check the hold: Inquest",
        "Ask how it stands: Serious case review",
        "Signal: Two or more deaths in one hospital unit",
        "Notification of a serious incident by the council",
    }
    assert [each.text for each in worklists.mine(nurse)] == [
        "Check the hold: Criminal investigation or proceedings"
    ]


def test_what_is_waited_for_stands_on_its_list_alone(coordinator, case):
    inquest, other = held(case, coordinator), opened_case()
    held(other, coordinator, kind="other")
    beside(other, coordinator)
    placed(case, P.ELSEWHERE)
    rapid_response.start(case, by=TESTS)

    found = {
        what: [(wait.reference, wait.owner) for wait in casework.waiting_for(coordinator, what)]
        for what in WAITED_FOR
    }
    assert found["inquest"] == [(str(case), str(inquest.owner))]
    assert found["review"] == [(str(other), "Coordinator")] * 2
    assert found["panel"] == [(str(case), "")]
    assert {reference for reference, _ in found["post_mortem"]} == {str(case)}


@pytest.mark.parametrize("query", [*LISTS, "nonsense", "waiting&for=nonsense", "area&area=x"])
def test_every_worklist_is_there(client, coordinator, case, query):
    sign_in(client, coordinator)

    assert client.get(f"{WORKLISTS}?list={query}").status_code == HTTPStatus.OK


def test_the_pages_show_what_the_lists_have(client, coordinator, case):
    backdated(held(case, coordinator), in_days(-3))
    sign_in(client, coordinator)
    assert "Check the hold: Inquest" in page_of(client, "mine")
    assert f"Case {case}: check the hold (inquest), yours" in page_of(client, "overdue")
    assert str(case) in page_of(client, "waiting&for=inquest")
    assert "No case waits for this." in page_of(client, "waiting&for=panel")
    assert str(case) in page_of(client, "area&area=E06000006")
    assert str(case) not in page_of(client, "area&area=E06000007")
    assert str(case) not in page_of(client, "ready")

    actions.make_ready(opened_case({"given_names": "Rrrr"}), by=coordinator)
    assert "Ready for panel" in page_of(client, "ready")


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "stranger"])
def test_for_all_others_there_are_no_worklists(client, request, db, who):
    page = sign_in(client, request.getfixturevalue(who)).get(WORKLISTS)

    assert page.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("query", LISTS)
def test_a_worklist_asks_as_much_for_one_case_as_for_many(
    client, coordinator, django_assert_num_queries, django_assert_max_num_queries, query
):
    def one_more():
        case = a_case()
        rapid_response.start(case, by=TESTS)
        for row in (held(case, coordinator), beside(case, coordinator)):
            backdated(row, in_days(-1))
        held(case, coordinator, kind="other")
        called_for(case, coordinator)
        raised(case, coordinator)

    one_more()
    at = f"{WORKLISTS}?list={query}"
    sign_in(client, coordinator).get(at)
    with django_assert_max_num_queries(45) as one:
        client.get(at)
    number = len(one)
    for _ in range(3):
        one_more()

    with django_assert_num_queries(number):
        client.get(at)


# Finding


@pytest.mark.parametrize("typed", ["Aaaa", "invented child", "AAAA Invented-Child", "9990000123"])
def test_a_case_is_found_by_the_name_or_the_nhs_number(client, coordinator, case, typed):
    opened_case({"given_names": "Zzzz", "family_name": "Other", "nhs_number": "9990000999"})
    page = text_of(sign_in(client, coordinator).post(FIND, {"reference": typed}))

    assert case.reference in page and "Aaaa Invented-Child" in page
    assert "Zzzz" not in page


def test_the_search_is_recorded_and_what_was_typed_is_not(client, coordinator, case):
    sign_in(client, coordinator).post(FIND, {"reference": "Aaaa Invented-Child"})

    entry = AuditEntry.objects.get(action="identity.searched")
    assert (entry.actor, json.loads(entry.detail)) == (coordinator, {"after": {"cases": 1}})
    assert "Aaaa" not in entry.detail + entry.purpose


def test_a_better_fit_stands_first(client, coordinator, case):
    other = opened_case({"given_names": "Aaaa", "family_name": "Elsewhere"})
    page = text_of(sign_in(client, coordinator).post(FIND, {"reference": "Aaaa Elsewhere"}))

    assert page.index(other.reference) < page.index(case.reference)


def test_a_professional_finds_the_cases_they_were_given_and_no_other(client, doctor, case):
    other = opened_case()
    actions.give_access(case, doctor, by=TESTS, ends_on=None)
    page = text_of(sign_in(client, doctor).post(FIND, {"reference": "Aaaa"}))

    assert case.reference in page and other.reference not in page


def test_nothing_typed_leads_back_to_the_list(client, coordinator, case):
    page = sign_in(client, coordinator).post(FIND, {"reference": "\0 "})

    assert page.url == reverse("cases:list")
    assert not AuditEntry.objects.filter(action="identity.searched").exists()


@pytest.mark.parametrize("typed", ["Nobody", "0000000000", "...", "x" * 5000])
def test_where_nothing_fits_it_says_so(client, coordinator, case, typed):
    page = text_of(sign_in(client, coordinator).post(FIND, {"reference": typed}))

    assert "No case fits" in page and case.reference not in page


def test_finding_asks_as_much_for_one_case_as_for_many(
    client, coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    sign_in(client, coordinator).post(FIND, {"reference": "Aaaa"})
    with django_assert_max_num_queries(20) as one:
        client.post(FIND, {"reference": "Aaaa"})
    number = len(one)
    for _ in range(4):
        opened_case()

    with django_assert_num_queries(number):
        client.post(FIND, {"reference": "Aaaa"})


# The timeline


def test_the_lists_name_both_cases_of_a_family(client, coordinator, case):
    twin, other = opened_case({"given_names": "Eeee"}), opened_case({"given_names": "Ffff"})
    for each in (case, other):
        held(each, coordinator)
    links.link(case, twin, links.Kind.TWIN, by=coordinator)
    sign_in(client, coordinator)
    waiting, by_area = (
        page_of(client, "waiting&for=inquest"),
        page_of(client, f"area&area={HALTON}"),
    )

    assert f"{case} discussed together with {twin}" in waiting
    assert waiting.count("discussed together") == 1
    assert f"{twin} discussed together with {case}" in by_area
    assert by_area.count("discussed together") == 2


def test_the_timeline_has_every_event_and_one_stage_where_that_is_asked(client, coordinator, case):
    held(case, coordinator)
    rapid_response.start(case, by=TESTS)
    at = reverse("cases:timeline", args=[case.reference])
    sign_in(client, coordinator)
    everything, some = text_of(client.get(at)), text_of(client.get(f"{at}?stage=Waits for"))

    assert "Case opened" in everything and "Inquest: the case is held" in everything
    assert "Inquest: the case is held" in some and "Case opened" not in some
    assert "Case opened" in text_of(client.get(f"{at}?stage=nonsense"))
    assert "1 June 2014 Inquest: the case is held" in some, "the day alone: no time is known"
    assert "12:00am" not in everything


def test_a_professional_reads_the_timeline_of_their_case_alone(client, doctor, case):
    actions.give_access(case, doctor, by=TESTS, ends_on=None)
    sign_in(client, doctor)

    for each, status in ((case, HTTPStatus.OK), (opened_case(), HTTPStatus.NOT_FOUND)):
        at = reverse("cases:timeline", args=[each.reference])
        assert client.get(at).status_code == status


def test_a_case_at_a_glance_says_who_what_is_overdue_whose_it_is_and_what_is_next(
    client, coordinator, case
):
    nurse = person("cdop_nurse", "Nurse Invented")
    backdated(held(case, coordinator, owner=nurse), in_days(-3))
    page = text_of(sign_in(client, coordinator).get(reverse("cases:case", args=[case.reference])))

    assert "Who about 3 months, Halton, female, unexpected" in page
    assert "Overdue What it waits for held since 1 June 2014: Nurse Invented" in page
    assert "Next Confirm the death. The case waits for something (inquest)." in page
    assert "Aaaa" not in page


def test_a_reviewed_case_shows_both_times(client, coordinator, chair, case):
    checked(held(case, coordinator), coordinator)
    CaseFacts.objects.filter(case=case).update(days_to_sign_off=120, days_not_held=26)
    page = text_of(
        sign_in(client, coordinator).get(reverse("cases:case", args=[case.reference]))
    ).replace("\N{NO-BREAK SPACE}", " ")

    assert (
        "From death to first sign-off 120 days; without days on which it was held: 26 days" in page
    )
