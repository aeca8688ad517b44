"""What came with a call, read so that nothing in it can break anything behind it.

JSON as it may be exchanged between systems (RFC 8259, I-JSON of RFC 7493): UTF-8, every name once,
every character a whole one, numbers that are numbers; and never deeper than any answer needs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn

from django.http import HttpRequest, UnreadablePostError

from notifications.api_problems import Problem, Trouble

MOST_BYTES = 512 * 1024
MOST_DEPTH = 40
LONGEST_LENGTH = 18
KEY_HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{8,200}")
UTF_8 = ("utf-8", "utf8")


@dataclass(frozen=True)
class Sent:
    """What was sent: the value, and the one way of writing it, by which it is known again."""

    value: dict[str, Any]
    canonical: str


def read_json(request: HttpRequest, media_types: Collection[str]) -> Sent:
    """The JSON object that was sent. Raises Trouble."""
    _check_type(request, media_types)
    body = read_bytes(request)
    try:
        value = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_number)
        _check_depth(value)
        canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
        canonical.encode()
    except (ValueError, RecursionError):
        raise _bad_request(
            "not_json",
            "Send JSON in UTF-8, in which every name stands once in its object, every "
            f"character is whole, and nothing is nested deeper than {MOST_DEPTH} levels.",
        ) from None
    if not isinstance(value, dict):
        raise _bad_request("not_an_object", "Send a JSON object.")
    return Sent(value, canonical)


def read_bytes(request: HttpRequest) -> bytes:
    """The body. Raises Trouble where it is too large, or ended early."""
    if _announced(request) > MOST_BYTES:
        raise Trouble(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too_large",
            f"Send at most {MOST_BYTES // 1024} KiB.",
        )
    try:
        return request.body
    except UnreadablePostError:
        raise _bad_request("not_json", "The connection ended before everything was sent.") from None


def idempotency_key(request: HttpRequest) -> str:
    """The key by which a call that is repeated is known again. Raises Trouble."""
    key = request.headers.get(KEY_HEADER, "")
    if not KEY.fullmatch(key):
        sentence = (
            f"Send the header {KEY_HEADER} with 8 to 200 visible ASCII characters that are new for "
            "each notification, such as a UUID, and the same when you send it again."
        )
        problem = Problem(KEY_HEADER, "missing_key", sentence)
        raise Trouble(HTTPStatus.BAD_REQUEST, "missing_key", sentence, problems=[problem])
    return key


def _check_type(request: HttpRequest, media_types: Collection[str]) -> None:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    charset = (request.content_params or {}).get("charset", UTF_8[0]).lower()
    if request.content_type in media_types and charset in UTF_8 and encoding == "identity":
        return
    raise Trouble(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "wrong_media_type",
        f"Send {' or '.join(media_types)} in UTF-8, not compressed.",
    )


def _announced(request: HttpRequest) -> int:
    """How long the body is said to be. A server in front mostly refuses what is no number."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise _bad_request("bad_length", "The header Content-Length is not a number.")
    return int(length) if len(length) <= LONGEST_LENGTH else MOST_BYTES + 1


def _check_depth(value: Any) -> None:
    """Raises ValueError where the value is nested too deeply; walks without recursion."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
    if level:
        raise ValueError("nested too deeply")


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _bad_request(code: str, sentence: str) -> Trouble:
    problem = Problem("", code, sentence)
    return Trouble(HTTPStatus.BAD_REQUEST, code, sentence, problems=[problem])
