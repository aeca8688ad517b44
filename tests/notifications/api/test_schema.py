"""The schema says what the interface does: every check that schemathesis has, on few examples.

An answer that fits the schema may still be refused, since the questions are not part of it: so
422 is allowed beside what schemathesis expects for valid data. Nothing else is relaxed.
"""

import json
from datetime import timedelta

import pytest
import schemathesis
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from cdop.wsgi import application
from notifications import api, api_credentials, api_schema, api_token
from notifications.models import Notification
from tests.notifications.api.calling import SEND, Caller, an_organisation

EXAMPLES = 15
MANY = 1_000_000
REFUSED_BY_A_QUESTION = PositiveDataAcceptanceConfig(
    expected_statuses=["2xx", "400", "401", "404", "409", "422"]
)
CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(
        default=ProjectConfig(
            generation=GenerationConfig(deterministic=True, max_examples=EXAMPLES),
            checks=ChecksConfig(positive_data_acceptance=REFUSED_BY_A_QUESTION),
        )
    )
)


@pytest.fixture
def one_connection():
    """Keep the transaction of the test over the end of a request, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def calling(db, one_connection, monkeypatch) -> Caller:
    """A system that may call as often as the examples need, with a token that lasts."""
    monkeypatch.setattr(api, "MOST_CALLS", MANY)
    monkeypatch.setattr(api_token, "MOST_TRIES", MANY)
    monkeypatch.setattr(api_credentials, "TOKEN_LASTS", timedelta(hours=1))
    return Caller(an_organisation())


interface = schemathesis.openapi.from_path(api_schema.SCHEMA, config=CONFIG)
interface.app = application


@interface.parametrize()
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_schema_tells_of(case, calling):
    case.call_and_validate(headers={"Authorization": f"Bearer {calling.token}"})


def test_the_schema_in_the_repository_is_that_of_the_code():
    call_command("describe_api", check=True)


def test_no_name_stands_twice_in_the_schema_and_every_answer_has_a_form():
    def once(pairs):
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    schema = json.loads(api_schema.SCHEMA.read_text(), object_pairs_hook=once)
    answers = [
        (path, status, "content" in answer)
        for path, methods in schema["paths"].items()
        for called in methods.values()
        for status, answer in called["responses"].items()
    ]
    assert len(answers) > 25
    assert [answer for answer in answers if not answer[2]] == []


def test_a_schema_that_is_not_current_is_told(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="not current"):
        call_command("describe_api", check=True)
    call_command("describe_api")
    call_command("describe_api", check=True)


def test_the_example_in_the_schema_is_one_that_is_received(caller):
    schema = json.loads(api_schema.SCHEMA.read_text())
    body = schema["paths"][SEND]["post"]["requestBody"]["content"]["application/json"]

    assert caller.post(SEND, body["schema"]["example"]).status_code == 202
    assert Notification.objects.count() == 1
