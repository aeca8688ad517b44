"""Which element of a FHIR R4 bundle answers which question.

``ELEMENTS`` is the mapping; ``docs/api/fhir-mapping.md`` shows it to suppliers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cdop.core.fields import PEOPLE_LINES
from notifications import fhir_deaths as deaths
from notifications import fhir_people as people
from notifications.fhir_bundle import Contents, Given
from notifications.fhir_people import NHS_NUMBER


@dataclass(frozen=True)
class Element:
    """One line of the mapping.

    path  the element, as the mapping and our problems name it
    code  the question that it answers
    note  what a supplier has to know about it
    read  finds the answers in a bundle
    """

    path: str
    code: str
    note: str
    read: Callable[[Contents], Iterable[Given]]


ELEMENTS: tuple[Element, ...] = (
    Element(
        "Observation.valueDateTime",
        "date_of_death",
        "Of the Observation with code LOINC 81956-5 or SNOMED CT 419620001. The day in London. "
        "This is looked at first",
        deaths.read_day("Observation"),
    ),
    Element(
        "Patient.deceasedDateTime",
        "date_of_death",
        "The day in London; it must be the same day",
        deaths.read_day("Patient"),
    ),
    Element(
        "Encounter.period.end",
        "date_of_death",
        "Where hospitalization.dischargeDisposition is exp, and neither of the others is there",
        deaths.read_day("Encounter"),
    ),
    Element(
        "Observation.valueDateTime",
        "time_of_death",
        "The time in London, where there is one",
        deaths.read_clock("Observation"),
    ),
    Element(
        "Patient.deceasedDateTime",
        "time_of_death",
        "The time in London, where there is one",
        deaths.read_clock("Patient"),
    ),
    Element(
        "Encounter.period.end",
        "time_of_death",
        "The time in London, where there is one",
        deaths.read_clock("Encounter"),
    ),
    Element(
        "Observation.component.valueDateTime",
        "time_death_confirmed",
        "Of the component LOINC 80616-6; valueTime may be used as well",
        deaths.read_confirmed,
    ),
    Element(
        "Observation.component.valueCodeableConcept",
        "place_of_death",
        "Of the component LOINC 58332-8; a code of urn:cdop:vocabulary:places, or SNOMED CT "
        "876879006 (home) or 16983000 (hospital)",
        deaths.read_place,
    ),
    Element(
        "Encounter.location.location.display",
        "place_of_death_name",
        "The last one of the Encounter that ended with the death, or of the only one",
        deaths.read_place_name,
    ),
    Element(
        "Patient.name.given",
        "given_names",
        "The official name, else the first",
        people.read_name("given"),
    ),
    Element("Patient.name.family", "family_name", "Of the same name", people.read_name("family")),
    Element("Patient.name", "other_names", "All names but that one", people.read_other_names),
    Element(
        "Patient.birthDate",
        "date_of_birth",
        "A whole date; a part of one is not read",
        people.read_birth,
    ),
    Element("Patient.gender", "sex", "other and unknown are both not_known", people.read_sex),
    Element(
        "Patient.identifier.value", "nhs_number", f"Of the system {NHS_NUMBER}", people.read_number
    ),
    Element(
        "Patient.address",
        "address",
        "The home, else the first: text, or lines, city, district",
        people.read_address,
    ),
    Element("Patient.address.postalCode", "postcode", "Of the same address", people.read_postcode),
    Element(
        "Patient.extension.valueCodeableConcept",
        "ethnic_group",
        "The UK Core extension for the ethnic category, with a code for England",
        people.read_ethnic_group,
    ),
    Element(
        "Patient.contact.name",
        "mother_name",
        "Of the contact with relationship MTH",
        people.read_mother,
    ),
    Element(
        "Patient.contact",
        "carers",
        f"All contacts, at most {PEOPLE_LINES}: name, relationship, telephone",
        people.read_carers,
    ),
    Element(
        "Practitioner.name",
        "notifier_name",
        "MessageHeader.author, else the first PractitionerRole's, else the first in the bundle",
        people.read_notifier,
    ),
    Element(
        "PractitionerRole.telecom.value",
        "notifier_phone",
        "The first telephone number; else that of the Practitioner",
        people.read_telecom("phone"),
    ),
    Element(
        "PractitionerRole.telecom.value",
        "notifier_email",
        "The first e-mail address; else that of the Practitioner",
        people.read_telecom("email"),
    ),
    Element(
        "PractitionerRole.code",
        "notifier_role",
        "A code of urn:cdop:vocabulary:notifier_roles",
        people.read_role,
    ),
    Element(
        "Organization.name",
        "notifier_organisation",
        "PractitionerRole.organization, else the first in the bundle",
        people.read_organisation,
    ),
    Element(
        "Encounter.participant.individual",
        "consultants",
        f"Practitioners but the notifier, at most {PEOPLE_LINES}",
        deaths.read_consultants,
    ),
)
