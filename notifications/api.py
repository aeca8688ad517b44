"""The interface by which a trust's own system reports a death.

A system exchanges its secret for a token, and sends with it. The routing, the sign-in and the
schema are django-ninja's; what is sent is read by ``api_answers``, which asks the public form.
"""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from cdop import editions
from cdop.core import limits
from cdop.core.audit import record
from notifications import (
    api_answers,
    api_body,
    api_credentials,
    api_deliveries,
    api_problems,
    api_questions,
    api_token,
    fhir,
)
from notifications import api_schemas as schemas
from notifications.api_answers import Reading
from notifications.api_deliveries import Parcel
from notifications.api_models import System
from notifications.api_problems import FHIR_TYPE, Problem, Trouble
from notifications.intake import Route
from notifications.models import Notification

JSON = ("application/json",)
FHIR_JSON = (FHIR_TYPE, "application/json")
MOST_CALLS, WITHIN = 120, timedelta(minutes=1)
REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS)
SEND_REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    *REFUSALS,
)


class Bearer(HttpBearer):
    """Opens the door to whoever brings a token that is still good, as often as is allowed."""

    def authenticate(self, request: HttpRequest, token: str) -> System:
        system = api_credentials.system_of(token)
        if system is None:
            raise api_problems.not_signed_in(
                "The token is not good, or no longer. Ask for another."
            )
        _check_limit(limits.allow("system call", system.reference, most=MOST_CALLS, within=WITHIN))
        return system


class Interface(NinjaAPI):
    """Keeps its own problems apart from what the library would answer."""

    def set_default_exception_handlers(self) -> None:
        super().set_default_exception_handlers()
        self.add_exception_handler(Trouble, api_problems.answer)  # type: ignore[arg-type]
        self.add_exception_handler(AuthenticationError, _not_signed_in)  # type: ignore[arg-type]


def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    trouble = api_problems.not_signed_in("Send a token: Authorization: Bearer …")
    return api_problems.answer(request, trouble)


interface = Interface(
    title="Pan-Cheshire Child Death Overview Panel: notifications",
    version="1",
    description="How a trust's own system tells the panel that a child has died. The guide for "
    "suppliers is at /api/v1/guide.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    auth=Bearer(),
)


@interface.post(
    "/token",
    auth=None,
    operation_id="token",
    summary="Exchange client id and secret for a token",
    response={200: schemas.Token},
    openapi_extra={
        "requestBody": schemas.posted(api_token.FORM, schemas.CREDENTIALS),
        "responses": schemas.token_refused() | schemas.refusals(413, 429),
        "security": [{"ClientCredentials": []}, {}],
    },
)
def token(request: HttpRequest) -> HttpResponse:
    """OAuth 2.0 client credentials, by HTTP Basic or in the form (RFC 6749, section 4.4)."""
    _check_limit(api_token.allowed(request))
    return api_token.answer(request)


@interface.post(
    "/notifications",
    operation_id="send",
    summary="Tell the panel that a child has died",
    response={202: schemas.Received},
    openapi_extra={
        "parameters": [schemas.KEY_PARAMETER],
        "requestBody": schemas.posted(JSON[0], schemas.ANSWERS),
        "responses": {202: {"headers": schemas.LOCATION}} | schemas.refusals(*SEND_REFUSALS),
    },
)
def send(request: HttpRequest, response: HttpResponse) -> Status:
    """Send the answers by code of question. Sent again under its key, it is the same one."""
    sent = api_body.read_json(request, JSON)
    key = api_body.idempotency_key(request)
    reading = api_answers.read(_answers_in(sent.value), timezone.now())
    notification = _deliver(request, Route.API, key, sent.canonical, reading)
    response.headers["Location"] = _receipt_at(notification)
    warnings = [warning.as_data() for warning in reading.warnings]
    return Status(202, _receipt(notification) | {"warnings": warnings})


