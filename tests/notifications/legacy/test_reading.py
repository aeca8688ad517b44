"""What can be read out of a file, and the sentence for what cannot."""

from datetime import UTC, date, datetime, time

import pytest

from notifications import legacy_sheets, legacy_workbooks
from notifications import legacy_values as values
from notifications.legacy_sheets import NotASheet
from notifications.legacy_values import Bad
from tests.notifications.legacy import books, sheets

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROW = {"old_reference": "1", "stage": "closed", "date_of_death": "6/5/2012"}


def read(content):
    return legacy_sheets.read(content)


def refused(content):
    with pytest.raises(NotASheet) as problem:
        legacy_sheets.read(content)
    return str(problem.value)


def said(sheet):
    return [(line.number, line.values) for line in sheet.lines]


# Text files


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_text_file_is_read_whatever_its_separator_and_letters(separator, encoding):
    row = ROW | {"given_names": "Zoë, the “first”"}

    sheet = read(sheets.as_csv([row], separator=separator, encoding=encoding))

    assert said(sheet) == [(2, row)]


def test_old_windows_letters_are_remarked_on():
    assert read(sheets.as_csv([ROW | {"given_names": "Zoë"}], encoding="cp1252")).remarks == [
        legacy_sheets.AS_WINDOWS
    ]
    assert read(sheets.as_csv([ROW | {"given_names": "Zoë"}])).remarks == []


def test_a_line_is_counted_as_the_program_that_shows_it_counts():
    text = (
        "\n"
        "Old reference,Stage,Note,Date of death\n"
        '1,closed,"two\nlines",6/5/2012\n'
        ",,,\n"
        "2,closed,,7/5/2012\n"
    )

    assert [line.number for line in read(text.encode()).lines] == [3, 6]


