"""Several new rows at once: each is what it would have been alone, for two statements in all."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from cdop.core.audit import AuditEntry, act, verify
from cdop.core.organisations import Organisation, OrganisationKind
from cdop.core.steps import create, create_all

pytestmark = pytest.mark.django_db
NAMES = ("Invented Hospital", "Invented Hospice", "Invented Service")


def some(*names: str) -> list[Organisation]:
    return [Organisation(name=name, kind=OrganisationKind.OTHER) for name in names]


def told_of(rows) -> list[tuple]:
    """What history and audit chain say of rows, without keys and times."""
    said = []
    for row in rows:
        kept = row.history.values("version", "history_type", "history_user", "name")
        why = row.history.values_list("history_change_reason", flat=True)
        entry = AuditEntry.objects.get(subject=f"organisation:{row.pk}")
        said.append((list(kept), list(why), entry.action, entry.actor, entry.detail))
    return said


def test_each_row_has_the_history_and_the_entry_that_it_would_have_had_alone(coordinator):
    alone = [create(row, by=coordinator, reason="New") for row in some(*NAMES)]
    names = [f"{name} 2" for name in NAMES]
    together = create_all(some(*names), by=coordinator, reason="New")

    expected = told_of(alone)
    for (kept, *_), name in zip(expected, names, strict=True):
        kept[0]["name"] = name
    assert told_of(together) == expected
    assert verify().broken == ""


def test_their_number_does_not_change_how_many_statements(coordinator):
    with act():
        create(*some("Invented 0"), by=coordinator)  # the act has begun
        with CaptureQueriesContext(connection) as few:
            create_all(some("Invented 1", "Invented 2"), by=coordinator)
        with CaptureQueriesContext(connection) as many:
            create_all(some(*(f"Invented {n}" for n in range(3, 30))), by=coordinator)

    assert len(few) == len(many)


def test_nothing_to_create_writes_nothing(coordinator, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert create_all([], by=coordinator) == []


def test_where_one_cannot_be_saved_none_is_and_nothing_is_said(coordinator):
    before = AuditEntry.objects.count()
    with pytest.raises(IntegrityError):
        create_all(
            some("Invented Hospital", "Invented Hospice", "invented hospital"), by=coordinator
        )

    assert not Organisation.objects.filter(name__istartswith="invented").exists()
    assert Organisation.history.filter(name__istartswith="invented").count() == 0
    assert AuditEntry.objects.count() == before
