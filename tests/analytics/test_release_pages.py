"""The pages of releases: from the draft to the download, and what each person reads there."""

import json
from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics import compose, rules, work
from analytics.forms import DraftForm
from analytics.models import Release
from analytics.states import ReleaseState
from cdop.core.periods import Period
from cdop.core.steps import edit
from tests.analytics.conftest import YEAR
from tests.analytics.deaths import deaths
from tests.analytics.pages import files_on, page_of, rows_of, tables_on
from tests.cast import TESTS
from tests.client import Client
from tests.pages import sign_in, text_of


def test_a_coordinator_drafts_a_chair_approves_and_the_reader_of_an_area_downloads(
    counted, plain_files, coordinator, chair, reader
):
    office, chairing, area = (sign_in(Client(), who) for who in (coordinator, chair, reader))

    drafted = office.post(reverse("analytics:draft"), {"period": "2014-15", "threshold": "5"})
    release = Release.objects.get()
    assert drafted["Location"] == page_of(release)
    assert "Approve the statistics of 2014-15, version 1" in text_of(chairing.get("/"))

    chairing.post(page_of(release, "approve"))
    assert "Publish the statistics of 2014-15, version 1" in text_of(office.get("/"))
    assert area.get(page_of(release)).status_code == 404

    office.post(page_of(release, "publish"))
    assert "Read the new statistics of 2014-15, version 1" in text_of(area.get("/"))
    page = area.get(page_of(release))
    assert files_on(page) == [
        "pan-cheshire-2014-15-v1.pdf",
        "halton-2014-15-v1.pdf",
        "pan-cheshire-2014-15-v1.docx",
        "halton-2014-15-v1.docx",
        "pan-cheshire-2014-15-v1.xlsx",
        "pan-cheshire-2014-15-v1.ods",
        "pan-cheshire-2014-15-v1.csv",
        "pan-cheshire-2014-15-v1.json",
    ]


def test_the_chair_sees_exactly_the_tables_that_are_published(
    client, release_at, chair, coordinator
):
    release = release_at(ReleaseState.DRAFT)

    seen = sign_in(client, chair).get(page_of(release))

    content = json.loads(release.content)
    hidden, counts = len(compose.hidden_cells(content)), len(compose.cells(content))
    words = text_of(seen)
    assert hidden > 0
    assert f"{hidden} of {counts} counts" in words
    assert tables_on(seen) == [table["id"] for table in content["tables"]]
    assert "Not for publication: this release is draft." in words
    assert "Approve the release" in words
    assert all(check in words for check in content["checks"])
    for table in content["tables"]:
        assert table["title"] in words


def test_the_page_of_a_release_shows_every_figure_of_its_tables_and_nothing_hidden(
    client, release_at, reader
):
    release = release_at(ReleaseState.PUBLISHED)

    page = sign_in(client, reader).get(page_of(release))

    content = json.loads(release.content)
    for table in content["tables"]:
        if table["statistic"] == "count":
            seen = [text for row in rows_of(page, table["id"]).values() for text in row]
            wanted = [str(cell["mark"] or cell["value"]) for cell in table["cells"]]
            assert seen == wanted
    assert "Drafted" not in text_of(page)
    assert "Fingerprint" not in text_of(page)


def test_a_person_who_drafted_sees_why_they_cannot_approve(client, release_at, coordinator):
    release = release_at(ReleaseState.DRAFT)
    both = Release.objects.get(pk=release.pk).drafted_by
    holding = both.holdings.get()
    edit(holding, by=TESTS, role="chair")

    page = sign_in(client, both).get(page_of(release))

    assert "You drafted this release, so a second person must approve it." in text_of(page)
    assert page_of(release, "approve") in page.content.decode()
    assert "Approve the release</button>" not in page.content.decode()


def test_a_double_submit_drafts_once(client, counted, coordinator):
    sign_in(client, coordinator)
    chosen = {"period": "2014-15", "threshold": "5"}

    client.post(reverse("analytics:draft"), chosen)
    again = client.post(reverse("analytics:draft"), chosen)

    assert Release.objects.count() == 1
    assert "Version 1 of 2014-15 is draft and not yet published." in text_of(again)


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        ("2", "must be 3 or more"),
        ("11", "must be 10 or less"),
        ("", "Enter the smallest count to show"),
        ("five", "as a whole number"),
        ("5.5", "as a whole number"),
    ],
)
def test_a_threshold_out_of_bounds_gets_a_sentence_and_what_was_typed_stays(threshold, sentence):
    form = DraftForm({"period": "2014-15", "threshold": threshold})

    assert not form.is_valid()
    assert sentence in form.errors["threshold"][0]
    assert (form["period"].value(), form["threshold"].value()) == ("2014-15", threshold)


def test_withdrawing_needs_a_reason(client, release_at, coordinator):
    release = release_at(ReleaseState.DRAFT)
    address = page_of(release, "withdraw")
    sign_in(client, coordinator)

    without = client.post(address, {"reason": "  "})
    client.post(address, {"reason": "A review is missing."})

    assert "Say why this release is withdrawn" in text_of(without)
    assert Release.objects.get().withdrawn_because == "A review is missing."


def test_the_pages_ask_as_many_questions_for_many_releases_as_for_one(
    client, release_at, chair, coordinator, django_assert_max_num_queries
):
    release_at(ReleaseState.DRAFT)
    release_at(ReleaseState.DRAFT, Period.year(2013))
    sign_in(client, chair)

    with django_assert_max_num_queries(8):
        listed = client.get(reverse("analytics:releases"))

    assert text_of(listed).count(", version 1") == 2


def test_a_new_release_stops_being_news_after_four_weeks(release_at, reader):
    release_at(ReleaseState.PUBLISHED)
    later = timezone.now() + timedelta(days=29)

    fresh = work.tasks_for(reader)
    with patch("analytics.work.timezone.now", return_value=later):
        stale = work.tasks_for(reader)

    assert ([task.text for task in fresh], stale) == (
        ["Read the new statistics of 2014-15, version 1"],
        [],
    )


def test_nobody_is_asked_to_approve_their_own_draft(release_at, chair, coordinator):
    release = release_at(ReleaseState.DRAFT)
    holding = coordinator.holdings.get()
    edit(holding, by=TESTS, role="chair")
    drafter = type(coordinator).objects.get(pk=coordinator.pk)

    assert work.tasks_for(drafter) == []
    assert [task.href for task in work.tasks_for(chair)] == [page_of(release)]


def test_a_running_year_can_be_drafted(client, coordinator):
    deaths(2, notified_in=Period.of(timezone.localdate()).first_month)

    form = DraftForm({"period": str(Period.of(timezone.localdate())), "threshold": "5"})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["period"] != YEAR


@pytest.mark.parametrize("who, sees", [("coordinator", True), ("chair", True), ("reader", False)])
def test_who_makes_a_release_of_few_deaths_is_told_what_the_zeros_say(
    client, request, release_at, who, sees
):
    release = release_at("approved" if sees else "published")

    page = sign_in(client, request.getfixturevalue(who)).get(page_of(release))

    assert ("the zeros in the tables tell a reader" in text_of(page)) is sees


def test_a_period_that_is_not_over_is_named_before_it_is_published(release_at, time_machine):
    release = release_at("draft")
    over = "The months are not over: deaths will still be added to them."
    time_machine.move_to(datetime.combine(release.months.last_day, time(12)))
    assert over in rules.cautions(release)

    time_machine.move_to(datetime.combine(release.months.last_day + timedelta(days=1), time(12)))
    assert over not in rules.cautions(release)
