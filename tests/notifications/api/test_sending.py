"""What a trust's system sends: kept once, by the form's own rules, under a key."""

import json

import pytest
from django.utils.timezone import now

from cdop.core.audit import AuditEntry, verify
from cdop.core.sealing import DataKey
from notifications import api, api_credentials, api_deliveries
from notifications.api_models import Delivery
from notifications.intake import Route
from notifications.models import Notification
from tests.cast import TESTS
from tests.client import Client
from tests.notifications.api.calling import ANSWERS, SEND, problems

FULL = ANSWERS | {
    "time_of_death": "14:30",
    "date_of_birth": "2026-02-01",
    "nhs_number": "999 000 0123",
    "sex": "female",
    "postcode": "cw1 2ab",
    "gestation_weeks": 39,
    "born_alive": "yes",
    "known_events": ["neonatal", "congenital"],
    "notifier_role": "paediatrician",
    "carers": [{"name": "Bbbb Invented-Child", "relationship": "Mother"}],
    "mccd": "yes",
    "cause_of_death": "Ia Invented",
    "other_names": None,
}
KEPT = {
    "time_of_death": "14:30",
    "nhs_number": "9990000123",
    "postcode": "CW1 2AB",
    "gestation_weeks": 39,
    "known_events": ["neonatal", "congenital"],
    "carers": [{"name": "Bbbb Invented-Child", "relationship": "Mother", "details": ""}],
}


def test_what_is_sent_is_kept_as_the_public_form_keeps_it(caller):
    before = now()
    answer = caller.send(FULL)

    received = Notification.objects.get()
    assert answer.status_code == 202
    assert answer.json() == {
        "reference": received.reference,
        "received_at": answer.json()["received_at"],
        "warnings": [],
    }
    assert answer.headers["Location"] == f"{SEND}/{received.reference}"
    assert (received.route, received.organisation) == (Route.API, caller.system.organisation)
    assert before <= received.received_at <= now()
    assert {code: received.answers[code] for code in KEPT} == KEPT
    entry = AuditEntry.objects.get(action="notification.received")
    assert entry.job == f"system {caller.system.reference}"


def test_a_day_before_the_guidance_of_today_is_read_by_the_guidance_of_its_time(caller):
    caller.send(ANSWERS | {"date_of_death": "2017-05-06"})

    assert Notification.objects.get().edition == "lscb-2015"


def test_what_only_looks_wrong_is_told_beside_the_reference(caller):
    answer = caller.send(
        FULL | {"nhs_number": "9990000124", "date_of_birth": "2000-01-01", "postcode": "LL57 1AA"}
    )

    assert answer.status_code == 202
    told = [(each["field"], each["code"]) for each in answer.json()["warnings"]]
    assert set(told) == {
        ("nhs_number", "please_check"),
        ("date_of_birth", "may_be_out_of_scope"),
        ("postcode", "may_be_out_of_scope"),
        ("gestation_weeks", "not_asked"),
        ("born_alive", "not_asked"),
    }
    assert Notification.objects.get().answers.get("gestation_weeks") in (None, "")


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "with space", "ümlaut-key", "a\tb-cdefgh"])
def test_a_key_is_needed_by_which_a_repetition_is_known(caller, key):
    answer = caller.call("POST", SEND, json.dumps({"answers": ANSWERS}), Idempotency_Key=key)

    assert answer.status_code == 400
    assert problems(answer) == [("Idempotency-Key", "missing_key")]


def test_the_same_sent_again_is_the_same_notification(caller):
    first = caller.send(FULL, key="the-same-key")
    turned = dict(reversed(list(FULL.items())))
    again = [caller.send(FULL, key="the-same-key"), caller.send(turned, key="the-same-key")]

    assert [(each.status_code, each.json()) for each in again] == [(202, first.json())] * 2
    assert (Notification.objects.count(), Delivery.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="system.repeated").count() == 2
    verify()


