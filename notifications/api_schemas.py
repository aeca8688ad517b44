"""What goes in and out of the interface, as the schema describes it.

What may be answered is not part of the schema: it is the business of the edition in force on the
day of death, and ``/questions`` gives it as data. So a new edition changes no schema.
"""

from __future__ import annotations

from copy import deepcopy
from http import HTTPStatus
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from notifications.api_body import KEY, KEY_HEADER
from notifications.api_problems import FHIR_TYPE, PROBLEM_TYPE

REFERENCE = "^[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}$"


class Token(Schema):
    """A token, to be sent as ``Authorization: Bearer …`` until it expires."""

    access_token: str
    token_type: str = Field(pattern="^Bearer$")
    expires_in: int = Field(description="Seconds for which it is good", ge=1)


class Said(Schema):
    """One thing to correct or to know: about which field, of which kind, in words."""

    field: str
    code: str
    sentence: str


class Receipt(Schema):
    """That a notification arrived, and under which reference."""

    reference: str = Field(pattern=REFERENCE)
    received_at: AwareDatetime


class Received(Receipt):
    """A receipt, with what may be worth another look. Nothing in it stops the notification."""

    warnings: list[Said]


class Choice(Schema):
    code: str
    label: str


class AskedQuestion(Schema):
    """One question. ``when`` says after which answers it is asked; null is always."""

    code: str
    label: str
    hint: str
    why: str
    kind: str
    required: bool
    when: dict[str, Any] | None
    choices: list[Choice]


class AskedSection(Schema):
    """One page of questions; of those in ``either``, one has to be answered."""

    code: str
    title: str
    either: list[str]
    questions: list[AskedQuestion]


class Questions(Schema):
    """What is asked about a death on a day, by the guidance in force on that day."""

    edition: str
    title: str
    sections: list[AskedSection]


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


TEXT = {"type": "string"}
SAID = _object(["field", "code", "sentence"], field=TEXT, code=TEXT, sentence=TEXT)
PROBLEM = _object(
    ["type", "title", "status", "code", "detail", "problems"],
    type=TEXT,
    title=TEXT,
    status={"type": "integer"},
    code=TEXT,
    detail=TEXT,
    problems={"type": "array", "items": SAID},
)
OUTCOME = _object(
    ["resourceType", "issue"],
    resourceType={"const": "OperationOutcome"},
    issue={
        "type": "array",
        "minItems": 1,
        "items": _object(
            ["severity", "code", "diagnostics"],
            severity={"enum": ["error", "warning", "information"]},
            code=TEXT,
            diagnostics=TEXT,
            details={"type": "object"},
            expression={"type": "array", "items": TEXT},
        ),
    },
)
TOKEN_REFUSED = _object(["error"], error=TEXT, error_description=TEXT)
ANSWER = {
    "anyOf": [
        {"type": "string"},
        {"type": "integer"},
        {"type": "null"},
        {"type": "array", "items": {"type": "string"}},
        {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": {"type": "string"},
            },
        },
    ]
}
EXAMPLE_ANSWERS = {
    "date_of_death": "2026-03-27",
    "time_of_death": "14:30",
    "place_of_death": "paediatric_ward",
    "given_names": "Aaaa",
    "family_name": "Invented-Child",
    "date_of_birth": "2019-08-05",
    "nhs_number": "9990000123",
    "notifier_name": "Notifier Invented",
    "notifier_phone": "01632 960001",
}
ANSWERS = {
    "type": "object",
    "required": ["answers"],
    "additionalProperties": False,
    "properties": {
        "answers": {
            "type": "object",
            "description": "By code of question, as /questions lists them",
            "additionalProperties": ANSWER,
        }
    },
    "example": {"answers": EXAMPLE_ANSWERS},
}
CREDENTIALS = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": TEXT,
        "client_secret": TEXT,
    },
}
BUNDLE = {
    "type": "object",
    "required": ["resourceType", "type", "entry"],
    "properties": {
        "resourceType": {"const": "Bundle"},
        "type": {"enum": ["collection", "message"]},
        "entry": {
            "type": "array",
            "minItems": 1,
            "items": _object(["resource"], resource={"type": "object"}),
        },
    },
}
KEY_PARAMETER = {
    "in": "header",
    "name": KEY_HEADER,
    "required": True,
    "description": "New for each notification, and the same whenever it is sent again",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
    "example": "5f1d7a52-0b2e-4c50-9f0e-3a9a2f7a9b11",
}
DAY_PARAMETER = {
    "in": "query",
    "name": "date_of_death",
    "required": False,
    "description": "Which day's guidance; today's if left out",
    "schema": {"type": "string", "format": "date"},
}
LOCATION = {"Location": {"description": "Where the receipt can be asked for", "schema": TEXT}}


# Responses go by the number of their status, as the library's own do, so that the two are merged.
Responses = dict[int, dict[str, Any]]


def refusals(*statuses: int, fhir: bool = False) -> Responses:
    """The responses of refused calls, as the schema lists them."""
    schema, media_type = (OUTCOME, FHIR_TYPE) if fhir else (PROBLEM, PROBLEM_TYPE)
    return {status: _response(HTTPStatus(status).phrase, media_type, schema) for status in statuses}


def posted(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    """What is sent, as the schema lists it."""
    return {"required": True, "content": {media_type: {"schema": deepcopy(schema)}}}


def outcome_received() -> Responses:
    """The answer to a bundle that was received, as the schema lists it."""
    return {202: _response("Accepted", FHIR_TYPE, OUTCOME) | {"headers": deepcopy(LOCATION)}}


def token_refused() -> Responses:
    """The refusals of the address for tokens (RFC 6749, section 5.2)."""
    return {
        status: _response(said, "application/json", TOKEN_REFUSED)
        for status, said in ((400, "Bad Request"), (401, "Unauthorized"))
    }


def _response(said: str, media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    # A copy each: the library writes into what it was given.
    return {"description": said, "content": {media_type: {"schema": deepcopy(schema)}}}
