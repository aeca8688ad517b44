"""``manage.py statistics``: what it prints, in whose name, and what it says to nonsense."""

import csv
import io
import json

import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from analytics import actions, compose
from analytics.models import Release
from analytics.populations import BIRTHS
from analytics.states import ReleaseState
from analytics.tables import TABLES
from cdop.core.audit import AuditEntry
from cdop.core.periods import Period
from tests.analytics.conftest import YEAR
from tests.analytics.deaths import HALTON, WARRINGTON, a_death, deaths
from tests.cast import give

DRAFT = "not for publication"


@pytest.fixture
def statistics(tmp_path):
    """Runs the command; returns the file that it says it wrote."""

    def run(*, kind="json", year="2014-15", **options):
        said = io.StringIO()
        call_command("statistics", year=year, format=kind, out=tmp_path, stdout=said, **options)
        (path,) = tmp_path.iterdir()
        assert said.getvalue() == f"{path}\n"
        return path

    return run


def read(path):
    return json.loads(path.read_text())


def cells(content, table_id):
    """The values of a table, by its codes."""
    table = next(table for table in content["tables"] if table["id"] == table_id)
    return {tuple(c[d] for d in table["dimensions"]): c["value"] for c in table["cells"]}


@pytest.mark.parametrize(
    ("kind", "area", "name"),
    [
        ("json", None, "pan-cheshire-2014-15-v1.json"),
        ("csv", None, "pan-cheshire-2014-15-v1.csv"),
        ("pdf", None, "pan-cheshire-2014-15-v1.pdf"),
        ("pdf", HALTON, "halton-2014-15-v1.pdf"),
    ],
)
def test_a_published_release_is_printed_byte_for_byte(statistics, release_at, kind, area, name):
    release = release_at(ReleaseState.PUBLISHED)

    path = statistics(kind=kind, area=area)

    assert path.name == name
    assert path.read_bytes() == bytes(release.files.get(name=name).content)


def test_what_was_published_is_printed_and_not_what_would_be_counted_now(statistics, release_at):
    release = release_at(ReleaseState.PUBLISHED)
    deaths(5)

    assert read(statistics()) == json.loads(release.content)


def test_a_release_on_its_way_is_printed_as_a_draft(statistics, release_at):
    release = release_at(ReleaseState.APPROVED)

    path = statistics()

    assert path.name == "draft-pan-cheshire-2014-15-v1.json"
    printed, frozen = read(path), json.loads(release.content)
    assert [table | {"notes": table["notes"][1:]} for table in printed["tables"]] == frozen[
        "tables"
    ]
    assert {table["notes"][0] for table in printed["tables"]} == {f"This is a draft, {DRAFT}."}
    assert printed["release"] == frozen["release"] | {
        "id": f"{release.reference}, {DRAFT}",
        "draft": True,
    }


def test_without_a_release_a_draft_is_counted_and_nothing_is_saved(statistics, counted):
    content = read(statistics())

    assert content["release"]["id"] == f"draft, {DRAFT}"
    assert compose.hidden_cells(content)
    assert Release.objects.count() == 0
    assert AuditEntry.objects.filter(action="release.drafted").count() == 0


@pytest.mark.parametrize("kind", ["json", "csv", "html", "pdf"])
def test_every_format_of_a_draft_says_that_it_is_not_for_publication(statistics, db, kind):
    a_death()

    path = statistics(kind=kind)

    made = path.read_bytes()
    if kind == "pdf":
        pages = pypdfium2.PdfDocument(made)
        made = "".join(page.get_textpage().get_text_range() for page in pages).encode()
    printed = [table for table in TABLES if table.population != BIRTHS]  # none are known
    assert made.decode().count(DRAFT) >= len(printed)
    assert path.name == f"draft-pan-cheshire-2014-15-v1.{kind}"


def test_an_area_is_printed_beside_pan_cheshire_with_the_pattern_of_the_whole(
    statistics, release_at
):
    release = release_at(ReleaseState.PUBLISHED)
    whole = json.loads(release.content)

    content = read(statistics(area=WARRINGTON))

    for table in content["tables"]:
        if "area" in table["dimensions"]:
            assert {cell["area"] for cell in table["cells"]} == {WARRINGTON, "total"}
        there = cells(whole, table["id"])
        here = cells(content, table["id"])
        assert here == {at: there[at] for at in here}


def test_a_basis_chooses_tables_and_changes_nothing_in_them(statistics, release_at):
    release = release_at(ReleaseState.PUBLISHED)
    whole = json.loads(release.content)

    path = statistics(basis="reviewed")

    assert path.name == "pan-cheshire-2014-15-v1-reviewed.json"
    assert read(path)["tables"] == [t for t in whole["tables"] if t["basis"] == "reviewed"]


