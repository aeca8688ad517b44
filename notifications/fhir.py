"""The answers in a FHIR R4 bundle, read as if they had been sent by themselves.

What has no element in the mapping can be answered by a QuestionnaireResponse, whose ``linkId`` are
the codes of questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cdop.core.questions import LINES
from notifications import api_answers, fhir_bundle
from notifications.api_answers import LONGEST_NAME, Reading
from notifications.api_problems import Problem, issue, outcome
from notifications.fhir_bundle import Contents, Given, Place
from notifications.fhir_deaths import SECONDS, taken_back
from notifications.fhir_elements import ELEMENTS
from notifications.unfinished import DATE_OF_DEATH, QUESTIONNAIRE

REFERENCES = "urn:cdop:reference"
CONTRADICTION = "Another element of the bundle answers the same otherwise. Correct one of the two."


def read(bundle: Mapping[str, Any], now: datetime) -> Reading:
    """Read a bundle as if its answers had been sent by themselves; problems name elements."""
    if broken := fhir_bundle.problems(bundle):
        return _refused(broken, now)
    contents = Contents(bundle)
    if no_death := list(taken_back(contents)):
        return _refused(no_death, now)
    chosen, wrong = _chosen(list(answers(contents)), now)
    reading = api_answers.read({code: given.value for code, given in chosen.items()}, now)
    places = {code[:LONGEST_NAME]: given.path for code, given in chosen.items()}
    not_read = (*_partial_dates(contents), *fhir_bundle.passed_over(contents))
    return replace(
        reading,
        problems=(*wrong, *_placed(reading.problems, places)),
        warnings=(*_placed(reading.warnings, places), *not_read),
    )


def _refused(problems: list[Problem], now: datetime) -> Reading:
    """Of this bundle no answer is read."""
    return Reading(api_answers.edition_for({}, now), {}, tuple(problems), ())


def _chosen(
    found: list[tuple[str, Given]], now: datetime
) -> tuple[dict[str, Given], list[Problem]]:
    """The first answer to each question, and where a later one says otherwise."""
    kinds = _kinds(found, now)
    chosen: dict[str, Given] = {}
    wrong = []
    for code, (path, value) in found:
        given = Given(path, _fit(value, kinds.get(code, "")))
        if chosen.setdefault(code, given).value != given.value:
            wrong.append(Problem(path, "contradiction", CONTRADICTION))
    return chosen, wrong


def _kinds(found: list[tuple[str, Given]], now: datetime) -> dict[str, str]:
    """By code, the kinds of question that the edition of the day of death asks."""
    days = [_fit(given.value, "date") for code, given in found if code == DATE_OF_DEATH]
    edition = api_answers.edition_for({DATE_OF_DEATH: days[0] if days else None}, now)
    return {each.code: each.kind for each in edition.questionnaires[QUESTIONNAIRE].questions}


def received(reference: str, warnings: Iterable[Problem]) -> dict[str, Any]:
    """The outcome of a bundle that was received."""
    said = {
        "severity": "information",
        "code": "informational",
        "details": {"coding": [{"system": REFERENCES, "code": reference}], "text": reference},
        "diagnostics": "The notification was received. Quote its reference when you ask about it.",
    }
    return outcome([said, *(issue("warning", warning) for warning in warnings)])


def answers(contents: Contents) -> Iterator[tuple[str, Given]]:
    """Every answer in a sound bundle, by code of question, in the order of the mapping."""
    for element in ELEMENTS:
        for given in element.read(contents):
            if given.value not in (None, "", []):
                yield element.code, given
    for item in _items(contents):
        if values := [_value(answer) for answer in item.each("answer")]:
            yield item.get("linkId").text, Given(item.path, values)


def expected_at(code: str) -> str:
    """Where the answer to a question is looked for first, as a FHIRPath."""
    for element in ELEMENTS:
        if element.code == code:
            kind, _, rest = element.path.partition(".")
            return f"Bundle.entry.resource.ofType({kind}).{rest}"
    return f"Bundle.entry.resource.ofType(QuestionnaireResponse).item.where(linkId='{code}')"


def _placed(found: Iterable[Problem], places: Mapping[str, str]) -> Iterator[Problem]:
    for problem in found:
        code = problem.field
        yield replace(problem, field=places.get(code) or expected_at(code))


def _fit(value: Any, kind: str) -> Any:
    """An answer as its question takes it: those of a QuestionnaireResponse are always lists."""
    if not isinstance(value, list) or kind == "choices":
        return value
    if kind in LINES:
        return [{"name": each} if isinstance(each, str) else each for each in value]
    return value[0] if len(value) == 1 else value


def _items(contents: Contents) -> Iterator[Place]:
    """Every item of every QuestionnaireResponse, those in groups too."""
    waiting = contents.of("QuestionnaireResponse")
    while waiting:
        inside = [item for outer in waiting for item in outer.each("item")]
        yield from inside
        waiting = inside


def _value(answer: Place) -> Any:
    """What an answer holds, as it would be sent by itself; None where we do not read its type."""
    if isinstance(answer.get("valueBoolean").data, bool):
        return "yes" if answer.get("valueBoolean").data else "no"
    if clock := SECONDS.fullmatch(answer.get("valueTime").text):
        return clock[1]
    if code := answer.get("valueCoding").get("code").text:
        return code
    plain = ("valueString", "valueDate", "valueInteger")
    return next((found for name in plain if (found := answer.get(name).data) is not None), None)


def _partial_dates(contents: Contents) -> Iterator[Problem]:
    born = contents.of("Patient")[0].get("birthDate")
    if born.text and not api_answers.day_of(born.text):
        yield Problem(born.path, "not_read", "Only a whole date of birth can be kept.")
