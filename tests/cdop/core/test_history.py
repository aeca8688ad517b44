"""Row histories: every record has one, complete, with nothing in the clear that is sealed."""

import pytest
from django.apps import apps
from django.db import models

from cdop.cases.identity import edit as edit_identity
from cdop.cases.identity import read
from cdop.core import sealing
from cdop.core.audit import AuditEntry
from cdop.core.catalogue import Sensitivity
from cdop.core.records import Record
from cdop.core.users import User
from tests.cast import TESTS
from tests.makers import ANSWERS, opened_case

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)] + [User]
NOT_KEPT = {"User": {"password"}}
OWN = {"history_id", "history_date", "history_change_reason", "history_type", "history_user"}
COUNTED = {"sex", "expectedness", "ethnic_group"}
TELLING = [value for name, value in ANSWERS.items() if name not in COUNTED]


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_has_a_history_of_all_its_columns(model):
    kept = {field.name for field in model.history.model._meta.concrete_fields} - OWN
    columns = {field.name for field in model._meta.concrete_fields}

    assert columns - kept == NOT_KEPT.get(model.__name__, set())


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_no_history_says_who_a_child_was_in_the_clear(model):
    identifying = {
        name for name, note in model.catalogue.items() if note.sensitivity is Sensitivity.IDENTITY
    }

    for field in model.history.model._meta.concrete_fields:
        if field.name in identifying:
            assert isinstance(field, models.BinaryField), field.name


def test_only_these_models_have_no_history():
    """A new model that is not a Record must be written down here, with its reason."""
    without = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith(("cdop", "notifications", "analytics"))
        and not hasattr(model, "history")
        and not hasattr(model, "instance_type")
    }

    assert without == {
        "Area",  # rows come by migration
        "AuditEntry",  # is itself append-only
        "AuditHead",
        "Conversation",  # is itself append-only
        "DataKey",  # must be destroyable
        "Draft",
        "FamilyToken",  # written anew with each change of the family
        "IdentityToken",  # written anew with each identity
        "Limit",  # a count that comes and goes
        "Message",  # its words never change, and its steps are audit entries
        "ProgressNote",  # is itself append-only
        "PostcodePlace",  # public, replaced as a whole
        "Delivery",  # never changed once it is there
        "LegacyFile",  # a sealed file, kept for a day
        "ReturnLink",  # used once, then removed
        "SystemSecret",  # hashes that end
        "SystemToken",  # hashes that end within the hour
        "ReleaseFile",  # is itself append-only
    }


def test_every_history_belongs_to_a_record():
    kept = {m.__name__ for m in apps.get_models() if hasattr(m, "instance_type")}

    assert kept == {f"Historical{model.__name__}" for model in RECORDS}


def test_an_identity_leaves_no_word_in_the_clear_in_any_table(coordinator):
    """Every column of every table is looked through, after a case was opened, read and changed."""
    case = opened_case()
    known = read(case, by=coordinator, purpose="a parent rang")
    edit_identity(case, type(known).of(ANSWERS | {"given_names": "Cccc"}), by=coordinator)

    for model in apps.get_models():
        for row in model._base_manager.values():
            written = " ".join(shown(value) for value in row.values())
            assert [word for word in [*TELLING, "Cccc"] if word in written] == [], model.__name__


def shown(value) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1")
    return str(value)


def test_what_an_identity_was_before_can_be_read_again_with_the_key_of_its_case(coordinator):
    case = opened_case()
    known = read(case, by=coordinator, purpose="a parent rang")
    edit_identity(case, type(known).of(ANSWERS | {"given_names": "Cccc"}), by=coordinator)

    versions = case.identity.history.order_by("version")
    opened = [sealing.unseal_json(case.data_key, "identity", v.sealed) for v in versions]

    assert [record["given_names"] for record in opened] == ["Aaaa", "Cccc"]


def test_once_the_key_of_a_case_is_destroyed_no_version_can_be_read(coordinator):
    case = opened_case()
    sealing.destroy(case.data_key)

    for version in case.identity.history.all():
        with pytest.raises(sealing.CannotUnseal):
            sealing.unseal_json(case.data_key, "identity", version.sealed)
    with pytest.raises(sealing.CannotUnseal):
        read(case, by=TESTS, purpose="a parent rang")


def test_the_audit_entries_of_a_case_name_fields_and_never_values(coordinator):
    case = opened_case()
    known = read(case, by=coordinator, purpose="a parent rang")
    edit_identity(case, type(known).of(ANSWERS | {"given_names": "Cccc"}), by=coordinator)

    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.action, entry.purpose) == ("identity.edited", "given_names")
    assert entry.detail == '{"fields": ["sealed"]}'
