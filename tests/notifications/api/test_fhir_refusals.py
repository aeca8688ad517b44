"""A bundle that cannot be read is refused with its element, and repeats nothing."""

from copy import deepcopy

import pytest
from django.utils import timezone
from fhir.resources.R4B.operationoutcome import OperationOutcome

from cdop.core.audit import AuditEntry
from notifications import fhir
from notifications.models import Notification
from tests.notifications.api.bundles import EXAMPLE, bundle, told, without
from tests.notifications.api.calling import BUNDLE

PATIENT = "Bundle.entry[1].resource"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, [("Bundle.resourceType", "wrong_type")]),
        ({"resourceType": "Patient"}, [("Bundle.resourceType", "wrong_type")]),
        ({"resourceType": ["Bundle"]}, [("Bundle.resourceType", "wrong_type")]),
        ({"resourceType": "Bundle"}, [("Bundle.entry", "required")]),
        ({"resourceType": "Bundle", "entry": {}}, [("Bundle.entry", "required")]),
        (EXAMPLE | {"type": "transaction"}, [("Bundle.type", "invalid_choice")]),
        (EXAMPLE | {"entry": EXAMPLE["entry"] * 12}, [("Bundle.entry", "too_many")]),
        (EXAMPLE | {"entry": EXAMPLE["entry"][1:]}, [("Bundle.entry[0].resource", "invalid")]),
        (EXAMPLE | {"nonsense": 1}, [("Bundle.nonsense", "unknown_element")]),
        (
            EXAMPLE | {"entry": [*EXAMPLE["entry"], 5]},
            [("Bundle.entry[9].resource.resourceType", "required")],
        ),
        (
            EXAMPLE | {"entry": [*EXAMPLE["entry"], {}]},
            [("Bundle.entry[9].resource.resourceType", "required")],
        ),
        (
            EXAMPLE | {"entry": [*EXAMPLE["entry"], {"resource": {"resourceType": []}}]},
            [("Bundle.entry[9].resource.resourceType", "required")],
        ),
        (without("Patient", "MessageHeader"), [("Bundle.entry", "required")]),
        (
            EXAMPLE | {"entry": [*EXAMPLE["entry"], EXAMPLE["entry"][1]]},
            [("Bundle.entry[9].resource", "too_many")],
        ),
        (
            bundle(Patient={"birthdate": "2026-01-01"}),
            [(f"{PATIENT}.birthdate", "unknown_element")],
        ),
        (bundle(Patient={"birthDate": "1.1.2026"}), [(f"{PATIENT}.birthDate", "invalid")]),
        (bundle(Patient={"name": {"family": "x"}}), [(f"{PATIENT}.name", "invalid")]),
        (bundle(Patient={"name": [{"family": 5}]}), [(f"{PATIENT}.name[0].family", "invalid")]),
        (bundle(Patient={"a b": 5}), [(PATIENT, "unknown_element")]),
        (
            bundle(Patient={"deceasedDateTime": None, "deceasedBoolean": False}),
            [(f"{PATIENT}.deceasedBoolean", "impossible")],
        ),
        (bundle(Patient={"gender": "f"}), [(f"{PATIENT}.gender", "invalid_choice")]),
        (
            bundle(Patient={"birthDate": "2026-03-28"}),
            [
                (f"{PATIENT}.birthDate", "impossible"),
                ("Bundle.entry[2].resource.valueDateTime", "impossible"),
            ],
        ),
        (
            bundle(Patient={"deceasedDateTime": "2026-03-26"}),
            [(f"{PATIENT}.deceasedDateTime", "contradiction")],
        ),
        (
            bundle(Observation={"component": None}),
            [
                (
                    "Bundle.entry.resource.ofType(Observation).component.valueCodeableConcept",
                    "required",
                )
            ],
        ),
        (
            bundle(Patient={"name": None}),
            [("Bundle.entry.resource.ofType(Patient).name.family", "required")],
        ),
        (
            bundle(
                QuestionnaireResponse={
                    "item": [{"linkId": "nonsense" * 20, "answer": [{"valueString": "x"}]}]
                }
            ),
            [("Bundle.entry[8].resource.item[0]", "unknown_field")],
        ),
        (
            bundle(
                QuestionnaireResponse={
                    "item": [{"linkId": "sex", "answer": [{"valueCoding": {"code": "male"}}]}]
                }
            ),
            [("Bundle.entry[8].resource.item[0]", "contradiction")],
        ),
        (
            bundle(
                QuestionnaireResponse={
                    "item": [
                        {
                            "linkId": "circumstances",
                            "answer": [{"valueString": "x"}, {"valueString": "y"}],
                        }
                    ]
                }
            ),
            [("Bundle.entry[8].resource.item[0]", "wrong_type")],
        ),
    ],
)
def test_each_mistake_is_told_with_its_element(sent, expected):
    assert sorted(told(sent)) == sorted(expected)


