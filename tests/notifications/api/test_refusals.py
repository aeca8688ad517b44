"""What a trust's system may not send: refused with every reason, and nothing is kept."""

import json
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from cdop.core.audit import AuditEntry
from cdop.core.sealing import DataKey
from notifications import api_body
from notifications.models import Notification
from tests.notifications.api.calling import ANSWERS, SEND, problems


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
