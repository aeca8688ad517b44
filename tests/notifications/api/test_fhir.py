"""FHIR R4: a bundle is read by the mapping that the guide shows, or refused with the element."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from fhir.resources.R4B.operationoutcome import OperationOutcome

from cdop.core.audit import AuditEntry
from notifications import fhir, fhir_bundle, fhir_elements
from notifications.fhir_elements import ELEMENTS, ETHNIC_GROUPS
from notifications.intake import Route
from notifications.models import Notification
from tests.notifications.api.calling import BUNDLE, SEND

FILE = Path(settings.BASE_DIR, "docs", "api", "example-bundle.json")
MAPPING = Path(settings.BASE_DIR, "docs", "api", "fhir-mapping.md")
EXAMPLE = json.loads(FILE.read_text())
PLACES = {
    resource["resourceType"]: at
    for at, resource in reversed(list(enumerate(entry["resource"] for entry in EXAMPLE["entry"])))
}
ANSWERS = {
    "date_of_death": "2026-03-27",
    "time_of_death": "14:30",
    "time_death_confirmed": "14:45",
    "place_of_death": "emergency_department",
    "place_of_death_name": "Invented Hospital, emergency department",
    "given_names": "Aaaa Bbbb",
    "family_name": "Invented-Child",
    "other_names": "Baby Invented",
    "date_of_birth": "2025-11-02",
    "sex": "female",
    "nhs_number": "9990000123",
    "address": "1 Invented Street\nInvented Town",
    "postcode": "ZZ99 3WZ",
    "ethnic_group": "mixed_caribbean",
    "mother_name": "Cccc Invented-Mother",
    "carers": [
        {"name": "Cccc Invented-Mother", "relationship": "mother", "details": "01632 960002"}
    ],
    "notifier_name": "Notifier Invented",
    "notifier_phone": "01632 960001",
    "notifier_email": "notifier@example.org",
    "notifier_role": "emergency_clinician",
    "notifier_organisation": "Invented Trust",
    "consultants": [
        {
            "name": "Dr Consultant Invented",
            "role": "Consultant paediatrician",
            "organisation": "",
            "telephone": "01632 960003",
            "told": "",
        }
    ],
    "expectedness": "unexpected",
    "known_events": ["sudden_unexpected", "infection"],
    "gestation_weeks": 39,
    "born_alive": "yes",
    "circumstances": "Invented for this example.",
}


def bundle(**changes) -> dict:
    """The example with elements of its first resource of a type changed; None takes one out."""
    made = deepcopy(EXAMPLE)
    for kind, elements in changes.items():
        resource = made["entry"][PLACES[kind]]["resource"]
        for name, value in elements.items():
            resource.pop(name, None) if value is None else resource.update({name: value})
    return made


def without(*kinds: str, **changes) -> dict:
    """A collection of the example's other resources."""
    made = bundle(**changes)
    made["type"] = "collection"
    made["entry"] = [
        each for each in made["entry"] if each["resource"]["resourceType"] not in kinds
    ]
    return made


def read(sent: dict) -> dict:
    reading = fhir.read(sent, timezone.now())
    assert reading.problems == ()
    return reading.answers


def told(sent: dict) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in fhir.read(sent, timezone.now()).problems]


def warned(sent: dict) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in fhir.read(sent, timezone.now()).warnings]


def test_the_example_is_received_with_every_answer_that_it_gives(caller):
    answer = caller.post(BUNDLE, EXAMPLE, media_type="application/fhir+json")

    received = Notification.objects.get()
    assert answer.status_code == 202
    assert answer.headers["Content-Type"] == "application/fhir+json"
    assert answer.headers["Location"] == f"{SEND}/{received.reference}"
    outcome = OperationOutcome.model_validate(answer.json())
    assert [(each.severity, each.code) for each in outcome.issue] == [
        ("information", "informational")
    ]
    assert outcome.issue[0].details.coding[0].code == received.reference
    assert {code: said for code, said in received.answers.items() if said} == ANSWERS
    assert (received.route, received.organisation) == (Route.FHIR, caller.system.organisation)
    again = caller.get(answer.headers["Location"])
    assert again.json()["reference"] == received.reference