def test_headings_may_be_written_in_other_ways_and_others_are_named():
    text = "REFERENCE;state;D.O.B.;Hair colour;\n1;closed;1/2/2012;red;left over\n"

    sheet = read(text.encode())

    assert said(sheet) == [
        (2, {"old_reference": "1", "stage": "closed", "date_of_birth": "1/2/2012"})
    ]
    assert sheet.passed == ["D: Hair colour", "E: no heading"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", legacy_sheets.EMPTY),
        (b" \r\n\t", legacy_sheets.EMPTY),
        (b"\xef\xbb\xbf", legacy_sheets.EMPTY),
        (b"Old reference,Stage\n", legacy_sheets.NO_ROWS),
        (b"Name,Colour\nA,red\n", legacy_sheets.NO_HEADINGS),
        (b"Sex,Gender\nf,f\n", "Columns A (“Sex”) and B (“Gender”) mean the same."),
        (b'Old reference,Note\n1,"open\n2,x\n', "The text file breaks off in line 2"),
        (b"%PDF-1.7\n\x00\x01", legacy_sheets.NOT_A_SHEET),
        (b"\x89PNG\r\n\x1a\n\x81", legacy_sheets.NOT_TEXT),
        ("Old reference,Stage\n1,closed".encode("utf-16"), legacy_sheets.NOT_TEXT),
        (b"PK\x03\x04 and nothing", legacy_workbooks.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and nothing", legacy_workbooks.UNREADABLE),
        (b"x" * (legacy_sheets.MOST_BYTES + 1), legacy_sheets.TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_plain_sentence(content, sentence):
    assert refused(content).startswith(sentence)


def test_a_file_of_too_many_cases_is_refused():
    text = "Old reference\n" + "\n".join(map(str, range(legacy_sheets.MOST_ROWS + 1)))

    assert refused(text.encode()) == "The file has more than 20,000 cases."


# Workbooks


def book(rows, **options):
    return books.xlsx({"Cases": rows}, **options)


HEAD = ["Old reference", "Date of death", "Time of death", "NHS number"]


@pytest.mark.parametrize("from_1904", [False, True])
def test_dates_of_a_workbook_are_read_whichever_year_it_counts_from(from_1904):
    row = ["1", date(2012, 5, 6), datetime(2012, 5, 6, 14, 30), 9990000123]  # noqa: DTZ001

    sheet = read(book([HEAD, row], from_1904=from_1904))

    (line,) = sheet.lines
    assert values.day(line.values["date_of_death"]) == date(2012, 5, 6)
    assert values.clock(line.values["time_of_death"]) == time(14, 30)
    assert values.nhs_number(line.values["nhs_number"]) == "9990000123"


def test_an_open_document_is_read_too():
    (line,) = read(books.ods([HEAD[:2], ["1", date(2012, 5, 6)]])).lines

    assert line.values["old_reference"] == "1"
    assert values.day(line.values["date_of_death"]) == date(2012, 5, 6)


def test_rows_are_counted_as_the_workbook_shows_them():
    sheet = read(book([[None], HEAD, [None], ["1"], [None], ["2"]]))

    assert [line.number for line in sheet.lines] == [4, 6]


def test_a_hidden_sheet_is_not_read_and_this_is_said():
    content = books.xlsx({"Secret": [HEAD, ["9"]], "Mine": [HEAD, ["1"]]}, hidden=["Secret"])

    sheet = read(content)

    assert said(sheet) == [(2, {"old_reference": "1"})]
    assert sheet.remarks == ["The sheet “Secret” is hidden and was not read."]


def test_a_workbook_of_hidden_sheets_is_refused():
    assert refused(books.xlsx({"A": [HEAD, ["1"]]}, hidden=["A"])).startswith("Every sheet")


def test_the_sheet_called_cases_is_read_wherever_it_stands():
    content = books.xlsx({"Old": [HEAD, ["9"]], "CASES": [HEAD, ["1"]]})

    sheet = read(content)

    assert said(sheet) == [(2, {"old_reference": "1"})]
    assert sheet.remarks == ["The sheet “Old” was not read: the cases stand in “CASES”."]


def test_a_workbook_of_excel_97_is_read_with_its_dates_and_letters():
    rows = [[*HEAD[:2], "NHS number"], ["Zo\u00eb 1", date(2012, 5, 6), 9990000123]]

    (line,) = read(books.xls(rows)).lines

    assert line.values == {
        "old_reference": "Zo\u00eb 1",
        "date_of_death": date(2012, 5, 6),
        "nhs_number": 9990000123.0,
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (books.xls([HEAD, ["1"]], locked=True), "save it as .xlsx without a password"),
        (books.xls([HEAD, ["1"]])[:-4_000], "save it as .xlsx without a password"),
        (b"\x09\x08" + b"\0" * 99, "Save the sheet as one of these."),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\0" * 99, "save it as .xlsx"),
        (b"<html><table><tr><td>Stage</td></tr></table></html>", "save it as .xlsx"),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0'?><Workbook/>", "save it as .xlsx"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "This is neither a workbook"),
        (b"{\\rtf1 Old reference}", "This is neither a workbook"),
        (books.zipped({"Index/Document.iwa": "x"}), "save it as .xlsx"),
        (books.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "as .xlsx"),
    ],
    ids=["locked", "cut", "excel 5", "excel 4", "web page", "xml", "pdf", "rtf", "numbers", "odt"],
)
def test_what_only_looks_like_a_workbook_is_told_what_to_save_it_as(content, sentence):
    assert sentence in refused(content)


def test_a_row_of_merged_cells_is_named():
    lines = read(book([HEAD, ["1"], ["2"]], merged=["A2:B2"])).lines

    assert [bool(line.problem) for line in lines] == [True, False]


def test_a_cell_that_holds_an_error_is_a_mistake_of_its_row():
    wide = [[*HEAD, "Hair colour"], ["1"], ["2", "#REF!", "", "", "#N/A"], ["#REF!"]]

    lines = read(book(wide)).lines

    broken = [[key for key, cell in line.values.items() if is_broken(cell)] for line in lines]
    assert broken == [[], ["date_of_death"], ["old_reference"]]


def is_broken(cell):
    try:
        values.text(cell)
    except Bad as bad:
        return str(bad) == values.AN_ERROR
    return False


@pytest.mark.parametrize("reader", [values.text, values.day, values.clock, values.yes_no])
def test_no_kind_of_column_takes_an_error_for_a_value(reader):
    with pytest.raises(Bad, match="an error of the spreadsheet"):
        reader(values.CellError())


@pytest.mark.parametrize(
    ("cell", "at"), [("A1", (0, 0)), ("B7", (6, 1)), ("Z1", (0, 25)), ("AA10", (9, 26))]
)
def test_a_cell_is_found_by_its_name(cell, at):
    assert legacy_sheets._at(cell) == at


def test_the_totals_of_the_old_system_are_read_from_their_own_sheet():
    totals = [["Cases", "Stage", "Area", "Year"], [7, "closed", "Halton", "2012-13"]]

    sheet = read(books.xlsx({"Cases": [HEAD, ["1"]], "Totals": totals}))

    assert [line.values for line in sheet.totals] == [
        {"count": 7.0, "stage": "closed", "area": "Halton", "year": "2012-13"}
    ]
    assert sheet.remarks == []


def test_a_value_in_the_last_corner_of_a_sheet_stops_the_reading_and_not_the_server():
    """Read in one piece it asks for 500 gigabytes, and the process that asks for them ends."""
    assert refused(books.with_a_far_cell([HEAD, ["1"]])) == legacy_workbooks.TOO_LARGE


# Cells


@pytest.mark.parametrize(
    "cell",
    [
        "3/4/2012",
        "03.04.2012",
        "3-4-2012",
        "3 April 2012",
        "3rd Apr. 2012",
        "2012-04-03",
        "2012-04-03 00:00:00",
        "03/04/2012 00:00",
        date(2012, 4, 3),
        datetime(2012, 4, 3),  # noqa: DTZ001
    ],
)
def test_a_date_is_read_in_the_british_order(cell):
    assert values.day(cell) == date(2012, 4, 3)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("3/4/12", values.TWO_FIGURES),
        ("3 April 12", values.TWO_FIGURES),
        ("4/13/2012", "The day comes first."),
        ("31/2/2012", "There is no 31 February"),
        ("29/2/2013", "There is no 29 February in 2013"),
        (41002.0, values.A_NUMBER),
        ("41002", values.A_NUMBER),
        (datetime(2012, 4, 3, 14, 30), values.WITH_TIME),  # noqa: DTZ001
        (date(1804, 4, 3), "The year is before 1900."),
        ("yesterday", values.NO_DATE),
        ("3/4/2012 to 5/4/2012", values.NO_DATE),
        (True, values.NO_DATE),
        ("²/4/2012", values.NO_DATE),
    ],
)
def test_a_date_that_could_be_misread_is_refused(cell, sentence):
    with pytest.raises(Bad) as problem:
        values.day(cell)

    assert sentence in str(problem.value)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-cmd|x", "\t=1+1"])
def test_what_begins_like_a_formula_is_refused(cell):
    with pytest.raises(Bad, match="formula"):
        values.text(cell)


@pytest.mark.parametrize("cell", ["+44 1632 960001", "-", "- none", "a = b", "12", "’Aaaa"])
def test_what_only_looks_a_little_like_one_is_kept(cell):
    assert values.text(cell) == cell


def test_an_unknown_word_is_refused_with_the_nearest():
    labels = {"Neonatal unit": "neonatal_unit", "Hospice": "hospice"}

    with pytest.raises(Bad, match="Nearest: “Neonatal unit”") as problem:
        values.word("Neonatl ward", {}, labels)

    assert "Neonatl ward" not in str(problem.value)


@pytest.mark.parametrize("cell", ["12345", "999 000 012", "unknown", "99900001234"])
def test_a_number_that_is_no_nhs_number_is_refused(cell):
    with pytest.raises(Bad, match="10 digits"):
        values.nhs_number(cell)
