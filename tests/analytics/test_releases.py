"""A release from the draft to the reader: what it holds, and who takes which step."""

import hashlib
import io
import json
from itertools import product
from unittest.mock import patch

import pypdfium2
import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from analytics import actions, auditor, compose, disclosure, files, models
from analytics.models import Release
from analytics.states import STEPS, ReleaseState
from cdop.core.audit import AuditEntry, verify
from cdop.core.refusals import Refused
from cdop.core.roles import ROLES, Role
from cdop.core.steps import why_not
from tests.analytics.conftest import YEAR, as_it_is
from tests.analytics.deaths import AREAS, deaths
from tests.cast import give, person


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
            if table["statistic"] == "rate":
                figures |= {"flag"}
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
        *(
            (f"{place}-2014-15-v1.{kind}", area)
            for kind in ("pdf", "docx")
            for place, area in (
                ("pan-cheshire", None),
                ("cheshire-east", "E06000049"),
                ("cheshire-west-and-chester", "E06000050"),
                ("halton", "E06000006"),
                ("warrington", "E06000007"),
            )
        ),
        ("pan-cheshire-2014-15-v1.xlsx", None),
        ("pan-cheshire-2014-15-v1.ods", None),
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


def test_the_model_and_the_protection_agree_on_the_thresholds():
    assert (models.SMALLEST_THRESHOLD, models.LARGEST_THRESHOLD) == (
        disclosure.LOWEST_THRESHOLD,
        disclosure.HIGHEST_THRESHOLD,
    )
    assert disclosure.Policy().threshold == models.USUAL_THRESHOLD


def test_a_period_in_which_no_child_died_can_be_published(plain_files, coordinator, chair):
    release = actions.approve(actions.draft(YEAR, by=coordinator), by=chair)

    published = actions.publish(release, by=coordinator)

    assert published.state == ReleaseState.PUBLISHED
    assert compose.hidden_cells(json.loads(published.content)) == set()
