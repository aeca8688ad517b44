"""What stops a draft or a publication, and that nothing of it is left behind."""

import json
from unittest.mock import patch

import pytest

from analytics import actions, auditor
from analytics.checks import TablesDisagree
from analytics.disclosure import CannotProtect
from analytics.models import Release, ReleaseFile
from analytics.solver import SolverFailed
from analytics.states import ReleaseState
from cdop.core.audit import AuditEntry
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from tests.analytics.conftest import YEAR, as_it_is
from tests.analytics.deaths import deaths


def test_of_two_releases_audited_beside_the_same_ledger_only_one_is_published(
    release_at, coordinator, chair
):
    one = release_at(ReleaseState.APPROVED)
    other = release_at(ReleaseState.APPROVED, Period.year(2013))
    seen_by_both = list(Release.objects.ledger())
    actions.publish(one, by=coordinator)

    with (
        patch("analytics.models.ReleaseQuerySet.ledger", return_value=seen_by_both),
        pytest.raises(Refused, match="Somebody else drafted or published"),
    ):
        actions.publish(other, by=coordinator)

    assert as_it_is(other)["state"] == "approved"
    assert other.files.count() == 0


def test_of_two_drafts_that_share_months_only_the_first_is_published(release_at, coordinator):
    quarter = release_at(ReleaseState.APPROVED, Period.parse("2014-15-Q1"))
    release_at(ReleaseState.PUBLISHED)

    with pytest.raises(Refused, match="months in common"):
        actions.publish(quarter, by=coordinator)

    assert as_it_is(quarter)["state"] == "approved"


def test_a_breach_that_the_auditor_finds_stops_the_publication(release_at, coordinator):
    release = release_at(ReleaseState.APPROVED)
    breach = auditor.Breach("reviewed-area, area E06000006", "the hidden count is exactly 3.", 3, 3)

    with (
        patch("analytics.auditor.audit", return_value=[breach]),
        pytest.raises(Refused, match="could work out.*exactly 3"),
    ):
        actions.publish(release, by=coordinator)

    assert as_it_is(release)["state"] == "approved"
    assert ReleaseFile.objects.count() == 0


def test_a_tampered_pattern_is_found_by_the_real_auditor(release_at, coordinator):
    release = release_at(ReleaseState.APPROVED)
    content = json.loads(release.content)
    for cell in content["tables"][0]["cells"]:
        if cell["mark"]:  # show all areas but one: the rest follows from the total
            cell["value"], cell["mark"] = 7, None
    content["tables"][0]["cells"][0].update(value=None, mark="[c]")
    release.content = json.dumps(content)

    with pytest.raises(Refused, match="The last check found"):
        actions.publish(release, by=coordinator)


def test_an_auditor_without_an_answer_stops_the_publication(release_at, coordinator):
    release = release_at(ReleaseState.APPROVED)

    with (
        patch("analytics.auditor.audit", side_effect=auditor.AuditFailed("Time ran out.")),
        pytest.raises(Refused, match="came to no answer. Time ran out."),
    ):
        actions.publish(release, by=coordinator)

    assert as_it_is(release)["state"] == "approved"


def test_a_release_whose_files_cannot_be_made_is_not_published(release_at, coordinator):
    release = release_at(ReleaseState.APPROVED)

    with (
        patch.object(ReleaseFile.objects, "bulk_create", side_effect=OSError("disk full")),
        pytest.raises(OSError, match="disk full"),
    ):
        actions.publish(release, by=coordinator)

    assert as_it_is(release)["state"] == "approved"
    assert AuditEntry.objects.filter(action="release.published").count() == 0


@pytest.mark.parametrize("state", [s for s in ReleaseState if s is not ReleaseState.APPROVED])
def test_nothing_but_an_approved_release_is_published(release_at, coordinator, state):
    release = release_at(state)
    before = ReleaseFile.objects.count()

    with pytest.raises(Refused, match="cannot become published") as refusal:
        actions.publish(release, by=coordinator)

    assert (refusal.value.status, ReleaseFile.objects.count()) == (409, before)


def test_tables_that_disagree_stop_a_draft_with_every_fault(counted, coordinator):
    faults = TablesDisagree(["One table says 3.", "Another says 4."])

    with (
        patch("analytics.checks.verify", side_effect=faults),
        pytest.raises(Refused, match="One table says 3. Another says 4."),
    ):
        actions.draft(YEAR, by=coordinator)

    assert Release.objects.count() == 0


@pytest.mark.parametrize("fault", [CannotProtect("Nothing is safe."), SolverFailed("No answer.")])
def test_tables_that_cannot_be_protected_stop_a_draft(counted, coordinator, fault):
    with (
        patch("analytics.disclosure.protect", side_effect=fault),
        pytest.raises(Refused, match=f"cannot be protected. {fault}"),
    ):
        actions.draft(YEAR, by=coordinator)

    assert Release.objects.count() == 0


@pytest.mark.parametrize(("number", "words"), [(1, "1 death has"), (2, "2 deaths have")])
def test_a_death_without_an_area_stops_a_draft(counted, coordinator, number, words):
    deaths(number, area_id=None)

    with pytest.raises(Refused, match=f"{words} no area in 2014-15"):
        actions.draft(YEAR, by=coordinator)
