"""Versions and periods: what a second version would tell beside the first."""

import json
from datetime import date
from unittest.mock import patch

import pytest

from analytics import actions, compose
from analytics.models import Release
from analytics.states import ReleaseState
from cdop.core.audit import AuditEntry
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.core.steps import edit
from tests.analytics.conftest import YEAR, as_it_is, take
from tests.analytics.deaths import (
    AREAS,
    HALTON,
    MAY,
    REVIEWED,
    WARRINGTON,
    a_reviewed_death,
    deaths,
)
from tests.cast import TESTS


def test_a_second_version_supersedes_the_first_and_leaves_it_as_it_was(
    release_at, coordinator, chair
):
    first = release_at(ReleaseState.PUBLISHED)
    before = as_it_is(first)
    files_before = list(first.files.values("name", "sha256"))
    deaths(6, notified_in=YEAR.first_month)

    second = actions.draft(YEAR, by=coordinator)
    second = actions.publish(actions.approve(second, by=chair), by=coordinator)

    after = as_it_is(first)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"state", "version"}
    assert after["state"] == "superseded"
    assert (second.number, second.supersedes, second.ledger_place) == (2, first, 2)
    assert json.loads(second.content)["release"]["supersedes"] == first.reference
    assert list(first.files.values("name", "sha256")) == files_before


def test_what_a_first_version_hid_stays_hidden_in_the_second(release_at, coordinator):
    first = release_at(ReleaseState.PUBLISHED)
    deaths(8, notified_in=YEAR.first_month, sex="", age_band="10-14")

    second = actions.draft(YEAR, by=coordinator)

    hidden_before, hidden_now = (
        compose.hidden_cells(json.loads(release.content)) for release in (first, second)
    )
    assert hidden_before
    assert hidden_before <= hidden_now


LATER = date(2015, 6, 1)
TOO_LITTLE = r"Version 1 of 2014-15 is published, and counts .* would change by 1 to 4\."


def test_one_review_moved_into_a_published_year_makes_no_second_version(release_at, coordinator):
    late = a_reviewed_death(reviewed_in=LATER)
    first = release_at(ReleaseState.PUBLISHED)
    before = (as_it_is(first), AuditEntry.objects.filter(action="release.drafted").count())
    edit(late, by=TESTS, reviewed_in=MAY)

    with pytest.raises(Refused, match=TOO_LITTLE):
        actions.draft(YEAR, by=coordinator)

    after = (as_it_is(first), AuditEntry.objects.filter(action="release.drafted").count())
    assert after == before
    assert Release.objects.count() == 1


def test_as_many_reviews_as_the_threshold_all_alike_make_a_second_version(release_at, coordinator):
    late = [a_reviewed_death(reviewed_in=LATER) for _ in range(5)]
    first = release_at(ReleaseState.PUBLISHED)
    for facts in late:
        edit(facts, by=TESTS, reviewed_in=MAY)

    second = actions.draft(YEAR, by=coordinator)

    assert differences(first, second) == {0, 5}


def differences(one, other):
    """By how much two releases differ where both show a count."""
    before, after = (compose.shown_counts(json.loads(r.content)) for r in (one, other))
    return {after[cell] - before[cell] for cell in before.keys() & after.keys()}


def test_the_same_counts_again_make_a_second_version(release_at, coordinator):
    first = release_at(ReleaseState.PUBLISHED)

    second = actions.draft(YEAR, by=coordinator)

    assert differences(first, second) == {0}


def test_a_child_taken_out_of_a_published_year_makes_no_second_version(release_at, coordinator):
    review = a_reviewed_death()
    release_at(ReleaseState.PUBLISHED)
    edit(review, by=TESTS, in_scope=False)

    with pytest.raises(Refused, match=TOO_LITTLE):
        actions.draft(YEAR, by=coordinator)


@pytest.mark.parametrize(("first", "second"), [(5, 10), (10, 5), (10, 10)])
def test_the_larger_threshold_of_two_versions_decides(
    counted, plain_files, coordinator, chair, first, second
):
    publish(actions.draft(YEAR, by=coordinator, threshold=first), coordinator, chair)
    deaths(6, **REVIEWED)

    with pytest.raises(Refused, match="would change by 1 to 9"):
        actions.draft(YEAR, by=coordinator, threshold=second)

    assert Release.objects.count() == 1


def publish(release, coordinator, chair):
    return take("publish", take("approve", release, coordinator, chair), coordinator, chair)


