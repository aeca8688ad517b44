"""The pages and files of statistics, opened by everybody in the cast."""

import json
import re
from datetime import datetime, time, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from analytics import compose, rules, work
from analytics.forms import PURPOSES, DraftForm
from analytics.models import Release
from analytics.states import ReleaseState
from cdop.core.audit import AuditEntry
from cdop.core.periods import Period
from cdop.core.steps import edit
from tests.analytics.conftest import YEAR
from tests.analytics.deaths import REVIEWED, WARRINGTON, a_death, deaths
from tests.cast import TESTS, person
from tests.pages import sign_in, text_of

CAST = (
    "coordinator",
    "chair",
    "member",
    "doctor",
    "reader",
    "governance_lead",
    "stranger",
)
ASKED = {"period": "2014-15", "basis": "reviewed", "purpose": PURPOSES[0]}
MAKERS = {"coordinator", "chair"}
READERS = {"coordinator", "chair", "reader"}


def page_of(release, name="release"):
    return reverse(f"analytics:{name}", args=[release.reference])


def who_gets(request, method, address, data=None):
    """The status that each of the cast gets."""
    found = {}
    for name in CAST:
        client = sign_in(Client(), request.getfixturevalue(name))
        found[name] = getattr(client, method)(address, data or {}).status_code
    return found


def everybody_else(status, **others):
    return {name: others.get(name, status) for name in CAST}


def rows_of(page, table_id):
    """The figures of one table on a page, by row."""
    section = re.search(f'<section id="{table_id}".*?</section>', page.content.decode(), re.DOTALL)
    rows = re.findall(r'<th [^>]*scope="row">(.*?)</th>(.*?)</tr>', section[0], re.DOTALL)
    cells = {label: re.findall(r"<td.*?</td>", row, re.DOTALL) for label, row in rows}
    return {label: [figure(cell) for cell in row] for label, row in cells.items()}


def figure(cell):
    """What stands in a cell, without what only a screen reader says."""
    seen = re.sub(r'<span class="nhsuk-u-visually-hidden">.*?</span>', "", cell)
    return re.sub(r"<[^>]+>", "", seen).strip()


def tables_on(page):
    """The ids of the tables on a page, in order."""
    return re.findall(r'<section id="([^"]+)"', page.content.decode())


def files_on(page):
    """The names of the files that a page offers, in order."""
    return re.findall(r'<a href="[^"]*/([^"/]+)" download>', page.content.decode())


@pytest.fixture
def audited():
    """How often each action stands in the audit since this test began."""
    before = AuditEntry.objects.count()
    return lambda action: AuditEntry.objects.filter(action=action, number__gt=before).count()


def test_exact_counts_are_for_the_team(request, db):
    found = who_gets(request, "get", reverse("analytics:internal"), ASKED)

    assert found == everybody_else(404, coordinator=200)


def test_the_lists_and_a_published_release_are_for_makers_and_readers(request, release_at):
    release = release_at(ReleaseState.PUBLISHED)

    for address in (reverse("analytics:releases"), page_of(release)):
        found = who_gets(request, "get", address)
        assert found == everybody_else(404, coordinator=200, chair=200, reader=200)


@pytest.mark.parametrize("state", [s for s in ReleaseState if s is not ReleaseState.PUBLISHED])
def test_a_release_that_is_not_published_is_there_for_its_makers_only(request, release_at, state):
    release = release_at(state)

    assert who_gets(request, "get", page_of(release)) == everybody_else(
        404, coordinator=200, chair=200
    )


@pytest.mark.parametrize(
    ("name", "method"),
    [("draft", "get"), ("draft", "post"), ("withdraw", "get"), ("withdraw", "post")],
)
def test_drafting_and_withdrawing_are_for_the_team(request, release_at, name, method):
    release = release_at(ReleaseState.DRAFT)
    args = [release.reference] if name == "withdraw" else []

    found = who_gets(request, method, reverse(f"analytics:{name}", args=args))

    assert found == everybody_else(404, coordinator=200)


