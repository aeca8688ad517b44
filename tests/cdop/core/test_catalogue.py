"""The field catalogue: every stored field is classified, and the page that says so is current."""

import ast
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.describing import data_dictionary, own_models
from cdop.management.commands.describe_data import SEALED

PACKAGES = ("cdop", "notifications", "analytics")
KEPT = [
    model
    for model in apps.get_models()
    if model.__module__.startswith(PACKAGES) and not hasattr(model, "instance_type")
]
NOTES = [(kind, name, note) for kind in [*KEPT, *SEALED] for name, note in kind.catalogue.items()]


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_every_field_of_every_model_has_a_note_and_every_note_a_field(model):
    stored = {field.name for field in model._meta.concrete_fields if not field.auto_created}

    assert set(model.catalogue) == stored


@pytest.mark.parametrize("record", SEALED, ids=lambda record: record.__name__)
def test_every_field_of_what_is_sealed_has_a_note(record):
    assert is_dataclass(record)
    assert set(record.catalogue) == {field.name for field in fields(record)}
    assert {note.sensitivity for note in record.catalogue.values()} == {Sensitivity.IDENTITY}


def test_the_page_describes_every_model_and_every_sealed_record():
    assert set(own_models()) == set(KEPT)
    with_a_catalogue = {
        node.name
        for package in PACKAGES
        for path in (Path(settings.BASE_DIR) / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any(isinstance(s, ast.AnnAssign) and s.target.id == "catalogue" for s in node.body)
    }

    described = {kind.__name__ for kind in [*KEPT, *SEALED]}
    assert with_a_catalogue - {"Record"} == described
    text = data_dictionary(SEALED)
    assert [name for name in described if f"### {name}\n" not in text] == []


def test_every_note_says_what_the_field_means():
    for kind, name, note in NOTES:
        where = f"{kind.__name__}.{name}"
        assert isinstance(note, Note), where
        assert note.meaning and not note.meaning.endswith("."), where
        assert note.sensitivity in Sensitivity and note.seen in Seen, where


def test_what_is_stored_as_bytes_is_sealed_or_a_key():
    for model in KEPT:
        for field in model._meta.concrete_fields:
            note = model.catalogue.get(field.name)
            if isinstance(field, models.BinaryField) and note.seen is not Seen.PUBLIC:
                wanted = (Sensitivity.IDENTITY, Sensitivity.SECRET)
                assert note.sensitivity in wanted, f"{model.__name__}.{field.name}"


def test_what_identifies_a_child_is_stored_sealed_or_as_a_keyed_trace():
    in_the_clear = {
        f"{model.__name__}.{field.name}"
        for model in KEPT
        for field in model._meta.concrete_fields
        if field.name in model.catalogue
        and model.catalogue[field.name].sensitivity is Sensitivity.IDENTITY
        and not isinstance(field, models.BinaryField)
    }

    assert in_the_clear == {"FamilyToken.hmac", "IdentityToken.hmac"}


def test_exact_times_of_a_death_stand_only_where_the_first_days_need_them():
    clocks = {kind.__name__ for kind, _, note in NOTES if note.sensitivity is Sensitivity.CLOCK}

    assert clocks <= {
        "AgreedAction",
        "ChecklistItem",
        "Clocks",
        "Discussion",
        "Notification",
        "ReportedValue",
        "Response",
        "Visit",
    }


def test_nobody_sees_a_secret():
    seen = {note.seen for _, _, note in NOTES if note.sensitivity is Sensitivity.SECRET}

    assert seen == {Seen.NOBODY}


def test_the_page_of_the_repository_is_what_the_notes_say():
    page = Path(settings.BASE_DIR) / "docs" / "data.md"

    assert page.read_text() == data_dictionary(SEALED), "Run `manage.py describe_data`."
