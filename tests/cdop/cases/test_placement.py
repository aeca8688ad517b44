"""Where a death belongs: facts that are never one, who reviews by whose word, and what follows."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from cdop import editions
from cdop.cases import actions, placement, work
from cdop.cases.confirmation import Confirmation
from cdop.cases.models import Case, CaseFacts
from cdop.cases.placement import PLACES, Placement
from cdop.cases.states import (
    CONFIRMATION_STEPS,
    PLACEMENT_STEPS,
    STEPS,
    CaseState,
    ConfirmationState,
    PlacementState,
)
from cdop.core.audit import AuditEntry
from cdop.core.organisations import Area
from cdop.core.refusals import Refused, Stale
from cdop.core.steps import why_not
from cdop.rapid_response import actions as rapid_response
from cdop.rapid_response.models import ChecklistItem
from tests.cast import TESTS
from tests.cdop.panel.makers import on_agenda, planned_meeting
from tests.makers import HALTON, a_case, opened_case
from tests.pages import date_parts, sign_in, text_of

WARRINGTON = "E06000007"
PAGES = ["places", "agreement", "confirm"]
AGREED = {"reviewed_by": "The panel of Invented-Shire", "agreed_by": "Two coordinators"}
P = PlacementState


@pytest.fixture
def case(db):
    return opened_case()


@pytest.fixture
def cast(coordinator, chair, member, doctor, reader, governance_lead, stranger):
    return [coordinator, chair, member, doctor, reader, governance_lead, stranger]


def url(name, case):
    return reverse(f"cases:{name}", args=[case.reference])


def placed(case, state=P.OURS, **said) -> Placement:
    elsewhere = {"reviewed_by": "Elsewhere"} if state in (P.ELSEWHERE, P.OUTCOME) else {}
    told = {"state_since": timezone.now(), **elsewhere, **said}
    row = placement.open_for(case, by=TESTS)
    if state == P.OUTCOME:
        told["outcome_on"] = date(2015, 1, 1)
    Placement.objects.filter(pk=row.pk).update(state=state, **told)
    return Placement.objects.get()


def agreed(case, to, by, **said):
    row = placement.of(case)
    told = {"version": row.version if row else 0, **AGREED, "agreed_on": date(2014, 6, 1)}
    return placement.agree(case, to, by=by, **(told | said))


# The states, and who may


@pytest.mark.parametrize(
    ("states", "steps"),
    [(P, PLACEMENT_STEPS), (CaseState, STEPS), (ConfirmationState, CONFIRMATION_STEPS)],
)
def test_only_the_listed_steps_can_be_taken_and_by_whom_the_table_says(case, cast, states, steps):
    rows = {P: Placement(case=case), CaseState: case, ConfirmationState: Confirmation(case=case)}
    row, allowed = rows[states], set()

    for here, there in product(states, states):
        row.state = here
        allowed |= {(here, there, who) for who in cast if not why_not(row, there, by=who)}

    may = {(*pair, who) for pair, needed in steps.items() for who in cast if who.can(needed)}
    assert allowed == may


def test_a_confirmation_never_goes_from_one_untruth_to_another():
    untrue = {ConfirmationState.HOAX, ConfirmationState.MISTAKEN, ConfirmationState.MALICIOUS}

    assert not [pair for pair in CONFIRMATION_STEPS if set(pair) <= untrue]
    assert {here for here, there in CONFIRMATION_STEPS if there == ConfirmationState.CONFIRMED} == {
        ConfirmationState.UNCONFIRMED
    }


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_for_all_others_these_pages_are_not_there(client, request, case, who):
    person = request.getfixturevalue(who)
    actions.give_access(case, person, by=TESTS, ends_on=None)
    sign_in(client, person)

    answers = {client.get(url(name, case)).status_code for name in PAGES}
    answers |= {client.post(url(name, case)).status_code for name in PAGES}

    assert answers == {404}
    assert not Placement.objects.exists()


@pytest.mark.parametrize("name", PAGES)
def test_the_team_gets_these_pages_and_the_signed_out_are_asked_who_they_are(
    client, coordinator, case, name
):
    assert client.get(url(name, case)).status_code == 302
    assert sign_in(client, coordinator).get(url(name, case)).status_code == 200


@pytest.mark.parametrize("who", ["chair", "doctor", "stranger"])
def test_nobody_else_agrees_behind_the_pages_either(case, request, who):
    by = request.getfixturevalue(who)
    placed(case)
    before = AuditEntry.objects.count()

    with pytest.raises(Refused) as refused:
        agreed(case, P.AGREEING, by)

    assert refused.value.status == 403
    assert (Placement.objects.get().state, AuditEntry.objects.count()) == (P.OURS, before)


# The places


SAID = {
    "residence_of": "mother",
    "residence": "wales",
    "residence_name": "Invented-on-Dee",
    "looked_after": WARRINGTON,
    "event": "scotland",
    "death": "abroad",
    "death_name": "Invented Land",
    "coroner": "Invented Coast",
    "response": "elsewhere",
    "response_name": "The team of Invented-on-Dee",
}


def test_each_place_may_point_to_another_area(client, coordinator, case):
    sign_in(client, coordinator).post(
        url("places", case), SAID | {"area": WARRINGTON, "version": 0}
    )

    row = Placement.objects.get()
    assert {name: getattr(row, name) for name in PLACES} == dict.fromkeys(PLACES, "") | SAID
    assert CaseFacts.objects.get(case=case).area_id == WARRINGTON


def test_no_fixed_abode_can_be_said_and_counts_for_no_area(client, coordinator, case):
    said = {"residence": "no_fixed_abode", "area": "none", "version": 0}

    sign_in(client, coordinator).post(url("places", case), said)

    assert Placement.objects.get().residence == "no_fixed_abode"
    assert CaseFacts.objects.get(case=case).area is None


def test_the_team_of_another_area_has_to_be_named(client, coordinator, case):
    said = {"response": "elsewhere", "area": HALTON, "version": 0}

    page = sign_in(client, coordinator).post(url("places", case), said)

    assert "There is a problem Enter which team leads the response" in text_of(page)
    assert not Placement.objects.exists()


def test_of_two_who_record_the_places_the_second_sees_both(client, coordinator, case):
    placement.record(
        case, by=coordinator, version=0, area=Area.objects.get(code=HALTON), residence="wales"
    )
    said = {"residence": "scotland", "area": WARRINGTON, "version": 0}

    page = sign_in(client, coordinator).post(url("places", case), said)

    assert page.status_code == 409
    words = text_of(page)
    assert "Where was that home? Scotland" in words and "Where was that home? Wales" in words
    assert "Warrington" in words
    row = Placement.objects.get()
    assert (row.residence, CaseFacts.objects.get(case=case).area_id) == ("wales", HALTON)


def test_a_closed_case_keeps_what_it_says(coordinator, case):
    placed(case)
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=timezone.now())

    with pytest.raises(Refused, match="This case is closed. What it says stays as it was."):
        placement.record(case, by=coordinator, version=1, area=None, residence="wales")

    assert Placement.objects.get().residence == ""


# Who reviews


def test_a_death_reviewed_elsewhere_counts_nowhere_and_says_why(client, coordinator, case):
    said = {"state": "elsewhere", **AGREED, **date_parts("agreed_on", 1, 6, 2014), "version": 0}

    sign_in(client, coordinator).post(url("agreement", case), said)

    row, facts = Placement.objects.get(), CaseFacts.objects.get(case=case)
    assert (row.state, row.reviewed_by, row.agreed_by) == ("elsewhere", *AGREED.values())
    assert (row.agreed_on, facts.in_scope) == (date(2014, 6, 1), False)
    assert (row.scope_rule, row.scope_reason) == (
        "resident",
        "The panel of Invented-Shire reviews this death",
    )
    page = text_of(client.get(url("case", case)))
    assert "This panel does not review the death, and counts it nowhere. It belongs to" in page
    assert "reviewed elsewhere, awaiting outcome" in page


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Choose who reviews this death"),
        ({"state": "elsewhere"}, "Say which panel reviews this death"),
        (
            {"state": "elsewhere", "reviewed_by": "Invented"},
            "Say who agreed that another panel reviews this death, and when",
        ),
        ({"state": "outcome", "reviewed_by": "Invented"}, "Choose one of the answers on the page"),
        (
            {"state": "agreeing", **date_parts("agreed_on", 1, 1, 2099)},
            "The date must be today or in the past",
        ),
    ],
)
def test_what_is_missing_from_an_agreement_is_said(client, coordinator, case, said, sentence):
    page = sign_in(client, coordinator).post(url("agreement", case), said | {"version": 0})

    assert f"There is a problem {sentence}" in text_of(page)
    assert CaseFacts.objects.get(case=case).in_scope


def test_an_outcome_is_kept_with_its_date(client, coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)
    said = {
        "state": "outcome",
        **date_parts("outcome_on", 2, 3, 2015),
        "outcome": "Reviewed.\nNo modifiable factors.",
        "version": Placement.objects.get().version,
    }

    sign_in(client, coordinator).post(url("agreement", case), said)

    row = Placement.objects.get()
    assert (row.state, row.outcome_on, row.outcome) == (
        "outcome",
        date(2015, 3, 2),
        "Reviewed.\nNo modifiable factors.",
    )
    assert "No modifiable factors." in text_of(client.get(url("agreement", case)))


def test_an_outcome_without_its_date_is_refused_behind_the_page_too(coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)

    with pytest.raises(Refused, match="Say when the outcome came."):
        agreed(case, P.OUTCOME, coordinator)

    assert Placement.objects.get().state == "elsewhere"


def test_a_death_that_comes_back_is_decided_anew_before_it_counts(client, coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)
    said = {"state": "ours", "version": Placement.objects.get().version}

    page = sign_in(client, coordinator).post(url("agreement", case), said, follow=True)

    assert "The death is counted nowhere at present." in text_of(page)
    assert page.redirect_chain[-1][0] == url("change_scope", case)
    assert not CaseFacts.objects.get(case=case).in_scope
    actions.change_scope(case, in_scope=True, reason="It came back", by=coordinator)
    row = Placement.objects.get()
    assert CaseFacts.objects.get(case=case).in_scope
    assert (row.state, row.reviewed_by, row.scope_rule) == ("ours", "", "")


def test_this_panel_cannot_take_a_death_that_another_reviews(coordinator, case):
    agreed(case, P.ELSEWHERE, coordinator)

    with pytest.raises(
        Refused, match="The panel of Invented-Shire reviews this death. Agree first"
    ):
        actions.change_scope(case, in_scope=True, reason="We want it", by=coordinator)

    assert not CaseFacts.objects.get(case=case).in_scope


def test_a_ready_case_that_goes_elsewhere_is_ready_no_more(coordinator, case):
    actions.make_ready(case, by=coordinator)

    agreed(case, P.ELSEWHERE, coordinator)

    assert Case.objects.get().state == "gathering"


def test_a_case_on_an_agenda_stays(coordinator, chair, member):
    item = on_agenda(planned_meeting(member, chair=chair))
    before = AuditEntry.objects.count()

    with pytest.raises(Refused, match="This case is on the agenda of"):
        agreed(item.case, P.ELSEWHERE, coordinator)
    with pytest.raises(Refused, match="This case is on the agenda of"):
        actions.change_scope(item.case, in_scope=False, reason="No", rule="age", by=coordinator)

    assert CaseFacts.objects.get(case=item.case).in_scope
    assert not Placement.objects.exists()
    assert AuditEntry.objects.count() == before


def test_of_two_who_agree_the_second_is_told(client, coordinator, case):
    agreed(case, P.AGREEING, coordinator)

    said = {"state": "elsewhere", **AGREED, **date_parts("agreed_on", 1, 6, 2014), "version": 0}
    page = sign_in(client, coordinator).post(url("agreement", case), said)

    assert page.status_code == 409
    assert "Somebody else changed this while you had it open." in text_of(page)
    assert Placement.objects.get().state == "agreeing"
    with pytest.raises(Stale):
        agreed(case, P.OURS, coordinator, version=99)


# What is waited for


def test_an_agreement_is_due_after_five_working_days(coordinator, case):
    placed(case, P.AGREEING, state_since=datetime(2026, 3, 2, 12, tzinfo=UTC))

    due = placement.due_at(Placement.objects.get(), frozenset())

    assert due.date() == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("died_on", "since", "due"),
    [
        # Two panels had half a year; no earlier standard names another time.
        (date(2014, 5, 6), datetime(2014, 5, 10, tzinfo=UTC), date(2014, 11, 4)),
        # Found out a year later: the other panel has twenty working days.
        (date(2025, 1, 1), datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 30)),
    ],
)
def test_an_outcome_is_due_half_a_year_after_the_death_but_not_at_once(db, died_on, since, due):
    case = opened_case({"date_of_birth": "2013-02-01"}, died_on=died_on)
    placed(case, P.ELSEWHERE, state_since=since)

    found = placement.due_at(Placement.objects.select_related("case__clocks").get(), frozenset())

    assert found.date() == due


@pytest.mark.parametrize("state", [P.OURS, P.OUTCOME])
def test_where_nothing_is_waited_for_nothing_is_due(case, state):
    assert placement.due_at(placed(case, state), frozenset()) is None


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (P.AGREEING, "agree with the other panel who reviews it"),
        (P.ELSEWHERE, "ask the other panel for its outcome"),
    ],
)
def test_what_is_overdue_is_a_task_and_shown_on_the_case(coordinator, chair, case, state, words):
    long_ago = timezone.now() - timedelta(days=300)
    row = placed(case, state, state_since=long_ago)

    tasks = [task for task in work.tasks_for(coordinator) if task.overdue]

    assert [(task.text, task.href) for task in tasks] == [
        (f"Case {case}: {words}", url("agreement", case))
    ]
    assert work.on_case(Case.objects.get(), coordinator).panel.overdue
    assert work.tasks_for(chair) == []
    Case.objects.filter(pk=case.pk).update(state="withdrawn")
    assert not [task for task in work.tasks_for(coordinator) if task.overdue]
    assert not work.on_case(Case.objects.get(), coordinator).panel.overdue
    assert row.state == state


def test_the_home_page_asks_as_much_for_one_case_as_for_many(
    coordinator, case, django_assert_num_queries, django_assert_max_num_queries
):
    placed(case, P.AGREEING, state_since=timezone.now() - timedelta(days=300))
    work.tasks_for(coordinator)  # the hat is read once
    with django_assert_max_num_queries(20) as one:
        work.tasks_for(coordinator)
    for _ in range(4):
        more = opened_case()
        placement.open_for(more, by=TESTS, agreeing=True)
    Placement.objects.update(state_since=timezone.now() - timedelta(days=300))

    with django_assert_num_queries(len(one)):
        found = work.tasks_for(coordinator)

    assert len([task for task in found if task.overdue]) == 5


# Scope


def test_a_baby_who_was_not_born_alive_is_kept_and_nothing_more_is_asked(client, coordinator, case):
    rapid_response.start(case, by=TESTS)
    done = case.checklist.first()
    rapid_response.complete(done, by=coordinator, done_at=timezone.now())
    said = {"in_scope": "no", "rule": "live_birth", "stop": "yes", "reason": "By the post-mortem"}

    sign_in(client, coordinator).post(url("change_scope", case), said)

    assert not CaseFacts.objects.get(case=case).in_scope
    items = ChecklistItem.objects.filter(case=case)
    assert items.get(pk=done.pk).state == "done"
    left = items.exclude(pk=done.pk)
    assert set(left.values_list("state", "note")) == {
        (
            "not_applicable",
            "The baby was not born alive. Thank you to everybody who helped: nothing more is "
            "needed.",
        )
    }
    page = text_of(client.get(url("case", case)))
    assert "This case is gathering information." in page
    assert "The baby was not born alive. By the post-mortem" in page


def test_a_response_may_go_on_for_a_death_that_is_not_reviewed(client, coordinator, case):
    rapid_response.start(case, by=TESTS)
    said = {"in_scope": "no", "rule": "resident", "stop": "no", "reason": "Lived in Wales"}

    sign_in(client, coordinator).post(url("change_scope", case), said)

    assert set(ChecklistItem.objects.values_list("state", flat=True)) == {"open"}
    assert not CaseFacts.objects.get(case=case).in_scope


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"in_scope": "no", "reason": "x"}, "Select why this panel does not review the death"),
        ({"in_scope": "no", "rule": "age", "reason": "x"}, "Select what becomes of the tasks"),
        ({"in_scope": "yes"}, "Say why you decide so"),
    ],
)
def test_what_a_decision_on_scope_lacks_is_said(client, coordinator, case, said, sentence):
    page = sign_in(client, coordinator).post(url("change_scope", case), said)

    assert sentence in text_of(page)
    assert CaseFacts.objects.get(case=case).in_scope


def test_every_rule_on_scope_of_every_edition_can_be_named():
    rules = {rule.code for code in editions.codes() for rule in editions.get(code).scope}

    assert rules == set(placement.OutOfScope)


@pytest.mark.parametrize(
    ("state", "words"), [("gathering", "not reviewed"), ("withdrawn", "withdrawn")]
)
def test_what_is_not_reviewed_is_not_called_reviewed_here(coordinator, state, words):
    case = a_case(in_scope=False)
    case.state = state

    assert work.on_case(case, coordinator).panel.status == words


def test_a_case_without_anything_recorded_is_ours(coordinator):
    panel = work.on_case(a_case(), coordinator).panel

    assert (panel.status, panel.lines, panel.overdue) == (
        "reviewed here",
        (("Death", "not confirmed"),),
        False,
    )
