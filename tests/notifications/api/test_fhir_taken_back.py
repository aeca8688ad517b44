"""FHIR R4: what a sender says was entered in error or cancelled reports nothing."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from fhir.resources.R4B.operationoutcome import OperationOutcome

from notifications import fhir
from notifications.models import Notification
from tests.notifications.api.calling import BUNDLE

EXAMPLE = json.loads(Path(settings.BASE_DIR, "docs", "api", "example-bundle.json").read_text())
STATUSES = ["entered-in-error", "cancelled"]


def bundle(kind: str, status: str, **patient) -> dict:
    """The example with another status of its resources of one type, and another Patient."""
    made = deepcopy(EXAMPLE)
    for entry in made["entry"]:
        if entry["resource"]["resourceType"] == kind:
            entry["resource"]["status"] = status
        if entry["resource"]["resourceType"] == "Patient":
            entry["resource"] = {
                name: value
                for name, value in (entry["resource"] | patient).items()
                if value is not None
            }
    return made


def place_of(kind: str) -> str:
    types = [entry["resource"]["resourceType"] for entry in EXAMPLE["entry"]]
    return f"Bundle.entry[{types.index(kind)}].resource"


def answers_of(sent: dict) -> set[str]:
    """The codes of the questions that are answered."""
    return {code for code, said in fhir.read(sent, timezone.now()).answers.items() if said}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("died", [None, "2026-03-27T14:30:00+00:00"])
def test_a_death_that_is_taken_back_is_refused_at_its_status(caller, status, died):
    answer = caller.post(BUNDLE, bundle("Observation", status, deceasedDateTime=died))

    assert answer.status_code == 422
    outcome = OperationOutcome.model_validate(answer.json())
    [issue] = outcome.issue
    assert (issue.severity, issue.code) == ("error", "business-rule")
    assert issue.expression == [f"{place_of('Observation')}.status"]
    assert "entered in error or cancelled, so nothing was received" in issue.diagnostics
    assert Notification.objects.count() == 0


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "preliminary"])
def test_a_death_that_stands_is_received(caller, status):
    assert caller.post(BUNDLE, bundle("Observation", status)).status_code == 202


@pytest.mark.parametrize("status", STATUSES)
def test_an_encounter_in_error_is_left_out_with_a_warning(status):
    sent = bundle("Encounter", status)

    reading = fhir.read(sent, timezone.now())

    assert reading.problems == ()
    assert answers_of(EXAMPLE) - answers_of(sent) == {"place_of_death_name", "consultants"}
    assert (place_of("Encounter"), "not_read") in [
        (each.field, each.code) for each in reading.warnings
    ]


def test_an_encounter_in_error_gives_no_day_of_death():
    sent = bundle("Encounter", "entered-in-error", deceasedDateTime=None)
    sent["entry"] = [
        entry for entry in sent["entry"] if entry["resource"]["resourceType"] != "Observation"
    ]

    problems = {(each.field, each.code) for each in fhir.read(sent, timezone.now()).problems}

    assert "date_of_death" not in answers_of(sent)
    assert (fhir.expected_at("date_of_death"), "required") in problems


def test_answers_in_error_are_left_out():
    sent = bundle("QuestionnaireResponse", "entered-in-error")

    assert "circumstances" in answers_of(EXAMPLE) - answers_of(sent)


def test_another_observation_in_error_is_no_reason_to_refuse():
    sent = deepcopy(EXAMPLE)
    weight = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}
    other = {"resourceType": "Observation", "status": "entered-in-error", "code": weight}
    sent["entry"].append({"resource": other})

    reading = fhir.read(sent, timezone.now())

    assert reading.problems == ()
    assert reading.warnings[-1].field == f"Bundle.entry[{len(EXAMPLE['entry'])}].resource"
