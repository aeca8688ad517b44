"""Reading lists out of files: every row, or every mistake named."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.assurance.listed import Listed
from notifications.assurance.reading import MOST_ROWS, Mistake, NotReadable, read

ROW = "9990000123,Listed-Child,Aaaa,01/12/2025,10/01/2026"
HEAD = "NHS Number,Surname,Forename(s),Date of Birth,Date of death"


def rows_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head.replace("Forename(s)", "Forenames"), *rows]).encode()


def test_columns_are_recognised_by_their_headers_and_others_passed_over():
    parsed = read(rows_of(f"{ROW},secret,f,Ward 7", head=f"{HEAD},Diagnosis,Gender,Ward"))

    assert parsed.lines == (
        Listed(
            date_of_death="2026-01-10",
            date_of_birth="2025-12-01",
            given_names="Aaaa",
            family_name="Listed-Child",
            nhs_number="9990000123",
            sex="female",
            place="Ward 7",
        ),
    )
    assert parsed.passed_over == ("Diagnosis",)
    assert parsed.columns[0] == ("NHS Number", "nhs_number")


@pytest.mark.parametrize(
    "header", ["DATE OF DEATH", "date_of_death", "Date-of-Death", " DoD ", "Died on", "date died"]
)
def test_headers_are_read_however_they_are_written(header):
    [line] = read(f"{header},Name\n10/01/2026,Aaaa Listed-Child\n".encode()).lines

    assert line.date_of_death == "2026-01-10"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10/01/2026", "2026-01-10"),
        ("10-1-2026", "2026-01-10"),
        ("10.01.2026", "2026-01-10"),
        ("10 January 2026", "2026-01-10"),
        ("10-Jan-2026", "2026-01-10"),
        ("2026-01-10", "2026-01-10"),
        ("2026-01-10 00:00:00", "2026-01-10"),
        ("2026-01-10T23:59", "2026-01-10"),
        ("10/01/2026 14:30", "2026-01-10"),
    ],
)
def test_dates_are_read_with_the_day_or_the_year_first(typed, expected):
    [line] = read(rows_of(f"9990000123,Xxxx,,,{typed}")).lines

    assert line.date_of_death == expected


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Aaaa Bbbb Listed-Child", ("Aaaa Bbbb", "Listed-Child")),
        ('"LISTED-CHILD, Aaaa Bbbb"', ("Aaaa Bbbb", "LISTED-CHILD")),
        ("Listed-Child", ("", "Listed-Child")),
    ],
)
def test_a_whole_name_is_parted(name, parts):
    [line] = read(f"Name,Date of death\n{name},10/01/2026".encode()).lines

    assert (line.given_names, line.family_name) == parts


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("9990000123,Xxxx,,,", "The date of death is missing."),
        ("9990000123,Xxxx,,,31/02/2026", "There is no 31 February"),
        ("9990000123,Xxxx,,,10/01/26", "is not written as 27/03/2026 or 2026-03-27."),
        ("9990000123,Xxxx,,,soon", "is not written as 27/03/2026 or 2026-03-27."),
        ("9990000123,Xxxx,,,10/01/2126", "must have a year from 1900 to 2100"),
        ("9990000123,Xxxx,,11/01/2026,10/01/2026", "The date of birth is after the date of death."),
        (",,Aaaa,,10/01/2026", "It has neither an NHS number nor a name."),
        (f"{ROW},more", "It has more cells than the header."),
        (f"9990000123,{'x' * 501},,,10/01/2026", "is too long."),
    ],
)
def test_each_mistake_is_named_with_its_row(row, sentence):
    parsed = read(rows_of(ROW, "", row))

    [mistake] = parsed.mistakes
    assert mistake.row == 4
    assert sentence in mistake.sentence
    assert (len(parsed.lines), parsed.blank) == (1, 1)


def test_a_day_to_come_is_a_mistake():
    tomorrow = localdate() + timedelta(days=1)

    parsed = read(rows_of(f"9990000123,Xxxx,,,{tomorrow:%d/%m/%Y}"))

    assert parsed.mistakes == (Mistake(2, "The date of death is in the future."),)


def test_every_mistake_of_a_row_is_named():
    parsed = read(rows_of(",,,99/99/2026,"))

    assert [mistake.row for mistake in parsed.mistakes] == [2, 2, 2]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Name,Date of death\n", "no row below it"),
        (b"Name,Day\nAaaa,10/01/2026", "No column is headed"),
        (b"Date of death,Ward\n10/01/2026,7", "NHS number or the name is needed"),
        (b"DOD,Date of death,Name\n1,2,3", "Two columns say the same thing: DOD, Date of death."),
        (b"PK\x03\x04\0\0", "This is not a CSV file."),
        (b'Name,Date of death\n"' + b"x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(NotReadable, match=sentence.replace(".", r"\.")):
        read(content)


def test_more_rows_than_can_be_looked_through_are_refused():
    assert len(read(rows_of(*[ROW] * MOST_ROWS)).lines) == MOST_ROWS

    with pytest.raises(NotReadable, match="more than 1,000 rows"):
        read(rows_of(*[ROW] * (MOST_ROWS + 1)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(encoding, delimiter):
    text = f"Name{delimiter}Date of death\r\nZoë{delimiter}10/01/2026\r\n"

    [line] = read(text.encode(encoding)).lines

    assert line.family_name == "Zoë"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_file_breaks_the_reading(content):
    """Whatever is chosen: lines, mistakes, or a sentence."""
    for whole in (content, b"Name,Date of death\n" + content):
        try:
            parsed = read(whole)
        except NotReadable as problem:
            assert str(problem).endswith(".")
        else:
            assert parsed.lines or parsed.mistakes
