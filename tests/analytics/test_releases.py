"""A release from the draft to the reader: who takes which step, and what can never change."""

import hashlib
import io
import json
from datetime import date
from itertools import product
from unittest.mock import patch

import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F

from analytics import actions, auditor, compose, disclosure, files, models
from analytics.checks import TablesDisagree
from analytics.disclosure import CannotProtect
from analytics.models import Release, ReleaseFile
from analytics.solver import SolverFailed
from analytics.states import STEPS, ReleaseState
from cdop.core.append_only import guarded_tables
from cdop.core.audit import AuditEntry, verify
from cdop.core.periods import Period
from cdop.core.refusals import Refused
from cdop.core.roles import ROLES, Role
from cdop.core.steps import edit, why_not
from tests.analytics.conftest import YEAR, take
from tests.analytics.deaths import (
    AREAS,
    HALTON,
    MAY,
    REVIEWED,
    WARRINGTON,
    a_death,
    a_reviewed_death,
    deaths,
)
from tests.cast import TESTS, give, person


def as_it_is(release):
    """Every column of a release as the database has it."""
    return Release.objects.filter(pk=release.pk).values().get()


def test_a_draft_holds_what_the_contract_says(counted, coordinator):
    release = actions.draft(YEAR, by=coordinator, threshold=4)

    content = json.loads(release.content)
    wanted = {
        "id": release.reference,
        "version": 1,
        "supersedes": None,
        "period": "2014-15",
        "areas": list(AREAS),
        "threshold": 4,
        "snapshot": release.snapshot,
        "editions": ["lscb-2015"],
        "synthetic": True,
    }
    assert {name: content["release"][name] for name in wanted} == wanted
    for table in content["tables"]:
        wanted = {"id", "title", "basis", "period", "statistic", "where", "dimensions", "additive"}
        assert wanted <= table.keys()
        for cell in table["cells"]:
            figures = {"value", "mark"}
            if table["statistic"] != "count":
                figures |= {"lower", "upper", "numerator", "denominator"}
            assert cell.keys() == {*table["dimensions"], *figures}
            assert (cell["value"] is None) == (cell["mark"] is not None)
    codes = {code for table in content["tables"] for code in table["dimensions"]}
    assert codes <= content["dimensions"].keys()


def test_a_draft_keeps_who_when_and_what_was_counted(counted, coordinator):
    release = actions.draft(YEAR, by=coordinator)

    assert (release.state, release.number, release.threshold) == (ReleaseState.DRAFT, 1, 5)
    assert (release.drafted_by, release.approved_by) == (coordinator, None)
    assert release.checks.splitlines() == json.loads(release.content)["checks"]
    assert release.snapshot.startswith(f"{release.counted_at:%Y%m%dT%H%M%SZ}-")
    assert release.reference.startswith("R-")


def test_a_draft_shows_exactly_the_counts_that_are_not_small(counted, coordinator):
    exact = compose.count(YEAR).tables
    true_counts = {cell: n for table in exact for cell, n in table.cells().items()}

    content = json.loads(actions.draft(YEAR, by=coordinator).content)

    hidden = compose.hidden_cells(content)
    small = {cell for cell in compose.cells(content) if 1 <= true_counts[cell] <= 4}
    assert small
    assert small <= hidden
    for table in content["tables"]:
        for cell in table["cells"]:
            if table["statistic"] == "count" and cell["value"] is not None:
                key = compose.cells({"tables": [{**table, "cells": [cell]}]}).pop()
                assert cell["value"] == true_counts[key]
    assert auditor.audit(content) == []


def test_deaths_that_look_alike_once_protected_publish_the_same_text(db, coordinator):
    """No seal, order or length gives away which of two years it was."""
    texts = []
    for fives, tens in ((3, 2), (2, 3)):
        with transaction.atomic():
            deaths(9, notified_in=YEAR.first_month)
            deaths(fives, age_band="5-9", sex="male")
            deaths(tens, age_band="10-14", sex="male")
            counted = compose.count(YEAR)
            release = actions.draft(YEAR, by=coordinator)
            texts.append((release, counted.cube.frame.to_dict("records")))
            transaction.set_rollback(True)

    (one, deaths_of_one), (other, deaths_of_other) = texts
    assert deaths_of_one != deaths_of_other
    assert one.snapshot != other.snapshot
    assert as_read(one) == as_read(other)


def as_read(release):
    """The text of a release, with its name and its snapshot taken out of it."""
    return release.content.replace(release.reference, "").replace(release.snapshot, "")


