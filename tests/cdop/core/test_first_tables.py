"""The tables of a first migration are made together, also where two refer to each other."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from cdop.core.first_tables import CreateTables

APP = "invented"


def pointing_at(name: str) -> models.ForeignKey:
    return models.ForeignKey(f"{APP}.{name}", models.PROTECT, null=True, related_name="+")


def a_table(name: str, other: str) -> migrations.CreateModel:
    return migrations.CreateModel(
        name, [("id", models.AutoField(primary_key=True)), ("other", pointing_at(other))]
    )


@pytest.fixture
def operation() -> CreateTables:
    return CreateTables([a_table("Egg", "Hen"), a_table("Hen", "Egg")])


def tables() -> set[str]:
    return {name for name in connection.introspection.table_names() if name.startswith(APP)}


@pytest.mark.usefixtures("committed_database")
def test_two_tables_that_refer_to_each_other_are_made_and_taken_back(operation):
    before = ProjectState()
    after = before.clone()
    operation.state_forwards(APP, after)

    with connection.schema_editor() as editor:
        operation.database_forwards(APP, editor, before, after)
    assert tables() == {"invented_egg", "invented_hen"}
    hen = after.apps.get_model(APP, "Hen").objects.create()
    egg = after.apps.get_model(APP, "Egg").objects.create(other=hen)
    assert list(type(egg).objects.values_list("other", flat=True)) == [hen.pk]
    with connection.schema_editor() as editor:
        operation.database_backwards(APP, editor, after, before)

    assert tables() == set()


def test_models_known_before_stay_known(operation):
    state = ProjectState()
    a_table("Nest", "Nest").state_forwards(APP, state)
    assert state.apps.get_model(APP, "Nest")

    operation.state_forwards(APP, state)

    assert {model._meta.object_name for model in state.apps.get_models()} == {"Egg", "Hen", "Nest"}