@pytest.mark.parametrize(
    ("state", "name", "expected"),
    [
        (ReleaseState.DRAFT, "approve", {"coordinator": 403, "chair": 302}),
        (ReleaseState.APPROVED, "approve", {"coordinator": 403, "chair": 409}),
        (ReleaseState.PUBLISHED, "approve", {"coordinator": 403, "chair": 409, "reader": 409}),
        (ReleaseState.DRAFT, "publish", {"coordinator": 409, "chair": 409}),
        # The coordinator comes first: for those after, it is published already.
        (ReleaseState.APPROVED, "publish", {"coordinator": 302, "chair": 409, "reader": 409}),
        (ReleaseState.PUBLISHED, "publish", {"coordinator": 409, "chair": 409, "reader": 409}),
    ],
)
def test_each_step_is_taken_refused_or_not_there(request, release_at, state, name, expected):
    release = release_at(state)

    found = who_gets(request, "post", page_of(release, name))

    assert found == everybody_else(404, **expected)


def test_a_chair_who_publishes_an_approved_release_is_told_why_not(client, release_at, chair):
    release = release_at(ReleaseState.APPROVED)

    answer = sign_in(client, chair).post(page_of(release, "publish"))

    assert answer.status_code == 403
    assert "As chair you cannot make this release published." in text_of(answer)


@pytest.mark.parametrize("name", ["approve", "publish"])
def test_a_step_is_not_taken_by_following_a_link(client, release_at, coordinator, name):
    release = release_at(ReleaseState.DRAFT)

    assert sign_in(client, coordinator).get(page_of(release, name)).status_code == 405


def test_nobody_sees_anything_without_signing_in(client, release_at):
    release = release_at(ReleaseState.PUBLISHED)
    addresses = [
        reverse("analytics:internal"),
        reverse("analytics:releases"),
        page_of(release),
        reverse("analytics:download", args=[release.reference, "pan-cheshire-2014-15-v1.json"]),
    ]

    answers = [client.get(address) for address in addresses]

    assert {answer.status_code for answer in answers} == {302}
    assert all("login" in answer["Location"] for answer in answers)


def test_the_internal_table_grows_by_exactly_one(client, counted, coordinator):
    sign_in(client, coordinator)
    address = reverse("analytics:internal")
    case = a_death(area_id=WARRINGTON)
    before = rows_of(client.get(address, ASKED), "reviewed-area")

    edit(case, by=TESTS, **REVIEWED)

    after = rows_of(client.get(address, ASKED), "reviewed-area")
    grown = {area: int(after[area][0]) - int(before[area][0]) for area in before}
    assert grown == {
        "Cheshire East": 0,
        "Cheshire West and Chester": 0,
        "Halton": 0,
        "Warrington": 1,
        "Pan-Cheshire": 1,
    }


def test_exact_counts_are_marked_and_each_view_is_recorded_with_its_purpose(
    client, db, coordinator, audited
):
    a_death(sex="male")

    page = sign_in(client, coordinator).get(
        reverse("analytics:internal"), ASKED | {"basis": "notified"}
    )

    assert "OFFICIAL-SENSITIVE" in text_of(page)
    assert rows_of(page, "notified-sex-area")["Male"] == ["0", "0", "1", "0", "1"]
    assert {table.partition("-")[0] for table in tables_on(page)} == {"notified"}
    entry = AuditEntry.objects.get(action="statistics.read_unprotected")
    assert (entry.actor, entry.hat) == (coordinator, "coordinator")
    assert (entry.subject, entry.purpose) == ("exact counts of 2014-15, notified", PURPOSES[0])
    client.get(reverse("analytics:internal"), ASKED)
    assert audited("statistics.read_unprotected") == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"period": ""}, "Enter the months to count, such as 2014-15"),
        ({"period": "2014-16"}, "The year that begins in April 2014 is written 2014-15."),
        ({"period": "last year"}, "“last year” is not a period."),
        ({"period": "2014-15-Q5"}, "A year has the quarters Q1 to Q4."),
        ({"period": "2999-00"}, "2999-00 has not begun yet."),
        ({"period": "2098-99"}, "2098-99 has not begun yet."),
        ({"period": "x" * 10_000}, "written in 40 characters or fewer"),
        ({"period": "<script>alert(1)</script>"}, "is not a period."),
        ({"period": "٢٠١٤-١٥"}, "is not a period."),
        ({"basis": "died"}, "died is not one of the available choices"),
        ({"basis": ""}, "Choose which deaths to count"),
        ({"purpose": ""}, "Choose what you need the exact counts for"),
        ({"purpose": "curiosity"}, "curiosity is not one of the available choices"),
    ],
)
def test_nonsense_gets_a_sentence_and_no_count(client, coordinator, audited, wrong, sentence):
    page = sign_in(client, coordinator).get(reverse("analytics:internal"), ASKED | wrong)

    assert (page.status_code, tables_on(page)) == (200, [])
    assert sentence in text_of(page)
    assert b"<script>alert" not in page.content
    assert audited("statistics.read_unprotected") == 0


