"""Scope: what this panel does not review, why, and what becomes of the checklist."""

import pytest
from django.utils import timezone

from cdop import editions
from cdop.cases import actions, placement, work
from cdop.cases.models import CaseFacts
from cdop.rapid_response import actions as rapid_response
from cdop.rapid_response.models import ChecklistItem
from tests.cast import TESTS
from tests.cdop.cases.placing import url
from tests.makers import a_case
from tests.pages import sign_in, text_of


def test_a_baby_who_was_not_born_alive_is_kept_and_nothing_more_is_asked(client, coordinator, case):
    rapid_response.start(case, by=TESTS)
    done = case.checklist.first()
    rapid_response.complete(done, by=coordinator, done_at=timezone.now())
    said = {"in_scope": "no", "rule": "live_birth", "stop": "yes", "reason": "By the post-mortem"}
    said["version"] = case.facts.version

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
    said["version"] = case.facts.version

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


def test_two_who_decide_at_once_see_what_the_other_decided_and_lose_nothing(
    client, coordinator, case
):
    seen = case.facts.version
    actions.change_scope(case, in_scope=False, rule="resident", reason="Wales", by=coordinator)
    said = {"in_scope": "yes", "reason": "She lived here, by the GP.", "version": seen}

    answer = sign_in(client, coordinator).post(url("change_scope", case), said)

    assert answer.status_code == 409
    assert "Somebody else changed this while you had it open" in text_of(answer)
    assert "She lived here, by the GP." in text_of(answer)
    assert not CaseFacts.objects.get(case=case).in_scope