@pytest.mark.parametrize(
    ("options", "period"),
    [
        ({"year": "2014-15", "quarter": "2"}, "2014-15-Q2"),
        ({"year": "2013-14--2014-15"}, "2013-14--2014-15"),
        ({"year": "2012-13"}, "2012-13"),
    ],
)
def test_years_quarters_and_pooled_years_are_printed(statistics, counted, options, period):
    content = read(statistics(**options))

    assert content["release"]["period"] == period
    assert {table["period"] for table in content["tables"]} == {period}


def test_exact_counts_are_printed_in_somebodys_name_and_recorded(statistics, counted, coordinator):
    path = statistics(kind="csv", unprotected=True, by=coordinator.email.upper())

    exact = next(t for t in compose.count(YEAR).tables if t.table.id == "notified-age-area")
    rows = list(csv.DictReader(path.read_text().splitlines()))
    printed = {
        (row["age_band"], row["area"]): int(row["value"])
        for row in rows
        if row["table"] == "notified-age-area"
    }
    assert printed == dict(exact.counts)
    assert path.name == "official-sensitive-pan-cheshire-2014-15-v1.csv"
    assert all("OFFICIAL-SENSITIVE" in row["marking"] for row in rows)
    entry = AuditEntry.objects.get(action="statistics.read_unprotected")
    assert (entry.actor, entry.hat, entry.subject, entry.purpose) == (
        coordinator,
        "coordinator",
        "exact counts of 2014-15",
        "printed with the command statistics",
    )


def test_somebody_with_several_roles_prints_in_the_one_that_allows_it(
    statistics, counted, coordinator
):
    give(coordinator, "member")

    statistics(unprotected=True, by=coordinator.email)

    assert AuditEntry.objects.get(action="statistics.read_unprotected").hat == "coordinator"


@pytest.mark.parametrize("who", ["chair", "member", "doctor", "reader", "governance_lead"])
def test_exact_counts_are_refused_to_everybody_else(statistics, counted, tmp_path, request, who):
    person = request.getfixturevalue(who)

    with pytest.raises(CommandError, match=f"{person.email} may not see exact counts."):
        statistics(unprotected=True, by=person.email)

    assert list(tmp_path.iterdir()) == []
    assert not AuditEntry.objects.filter(action="statistics.read_unprotected").exists()


def test_a_closed_account_prints_no_exact_counts(statistics, coordinator):
    type(coordinator).objects.filter(pk=coordinator.pk).update(is_active=False)

    with pytest.raises(CommandError, match="may not see exact counts"):
        statistics(unprotected=True, by=coordinator.email)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"year": "2014-16"}, "The year that begins in April 2014 is written 2014-15."),
        ({"year": "last"}, "“last” is not a period."),
        ({"year": ""}, "“” is not a period."),
        ({"quarter": "5"}, "A year has the quarters Q1 to Q4."),
        ({"year": "2013-14--2014-15", "quarter": "1"}, "is not a period."),
        ({"area": "E09000001"}, "There is no area “E09000001”. The areas are E06000049 (Chesh"),
        ({"area": ""}, "There is no area “”."),
        ({"basis": "born"}, "No table counts by “born”. Choose one of notified, reviewed, died."),
        ({"kind": "xls"}, "There is no format “xls”. Choose one of pdf, xlsx, docx, ods, csv, js"),
        ({"kind": "PDF"}, "There is no format “PDF”. Choose one of pdf, xlsx, docx, ods, csv, js"),
        ({"unprotected": True}, "Exact counts are printed in somebody's name: add --by EMAIL."),
        ({"unprotected": True, "by": "nobody@example.org"}, "nobody@example.org may not see"),
    ],
)
def test_nonsense_gets_a_sentence_and_no_file(db, statistics, tmp_path, options, sentence):
    with pytest.raises(CommandError) as error:
        statistics(**options)

    assert sentence in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_what_stops_a_draft_stops_the_command_with_the_same_sentence(statistics, db):
    a_death(area_id=None)

    with pytest.raises(CommandError, match="1 death has no area in 2014-15"):
        statistics()


def test_after_a_correction_the_new_version_is_printed(statistics, release_at, coordinator, chair):
    release_at(ReleaseState.SUPERSEDED)

    content = read(statistics())

    assert content["release"]["version"] == 2


def test_another_period_of_a_published_year_is_still_a_draft(statistics, release_at):
    release_at(ReleaseState.PUBLISHED, Period.year(2013))

    assert read(statistics())["release"]["id"] == f"draft, {DRAFT}"


def test_a_withdrawn_release_is_not_printed(statistics, release_at, coordinator):
    release = release_at(ReleaseState.DRAFT)
    actions.withdraw(release, by=coordinator, reason="A review is missing.")
    deaths(5)

    assert read(statistics())["tables"] != json.loads(release.content)["tables"]