@interface.get(
    "/notifications/{reference:reference}",
    operation_id="receipt",
    summary="Ask whether a notification arrived",
    response={200: schemas.Receipt},
    openapi_extra={"responses": schemas.refusals(404, *REFUSALS)},
)
def receipt(request: HttpRequest, reference: str) -> dict[str, Any]:
    """That it arrived, and when: for what this system sent itself, and nothing more."""
    system = _system(request)
    found = api_deliveries.sent_by(system, reference)
    record("system.asked", found or system, by=api_credentials.job(system))
    if found is None:
        raise api_problems.not_found()
    return _receipt(found)


@interface.get(
    "/questions",
    operation_id="questions",
    summary="What is asked about a death on a day",
    response={200: schemas.Questions},
    openapi_extra={
        "parameters": [schemas.DAY_PARAMETER],
        "responses": schemas.refusals(400, *REFUSALS),
    },
)
def questions(request: HttpRequest) -> dict[str, Any]:
    """The questions of the guidance in force on the day of death, with the codes of answers."""
    given = request.GET.get("date_of_death")
    day = api_answers.day_of(given) if given is not None else localdate()
    if day is None:
        sentence = "Send the date of death as 2026-03-27."
        problem = Problem("date_of_death", "wrong_type", sentence)
        raise Trouble(HTTPStatus.BAD_REQUEST, "wrong_type", sentence, problems=[problem])
    record("system.questions", _system(request), by=api_credentials.job(_system(request)))
    return api_questions.as_data(editions.in_force(day))


@interface.post(
    "/fhir/Bundle",
    operation_id="bundle",
    summary="Tell the panel that a child has died, by FHIR R4",
    response={202: None},
    openapi_extra={
        "parameters": [schemas.KEY_PARAMETER],
        "requestBody": schemas.posted(FHIR_TYPE, schemas.BUNDLE),
        "responses": schemas.outcome_received() | schemas.refusals(*SEND_REFUSALS, fhir=True),
    },
)
def bundle(request: HttpRequest) -> HttpResponse:
    """Send a Bundle of type collection or message. What is read from it stands in the guide."""
    sent = api_body.read_json(request, FHIR_JSON)
    key = api_body.idempotency_key(request)
    reading = fhir.read(sent.value, timezone.now())
    notification = _deliver(request, Route.FHIR, key, sent.canonical, reading)
    outcome = fhir.received(notification.reference, reading.warnings)
    response = HttpResponse(
        json.dumps(outcome, ensure_ascii=False), status=202, content_type=FHIR_TYPE
    )
    response.headers["Location"] = _receipt_at(notification)
    return response


def _deliver(
    request: HttpRequest, route: Route, key: str, content: str, reading: Reading
) -> Notification:
    parcel = Parcel(_system(request), route, key, content)
    return api_deliveries.deliver(parcel, reading, timezone.now())


def _system(request: HttpRequest) -> System:
    return request.auth  # type: ignore[attr-defined]


def _answers_in(sent: dict[str, Any]) -> dict[str, Any]:
    """The answers in what was sent; anything beside them is refused by its name."""
    problems = [
        Problem(name[: api_answers.LONGEST_NAME], "unknown_field", "Send nothing but answers.")
        for name in sent
        if name != "answers"
    ]
    if not isinstance(sent.get("answers"), dict):
        problems.append(
            Problem("answers", "wrong_type", "Send the answers as an object, by code of question.")
        )
    if problems:
        sentence = "Nothing was kept. Send an object with the answers and nothing else."
        raise Trouble(HTTPStatus.UNPROCESSABLE_ENTITY, "answers", sentence, problems=problems)
    return sent["answers"]


def _receipt(notification: Notification) -> dict[str, Any]:
    return {"reference": notification.reference, "received_at": notification.received_at}


def _receipt_at(notification: Notification) -> str:
    return reverse("api:receipt", args=[notification.reference])


def _check_limit(within: bool) -> None:
    if not within:
        raise Trouble(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too_many_calls",
            "Too many calls. Wait a minute, then go on more slowly.",
            headers={"Retry-After": str(int(WITHIN.total_seconds()))},
        )
