"""What is wrong with a call, told to a program and to the person who reads its log.

As ``application/problem+json`` (RFC 9457) with a list of problems, or, where FHIR is spoken, as an
OperationOutcome. Sentences never repeat what was sent: a log may keep them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

PROBLEM_TYPE = "application/problem+json"
FHIR_TYPE = "application/fhir+json"
FHIR_PLACE = "/fhir/"
CODES = "urn:cdop:problem"
MOST_PROBLEMS = 100
# The FHIR issue types (R4) for our codes; what is not listed is about a value.
ISSUE_TYPES = {
    "not_json": "structure",
    "too_deep": "structure",
    "not_an_object": "structure",
    "unknown_element": "structure",
    "unknown_field": "structure",
    "wrong_type": "structure",
    "required": "required",
    "missing_key": "required",
    "invalid_choice": "code-invalid",
    "impossible": "business-rule",
    "contradiction": "business-rule",
    "not_signed_in": "login",
    "not_found": "not-found",
    "not_allowed": "not-supported",
    "wrong_media_type": "not-supported",
    "other_content": "conflict",
    "too_large": "too-long",
    "too_many_calls": "throttled",
    "not_read": "informational",
}


@dataclass(frozen=True)
class Problem:
    """One thing to correct or to know.

    field     the code of a question, the name of a parameter, or a FHIRPath; "" for the whole
    code      what kind of thing it is, for a program
    sentence  what it is, for a person
    """

    field: str
    code: str
    sentence: str

    def as_data(self) -> dict[str, str]:
        return {"field": self.field, "code": self.code, "sentence": self.sentence}


class Trouble(Exception):
    """A call that is refused, with all that is needed to answer it. Nothing was kept.

    code      what kind of refusal it is
    sentence  what to do, in words
    problems  what is wrong in particular, where there is more to say
    headers   what goes with the answer, such as Retry-After
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        sentence: str,
        *,
        problems: Iterable[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.sentence = status, code, sentence
        self.problems = list(problems)[:MOST_PROBLEMS]
        self.headers = dict(headers or {})


def not_signed_in(sentence: str) -> Trouble:
    """Refuse a call that no token opens; the header says how to sign in (RFC 6750)."""
    return Trouble(
        HTTPStatus.UNAUTHORIZED,
        "not_signed_in",
        sentence,
        headers={"WWW-Authenticate": 'Bearer realm="cdop", error="invalid_token"'},
    )


def not_found() -> Trouble:
    """Refuse without saying whether there is such a thing, or whose it is."""
    return Trouble(
        HTTPStatus.NOT_FOUND, "not_found", "There is nothing here, or nothing that you sent."
    )


def answer(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The refusal in the language that the address speaks."""
    fhir = FHIR_PLACE in request.path_info
    data = as_outcome(trouble) if fhir else as_problem(trouble)
    response = HttpResponse(
        json.dumps(data, ensure_ascii=False),
        status=trouble.status,
        content_type=FHIR_TYPE if fhir else PROBLEM_TYPE,
    )
    for name, value in trouble.headers.items():
        response.headers[name] = value
    return response


def as_problem(trouble: Trouble) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": trouble.status.phrase,
        "status": int(trouble.status),
        "code": trouble.code,
        "detail": trouble.sentence,
        "problems": [problem.as_data() for problem in trouble.problems],
    }


def as_outcome(trouble: Trouble) -> dict[str, Any]:
    found = trouble.problems or [Problem("", trouble.code, trouble.sentence)]
    return outcome(issue("error", problem) for problem in found)


def outcome(issues: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """An OperationOutcome of R4."""
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def issue(severity: str, problem: Problem) -> dict[str, Any]:
    """One issue: where, of which kind, in words."""
    said = {
        "severity": severity,
        "code": ISSUE_TYPES.get(problem.code, "value"),
        "details": {"coding": [{"system": CODES, "code": problem.code}]},
        "diagnostics": problem.sentence,
    }
    return said | ({"expression": [problem.field]} if problem.field else {})
