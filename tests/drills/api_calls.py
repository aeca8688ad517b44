"""Calls as trusts' systems make them, and as nobody should: all drawn from one seed.

A valid call is received, a broken one refused with a reason, a hostile one answered; and none of
them, whatever it holds, is a fault of ours.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone

from cdop import editions
from cdop.core.audit import verify
from cdop.core.fields import PEOPLE_LINES
from cdop.core.questions import LINES, SectionForm
from cdop.editions.schema import Question
from notifications.models import Delivery, Notification
from tests.databases import fresh_database, in_use
from tests.notifications.api.calling import (
    ANSWERS,
    BUNDLE,
    QUESTIONS,
    SEND,
    TOKEN,
    Caller,
    an_organisation,
)

EXAMPLE = Path(settings.BASE_DIR, "docs", "api", "example-bundle.json")
CALLS_PER_SYSTEM = 60  # half of what one may do in a minute
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "NONSENSE")
MEDIA_TYPES = (
    "application/json",
    "application/fhir+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "text/plain",
    "",
    "\xff/\xff;;=",
)
ODD = (
    "\0",
    "\ud800",
    "𝒳" * 300,
    "\u202e",
    "9" * 5000,
    "-1",
    "%00",
    "' OR 1=1 --",
    "../../x",
    "\r\nX: y",
)
ODD_VALUES = (
    None,
    True,
    -1,
    0.5,
    10**40,
    1e300,
    "",
    "\0",
    "x" * 9000,
    [],
    [[]],
    [None],
    {},
    {"a": 1},
)


@dataclass
class Outcome:
    """What was counted: per kind of call how often which status, and what was kept."""

    seen: dict[str, Counter[int]] = field(default_factory=dict)
    kept: int = 0
    acknowledged: int = 0

    @property
    def holds(self) -> bool:
        """No 5xx; every valid call received, every broken one refused; nothing kept besides."""
        faults = any(status >= 500 for counts in self.seen.values() for status in counts)
        refused = set(self.seen.get("valid", {})) - {202}
        taken = [status for status in self.seen.get("broken", {}) if not 400 <= status < 500]
        return not (faults or refused or taken) and self.kept == self.acknowledged

    def __str__(self) -> str:
        lines = [
            f"{kind}: {counts.total()} calls, "
            + ", ".join(f"{count} × {status}" for status, count in sorted(counts.items()))
            for kind, counts in self.seen.items()
        ]
        return "; ".join(lines) + f"; {self.acknowledged} acknowledged, {self.kept} kept"


def run(*, calls: int, seed: int = 1) -> Outcome:
    """Make so many calls, in a fresh database on the one that ``TEST_DATABASE`` names."""
    with fresh_database() as url, in_use(url):
        return counted(calls, seed)


def counted(calls: int, seed: int) -> Outcome:
    """Make so many calls on the database in use, a third of each kind."""
    random, outcome, caller = Random(seed), Outcome(), None
    before, references = Notification.objects.count(), set()
    for number in range(calls):
        if number % CALLS_PER_SYSTEM == 0:
            caller = Caller(an_organisation(f"Invented Trust {number}"))
        kind, make = KINDS[number % len(KINDS)]
        answer = make(caller, random)
        outcome.seen.setdefault(kind, Counter())[answer.status_code] += 1
        if answer.status_code == 202:
            references.add(answer.headers["Location"])
    outcome.acknowledged = len(references)
    outcome.kept = Notification.objects.count() - before
    assert Delivery.objects.count() >= outcome.kept
    verify()
    return outcome


def valid(caller: Caller, random: Random):
    """Any answers that the form takes, or a bundle."""
    if random.random() < 0.3:
        sent = json.loads(EXAMPLE.read_text())
        return caller.post(BUNDLE, sent, media_type="application/fhir+json")
    return caller.send(answers(random))


def broken(caller: Caller, random: Random):
    """Valid answers but for one that is missing, unknown, impossible or of another type."""
    said = answers(random)
    code = random.choice(["family_name", "date_of_death", "place_of_death", "notifier_name"])
    random.choice(
        [
            lambda: said.pop(code),
            lambda: said.update({code: random.choice([None, 5, [], {}, [[]], "", True])}),
            lambda: said.update({"no_such_question": "x"}),
            lambda: said.update({"date_of_death": "2999-01-01"}),
            lambda: said.update({"date_of_death": "2026-02-30"}),
            lambda: said.update({"sex": "nonsense"}),
            lambda: said.update({"date_of_birth": "2026-03-28", "date_of_death": "2026-03-27"}),
        ]
    )()
    return caller.send(said)


def hostile(caller: Caller, random: Random):
    """Anything at all: bytes, headers, addresses, values that nobody reckons with."""
    return random.choice([_noise, _odd_answer, _odd_element, _odd_header, _odd_token])(
        caller, random
    )


def answers(random: Random) -> dict[str, Any]:
    """The shortest notification, with answers to some of the other questions."""
    edition = editions.in_force(timezone.localdate())
    said = dict(ANSWERS)
    for section in edition.questionnaires["notification"].sections:
        fields = SectionForm(section, edition).fields
        for question in section.questions:
            if question.code not in said and random.random() < 0.4:
                said[question.code] = _answer(question, fields[question.code], random)
    return said


def _answer(question: Question, box: Any, random: Random) -> Any:
    kind = question.kind
    if choices := [code for code, _ in getattr(box, "choices", ()) if code]:
        code = random.choice(choices)
        return [code] if kind == "choices" else code
    if kind in LINES:
        parts = [part for part in LINES[kind]._fields if part != "told"]
        number = random.randrange(PEOPLE_LINES + 1)
        return [{part: "Invented" for part in parts} for _ in range(number)]
    return SAMPLES.get(kind, "Invented")


SAMPLES = {
    "date": "2026-01-02",
    "time": "14:30",
    "number": 3,
    "weeks": 39,
    "nhs_number": "9990000123",
    "postcode": "ZZ99 3WZ",
    "email": "notifier@example.org",
    "phone": "01632 960001",
}


def _noise(caller: Caller, random: Random):
    path = random.choice([SEND, BUNDLE, QUESTIONS, TOKEN, f"{SEND}/%00", "/api/v1/x"])
    body = random.choice([random.randbytes(200), b"[" * 20_000, b"{" * 9, b"\x1f\x8b\x08" * 9])
    kind = random.choice(MEDIA_TYPES)
    return caller.call(random.choice(METHODS), path, body, media_type=kind, Idempotency_Key="x" * 9)


def _odd_answer(caller: Caller, random: Random):
    said = answers(random)
    code = random.choice(sorted(said))
    odd = random.choice([*ODD_VALUES, *ODD])
    return caller.send(said | {code: odd, random.choice([code, *ODD]): odd})


def _odd_element(caller: Caller, random: Random):
    sent = json.loads(EXAMPLE.read_text())
    way = random.choice(list(_ways(sent, ())))
    inside = sent
    for step in way[:-1]:
        inside = inside[step]
    inside[way[-1]] = deepcopy(random.choice([*ODD_VALUES, *ODD]))
    return caller.post(BUNDLE, sent)


def _ways(value: Any, way: tuple) -> Iterator[tuple]:
    """The way to every element, however deep."""
    if way:
        yield way
    steps = {dict: dict.items, list: enumerate}.get(type(value), lambda _: ())
    for step, inner in steps(value):
        yield from _ways(inner, (*way, step))


def _odd_header(caller: Caller, random: Random):
    name = random.choice(["Authorization", "Idempotency_Key", "Content_Encoding", "Content_Length"])
    odd = random.choice(ODD).encode("utf-8", "replace").decode("latin-1")
    return caller.send(ANSWERS, **{name: odd})


def _odd_token(caller: Caller, random: Random):
    body = random.choice(
        [
            "grant_type=client_credentials",
            "grant_type=%00&client_id=%FF",
            f"grant_type=client_credentials&client_id={caller.system.reference}&client_secret=%00",
            "&" * 5000,
            "a=1&" * 500,
        ]
    )
    odd = random.choice(["Basic //8=", "Basic x", "Bearer x", "", "Basic OjpT"])
    form = "application/x-www-form-urlencoded"
    return caller.call("POST", TOKEN, body, media_type=form, Authorization=odd)


KINDS: tuple[tuple[str, Callable], ...] = (
    ("valid", valid),
    ("broken", broken),
    ("hostile", hostile),
)
