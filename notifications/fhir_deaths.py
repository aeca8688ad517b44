"""What a bundle says of the death: when and where the child died, and who was there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from cdop.core.dates import in_london
from cdop.core.typed import EARLIEST_YEAR, LATEST_YEAR
from notifications.api_problems import Problem
from notifications.fhir_bundle import OUR_LISTS, Contents, Given, Place
from notifications.fhir_people import child_of, notifier_of, professional

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
DISCHARGE = "http://terminology.hl7.org/CodeSystem/discharge-disposition"
DIED, DEATH = "81956-5", "419620001"
PRONOUNCED, WHERE = "80616-6", "58332-8"

NO_DEATH = (
    "This says that the death was entered in error or cancelled, so nothing was received. To take "
    "back a notification that was sent before, ring us."
)

SNOMED_PLACES = {"876879006": "home", "16983000": "hospital_other"}
DATE_TIME = re.compile(
    r"(?P<minute>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})(:[0-9]{2}(\.[0-9]+)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
)
SECONDS = re.compile(r"([0-9]{2}:[0-9]{2}):[0-9]{2}(\.[0-9]+)?")


# As the resources say it


def taken_back(contents: Contents) -> Iterator[Problem]:
    """The observations that a death was none: such a bundle reports nothing."""
    for each in contents.taken_back("Observation"):
        if _is_of_death(each):
            yield Problem(each.get("status").path, "impossible", NO_DEATH)


def _observations(contents: Contents) -> list[Place]:
    return [each for each in contents.of("Observation") if _is_of_death(each)]


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
    recorded = [child_of(contents).get("deceasedDateTime")]
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


def read_day(kind: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        for said in _moments_of_death(contents, kind=kind):
            yield Given(said.path, _wall(said).day)

    return found


def read_clock(kind: str) -> Callable[[Contents], Iterator[Given]]:
    def found(contents: Contents) -> Iterator[Given]:
        for said in _moments_of_death(contents, kind=kind):
            yield Given(said.path, _wall(said).clock)

    return found


def read_confirmed(contents: Contents) -> Iterator[Given]:
    for part in _components(contents, PRONOUNCED):
        at = part.get("valueDateTime")
        clock = SECONDS.fullmatch(part.get("valueTime").text)
        yield Given(part.path, clock[1] if clock else _wall(at).clock)


def read_place(contents: Contents) -> Iterator[Given]:
    for part in _components(contents, WHERE):
        concept = part.get("valueCodeableConcept")
        for code in sorted(concept.codes(f"{OUR_LISTS}places")):
            yield Given(concept.path, code)
        if not concept.codes(f"{OUR_LISTS}places"):
            for code in sorted(concept.codes(SNOMED) & SNOMED_PLACES.keys()):
                yield Given(concept.path, SNOMED_PLACES[code])


def read_place_name(contents: Contents) -> Iterator[Given]:
    for encounter in _encounters(contents):
        names = [each.get("location").get("display") for each in encounter.each("location")]
        for name in [each for each in names if each.text][-1:]:
            yield Given(name.path, name.text)


def read_consultants(contents: Contents) -> Iterator[Given]:
    notifier = notifier_of(contents)
    people = []
    for encounter in _encounters(contents):
        for participant in encounter.each("participant"):
            person = contents.follow(participant.get("individual"), "Practitioner")
            if person and (notifier is None or person.path != notifier.path):
                people.append(professional(person, participant.each("type")))
    if people:
        yield Given(_encounters(contents)[0].get("participant").path, people)
