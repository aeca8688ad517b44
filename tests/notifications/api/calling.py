"""A system of an invented trust, its token, and calls as it makes them."""

import json
from itertools import count

from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.steps import create
from notifications import api_credentials
from tests.cast import TESTS
from tests.client import Client

SEND, TOKEN, BUNDLE = "/api/v1/notifications", "/api/v1/token", "/api/v1/fhir/Bundle"
QUESTIONS = "/api/v1/questions"
ANSWERS = {
    "date_of_death": "2026-03-27",
    "place_of_death": "paediatric_ward",
    "given_names": "Aaaa",
    "family_name": "Invented-Child",
    "notifier_name": "Notifier Invented",
    "notifier_phone": "01632 960001",
}
_keys = count(1)


def an_organisation(name: str = "Invented Trust") -> Organisation:
    return create(Organisation(name=name, kind=OrganisationKind.ACUTE_TRUST), by=TESTS)


class Caller:
    """A trust's system: its client id, its secret, and a token."""

    def __init__(self, organisation: Organisation, name: str = "Invented Record") -> None:
        self.system, self.secret = api_credentials.register(
            organisation=organisation, name=name, by=TESTS
        )
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        secret = api_credentials.secret_of(self.system.reference, self.secret)
        self.token = api_credentials.issue(secret)

    def call(self, method: str, path: str, body="", *, media_type="application/json", **headers):
        """Call with the token; ``headers`` by their names with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        headers = {"Authorization": f"Bearer {self.token}"} | named
        return self.client.generic(method, path, body, media_type, headers=headers)

    def get(self, path: str, **headers):
        return self.call("GET", path, **headers)

    def send(self, answers, *, key: str | None = None, **headers):
        """Send answers in the envelope."""
        return self.post(SEND, {"answers": answers}, key=key, **headers)

    def post(self, path: str, value, *, key: str | None = None, **headers):
        body = value if isinstance(value, bytes | str) else json.dumps(value)
        key = key or f"key-of-the-tests-{next(_keys)}"
        return self.call("POST", path, body, **{"Idempotency_Key": key} | headers)


def problems(response) -> list[tuple[str, str]]:
    """Field and code of each problem of a refused call."""
    return [(each["field"], each["code"]) for each in response.json()["problems"]]
