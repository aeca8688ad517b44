"""Releases at each state, reached by the steps that people take."""

from dataclasses import replace

import pytest

from analytics import actions, files, readback
from analytics.models import Release
from analytics.states import ReleaseState
from cdop.core.audit import AuditEntry
from cdop.core.periods import Period
from tests.analytics.deaths import random_deaths

YEAR = Period.year(2014)
PATHS = {
    ReleaseState.DRAFT: [],
    ReleaseState.APPROVED: ["approve"],
    ReleaseState.PUBLISHED: ["approve", "publish"],
    ReleaseState.SUPERSEDED: ["approve", "publish", "again"],
    ReleaseState.WITHDRAWN: ["withdraw"],
}


@pytest.fixture
def plain_files(monkeypatch):
    """Reports and workbooks in name only, where a test is not about what stands in them: setting
    and reading back all of them takes long."""
    for kind in ("pdf", "docx", "xlsx", "ods"):
        usual = files.FORMATS[kind]
        plain = replace(usual, render=_plain)
        monkeypatch.setitem(files.FORMATS, kind, plain)
        monkeypatch.setitem(readback.READERS, kind, lambda release, content: [])


def _plain(release, area=None):
    return f"plain {release['release']['id']} {area}".encode()


@pytest.fixture
def counted(db):
    """Deaths enough for hidden and shown counts in every table."""
    random_deaths(30, seed=11)


@pytest.fixture
def release_at(counted, plain_files, coordinator, chair):
    """A maker of releases of 2014-15 at a state."""

    def make(state: ReleaseState, period: Period = YEAR) -> Release:
        release = actions.draft(period, by=coordinator)
        for step in PATHS[state]:
            release = take(step, release, coordinator, chair)
        return Release.objects.get(reference=release.reference)

    return make


@pytest.fixture
def audited():
    """How often each action stands in the audit since this test began."""
    before = AuditEntry.objects.count()
    return lambda action: AuditEntry.objects.filter(action=action, number__gt=before).count()


def as_it_is(release):
    """Every column of a release as the database has it."""
    return Release.objects.filter(pk=release.pk).values().get()


def take(step: str, release: Release, coordinator, chair) -> Release:
    """One step on the way to a state; "again" publishes a second version and returns the first."""
    if step == "approve":
        return actions.approve(release, by=chair)
    if step == "publish":
        return actions.publish(release, by=coordinator)
    if step == "withdraw":
        return actions.withdraw(release, by=coordinator, reason="A review is missing.")
    second = actions.draft(release.months, by=coordinator)
    actions.publish(actions.approve(second, by=chair), by=coordinator)
    return release
