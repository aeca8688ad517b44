"""The migration after which a name stands once: what stood twice is told apart, nothing is lost."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("cdop", "0011_organisations_that_ended")]
AFTER = [("cdop", "0012_organisation_name_once")]
LONGEST = "x" * 200


def migrated(to: list[tuple[str, str]]):
    """The organisations as the models of that migration see them."""
    MigrationExecutor(connection).migrate(to)
    state = MigrationExecutor(connection).loader.project_state(to)
    return state.apps.get_model("cdop", "Organisation").objects


def test_names_that_stood_twice_are_told_apart_by_their_numbers(committed_database):
    there = migrated(BEFORE)
    names = ["Invented Trust", "INVENTED trust", "Another", "Invented Trust", LONGEST, LONGEST]
    keys = [there.create(name=name, kind="acute_trust").pk for name in names]

    after = migrated(AFTER)

    assert [after.get(pk=key).name for key in keys] == [
        "Invented Trust",
        f"INVENTED trust ({keys[1]})",
        "Another",
        f"Invented Trust ({keys[3]})",
        LONGEST,
        f"{LONGEST[: 200 - len(f' ({keys[5]})')]} ({keys[5]})",
    ]
