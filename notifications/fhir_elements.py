"""Which element of a FHIR R4 bundle answers which question.

``ELEMENTS`` is the mapping; ``docs/api/fhir-mapping.md`` shows it to suppliers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cdop.core.dates import in_london
from cdop.core.fields import PEOPLE_LINES
from cdop.core.typed import EARLIEST_YEAR, LATEST_YEAR
from notifications import api_answers
from notifications.api_problems import Problem
from notifications.fhir_bundle import Contents, Place

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ETHNIC_EXTENSION = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory"
ETHNIC_SYSTEM = "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
DISCHARGE = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
OUR_LISTS = "urn:cdop:vocabulary:"
DIED, DEATH = "81956-5", "419620001"
PRONOUNCED, WHERE = "80616-6", "58332-8"

NO_DEATH = (
    "This says that the death was entered in error or cancelled, so nothing was received. To take "
    "back a notification that was sent before, ring us."
)

FORMER_NAMES = ("old", "maiden", "nickname", "anonymous")
SEXES = {"male": "male", "female": "female", "other": "not_known", "unknown": "not_known"}
SNOMED_PLACES = {"876879006": "home", "16983000": "hospital_other"}
# NHS Data Dictionary, ethnic category 2001; our codes on the right.
ETHNIC_GROUPS = {
    "A": "white_british",
    "B": "white_irish",
    "C": "white_other",
    "D": "mixed_caribbean",
    "E": "mixed_african",
    "F": "mixed_asian",
    "G": "mixed_other",
    "H": "asian_indian",
    "J": "asian_pakistani",
    "K": "asian_bangladeshi",
    "L": "asian_other",
    "M": "black_caribbean",
    "N": "black_african",
    "P": "black_other",
    "R": "asian_chinese",
    "S": "other_any",
    "Z": "not_known",
}
DATE_TIME = re.compile(
    r"(?P<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:[0-9]{2}(\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
)
SECONDS = re.compile(r"([0-9]{2}:[0-9]{2}):[0-9]{2}(\.[0-9]+)?")


class Given(NamedTuple):
    """An answer that an element gives, and where it stands."""

    path: str
    value: Any


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


# Who, where and when, as the resources say it


def _child(contents: Contents) -> Place:
    return contents.of("Patient")[0]


def _name(contents: Contents) -> Place | None:
    """The name by which the child was known last."""
    names = [each for each in _child(contents).each("name") if not _is_former(each)]
    official = [each for each in names if each.get("use").text == "official"]
    return next(iter(official or names), None)


def _is_former(name: Place) -> bool:
    return name.get("use").text in FORMER_NAMES


def _given_names(name: Place) -> str:
    return " ".join(each.text for each in name.each("given") if each.text)


def _in_full(name: Place) -> str:
    parts = [_given_names(name), name.get("family").text]
    return name.get("text").text or " ".join(filter(None, parts))


def _full_name(person: Place) -> Given:
    names = person.each("name")
    return Given(names[0].path, _in_full(names[0])) if names else Given(person.path, "")


def _address(contents: Contents) -> Place | None:
    found = _child(contents).each("address")
    at_home = [each for each in found if each.get("use").text == "home"]
    return next(iter(at_home or found), None)


def _contact(holder: Place | None, system: str) -> Given | None:
    """The first telephone number or e-mail address of somebody."""
    for each in holder.each("telecom") if holder else ():
        if each.get("system").text == system and each.get("value").text:
            return Given(each.get("value").path, each.get("value").text)
    return None


def _role(contents: Contents) -> Place | None:
    """The role of the one who tells us: the author of the message, else the first in the bundle."""
    for header in contents.of("MessageHeader"):
        if author := contents.follow(header.get("author"), "PractitionerRole"):
            return author
    return next(iter(contents.of("PractitionerRole")), None)


def _notifier(contents: Contents) -> Place | None:
    for header in contents.of("MessageHeader"):
        if author := contents.follow(header.get("author"), "Practitioner"):
            return author
    role = _role(contents)
    named = contents.follow(role.get("practitioner"), "Practitioner") if role else None
    return named or next(iter(contents.of("Practitioner")), None)


def _observations(contents: Contents) -> list[Place]:
    return [each for each in contents.of("Observation") if _is_of_death(each)]


def taken_back(contents: Contents) -> Iterator[Problem]:
    """The observations that a death was none: such a bundle reports nothing."""
    for each in contents.taken_back("Observation"):
        if _is_of_death(each):
            yield Problem(each.get("status").path, "impossible", NO_DEATH)


def _is_of_death(observation: Place) -> bool:
    code = observation.get("code")
    return DIED in code.codes(LOINC) or DEATH in code.codes(SNOMED)


def _components(contents: Contents, code: str) -> list[Place]:
    parts = [part for each in _observations(contents) for part in each.each("component")]
    return [part for part in parts if code in part.get("code").codes(LOINC)]


def _encounters(contents: Contents) -> list[Place]:
    """Those that ended with the death; where none says so, the only one."""
    found = contents.of("Encounter")
    return _ended(contents) or (found if len(found) == 1 else [])


def _ended(contents: Contents) -> list[Place]:
    dispositions = [
        (each, each.get("hospitalization").get("dischargeDisposition").codes(DISCHARGE))
        for each in contents.of("Encounter")
    ]
    return [each for each, codes in dispositions if "exp" in codes]


def _moments_of_death(contents: Contents, *, kind: str) -> list[Place]:
    """Where the moment of death stands. An encounter may end later, so it is asked last."""
    observed = [each.get("valueDateTime") for each in _observations(contents)]
    recorded = [_child(contents).get("deceasedDateTime")]
    if kind != "Encounter":
        return observed if kind == "Observation" else recorded
    if any(each.text for each in [*observed, *recorded]):
        return []
    return [each.get("period").get("end") for each in _ended(contents)]


class Wall(NamedTuple):
    """A day and, where it was said, a time of day, as clocks in London show them."""

    day: str
    clock: str = ""


def _wall(said: Place) -> Wall:
    """A FHIR dateTime as London saw it. What is no whole date stays as it was written."""
    found = DATE_TIME.fullmatch(said.text)
    if not found or not EARLIEST_YEAR < int(said.text[:4]) < LATEST_YEAR:
        return Wall(said.text)
    # Without seconds: R4 allows the 60th of a leap second, and we keep minutes.
    shown = in_london(datetime.fromisoformat(found["minute"] + found["zone"]))
    return Wall(shown.date().isoformat(), f"{shown:%H:%M}")


# What each element answers


def _read_name(part: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        if name := _name(contents):
            text = _given_names(name) if part == "given" else name.get(part).text
            yield Given(name.get(part).path, text)

    return found


def _read_other_names(contents: Contents) -> Iterator[Given]:
    known = _name(contents)
    others = [
        each for each in _child(contents).each("name") if known is None or each.path != known.path
    ]
    if others:
        yield Given(others[0].path, ", ".join(filter(None, map(_in_full, others))))


def _read_birth(contents: Contents) -> Iterator[Given]:
    born = _child(contents).get("birthDate")
    if api_answers.day_of(born.text):
        yield Given(born.path, born.text)


def _read_sex(contents: Contents) -> Iterator[Given]:
    gender = _child(contents).get("gender")
    # An unknown code goes on as it is, for the question to refuse.
    yield Given(gender.path, SEXES.get(gender.text, gender.text))


def _read_number(contents: Contents) -> Iterator[Given]:
    for identifier in _child(contents).each("identifier"):
        if identifier.get("system").text == NHS_NUMBER:
            yield Given(identifier.get("value").path, identifier.get("value").text)


def _read_address(contents: Contents) -> Iterator[Given]:
    if home := _address(contents):
        lines = [each.text for each in home.each("line")]
        lines += [home.get("city").text, home.get("district").text]
        yield Given(home.path, home.get("text").text or "\n".join(filter(None, lines)))


def _read_postcode(contents: Contents) -> Iterator[Given]:
    if home := _address(contents):
        yield Given(home.get("postalCode").path, home.get("postalCode").text)


def _read_ethnic_group(contents: Contents) -> Iterator[Given]:
    for extension in _child(contents).each("extension"):
        if extension.get("url").text == ETHNIC_EXTENSION:
            concept = extension.get("valueCodeableConcept")
            for code in concept.codes(ETHNIC_SYSTEM) & ETHNIC_GROUPS.keys():
                yield Given(concept.path, ETHNIC_GROUPS[code])


def _read_mother(contents: Contents) -> Iterator[Given]:
    for contact in _child(contents).each("contact"):
        if any("MTH" in each.codes(ROLES) for each in contact.each("relationship")):
            yield Given(contact.get("name").path, _in_full(contact.get("name")))


def _read_carers(contents: Contents) -> Iterator[Given]:
    contacts = _child(contents).each("contact")
    if contacts:
        yield Given(_child(contents).get("contact").path, [_carer(each) for each in contacts])


def _carer(contact: Place) -> dict[str, str]:
    phone = _contact(contact, "phone")
    words = (_in_words(concept) for concept in contact.each("relationship"))
    return {
        "name": _in_full(contact.get("name")),
        "relationship": ", ".join(filter(None, words)),
        "details": phone.value if phone else "",
    }


def _professional(person: Place, roles: list[Place]) -> dict[str, str]:
    phone = _contact(person, "phone")
    return {
        "name": _full_name(person).value,
        "role": ", ".join(filter(None, map(_in_words, roles))),
        "telephone": phone.value if phone else "",
    }


def _in_words(concept: Place) -> str:
    shown = [each.get("display").text or each.get("code").text for each in concept.each("coding")]
    return concept.get("text").text or next(filter(None, shown), "")


def _read_day(kind: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        for said in _moments_of_death(contents, kind=kind):
            yield Given(said.path, _wall(said).day)

    return found


def _read_clock(kind: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        for said in _moments_of_death(contents, kind=kind):
            yield Given(said.path, _wall(said).clock)

    return found


def _read_confirmed(contents: Contents) -> Iterator[Given]:
    for part in _components(contents, PRONOUNCED):
        at = part.get("valueDateTime")
        clock = SECONDS.fullmatch(part.get("valueTime").text)
        yield Given(part.path, clock[1] if clock else _wall(at).clock)


def _read_place(contents: Contents) -> Iterator[Given]:
    for part in _components(contents, WHERE):
        concept = part.get("valueCodeableConcept")
        for code in sorted(concept.codes(f"{OUR_LISTS}places")):
            yield Given(concept.path, code)
        if not concept.codes(f"{OUR_LISTS}places"):
            for code in sorted(concept.codes(SNOMED) & SNOMED_PLACES.keys()):
                yield Given(concept.path, SNOMED_PLACES[code])


def _read_place_name(contents: Contents) -> Iterator[Given]:
    for encounter in _encounters(contents):
        names = [each.get("location").get("display") for each in encounter.each("location")]
        for name in [each for each in names if each.text][-1:]:
            yield Given(name.path, name.text)


def _read_consultants(contents: Contents) -> Iterator[Given]:
    notifier = _notifier(contents)
    people = []
    for encounter in _encounters(contents):
        for participant in encounter.each("participant"):
            person = contents.follow(participant.get("individual"), "Practitioner")
            if person and (notifier is None or person.path != notifier.path):
                people.append(_professional(person, participant.each("type")))
    if people:
        yield Given(_encounters(contents)[0].get("participant").path, people)


def _read_notifier(contents: Contents) -> Iterator[Given]:
    if notifier := _notifier(contents):
        yield _full_name(notifier)


def _read_telecom(system: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        role, person = _role(contents), _notifier(contents)
        if given := _contact(role, system) or _contact(person, system):
            yield given

    return found


def _read_role(contents: Contents) -> Iterator[Given]:
    role = _role(contents)
    for concept in role.each("code") if role else ():
        for code in sorted(concept.codes(f"{OUR_LISTS}notifier_roles")):
            yield Given(concept.path, code)


def _read_organisation(contents: Contents) -> Iterator[Given]:
    role = _role(contents)
    linked = contents.follow(role.get("organization"), "Organization") if role else None
    for found in [linked] if linked else contents.of("Organization")[:1]:
        yield Given(found.get("name").path, found.get("name").text)


ELEMENTS: tuple[Element, ...] = (
    Element(
        "Observation.valueDateTime",
        "date_of_death",
        "Of the Observation with code LOINC 81956-5 or SNOMED CT 419620001. The day in London. "
        "This is looked at first",
        _read_day("Observation"),
    ),
    Element(
        "Patient.deceasedDateTime",
        "date_of_death",
        "The day in London; it must be the same day",
        _read_day("Patient"),
    ),
    Element(
        "Encounter.period.end",
        "date_of_death",
        "Where hospitalization.dischargeDisposition is exp, and neither of the others is there",
        _read_day("Encounter"),
    ),
    Element(
        "Observation.valueDateTime",
        "time_of_death",
        "The time in London, where there is one",
        _read_clock("Observation"),
    ),
    Element(
        "Patient.deceasedDateTime",
        "time_of_death",
        "The time in London, where there is one",
        _read_clock("Patient"),
    ),
    Element(
        "Encounter.period.end",
        "time_of_death",
        "The time in London, where there is one",
        _read_clock("Encounter"),
    ),
    Element(
        "Observation.component.valueDateTime",
        "time_death_confirmed",
        "Of the component LOINC 80616-6; valueTime may be used as well",
        _read_confirmed,
    ),
    Element(
        "Observation.component.valueCodeableConcept",
        "place_of_death",
        "Of the component LOINC 58332-8; a code of urn:cdop:vocabulary:places, or SNOMED CT "
        "876879006 (home) or 16983000 (hospital)",
        _read_place,
    ),
    Element(
        "Encounter.location.location.display",
        "place_of_death_name",
        "The last one of the Encounter that ended with the death, or of the only one",
        _read_place_name,
    ),
    Element(
        "Patient.name.given",
        "given_names",
        "The official name, else the first",
        _read_name("given"),
    ),
    Element("Patient.name.family", "family_name", "Of the same name", _read_name("family")),
    Element("Patient.name", "other_names", "All names but that one", _read_other_names),
    Element(
        "Patient.birthDate", "date_of_birth", "A whole date; a part of one is not read", _read_birth
    ),
    Element("Patient.gender", "sex", "other and unknown are both not_known", _read_sex),
    Element("Patient.identifier.value", "nhs_number", f"Of the system {NHS_NUMBER}", _read_number),
    Element(
        "Patient.address",
        "address",
        "The home, else the first: text, or lines, city, district",
        _read_address,
    ),
    Element("Patient.address.postalCode", "postcode", "Of the same address", _read_postcode),
    Element(
        "Patient.extension.valueCodeableConcept",
        "ethnic_group",
        "The UK Core extension for the ethnic category, with a code for England",
        _read_ethnic_group,
    ),
    Element(
        "Patient.contact.name", "mother_name", "Of the contact with relationship MTH", _read_mother
    ),
    Element(
        "Patient.contact",
        "carers",
        f"All contacts, at most {PEOPLE_LINES}: name, relationship, telephone",
        _read_carers,
    ),
    Element(
        "Practitioner.name",
        "notifier_name",
        "MessageHeader.author, else the first PractitionerRole's, else the first in the bundle",
        _read_notifier,
    ),
    Element(
        "PractitionerRole.telecom.value",
        "notifier_phone",
        "The first telephone number; else that of the Practitioner",
        _read_telecom("phone"),
    ),
    Element(
        "PractitionerRole.telecom.value",
        "notifier_email",
        "The first e-mail address; else that of the Practitioner",
        _read_telecom("email"),
    ),
    Element(
        "PractitionerRole.code",
        "notifier_role",
        "A code of urn:cdop:vocabulary:notifier_roles",
        _read_role,
    ),
    Element(
        "Organization.name",
        "notifier_organisation",
        "PractitionerRole.organization, else the first in the bundle",
        _read_organisation,
    ),
    Element(
        "Encounter.participant.individual",
        "consultants",
        f"Practitioners but the notifier, at most {PEOPLE_LINES}",
        _read_consultants,
    ),
)
