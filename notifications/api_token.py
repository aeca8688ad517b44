"""A token for client id and secret: RFC 6749, section 4.4, its errors as section 5.2 has them."""

from __future__ import annotations

import base64
from datetime import timedelta
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote_plus

from django.http import HttpRequest, JsonResponse

from cdop.core import limits, strangers
from cdop.core.audit import Job, record
from cdop.core.identifiers import normalise_reference
from notifications import api_credentials
from notifications.api_body import read_bytes
from notifications.api_models import SystemSecret

FORM = "application/x-www-form-urlencoded"
MOST_PARAMETERS = 20
MOST_TRIES, WITHIN = 60, timedelta(minutes=1)
MOST_OF_ADDRESS = 10 * MOST_TRIES
"""All systems behind one address of the net together: a client id can be made up at every try."""
UNKNOWN = Job("an unknown system")
SENTENCES = {
    "invalid_request": "Send grant_type once, and the client id and secret in one way: by HTTP "
    "Basic, or as client_id and client_secret in the form.",
    "invalid_client": "The client id and the secret do not fit, or they have been ended.",
    "unsupported_grant_type": "The grant type is client_credentials.",
    "invalid_scope": "There are no scopes. Leave scope out.",
}


class TokenRefused(Exception):
    """No token is given; the argument is the code of the RFC."""


class Credentials(NamedTuple):
    client: str
    secret: str


def answer(request: HttpRequest) -> JsonResponse:
    """A token, or why there is none."""
    try:
        secret = _signed_in(_credentials(request))
    except TokenRefused as refusal:
        return _refused(str(refusal))
    return _not_kept(
        JsonResponse(
            {
                "access_token": api_credentials.issue(secret),
                "token_type": "Bearer",  # nosec B105
                "expires_in": int(api_credentials.TOKEN_LASTS.total_seconds()),
            }
        )
    )


def allowed(request: HttpRequest) -> bool:
    """Whether this client may try again; whoever names none that can be is counted by address.

    Counted by client and address together: nobody can lock a system out by trying under its name.
    """
    try:
        client = normalise_reference(_credentials(request).client) or ""
    except TokenRefused:
        client = ""
    address = strangers.address_of(request)
    return limits.allow("system address", address, most=MOST_OF_ADDRESS, within=WITHIN) and (
        limits.allow("system token", f"{client} {address}", most=MOST_TRIES, within=WITHIN)
    )


def _signed_in(given: Credentials) -> SystemSecret:
    """The secret that was given. A failure is recorded, with the id where it could be one."""
    secret = api_credentials.secret_of(given.client, given.secret)
    if secret is None:
        tried = normalise_reference(given.client) or "of no known form"
        record("system.not_signed_in", f"system {tried}", by=UNKNOWN)
        raise TokenRefused("invalid_client")
    return secret


def _credentials(request: HttpRequest) -> Credentials:
    """The credentials, given in exactly one way. Raises TokenRefused."""
    posted = _posted(request)
    if posted.get("grant_type") is None:
        raise TokenRefused("invalid_request")
    if posted["grant_type"] != "client_credentials":
        raise TokenRefused("unsupported_grant_type")
    if posted.get("scope"):
        raise TokenRefused("invalid_scope")
    basic = _basic(request.headers.get("Authorization", ""))
    in_form = "client_secret" in posted
    if basic and in_form:
        raise TokenRefused("invalid_request")
    return basic or Credentials(posted.get("client_id", ""), posted.get("client_secret", ""))


def _posted(request: HttpRequest) -> dict[str, str]:
    if request.content_type != FORM:
        raise TokenRefused("invalid_request")
    try:
        pairs = parse_qsl(
            read_bytes(request).decode(),
            keep_blank_values=True,
            max_num_fields=MOST_PARAMETERS,
            errors="strict",
        )
    except ValueError:
        raise TokenRefused("invalid_request") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise TokenRefused("invalid_request")
    return found


def _basic(header: str) -> Credentials | None:
    """What HTTP Basic says, each part written as in a form; None where it is not used."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:
        raise TokenRefused("invalid_client") from None
    client, _, secret = text.partition(":")
    return Credentials(unquote_plus(client), unquote_plus(secret))


def _refused(error: str) -> JsonResponse:
    unknown = error == "invalid_client"
    status = HTTPStatus.UNAUTHORIZED if unknown else HTTPStatus.BAD_REQUEST
    said = {"error": error, "error_description": SENTENCES[error]}
    response = _not_kept(JsonResponse(said, status=status))
    if unknown:
        response.headers["WWW-Authenticate"] = 'Basic realm="cdop"'
    return response


def _not_kept(response: JsonResponse) -> JsonResponse:
    """Section 5.1 asks for both headers, whatever else the site does."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response
