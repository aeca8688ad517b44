"""Accepting a notification: the case that it opens, scope, and who comes second."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connections
from django.urls import reverse

from cdop.cases.models import Case, CaseFacts, Clocks, ReportedValue
from cdop.core.audit import AuditEntry
from cdop.core.refusals import Refused
from cdop.rapid_response.models import ChecklistItem
from notifications import decisions
from notifications.models import Notification
from tests.cast import person
from tests.makers import HALTON
from tests.notifications.filling import text_of, typed_on, version_on
from tests.notifications.triage import accepted, decide, everything, page_of, received


def test_accepting_opens_a_case_with_everything_that_was_sent(desk, coordinator, notification):
    answer = decide(desk, notification, "accept", area=HALTON, in_scope="yes")

    case = Case.objects.get()
    taken = Notification.objects.get()
    assert answer.url == reverse("cases:case", args=[case.reference])
    assert (taken.state, taken.case, taken.decided_by) == ("accepted", case, coordinator)
    assert (case.state, case.edition, case.opened_by) == ("gathering", "cdr-2018", coordinator)
    facts = CaseFacts.objects.get()
    assert (facts.area_id, facts.in_scope, facts.age_band) == (HALTON, True, "28-364d")
    clocks = Clocks.objects.get()
    assert (clocks.died_on, clocks.died_at, clocks.confirmed_at, clocks.notified_at) == (
        date(2026, 1, 10),
        datetime(2026, 1, 10, 14, 30, tzinfo=UTC),
        None,
        notification.received_at,
    )
    assert ChecklistItem.objects.filter(task="tell_coroner", case=case).exists()
    assert set(ReportedValue.objects.values_list("source", flat=True)) == {notification.reference}


def test_accepting_is_one_act_on_the_record(coordinator, notification):
    accepted(notification, coordinator)

    actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert actions.count("case.created") == 1
    assert actions.count("notification.accepted") == 1


def test_to_decide_otherwise_than_the_rules_propose_needs_a_reason(desk, db):
    sent = received(born_alive="no")

    page = decide(desk, sent, "accept", area=HALTON, in_scope="yes")

    assert "There is a problem Say why you decide otherwise than the rules propose" in text_of(page)
    assert not Case.objects.exists()
    decide(desk, sent, "accept", area=HALTON, in_scope="yes", reason="A breath was seen")
    assert Notification.objects.get().decision_note == "A breath was seen"
    assert CaseFacts.objects.get().in_scope is True


def test_the_reason_is_asked_for_behind_the_page_as_well(coordinator, notification):
    before = everything()

    with pytest.raises(Refused, match="Say why you decide otherwise than the rules on scope"):
        accepted(notification, coordinator, in_scope=False, reason="  ")

    assert everything() == before


def test_a_case_may_be_kept_for_a_death_that_the_panel_does_not_review(desk, db):
    sent = received(postcode="EC1A 1BB")

    decide(desk, sent, "accept", area="england", in_scope="no", rule="resident")

    facts = CaseFacts.objects.get()
    assert (facts.area, facts.in_scope) == (None, False)


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        (
            {},
            [
                "Choose where the child normally lived",
                "Choose whether the panel reviews this death",
            ],
        ),
        ({"area": "E99999999", "in_scope": "yes"}, ["Choose one of the answers on the page"]),
        ({"area": HALTON, "in_scope": "perhaps"}, ["Choose one of the answers on the page"]),
    ],
)
def test_accepting_says_what_is_missing(desk, notification, said, sentences):
    page = text_of(decide(desk, notification, "accept", **said))

    for sentence in sentences:
        assert sentence in page
    assert not Case.objects.exists()


def test_of_two_coordinators_the_second_is_told_and_keeps_what_was_typed(
    desk, coordinator, notification
):
    version = version_on(desk.get(page_of(notification, "accept")))
    other = person("deputy_coordinator", "Other Deputy")
    case = accepted(notification, other)
    said = {"area": HALTON, "in_scope": "no", "rule": "age", "reason": "Typed by the second"}

    answer = desk.post(page_of(notification, "accept"), said | {"version": version})

    assert answer.status_code == 409
    assert (
        "There is a problem Other Deputy has decided already: this notification is accepted into a "
        f"new case, {case}." in text_of(answer)
    )
    assert "Typed by the second</textarea>" in typed_on(answer)
    assert "Open the case" not in text_of(answer)
    assert Case.objects.count() == 1


def test_two_who_accept_in_the_same_moment_open_one_case(committed_database):
    sent = received()
    people = [person("coordinator", f"Coordinator {number}") for number in range(4)]

    def press(by):
        try:
            return str(accepted(sent, by))
        except Refused as refused:
            return refused.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(press, people))

    case = Case.objects.get()
    winner = Notification.objects.get().decided_by
    lost = f"{winner} has decided already: this notification is accepted into a new case, {case}."
    assert sorted(said) == sorted([str(case), lost, lost, lost])
    assert AuditEntry.objects.filter(action="case.created").count() == 1


def test_a_case_that_cannot_be_opened_leaves_the_notification_waiting(
    monkeypatch, coordinator, notification
):
    before = everything()

    def fails(*args, **kwargs):
        raise Refused("No checklist.")

    monkeypatch.setattr(decisions.rapid_response, "start", fails)

    with pytest.raises(Refused, match="No checklist."):
        accepted(notification, coordinator)
    assert everything() == before
