"""Pages of the case record, with the cast of people who may, may not and must not know."""

import re
from datetime import date

import pytest
from django.urls import reverse

from cdop.cases import actions, identity
from cdop.cases.models import Case, CaseFacts, Identity
from cdop.cases.states import CaseState
from cdop.core.audit import AuditEntry
from tests.cast import TESTS
from tests.makers import DIED_ON, a_case, opened_case
from tests.pages import date_parts, sign_in, text_of

PAGES = ["case", "identity", "edit_identity", "edit_facts", "contradictions"]
PAGES += ["give_access", "change_scope"]
TEAM_ONLY = {"edit_identity", "edit_facts", "contradictions", "give_access", "change_scope"}


def url(name, case):
    return reverse(f"cases:{name}", args=[case.reference])


@pytest.mark.parametrize("name", PAGES)
def test_the_coordinator_opens_every_page_of_a_case(client, coordinator, case, name):
    assert sign_in(client, coordinator).get(url(name, case)).status_code == 200


@pytest.mark.parametrize("who", ["chair", "member", "reader", "governance_lead", "stranger"])
@pytest.mark.parametrize("name", PAGES)
def test_for_all_others_no_page_of_a_case_is_there(client, request, case, who, name):
    page = sign_in(client, request.getfixturevalue(who)).get(url(name, case))

    assert page.status_code == 404
    assert case.reference not in text_of(page)


@pytest.mark.parametrize("name", PAGES)
def test_a_doctor_sees_the_case_they_were_given_and_no_other(
    client, doctor, coordinator, case, name
):
    other = opened_case()
    actions.give_access(case, doctor, by=coordinator, ends_on=None)
    sign_in(client, doctor)

    assert client.get(url(name, case)).status_code == (404 if name in TEAM_ONLY else 200)
    assert client.get(url(name, other)).status_code == 404


def test_a_page_asks_who_is_there_before_it_says_anything(client, case):
    page = client.get(url("case", case))

    assert page.status_code == 302
    assert page.url.startswith(reverse("account_login"))


def test_the_case_page_shows_neither_name_nor_number(client, coordinator, case):
    page = text_of(sign_in(client, coordinator).get(url("case", case)))

    assert f"Case {case.reference}" in page
    for hidden in ("Aaaa", "Invented-Child", "9990000123", "999 000 0123"):
        assert hidden not in page


def test_who_the_child_was_is_shown_only_after_a_reason_and_recorded(client, coordinator, case):
    sign_in(client, coordinator)
    before = text_of(client.get(url("identity", case)))
    unanswered = text_of(client.post(url("identity", case), {}))
    reads = AuditEntry.objects.filter(action="identity.read")
    assert (reads.count(), "Aaaa" in before + unanswered) == (0, False)
    assert "Select why you need to know who the child was" in unanswered

    shown = text_of(client.post(url("identity", case), {"purpose": "family_contact"}))

    assert "Aaaa Invented-Child" in shown
    assert [(e.actor, e.purpose) for e in reads] == [
        (coordinator, "To speak or write to the family")
    ]


def identity_post(case, **changes):
    posted = {"given_names": "Aaaa", "family_name": "Invented-Child", "version": "1"}
    return posted | date_parts("date_of_birth", 1, 2, 2014) | changes


def test_a_corrected_name_is_kept_with_its_history(client, coordinator, case):
    posted = identity_post(case, family_name="Corrected")

    page = sign_in(client, coordinator).post(url("edit_identity", case), posted)

    assert page.status_code == 302
    assert identity.read(case, by=TESTS, purpose="test").family_name == "Corrected"
    assert Identity.history.filter(case=case).count() == 2


def test_a_stale_identity_page_keeps_what_was_typed_and_shows_what_is_there(
    client, coordinator, case
):
    sign_in(client, coordinator)
    client.post(url("edit_identity", case), identity_post(case, family_name="First"))

    page = client.post(url("edit_identity", case), identity_post(case, family_name="Second"))

    said = text_of(page)
    assert page.status_code == 409
    assert "Somebody else changed this while you had it open." in said
    assert "Your words Family name Second" in said
    assert "What is there now Family name First" in said
    assert 'value="Second"' in page.content.decode()
    assert identity.read(case, by=TESTS, purpose="test").family_name == "First"

    again = client.post(
        url("edit_identity", case), identity_post(case, family_name="Second", version="2")
    )
    assert again.status_code == 302