def test_a_read_that_cannot_be_recorded_shows_nothing(client, counted, coordinator):
    client.raise_request_exception = False

    with patch("analytics.views.record", side_effect=OSError("the chain cannot be written")):
        page = sign_in(client, coordinator).get(reverse("analytics:internal"), ASKED)

    assert page.status_code == 500
    assert "Deaths reviewed" not in text_of(page)


def test_a_coordinator_drafts_a_chair_approves_and_the_reader_of_an_area_downloads(
    counted, plain_pdf, coordinator, chair, reader
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


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("halton-2014-15-v1.pdf", "application/pdf"),
        ("pan-cheshire-2014-15-v1.pdf", "application/pdf"),
        ("pan-cheshire-2014-15-v1.csv", "text/csv; charset=utf-8"),
        ("pan-cheshire-2014-15-v1.json", "application/json"),
    ],
)
def test_a_file_comes_as_it_was_published_to_be_saved_and_the_download_is_recorded(
    client, release_at, reader, name, content_type
):
    release = release_at(ReleaseState.PUBLISHED)

    answer = sign_in(client, reader).get(
        reverse("analytics:download", args=[release.reference, name])
    )

    assert answer.content == bytes(release.files.get(name=name).content)
    assert {header: answer[header] for header in ("Content-Type", "Content-Disposition")} == {
        "Content-Type": content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    assert answer["X-Content-Type-Options"] == "nosniff"
    entry = AuditEntry.objects.get(action="release.downloaded")
    assert (entry.actor, json.loads(entry.detail)) == (reader, {"after": {"file": name}})


@pytest.mark.parametrize(
    "name",
    ["warrington-2014-15-v1.pdf", "cheshire-east-2014-15-v1.pdf", "halton-2014-15-v2.pdf", "x"],
)
def test_the_file_of_another_area_is_not_there(client, release_at, reader, audited, name):
    release = release_at(ReleaseState.PUBLISHED)

    answer = sign_in(client, reader).get(
        reverse("analytics:download", args=[release.reference, name])
    )

    assert (answer.status_code, audited("release.downloaded")) == (404, 0)


def test_every_file_of_a_published_release_for_everybody(request, release_at):
    release = release_at(ReleaseState.PUBLISHED)
    own = {"halton", "pan-cheshire"}

    for file in release.files.all():
        address = reverse("analytics:download", args=[release.reference, file.name])
        found = who_gets(request, "get", address)
        mine = 200 if file.name.rpartition("-2014")[0] in own else 404
        assert found == everybody_else(404, coordinator=200, chair=200, reader=mine)


def test_a_reader_without_an_area_has_the_files_of_pan_cheshire_alone(client, release_at):
    release = release_at(ReleaseState.PUBLISHED)

    page = sign_in(client, person("area_reader")).get(page_of(release))

    assert {name.rpartition("-2014")[0] for name in files_on(page)} == {"pan-cheshire"}


def test_a_superseded_release_and_its_files_are_out_of_the_readers_sight(
    client, release_at, reader
):
    release = release_at(ReleaseState.SUPERSEDED)
    sign_in(client, reader)

    listed = text_of(client.get(reverse("analytics:releases")))

    assert "2014-15 , version 2" in listed
    assert "version 1" not in listed
    assert client.get(page_of(release)).status_code == 404
    address = reverse("analytics:download", args=[release.reference, "halton-2014-15-v1.pdf"])
    assert client.get(address).status_code == 404


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