@pytest.mark.parametrize(("here", "there"), list(product(ReleaseState, ReleaseState)))
def test_only_the_listed_steps_can_be_taken_and_only_by_their_roles(
    here, there, coordinator, chair, member, reader, governance_lead, stranger
):
    release = Release(state=here, drafted_by=person("coordinator"))
    cast = (coordinator, chair, member, reader, governance_lead, stranger)

    allowed = [who for who in cast if not why_not(release, there, by=who)]

    needed = STEPS.get((here, there))
    assert allowed == [who for who in cast if needed and who.can(needed)]


def test_nobody_but_the_team_drafts_and_nobody_but_a_chair_approves():
    drafts = {role for role in Role if actions.Permission.RELEASES_DRAFT in ROLES[role].permissions}
    approves = {
        role for role in Role if actions.Permission.RELEASES_APPROVE in ROLES[role].permissions
    }

    assert drafts == {Role.COORDINATOR, Role.DEPUTY_COORDINATOR, Role.CDOP_NURSE}
    assert approves == {Role.CHAIR, Role.VICE_CHAIR}


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_drafting_is_refused_to_everybody_else(counted, request, who):
    with pytest.raises(Refused, match="does not draft") as refusal:
        actions.draft(YEAR, by=request.getfixturevalue(who))

    assert (refusal.value.status, Release.objects.count()) == (403, 0)


def test_one_person_with_both_hats_does_not_approve_their_own_draft(release_at, coordinator):
    release = release_at(ReleaseState.DRAFT)
    coordinator.wear(give(coordinator, "chair"))

    with pytest.raises(Refused, match="a second person must approve") as refusal:
        actions.approve(release, by=coordinator)

    assert refusal.value.status == 403
    assert as_it_is(release)["state"] == "draft"


def test_the_database_itself_refuses_an_approval_by_the_drafter(release_at):
    release = release_at(ReleaseState.DRAFT)

    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(
            state="approved", approved_by=F("drafted_by"), approved_at=F("drafted_at")
        )


def test_a_published_release_has_its_files_whole_and_their_fingerprints_are_audited(
    release_at, coordinator
):
    release = release_at(ReleaseState.PUBLISHED)

    made = list(release.files.order_by("pk"))
    assert [(file.name, file.area_id) for file in made] == [
        ("pan-cheshire-2014-15-v1.pdf", None),
        ("cheshire-east-2014-15-v1.pdf", "E06000049"),
        ("cheshire-west-and-chester-2014-15-v1.pdf", "E06000050"),
        ("halton-2014-15-v1.pdf", "E06000006"),
        ("warrington-2014-15-v1.pdf", "E06000007"),
        ("pan-cheshire-2014-15-v1.csv", None),
        ("pan-cheshire-2014-15-v1.json", None),
    ]
    for file in made:
        content = bytes(file.content)
        assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        assert file.whole
    assert bytes(made[-1].content).decode() == release.content
    entry = AuditEntry.objects.get(action="release.files_made")
    assert json.loads(entry.detail)["after"] == {file.name: file.sha256 for file in made}
    assert (entry.actor, verify().broken) == (coordinator, "")


def test_the_files_of_an_area_speak_of_that_area_and_of_pan_cheshire(counted, coordinator, chair):
    release = actions.approve(actions.draft(YEAR, by=coordinator), by=chair)
    with patch.object(files, "FOR_EACH_AREA", ("html",)):
        release = actions.publish(release, by=coordinator)

    page = bytes(release.files.get(area="E06000006").content).decode()

    assert "Halton" in page
    assert "Pan-Cheshire" in page
    assert "Synthetic: no real child" in page
    assert "Warrington" not in page


def test_a_real_pdf_of_an_area_opens_and_names_it(counted, coordinator):
    release = actions.draft(YEAR, by=coordinator)

    made = files.FORMATS["pdf"].render(json.loads(release.content), "E06000006")

    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made))
    assert "Halton" in text
    assert "2014-15" in text
    assert io.BytesIO(made).read(5) == b"%PDF-"


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

    assert release.files.count() == 7
    assert {"analytics_releasefile", "analytics_historicalrelease"} <= guarded_tables()


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
    counted, plain_pdf, coordinator, chair, first, second
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
    db, plain_pdf, coordinator, chair
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


def test_the_model_and_the_protection_agree_on_the_thresholds():
    assert (models.SMALLEST_THRESHOLD, models.LARGEST_THRESHOLD) == (
        disclosure.LOWEST_THRESHOLD,
        disclosure.HIGHEST_THRESHOLD,
    )
    assert disclosure.Policy().threshold == models.USUAL_THRESHOLD


def test_a_period_in_which_no_child_died_can_be_published(plain_pdf, coordinator, chair):
    release = actions.approve(actions.draft(YEAR, by=coordinator), by=chair)

    published = actions.publish(release, by=coordinator)

    assert published.state == ReleaseState.PUBLISHED
    assert compose.hidden_cells(json.loads(published.content)) == set()
