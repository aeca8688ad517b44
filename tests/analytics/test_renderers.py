"""What leaves the system: the same protected figures in every file, and nothing beside them."""

import csv as reader
import io
import json
from functools import cache

import pypdfium2
import pytest
from django.template import engines

from analytics import charts, checks, disclosure, release_json
from analytics.charts import Bar, Chart
from analytics.disclosure import Policy
from analytics.renderers import csv, layout, pdf
from analytics.renderers import json as as_json
from tests.analytics.invented import AREAS, children, heading, tabulate

CHOSEN = (
    "notified-area",
    "reviewed-area",
    "reviewed-age-area",
    "reviewed-modifiable-area",
    "reviewed-modifiable-percentage",
    "reviewed-age-sex",
)
HALTON = "E06000006"


@cache
def counted():
    return tuple(tabulate(children(1, 64), only=lambda t: t.id in CHOSEN))


@cache
def protected_release():
    given = disclosure.protect(counted(), Policy())
    return release_json.dumps(release_json.build(heading(), given, checks.verify(counted())))


@pytest.fixture
def release():
    return json.loads(protected_release())


@pytest.fixture
def restricted():
    return release_json.build_internal(heading(), counted(), checks.verify(counted()))


def text_of(document):
    pages = pypdfium2.PdfDocument(document)
    return [page.get_textpage().get_text_range() for page in pages]


# Layout


def test_a_row_under_a_subtotal_stands_deeper_and_the_total_is_pan_cheshire(release):
    ages = next(grid for grid in layout.grids(release) if grid.id == "reviewed-age-area")

    assert [(row.label, row.depth, row.is_total) for row in ages.rows] == [
        ("Under 1 year", 0, False),
        ("0 to 27 days", 1, False),
        ("28 to 364 days", 1, False),
        ("1 to 4 years", 0, False),
        ("5 to 9 years", 0, False),
        ("10 to 14 years", 0, False),
        ("15 to 17 years", 0, False),
        ("Not known", 0, False),
        ("Total", 0, True),
    ]
    assert ages.columns == (*AREAS.values(), "Pan-Cheshire")
    assert ages.caption == "Basis: deaths reviewed. Period: 2014-15."


def test_the_figures_of_a_grid_are_those_of_the_release(release):
    for table, grid in zip(release["tables"], layout.grids(release), strict=True):
        if table["statistic"] != "count":
            continue
        shown = [figure for row in grid.rows for figure in row.figures]
        assert shown == [str(c["mark"] or c["value"]) for c in table["cells"]]
        assert grid.hidden == shown.count("[c]")


def test_one_area_is_shown_beside_pan_cheshire_and_no_other(release):
    shown = layout.for_area(release, HALTON)
    codes = {cell["area"] for table in shown["tables"] for cell in table["cells"] if "area" in cell}

    assert codes == {HALTON, "total"}
    assert len(shown["tables"]) == len(release["tables"])


def test_an_area_that_the_release_does_not_hold_is_refused(release):
    with pytest.raises(ValueError, match="no area 'E06000001'"):
        layout.for_area(release, "E06000001")


def test_the_note_on_the_mark_names_the_threshold_of_the_release(release):
    release["release"]["threshold"] = 8
    assert "a small count, 1 to 7;" in layout.how_to_read(release)


# CSV and JSON


def test_the_csv_has_every_figure_of_the_release_once(release):
    lines = list(reader.DictReader(io.StringIO(csv.render(release).decode())))

    cells = [(table, cell) for table in release["tables"] for cell in table["cells"]]
    assert len(lines) == len(cells)
    for line, (table, cell) in zip(lines, cells, strict=True):
        assert (line["table"], line["basis"]) == (table["id"], table["basis"])
        assert line["mark"] == (cell["mark"] or "")
        assert line["value"] == ("" if cell["value"] is None else str(cell["value"]))
        assert {d: line[d] for d in table["dimensions"]} == {
            d: cell[d] for d in table["dimensions"]
        }
        assert line["marking"] == "Synthetic: no real child"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula_to_a_spreadsheet(release, start):
    release["tables"][0]["title"] = f"{start}1+1"
    [line, *_] = reader.DictReader(io.StringIO(csv.render(release).decode(), newline=""))
    assert line["title"] == f"'{start}1+1"


def test_numbers_stay_numbers_even_below_nought():
    assert csv.safe(-3) == -3


def test_the_json_of_an_area_holds_that_area_only(release):
    shown = json.loads(as_json.render(release, HALTON))
    assert shown == layout.for_area(release, HALTON)
    assert json.loads(as_json.render(release)) == release


