"""FHIR R4: a bundle is read by the mapping that the guide shows."""

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from fhir.resources.R4B.operationoutcome import OperationOutcome

from notifications import fhir, fhir_bundle, fhir_people
from notifications.fhir_elements import ELEMENTS
from notifications.fhir_people import ETHNIC_GROUPS
from notifications.intake import Route
from notifications.models import Notification
from tests.notifications.api.bundles import EXAMPLE, bundle, without
from tests.notifications.api.calling import BUNDLE, SEND

MAPPING = Path(settings.BASE_DIR, "docs", "api", "fhir-mapping.md")
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


def read(sent: dict) -> dict:
    reading = fhir.read(sent, timezone.now())
    assert reading.problems == ()
    return reading.answers


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
    for code in {*fhir_people.SEXES.values()}:
        assert code in ("male", "female", "not_known")
    for system_code, ours in ETHNIC_GROUPS.items():
        coding = {"system": fhir_people.ETHNIC_SYSTEM, "code": system_code}
        extension = {
            "url": fhir_people.ETHNIC_EXTENSION,
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