def test_a_third_version_is_held_against_the_first_too(release_at, coordinator, chair):
    release_at(ReleaseState.PUBLISHED)
    added = [a_reviewed_death() for _ in range(6)]
    publish(actions.draft(YEAR, by=coordinator), coordinator, chair)
    for facts in added[:5]:
        edit(facts, by=TESTS, in_scope=False)

    with pytest.raises(Refused, match=TOO_LITTLE):
        actions.draft(YEAR, by=coordinator)

    assert list(Release.objects.ledger().values_list("number", "state")) == [
        (1, "superseded"),
        (2, "published"),
    ]


def test_a_version_that_was_never_published_is_not_held_against_the_next(release_at, coordinator):
    release_at(ReleaseState.PUBLISHED)
    deaths(5, **REVIEWED)
    unseen = actions.draft(YEAR, by=coordinator)
    actions.withdraw(unseen, by=coordinator, reason="A review is missing.")
    a_reviewed_death()

    assert actions.draft(YEAR, by=coordinator).number == 2


def test_ages_that_were_none_and_would_be_hidden_now_tell_too_much(release_at, coordinator):
    """A zero that becomes [c] says that a child of that age was added."""
    deaths(30, **REVIEWED)
    first = release_at(ReleaseState.PUBLISHED)
    shown = compose.shown_counts(json.loads(first.content))
    none = ("reviewed", "2014-15", frozenset({("age_band", "15-17"), ("sex", "male")}))
    assert shown[none] == 0
    deaths(6, **REVIEWED)
    a_reviewed_death(age_band="15-17", sex="male")

    with pytest.raises(Refused, match=TOO_LITTLE):
        actions.draft(YEAR, by=coordinator)


def test_what_is_left_of_a_change_counts_though_every_count_shown_changed_enough(
    db, plain_files, coordinator, chair
):
    deaths(9, **REVIEWED)
    for area in AREAS:
        if area != HALTON:
            deaths(2, **REVIEWED, area_id=area)
    first = publish(actions.draft(YEAR, by=coordinator), coordinator, chair)
    deaths(5, **REVIEWED)
    a_reviewed_death(area_id=WARRINGTON)

    shown = compose.shown_counts(json.loads(first.content))
    now = {cell: n for table in compose.count(YEAR).tables for cell, n in table.cells().items()}
    assert {now[cell] - n for cell, n in shown.items()} == {0, 5, 6}
    with pytest.raises(Refused, match=TOO_LITTLE):
        actions.draft(YEAR, by=coordinator)


def test_reviews_under_other_guidance_make_no_second_version(release_at, coordinator):
    release_at(ReleaseState.PUBLISHED)
    deaths(6, **REVIEWED | {"analysis_edition": "cdr-2018"})

    with pytest.raises(Refused, match="reviewed under other guidance than those counted now"):
        actions.draft(YEAR, by=coordinator)

    assert Release.objects.count() == 1


def test_two_releases_of_one_period_are_not_on_their_way_at_once(release_at, coordinator):
    first = release_at(ReleaseState.DRAFT)

    with pytest.raises(Refused, match="Version 1 of 2014-15 is draft and not yet published"):
        actions.draft(YEAR, by=coordinator)

    actions.withdraw(first, by=coordinator, reason="A review is missing.")
    assert actions.draft(YEAR, by=coordinator).number == 1


def test_a_draft_made_at_the_same_moment_is_refused_in_words(release_at, coordinator):
    release_at(ReleaseState.DRAFT)

    with (
        patch("analytics.rules.why_not_draft", return_value=""),
        pytest.raises(Refused, match="Somebody else drafted or published"),
    ):
        actions.draft(YEAR, by=coordinator)

    assert Release.objects.count() == 1


@pytest.mark.parametrize("other", ["2014-15-Q1", "2013-14--2014-15", "2014-12--2015-05"])
def test_a_period_that_shares_months_with_a_published_one_is_refused(
    release_at, coordinator, other
):
    release_at(ReleaseState.PUBLISHED)

    with pytest.raises(Refused, match=r"2014-15 is published and has months in common"):
        actions.draft(Period.parse(other), by=coordinator)


def test_a_period_beside_a_published_one_is_no_hindrance(release_at, coordinator):
    release_at(ReleaseState.PUBLISHED)

    assert actions.draft(Period.year(2015), by=coordinator).number == 1