# Charts


def test_a_hidden_count_has_no_bar_and_no_number_in_words(release):
    table = next(t for t in release["tables"] if t["id"] == "reviewed-age-area")
    drawn = charts.chart(release, table)

    hidden = {c["age_band"] for c in table["cells"] if c["area"] == "total" and c["mark"]}
    labels = {layout.label(release, "age_band", code) for code in hidden}
    assert {bar.label for bar in drawn.bars if bar.value is None} == labels - {"Under 1 year"}
    assert all(f"{name} not shown" in drawn.text for name in labels - {"Under 1 year"})


def test_two_hidden_counts_look_the_same_whatever_they_are():
    """The picture of a release is a function of what it shows."""
    one = charts.png(Chart("T", "Deaths", (Bar("A", None), Bar("B", 9), Bar("C", 7))))
    assert one == charts.png(Chart("T", "Deaths", (Bar("A", None), Bar("B", 9), Bar("C", 7))))
    assert one != charts.png(Chart("T", "Deaths", (Bar("A", 3), Bar("B", 9), Bar("C", 7))))


def test_a_chart_for_a_page_is_the_same_file_each_time():
    drawn = Chart("T", "Deaths", (Bar("A", 6), Bar("B", 9)))
    assert charts.svg(drawn) == charts.svg(drawn)
    assert b"<svg" in charts.svg(drawn)


def test_fewer_than_two_bars_are_no_chart(release):
    table = next(t for t in release["tables"] if t["id"] == "reviewed-area")
    only = {**table, "cells": [c for c in table["cells"] if c["area"] in (HALTON, "total")]}
    assert charts.chart(release, only, HALTON) is None


# PDF


def test_the_report_has_every_table_with_its_title_basis_and_contents(release):
    pages = text_of(pdf.report_pdf(release))
    contents, inside = pages[1], "\n".join(pages[2:])

    for grid in layout.grids(release):
        assert f"Table {grid.number}. {grid.title}" in inside
        assert f"Table {grid.number}. " in contents
    assert inside.count("Basis: deaths") == len(release["tables"])


def test_every_page_says_synthetic_and_its_number(release):
    pages = text_of(pdf.report_pdf(release))
    for number, page in enumerate(pages, 1):
        assert "Synthetic: no real child" in page
        assert f"Page {number} of {len(pages)}" in page


def test_every_page_of_the_restricted_report_says_that_it_is_not_for_publication(restricted):
    pages = text_of(pdf.report_pdf(restricted, HALTON))
    assert len(pages) > 3
    for page in pages:
        assert "OFFICIAL-SENSITIVE – not for publication" in page
    assert "[c]" not in "".join(pages)


def test_the_report_of_an_area_names_no_other_area(release):
    text = "\n".join(text_of(pdf.report_pdf(release, HALTON)))
    assert "Halton, beside Pan-Cheshire" in text
    assert not [name for name in AREAS.values() if name != "Halton" and name in text]


def test_what_the_coordinator_wrote_stands_under_its_table_as_written(release):
    written = {"reviewed-area": "Fewer than last year <b>& more</b>.\n\nSee page 4."}
    text = "\n".join(text_of(pdf.report_pdf(release, commentary=written)))
    assert "Fewer than last year <b>& more</b>." in text
    assert "See page 4." in text


def test_the_same_release_is_the_same_pdf(release):
    assert pdf.report_pdf(release) == pdf.report_pdf(release)


def test_all_fonts_are_embedded(release):
    assert b"Helvetica" not in pdf.report_pdf(release)


def test_a_release_without_a_death_can_be_printed():
    nobody = tabulate([], only=lambda t: t.id in CHOSEN)
    release = release_json.build(heading(), disclosure.protect(nobody, Policy()))
    assert "[z]" in "".join(text_of(pdf.report_pdf(release)))


# The page


def test_the_tables_of_a_page_have_captions_scopes_and_words_for_the_mark(release):
    page = '{% from "analytics/parts.jinja" import release_tables %}{{ release_tables(grids) }}'
    html = engines["jinja"].from_string(page).render({"grids": layout.grids(release)})

    assert html.count("<caption") == len(release["tables"])
    rows = sum(len(grid.rows) for grid in layout.grids(release))
    assert html.count('scope="row"') == rows
    marked = sum(f == "[c]" for g in layout.grids(release) for r in g.rows for f in r.figures)
    assert html.count("hidden</span>") == marked