def test_a_birth_after_the_death_gets_a_sentence_and_changes_nothing(client, coordinator, case):
    posted = identity_post(case) | date_parts("date_of_birth", 7, 5, 2014)

    page = sign_in(client, coordinator).post(url("edit_identity", case), posted)

    assert "Date of birth must be on or before the date of death" in text_of(page)
    assert identity.read(case, by=TESTS, purpose="test").date_of_birth == "2014-02-01"


def test_an_nhs_number_with_a_wrong_check_digit_is_kept_with_a_warning(client, coordinator, case):
    posted = identity_post(case, nhs_number="999 000 0124")

    page = sign_in(client, coordinator).post(url("edit_identity", case), posted, follow=True)

    assert "kept as you typed it" in text_of(page)
    kept = identity.read(case, by=TESTS, purpose="test").nhs_number
    assert kept.replace(" ", "") == "9990000124"


def test_facts_changed_by_somebody_else_meanwhile_are_not_overwritten(client, coordinator, case):
    sign_in(client, coordinator)
    first = {"area": "E06000006", "sex": "male", "expectedness": "expected", "version": "1"}
    client.post(url("edit_facts", case), first)

    page = client.post(url("edit_facts", case), first | {"sex": "female"})

    assert page.status_code == 409
    assert "Your words Sex Female What is there now Sex Male" in text_of(page)
    assert CaseFacts.objects.get(case=case).sex == "male"


def test_a_case_becomes_ready_and_goes_back_with_a_reason(client, coordinator, case):
    sign_in(client, coordinator)
    client.post(url("make_ready", case))
    assert Case.objects.get().state == CaseState.READY

    empty = client.post(url("take_back", case), {"reason": ""})
    assert "Say what is still needed" in text_of(empty)
    client.post(url("take_back", case), {"reason": "The hospital report is missing."})

    assert Case.objects.get().state == CaseState.GATHERING
    assert case.history.first().history_change_reason == "The hospital report is missing."


def test_ready_stands_among_the_actions_with_what_it_needs(client, coordinator, case):
    page = text_of(sign_in(client, coordinator).get(url("case", case)))

    next_ = page[page.index("What is next") : page.index("Who the child was")]
    assert "It needs the area, the child’s sex and whether the death was expected" in next_
    steps_ = [
        "Confirm the death",
        "Mark it as ready for panel",
        "It is not true: withdraw the case",
    ]
    assert [next_.index(step) for step in steps_] == sorted(next_.index(step) for step in steps_)


def test_what_is_missing_before_the_panel_stands_with_the_step(client, coordinator):
    case = opened_case({"sex": ""})

    page = text_of(sign_in(client, coordinator).get(url("case", case)))

    said = "Mark it as ready for panel not yet Before the panel can review this case: Say the child"
    assert said in page and "Add what is missing" in page and "Ready for panel" not in page


def test_a_death_that_is_not_reviewed_leads_to_that_decision(client, coordinator):
    case = opened_case(in_scope=False)

    page = sign_in(client, coordinator).get(url("case", case))

    assert "not yet Before the panel can review this case: This death is not one" in text_of(page)
    assert "Decide anew whether this panel reviews it" in text_of(page)
    assert "Add what is missing" not in text_of(page)


def test_a_second_press_on_ready_is_told_and_changes_nothing(client, coordinator, case):
    sign_in(client, coordinator)
    client.post(url("make_ready", case))
    entries = AuditEntry.objects.filter(action="case.ready")

    page = client.post(url("make_ready", case))

    assert page.status_code == 409
    assert "This case is ready for panel, so it cannot become ready for panel." in text_of(page)
    assert entries.count() == 1


