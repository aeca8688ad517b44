"""What can never change in a release once it was drafted or published."""

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F

from analytics import actions
from analytics.models import Release, ReleaseFile
from analytics.states import ReleaseState
from cdop.core.append_only import guarded_tables
from tests.analytics.conftest import as_it_is
from tests.analytics.deaths import a_death, a_reviewed_death

FROZEN = [
    *("reference", "period", "number", "supersedes", "threshold", "rules", "editions"),
    *("synthetic", "snapshot", "counted_at", "content", "checks", "drafted_at", "drafted_by"),
]


@pytest.mark.parametrize("field", FROZEN)
def test_what_a_draft_wrote_is_refused_to_every_later_write(release_at, field):
    release = release_at(ReleaseState.DRAFT)
    before = as_it_is(release)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(**{field: F(field)})

    assert as_it_is(release) == before


def test_every_column_is_either_frozen_or_belongs_to_a_step():
    stamps = {
        *("id", "version", "state", "ledger_place", "evidence", "withdrawn_because"),
        *(
            f"{done}_{how}"
            for done in ("approved", "published", "withdrawn")
            for how in ("at", "by")
        ),
    }

    assert {field.name for field in Release._meta.concrete_fields} == {*FROZEN, *stamps}


def test_a_release_and_its_files_are_kept_for_good(release_at):
    release = release_at(ReleaseState.PUBLISHED)

    for change in (
        lambda: Release.objects.filter(pk=release.pk)._raw_delete("default"),
        lambda: ReleaseFile.objects.update(content=b"changed"),
        lambda: ReleaseFile.objects.all()._raw_delete("default"),
        lambda: Release.history.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match=r"kept|append-only"), transaction.atomic():
            change()

    assert release.files.count() == 14
    assert {"analytics_releasefile", "analytics_historicalrelease"} <= guarded_tables()


def test_a_case_changed_after_the_draft_does_not_change_it(release_at, coordinator, chair):
    release = release_at(ReleaseState.DRAFT)
    before = release.content

    a_reviewed_death()
    a_death()
    published = actions.publish(actions.approve(release, by=chair), by=coordinator)

    assert published.content == before
    assert bytes(published.files.get(format="json").content).decode() == before


def test_withdrawing_keeps_the_reason_and_the_release(release_at, coordinator):
    release = release_at(ReleaseState.APPROVED)

    actions.withdraw(release, by=coordinator, reason="A review is missing.")

    kept = as_it_is(release)
    assert (kept["state"], kept["withdrawn_because"]) == ("withdrawn", "A review is missing.")
    assert (kept["withdrawn_by_id"], kept["approved_by_id"] is None) == (coordinator.pk, False)