def test_the_same_key_with_other_content_is_a_conflict(caller, other):
    caller.send(ANSWERS, key="the-same-key")
    answer = caller.send(FULL, key="the-same-key")

    assert (answer.status_code, answer.json()["code"]) == (409, "other_content")
    assert caller.send(FULL | {"sex": "nonsense"}, key="the-same-key").status_code == 409
    assert Notification.objects.count() == 1
    assert other.send(FULL, key="the-same-key").status_code == 202


def test_a_key_that_was_refused_can_be_used_again(caller):
    assert caller.send(FULL | {"sex": "nonsense"}, key="the-same-key").status_code == 422
    assert caller.send(FULL, key="the-same-key").status_code == 202


def test_a_notification_and_its_key_are_kept_together_or_not_at_all(caller, monkeypatch):
    before = (DataKey.objects.count(), AuditEntry.objects.count())

    def killed(**row):
        raise RuntimeError

    monkeypatch.setattr(api_deliveries.Delivery.objects, "create", killed)
    assert caller.send(ANSWERS).status_code == 500
    assert Notification.objects.count() == 0
    assert (DataKey.objects.count(), AuditEntry.objects.count()) == before


def test_access_that_ends_while_the_call_is_under_way_keeps_nothing(caller, monkeypatch):
    really = api_deliveries.deliver

    def slow(*args):
        api_credentials.end(caller.system, version=1, by=TESTS)
        return really(*args)

    monkeypatch.setattr(api_deliveries, "deliver", slow)
    assert caller.send(ANSWERS).status_code == 401
    assert Notification.objects.count() == 0


def test_a_receipt_says_that_it_arrived_and_nothing_else(caller):
    sent = caller.send(ANSWERS).json()
    answer = caller.get(f"{SEND}/{sent['reference']}")

    assert answer.status_code == 200
    assert answer.json() == {name: sent[name] for name in ("reference", "received_at")}


def test_what_another_sent_and_what_is_not_there_are_answered_alike(caller, other, coordinator):
    reference = caller.send(ANSWERS).json()["reference"]

    theirs = other.get(f"{SEND}/{reference}")
    nobodys = other.get(f"{SEND}/N-0000-0000")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.content == nobodys.content
    signed_in = Client()
    signed_in.force_login(coordinator)
    assert signed_in.get(f"{SEND}/{reference}").status_code == 401


def test_nothing_that_is_sent_or_answered_is_in_the_audit_chain(caller):
    caller.send(FULL, key="key-with-9990000123")
    caller.send(FULL | {"sex": "Invented-Child"})
    kept = " ".join(str(each.__dict__) for each in AuditEntry.objects.all())

    assert [word for word in ("Invented-Child", "9990000123", "Aaaa", "CW1") if word in kept] == []


def test_too_many_calls_are_told_to_wait_and_others_are_not_held_up(caller, other, monkeypatch):
    monkeypatch.setattr(api, "MOST_CALLS", 2)
    answers = [caller.send(ANSWERS) for _ in range(3)]

    assert [each.status_code for each in answers] == [202, 202, 429]
    assert (answers[-1].headers["Retry-After"], answers[-1].json()["code"]) == (
        "60",
        "too_many_calls",
    )
    assert other.send(ANSWERS).status_code == 202


def test_other_methods_and_other_addresses_are_answered_in_the_same_way(caller):
    for method, path, status in (
        ("GET", SEND, 405),
        ("PUT", SEND, 405),
        ("DELETE", f"{SEND}/N-0000-0000", 405),
        ("TRACE", "/api/v1/token", 405),
        ("GET", "/api/v1/", 404),
        ("POST", "/api/v1/notifications/", 404),
        ("GET", "/api/v1/notifications/%00", 404),
        ("GET", "/api/v1/nothing/at/all", 404),
    ):
        answer = caller.call(method, path)
        assert answer.status_code == status, (method, path)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert ("Allow" in answer.headers) == (status == 405)


def test_no_session_and_no_form_of_ours_opens_the_interface(coordinator):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(coordinator)

    for path in (SEND, "/api/v1/fhir/Bundle"):
        answer = browser.post(path, "{}", content_type="application/json")
        assert answer.status_code == 401
    assert answer.headers["Cache-Control"] == "no-store, private"