def test_each_line_of_the_mapping_has_an_example():
    """Also the Encounter's end, which is asked only where nothing else says when."""
    fallback = bundle(Patient={"deceasedDateTime": None}, Observation={"valueDateTime": None})
    given = []
    for element in ELEMENTS:
        sent = fallback if element.path == "Encounter.period.end" else EXAMPLE
        found = [each.value for each in element.read(fhir_bundle.Contents(sent))]
        given.append((element.path, element.code, bool([each for each in found if each])))

    assert [line for line in given if not line[2]] == []


def test_the_guide_shows_the_whole_mapping_and_nothing_else():
    table = MAPPING.read_text().split("\n## ")[2]
    rows = [line.split(" | ")[:2] for line in table.splitlines() if line.startswith("| `")]
    shown = {(path.strip("| `"), code.strip("`")) for path, code in rows}

    assert shown == {(element.path, element.code) for element in ELEMENTS}


def test_every_answer_that_the_mapping_can_give_is_one_of_the_form():
    for code in {*fhir_elements.SEXES.values()}:
        assert code in ("male", "female", "not_known")
    for system_code, ours in ETHNIC_GROUPS.items():
        coding = {"system": fhir_elements.ETHNIC_SYSTEM, "code": system_code}
        extension = {
            "url": fhir_elements.ETHNIC_EXTENSION,
            "valueCodeableConcept": {"coding": [coding]},
        }
        assert read(bundle(Patient={"extension": [extension]}))["ethnic_group"] == ours


@pytest.mark.parametrize(
    ("written", "day", "clock"),
    [
        ("2026-03-27", "2026-03-27", ""),
        ("2026-03-27T14:30:59.123456789Z", "2026-03-27", "14:30"),
        ("2026-03-27T14:30:60Z", "2026-03-27", "14:30"),  # a leap second
        ("2026-06-30T23:30:00Z", "2026-07-01", "00:30"),  # summer time in London
        ("2026-07-01T00:30:00+01:00", "2026-07-01", "00:30"),
        ("2026-03-27T01:00:00+05:30", "2026-03-26", "19:30"),
    ],
)
def test_days_and_times_are_those_of_clocks_in_london(written, day, clock):
    said = without(
        "Observation",
        "MessageHeader",
        Patient={"deceasedDateTime": written},
        QuestionnaireResponse={"item": [place_item()]},
    )
    answers = read(said)

    assert (answers["date_of_death"], answers["time_of_death"] or "") == (day, clock)


def place_item() -> dict:
    return {"linkId": "place_of_death", "answer": [{"valueCoding": {"code": "home"}}]}


@pytest.mark.parametrize(("code", "place"), [("876879006", "home"), ("16983000", "hospital_other")])
def test_a_place_may_be_said_by_snomed(code, place):
    component = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "58332-8"}]},
        "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
    }
    assert read(bundle(Observation={"component": [component]}))["place_of_death"] == place


def test_a_collection_needs_no_header_and_takes_the_first_of_each():
    answers = read(
        without(
            "MessageHeader",
            "PractitionerRole",
            Practitioner={"telecom": [{"system": "phone", "value": "01632 960009"}]},
        )
    )

    assert answers["notifier_name"] == "Notifier Invented"
    assert answers["notifier_phone"] == "01632 960009"


def test_a_newborn_without_name_number_or_dates_is_received():
    patient = {
        "name": [{"family": "Invented"}],
        "identifier": None,
        "gender": "unknown",
        "birthDate": None,
        "deceasedBoolean": True,
        "deceasedDateTime": None,
    }
    answers = read(bundle(Patient=patient))

    assert (answers["family_name"], answers["given_names"], answers["sex"]) == (
        "Invented",
        "",
        "not_known",
    )


def test_a_part_of_a_birth_date_and_what_nobody_reads_are_told():
    sent = bundle(Patient={"birthDate": "2025-11", "contained": [{"resourceType": "Nonsense"}]})
    sent["entry"].append({"resource": {"resourceType": "Condition", "nonsense": 1}})

    assert warned(sent)[-3:] == [
        ("Bundle.entry[1].resource.birthDate", "not_read"),
        ("Bundle.entry[9].resource", "not_read"),
        ("Bundle.entry[1].resource.contained", "not_read"),
    ]
    assert read(sent)["date_of_birth"] == ""


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
