"""What a trust's system sends: kept once, by the form's own rules, or refused with every reason."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from cdop import editions
from cdop.core.audit import AuditEntry, verify
from cdop.core.sealing import DataKey
from notifications import api, api_body, api_credentials, api_deliveries
from notifications.api_models import Delivery
from notifications.intake import Route
from notifications.models import Notification
from tests.cast import TESTS
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


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"no_such_field": "x"}, [("no_such_field", "unknown_field")]),
        ({"x" * 500: "x"}, [("x" * 60, "unknown_field")]),
        ({"family_name": 5}, [("family_name", "wrong_type")]),
        ({"family_name": ""}, [("family_name", "required")]),
        ({"family_name": None}, [("family_name", "required")]),
        ({"family_name": "\0\0"}, [("family_name", "required")]),
        ({"family_name": "x" * 201}, [("family_name", "invalid")]),
        ({"date_of_death": "27/03/2026"}, [("date_of_death", "wrong_type")]),
        ({"date_of_death": "2026-02-31"}, [("date_of_death", "invalid")]),
        ({"date_of_death": 20260327}, [("date_of_death", "wrong_type")]),
        ({"date_of_birth": "2026-04-01"}, [("date_of_birth", "impossible")]),
        ({"time_of_death": "25:00"}, [("time_of_death", "invalid")]),
        ({"place_of_death": "paediatric ward"}, [("place_of_death", "invalid_choice")]),
        ({"place_of_death": "acute_hospital"}, [("place_of_death", "invalid_choice")]),
        ({"known_events": "neonatal"}, [("known_events", "wrong_type")]),
        ({"known_events": ["neonatal", 5]}, [("known_events", "wrong_type")]),
        ({"known_events": ["nonsense"]}, [("known_events", "invalid_choice")]),
        ({"gestation_weeks": "about 39"}, [("gestation_weeks", "invalid")]),
        ({"gestation_weeks": 39.0}, [("gestation_weeks", "wrong_type")]),
        ({"gestation_weeks": True}, [("gestation_weeks", "wrong_type")]),
        ({"gestation_weeks": -1}, [("gestation_weeks", "invalid")]),
        ({"gestation_weeks": 10**400}, [("gestation_weeks", "invalid")]),
        ({"consultants": [{"name": "A", "told": "x"}]}, [("consultants", "invalid")]),
        ({"consultants": [{"relationship": "x"}]}, [("consultants", "wrong_type")]),
        ({"carers": ["Aaaa"]}, [("carers", "wrong_type")]),
        ({"carers": [{"name": "A", "age": "5"}]}, [("carers", "wrong_type")]),
        ({"carers": [{"name": 5}]}, [("carers", "wrong_type")]),
        ({"carers": [{"name": "A"}] * 7}, [("carers", "wrong_type")]),
        ({"notifier_phone": "no"}, [("notifier_phone", "invalid")]),
        ({"notifier_email": "no"}, [("notifier_email", "invalid")]),
    ],
)
def test_each_mistake_is_named_and_nothing_is_kept(caller, said, expected):
    keys = DataKey.objects.count()
    answer = caller.send(ANSWERS | said)

    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    if "date_of_birth" in said:
        expected = [*expected, ("date_of_death", "impossible")]
    assert sorted(problems(answer)) == sorted(expected)
    assert all(each["sentence"] for each in answer.json()["problems"])
    assert (Notification.objects.count(), DataKey.objects.count()) == (0, keys)


def test_a_death_to_come_is_impossible_also_by_a_minute(caller):
    tomorrow = localdate() + timedelta(days=1)
    answer = caller.send(ANSWERS | {"date_of_death": tomorrow.isoformat()})

    assert problems(answer) == [("date_of_death", "impossible")]


def test_every_mistake_is_told_at_once_and_recorded_by_its_question_alone(caller):
    answer = caller.send({"family_name": 5, "Secret Invented": "x"})

    assert sorted(problems(answer)) == [
        ("Secret Invented", "unknown_field"),
        ("date_of_death", "required"),
        ("family_name", "wrong_type"),
        ("notifier_name", "required"),
        ("notifier_phone", "required"),
        ("place_of_death", "required"),
    ]
    entry = AuditEntry.objects.get(action="system.refused")
    assert json.loads(entry.detail) == {
        "fields": [
            "date_of_death",
            "family_name",
            "notifier_name",
            "notifier_phone",
            "place_of_death",
        ]
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("answers", "wrong_type")]),
        ({"answers": []}, [("answers", "wrong_type")]),
        ({"answers": {}, "more": 1}, [("more", "unknown_field")]),
    ],
)
def test_there_is_nothing_beside_the_answers(caller, body, expected):
    answer = caller.post(SEND, body)

    assert (answer.status_code, problems(answer)) == (422, expected)


DEEP = "[" * 5000 + "]" * 5000


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (" ", 400, "not_json"),
        ("{", 400, "not_json"),
        ("[]", 400, "not_an_object"),
        ("5", 400, "not_an_object"),
        (b"\xff\xfe{}", 400, "not_json"),
        ('{"a": "\ud83d"}'.encode("utf-16-le", "surrogatepass"), 400, "not_json"),
        (r'{"answers": {"family_name": "\ud800"}}', 400, "not_json"),
        ('{"a": 1, "a": 2}', 400, "not_json"),
        ('{"a": NaN}', 400, "not_json"),
        ('{"a": 1e999}', 400, "not_json"),
        ('{"a": ' + "9" * 5000 + "}", 400, "not_json"),
        (DEEP, 400, "not_json"),
        ('{"answers": ' + "[" * 60 + "]" * 60 + "}", 400, "not_json"),
        ("[" * 100_000, 400, "not_json"),
        ('{"answers": {"circumstances": "' + "x" * 600_000 + '"}}', 413, "too_large"),
    ],
)
def test_what_is_no_json_for_us_is_refused_before_it_is_read(caller, body, status, code):
    answer = caller.post(SEND, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_json_in_utf_8_is_taken(caller):
    body = json.dumps({"answers": ANSWERS})
    for headers in (
        {"media_type": "text/plain"},
        {"media_type": ""},
        {"media_type": "application/json; charset=latin-1"},
        {"media_type": "multipart/form-data; boundary=x"},
        {"Content_Encoding": "gzip"},
    ):
        assert caller.post(SEND, body, **headers).status_code == 415, headers
    assert caller.post(SEND, body, media_type="application/json; charset=UTF-8").status_code == 202


@pytest.mark.parametrize(
    ("length", "status"),
    [("x", 400), ("-1", 400), ("1.5", 400), ("9" * 18, 413), ("9" * 5000, 413)],
)
def test_a_length_that_is_none_is_refused(caller, length, status):
    assert caller.send(ANSWERS, Content_Length=length).status_code == status


def test_a_body_that_ends_early_is_a_bad_request(caller, monkeypatch):
    def broken(request):
        raise api_body.UnreadablePostError

    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.body", property(broken))
    assert caller.send(ANSWERS).status_code == 400


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


def test_the_questions_are_those_that_the_form_asks_with_every_code(caller):
    for day, code in (("2026-03-27", "cdr-2018"), ("2017-05-06", "lscb-2015")):
        answer = caller.get(f"/api/v1/questions?date_of_death={day}").json()
        asked = [question for part in answer["sections"] for question in part["questions"]]
        edition = editions.get(code)

        assert answer["edition"] == code
        ours = edition.questionnaires["notification"].questions
        assert [each["code"] for each in asked] == [each.code for each in ours]
        assert [each["required"] for each in asked] == [each.required for each in ours]
    known = {each["code"]: each for each in asked}
    assert known["cause_of_death"]["when"] == {"field": "mccd", "in": ["yes"]}
    assert known["gestation_weeks"]["when"] == {"not": {"field": "under_one", "in": ["no"]}}
    assert known["sex"]["choices"][0] == {"code": "male", "label": "Male"}
    assert {"code": "not_known", "label": "Not known"} in known["place_of_death"]["choices"]


@pytest.mark.parametrize("kind", ["choice", "choices", "yes_no"])
def test_every_code_that_is_offered_is_taken(caller, kind):
    day = "2026-03-27"
    parts = caller.get(f"/api/v1/questions?date_of_death={day}").json()["sections"]
    asked = [each for part in parts for each in part["questions"] if each["kind"] == kind]
    most = max(len(each["choices"]) for each in asked)

    for at in range(0, most, 3):
        said = {
            each["code"]: each["choices"][min(at, len(each["choices"]) - 1)]["code"]
            for each in asked
        }
        if kind == "choices":
            said = {code: [answer] for code, answer in said.items()}
        assert caller.send(ANSWERS | said).status_code == 202, said


@pytest.mark.parametrize("day", ["", "x", "2026-02-31", "%00", "27.3.2026", "9" * 100, "%FF"])
def test_a_day_that_is_none_is_told_apart(caller, day):
    answer = caller.get(f"/api/v1/questions?date_of_death={day}")

    assert (answer.status_code, problems(answer)) == (400, [("date_of_death", "wrong_type")])


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
