"""A FHIR R4 bundle: whether it is one, and how to find one's way in it.

The library checks each resource that is read against the definitions of R4B, which are those of
R4 for all of them. It is given nothing but those resources: on an unknown one it would fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.messageheader import MessageHeader
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.organization import Organization
from fhir.resources.R4B.patient import Patient
from fhir.resources.R4B.practitioner import Practitioner
from fhir.resources.R4B.practitionerrole import PractitionerRole
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from pydantic import ValidationError

from notifications.api_problems import Problem

OUR_LISTS = "urn:cdop:vocabulary:"
TYPES = ("collection", "message")
MOST_ENTRIES = 100
ELEMENT = re.compile(r"[A-Za-z_][A-Za-z0-9]{0,60}")
NOT_READ = "This was not read: see the mapping for what is."
TAKEN_BACK = ("entered-in-error", "cancelled")
"""The statuses by which a sender says that something did not happen, or was never so."""
READ: Mapping[str, Any] = {
    "Encounter": Encounter,
    "MessageHeader": MessageHeader,
    "Observation": Observation,
    "Organization": Organization,
    "Patient": Patient,
    "Practitioner": Practitioner,
    "PractitionerRole": PractitionerRole,
    "QuestionnaireResponse": QuestionnaireResponse,
}
MISSING = ("required", "This element is required here.")
UNKNOWN = ("unknown_element", "R4 has no element of this name here.")
WRONG = ("invalid", "The value is not one that R4 allows for this element.")
FAULTS = {
    "missing": MISSING,
    "model_field_validation.missing": MISSING,
    "extra_forbidden": UNKNOWN,
}

# What the library lets through from inside, instead of its own error, where a value has a type
# that it did not reckon with (a URL that is a number).
STUMBLES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Place:
    """A part of what was sent, and the FHIRPath at which it stands."""

    path: str
    data: Any

    def get(self, name: str) -> Place:
        """An element; of nothing, or of anything else than an object, nothing."""
        inside = self.data.get(name) if isinstance(self.data, dict) else None
        return Place(f"{self.path}.{name}", inside)

    def each(self, name: str) -> list[Place]:
        """The members of a list; nothing where there is none."""
        inside = self.get(name)
        members = inside.data if isinstance(inside.data, list) else []
        return [Place(f"{inside.path}[{at}]", member) for at, member in enumerate(members)]

    @property
    def text(self) -> str:
        """The text that stands here, if text does."""
        return self.data if isinstance(self.data, str) else ""

    def codes(self, system: str) -> set[str]:
        """The codes of a concept in one system."""
        codings = self.each("coding")
        return {each.get("code").text for each in codings if each.get("system").text == system}


class Given(NamedTuple):
    """An answer that an element gives, and where it stands."""

    path: str
    value: Any


class Contents:
    """The resources of a sound bundle, by type, and where a reference leads."""

    def __init__(self, bundle: Mapping[str, Any]) -> None:
        self.resources: list[Place] = []
        self.by_address: dict[str, Place] = {}
        for entry in Place("Bundle", bundle).each("entry"):
            resource = entry.get("resource")
            self.resources.append(resource)
            for address in _addresses(entry, resource):
                self.by_address.setdefault(address, resource)

    def of(self, kind: str) -> list[Place]:
        """The resources of one type, in the order of the bundle, but for those taken back."""
        return [each for each in self._all(kind) if each.get("status").text not in TAKEN_BACK]

    def taken_back(self, kind: str) -> list[Place]:
        """The resources of one type of which their own status says that they are not so."""
        return [each for each in self._all(kind) if each.get("status").text in TAKEN_BACK]

    def _all(self, kind: str) -> list[Place]:
        return [each for each in self.resources if each.get("resourceType").text == kind]

    def follow(self, reference: Place, kind: str) -> Place | None:
        """The resource of one type that a reference leads to, where it is in the bundle."""
        found = self.by_address.get(reference.get("reference").text)
        return found if found and found.get("resourceType").text == kind else None


def _addresses(entry: Place, resource: Place) -> Iterator[str]:
    if full := entry.get("fullUrl").text:
        yield full
    if name := resource.get("id").text:
        yield f"{resource.get('resourceType').text}/{name}"


def problems(bundle: Mapping[str, Any]) -> list[Problem]:
    """What keeps the bundle from being read; nothing where it is sound."""
    found = list(_of_shell(bundle))
    if not found:
        for entry in Place("Bundle", bundle).each("entry"):
            found += _of_entry(entry)
    return found or list(_of_patients(Contents(bundle)))


def passed_over(contents: Contents) -> list[Problem]:
    """What is in the bundle and was not looked at."""
    known = [each for kind in READ for each in contents.of(kind)]
    places = [each for each in contents.resources if each not in known]
    places += [each.get("contained") for each in known if each.get("contained").data]
    return [Problem(each.path, "not_read", NOT_READ) for each in places]


def _of_shell(bundle: Mapping[str, Any]) -> Iterator[Problem]:
    entries = bundle.get("entry")
    if bundle.get("resourceType") != "Bundle":
        yield Problem("Bundle.resourceType", "wrong_type", "Send a resource of type Bundle.")
    elif not isinstance(entries, list) or not entries:
        yield Problem("Bundle.entry", "required", "Send a list of entries, each with a resource.")
    elif len(entries) > MOST_ENTRIES:
        yield Problem("Bundle.entry", "too_many", f"Send at most {MOST_ENTRIES} entries.")
    elif bundle.get("type") not in TYPES:
        kinds = " or ".join(TYPES)
        yield Problem("Bundle.type", "invalid_choice", f"Send a bundle of type {kinds}.")
    else:
        shell = {**bundle, "entry": [_without_resource(entry) for entry in entries]}
        yield from _faults(Bundle, shell, "Bundle")
        yield from _of_first_entry(bundle)


def _without_resource(entry: Any) -> dict[str, Any]:
    """An entry by itself; one that is no object is told with the resource that it lacks."""
    inside = entry.items() if isinstance(entry, dict) else ()
    return {name: value for name, value in inside if name != "resource"}


def _of_first_entry(bundle: Mapping[str, Any]) -> Iterator[Problem]:
    first = Place("Bundle", bundle).each("entry")[0].get("resource")
    if bundle.get("type") == "message" and first.get("resourceType").text != "MessageHeader":
        sentence = "In a message the first entry is its MessageHeader."
        yield Problem(first.path, "invalid", sentence)


def _of_entry(entry: Place) -> list[Problem]:
    resource = entry.get("resource")
    kind = resource.get("resourceType")
    if not kind.text:
        return [Problem(kind.path, *MISSING)]
    if kind.text not in READ:
        return []
    data = {name: value for name, value in resource.data.items() if name != "contained"}
    return list(_faults(READ[kind.text], data, resource.path))


def _faults(model: Any, data: Any, path: str) -> Iterator[Problem]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            code, sentence = FAULTS.get(fault["type"], WRONG)
            yield Problem(path + _steps(fault["loc"]), code, sentence)
    except STUMBLES:
        yield Problem(
            path, "invalid", "One of the values here is of a type that R4 does not allow."
        )


def _steps(location: tuple[int | str, ...]) -> str:
    """The way to an element as FHIRPath writes it, up to what can be the name of one."""
    steps = ""
    for step in location:
        if isinstance(step, int):
            steps += f"[{step}]"
        elif ELEMENT.fullmatch(step):
            steps += f".{step}"
        else:
            break
    return steps


def _of_patients(contents: Contents) -> Iterator[Problem]:
    patients = contents.of("Patient")
    if not patients:
        yield Problem("Bundle.entry", "required", "Send the child as a resource of type Patient.")
    for another in patients[1:]:
        yield Problem(another.path, "too_many", "Send one child in a bundle.")
    for patient in patients:
        if str(patient.get("deceasedBoolean").data).lower() == "false":
            alive = patient.get("deceasedBoolean").path
            yield Problem(alive, "impossible", "This says that the child is alive.")
