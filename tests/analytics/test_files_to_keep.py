"""Spreadsheets and documents of a release, opened by other programs: the same protected figures."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from analytics import files, readback, sentences
from analytics.renderers import layout, sheets, xlsx
from tests.analytics.test_renderers import HALTON, protected_release, release, restricted

__all__ = ["release", "restricted"]

OFFICE = ("xlsx", "ods", "docx")
TABLES = 6


def made(kind, release, area=None):
    return files.FORMATS[kind].render(release, area)


def opened(kind, release, area=None):
    return CalamineWorkbook.from_filelike(io.BytesIO(made(kind, release, area)))


def words_of(book):
    return "\n".join(
        str(value)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for value in row
    )


@pytest.mark.parametrize("area", [None, HALTON])
@pytest.mark.parametrize("kind", sorted(set(readback.READERS) - {"json"}))
def test_every_file_read_back_says_what_the_release_says(release, kind, area):
    assert readback.differences(release, kind, made(kind, release, area), area) == []


@pytest.mark.parametrize("kind", sorted(readback.READERS))
def test_a_file_of_other_figures_is_noticed(release, restricted, kind):
    assert readback.differences(release, kind, made(kind, restricted), None) != []


@pytest.mark.parametrize("kind", OFFICE)
def test_the_same_release_gives_the_same_bytes(release, kind):
    assert made(kind, release) == made(kind, release)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_has_a_cover_contents_notes_and_a_sheet_for_each_table(release, kind):
    book = opened(kind, release)

    assert book.sheet_names == [
        "Cover",
        "Contents",
        "Notes",
        *(f"Table {number}" for number in range(1, TABLES + 1)),
    ]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_sheet_has_its_title_first_its_figures_as_numbers_and_the_mark_where_one_is_hidden(
    release, kind
):
    rows = opened(kind, release).get_sheet_by_name("Table 3").to_python()
    wanted = sheets.workbook(release, None).sheets[2]

    assert rows[0][0].startswith("Table 3. Deaths reviewed, by age and area")
    assert "note 1" in rows[0][0]
    assert rows[-len(wanted.rows) - 1 :] == [list(wanted.columns), *map(list, wanted.rows)]
    assert {type(value) for row in wanted.rows for value in row[1:]} == {int, str}
    assert {v for row in wanted.rows for v in row[1:] if isinstance(v, str)} == {"[c]"}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_every_sheet_with_figures_says_that_no_real_child_stands_behind_them(release, kind):
    book = opened(kind, release)

    for number in range(1, TABLES + 1):
        rows = book.get_sheet_by_name(f"Table {number}").to_python()
        assert ["Synthetic: no real child"] in [[v for v in row if v != ""] for row in rows]


@pytest.mark.parametrize("kind", OFFICE)
def test_a_document_names_its_language_and_its_title(release, kind):
    with zipfile.ZipFile(io.BytesIO(made(kind, release))) as packed:
        parts = {name: packed.read(name).decode(errors="replace") for name in packed.namelist()}

    about = parts.get("docProps/core.xml") or parts["meta.xml"]
    assert "<dc:title>Child deaths 2014-15: Pan-Cheshire</dc:title>" in about
    assert "en-GB" in about + parts.get("styles.xml", "")


def test_the_section_of_an_area_has_sentences_and_few_tables_with_header_rows(release):
    paper = Document(io.BytesIO(made("docx", release, HALTON)))

    assert [p.text for p in paper.paragraphs if p.style.name == "Title"] == [
        "Child deaths 2014-15: Halton"
    ]
    assert [table.cell(0, 0).text for table in paper.tables] == ["Age at death"]
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in paper.tables)
    said = [p.text for p in paper.paragraphs]
    assert set(sentences.of_area(release, HALTON)) <= set(said)


def test_the_report_has_every_table_and_a_text_for_each_picture(release):
    paper = Document(io.BytesIO(made("docx", release)))

    assert len(paper.tables) == TABLES
    described = [shape._inline.docPr.get("descr") for shape in paper.inline_shapes]
    assert described
    assert all(text.startswith("Bar chart. Deaths") for text in described)


def test_the_sentences_of_an_area_tell_only_what_is_shown_and_say_what_is_kept_back(release):
    said = sentences.of_area(release, HALTON)

    assert said[:2] == [
        "Deaths notified in 2014-15: 5 in Halton. In Pan-Cheshire there were 49.",
        "Deaths reviewed in 2014-15: 7 in Halton. In Pan-Cheshire there were 48.",
    ]
    assert not any(sentence.startswith("By age") for sentence in said), "all its ages are hidden"


def test_a_sentence_about_a_hidden_number_says_that_it_is_kept_back(release):
    for table in release["tables"]:
        for cell in table["cells"]:
            if cell.get("area") == HALTON:
                cell |= {"value": None, "mark": "[c]"}

    said = sentences.of_area(release, HALTON)

    assert said == [
        "Deaths notified in 2014-15: the number for Halton is kept back, so that no child can be "
        "recognised. In Pan-Cheshire there were 49.",
        "Deaths reviewed in 2014-15: the number for Halton is kept back, so that no child can be "
        "recognised. In Pan-Cheshire there were 48.",
    ]


def test_the_restricted_report_is_marked_on_every_sheet_and_page(restricted):
    book = opened("xlsx", restricted)
    paper = Document(io.BytesIO(made("docx", restricted)))

    assert words_of(book).count(layout.RESTRICTED) == TABLES + 1
    assert layout.RESTRICTED in paper.sections[0].footer.paragraphs[0].text


def test_a_workbook_without_notes_has_no_sheet_of_notes(release):
    release["tables"] = [{**release["tables"][0], "notes": []}]

    assert opened("xlsx", release).sheet_names == ["Cover", "Contents", "Table 1"]
    assert opened("ods", release).sheet_names == ["Cover", "Contents", "Table 1"]


def test_a_value_that_begins_like_a_formula_stays_text(release):
    book = sheets.workbook(release, None)
    strange = replace(book.sheets[0], rows=(("=1+1", 3),))

    written = xlsx._written(replace(book, sheets=(strange,)))
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        cells = "".join(packed.read(n).decode() for n in packed.namelist() if "sheet" in n)
    assert "<f>" not in cells


def test_protected_release_is_what_these_tests_read():
    assert '"mark": "[c]"' in protected_release()