def test_contradictions_stand_side_by_side_until_one_is_settled(client, coordinator, case):
    answers = {"family_name": "Other-Invented", "sex": "female"}
    actions.add_report(case, answers=answers, notified_at=case.opened_at, source="N-TWO", by=TESTS)
    sign_in(client, coordinator)

    shown = text_of(client.get(url("contradictions", case)))
    assert "Invented-Child" in shown and "Other-Invented" in shown
    assert "female" not in shown  # both said so

    value = case.reported_values.get(field="family_name", source="N-TWO")
    client.post(url("contradictions", case), {"value": value.pk})

    assert identity.read(case, by=TESTS, purpose="test").family_name == "Other-Invented"
    assert case.reported_values.filter(field="family_name", settled_at=None).count() == 0
    assert "Nothing." in text_of(client.get(url("contradictions", case)))


def test_a_birth_date_after_the_death_cannot_be_settled_on(client, coordinator, case):
    answers = {"date_of_birth": "2014-06-01"}
    actions.add_report(case, answers=answers, notified_at=case.opened_at, source="N-TWO", by=TESTS)
    value = case.reported_values.get(field="date_of_birth", source="N-TWO")

    page = sign_in(client, coordinator).post(url("contradictions", case), {"value": value.pk})

    assert page.status_code == 409
    assert "This date of birth is after the date of death." in text_of(page)
    assert identity.read(case, by=TESTS, purpose="test").date_of_birth == "2014-02-01"
    assert case.reported_values.filter(field="date_of_birth", settled_at=None).count() == 2


@pytest.mark.parametrize("value", ["", "x", "99999999999999999999999", "-1"])
def test_settling_a_value_that_is_not_there_finds_nothing(client, coordinator, case, value):
    page = sign_in(client, coordinator).post(url("contradictions", case), {"value": value})

    assert page.status_code == 404


def test_a_reference_is_found_however_it_is_typed(client, coordinator, case):
    typed = case.reference.lower().replace("-", " ")

    page = sign_in(client, coordinator).post(reverse("cases:find"), {"reference": typed})

    assert page.url == url("case", case)


def test_a_doctor_cannot_find_a_case_that_is_not_theirs(client, doctor, case):
    page = sign_in(client, doctor).post(
        reverse("cases:find"), {"reference": case.reference}, follow=True
    )

    assert "There is no case" in text_of(page)


def test_access_ends_on_its_last_day(client, doctor, coordinator, case, time_machine):
    time_machine.move_to("2027-03-10 12:00+00:00")
    sign_in(client, coordinator).post(
        url("give_access", case),
        {"user": doctor.pk, "leads": "police"} | date_parts("ends_on", 12, 3, 2027),
    )
    assert Case.objects.visible_to(doctor).count() == 1

    time_machine.move_to("2027-03-13 00:30+00:00")
    assert Case.objects.visible_to(doctor).count() == 0


def test_access_is_offered_to_professionals_only(client, coordinator, member, doctor, case):
    page = text_of(sign_in(client, coordinator).get(url("give_access", case)))

    assert "Designated doctor" in page
    assert "Panel member" not in page


@pytest.mark.parametrize("died_on", [DIED_ON, date(2020, 5, 6)], ids=["lscb-2015", "cdr-2018"])
def test_no_professional_is_given_the_tasks_of_the_panel_or_of_its_office(
    client, coordinator, died_on
):
    case = opened_case(died_on=died_on)
    page = sign_in(client, coordinator).get(url("give_access", case)).content.decode()
    codes = set(re.findall(r'name="leads"[^>]*value="(\w+)"', page))

    assert {"all", "police", "ambulance", "coroner"} <= codes
    assert not codes & {"panel", "chair", "coordinator", "agencies", "safeguarding_body"}


@pytest.mark.parametrize("name", ["list", "case"])
def test_pages_cost_the_same_with_one_case_and_with_five(
    client, coordinator, django_assert_max_num_queries, name
):
    first = a_case()
    address = reverse("cases:list") if name == "list" else url("case", first)
    sign_in(client, coordinator).get(address)
    with django_assert_max_num_queries(28) as one:
        client.get(address)
    for _ in range(4):
        a_case()

    with django_assert_max_num_queries(len(one)):
        client.get(address)