def test_a_refusal_is_an_outcome_that_repeats_nothing_that_was_sent(caller):
    sent = bundle(
        Patient={"gender": "Secretgender", "birthDate": "Secretdate", "name": [{"family": 7}]}
    )
    for wrong in (sent, bundle(Patient={"gender": "Secretgender"}), EXAMPLE | {"type": "Secret"}):
        answer = caller.post(BUNDLE, wrong)

        assert answer.status_code == 422
        assert answer.headers["Content-Type"] == "application/fhir+json"
        outcome = OperationOutcome.model_validate(answer.json())
        assert all(each.diagnostics and each.expression for each in outcome.issue)
        assert "Secret" not in answer.content.decode()
    assert "Secret" not in "".join(str(each.__dict__) for each in AuditEntry.objects.all())
    assert Notification.objects.count() == 0


@pytest.mark.parametrize(
    ("headers", "body", "status", "kind"),
    [
        ({"Authorization": "Bearer x"}, EXAMPLE, 401, "login"),
        ({"Idempotency_Key": "x"}, EXAMPLE, 400, "required"),
        ({"media_type": "application/fhir+xml"}, EXAMPLE, 415, "not-supported"),
        ({}, "{", 400, "structure"),
        ({}, '{"a": "' + "x" * 600_000 + '"}', 413, "too-long"),
    ],
)
def test_every_refusal_speaks_fhir(caller, headers, body, status, kind):
    answer = caller.post(BUNDLE, body, **headers)

    outcome = OperationOutcome.model_validate(answer.json())
    assert (answer.status_code, outcome.issue[0].code) == (status, kind)


def test_the_same_bundle_is_one_notification_and_another_a_conflict(caller):
    first, again = (caller.post(BUNDLE, EXAMPLE, key="the-same-key") for _ in range(2))
    other = caller.post(BUNDLE, bundle(Patient={"gender": "male"}), key="the-same-key")

    assert first.content == again.content
    assert Notification.objects.count() == 1
    assert (other.status_code, other.json()["issue"][0]["code"]) == (409, "conflict")


def test_what_is_sent_by_the_other_address_under_the_same_key_is_a_conflict(caller):
    caller.post(BUNDLE, EXAMPLE, key="the-same-key")

    assert caller.send({}, key="the-same-key").status_code == 409


def hostile_values():
    return [
        None,
        True,
        -1,
        1e300,
        "",
        "\0",
        "x" * 9000,
        [],
        [[]],
        [None],
        {},
        {"a": []},
        "0001-01-01",
        "9999-12-31T23:59:59-14:00",
        "2026-03-27T24:00:00Z",
        "2026-13-01T00:00:00Z",
    ]


def test_nothing_that_stands_in_an_element_breaks_anything():
    """Each element of the example, at every depth, replaced by nonsense in turn."""
    ways = list(paths_of(EXAMPLE, ()))
    values = hostile_values()
    for at, way in enumerate(ways):
        for value in values[at % 3 :: 3]:
            sent = deepcopy(EXAMPLE)
            inside = sent
            for step in way[:-1]:
                inside = inside[step]
            inside[way[-1]] = value
            fhir.read(sent, timezone.now())

    assert len(ways) > 150


def paths_of(value, way):
    """The way to every element, however deep."""
    if way:
        yield way
    steps = {dict: dict.items, list: enumerate}.get(type(value), lambda _: ())
    for step, inner in steps(value):
        yield from paths_of(inner, (*way, step))
