"""Reading a list of deaths out of a CSV file: every row, or nothing and every mistake named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from cdop.core.postcodes import normalise_postcode
from cdop.core.typed import DateParts, read_date, tidy
from notifications.assurance.listed import Listed

MOST_ROWS = 1_000
MOST_BYTES = 2_000_000
LONGEST_CELL = 500
DELIMITERS = ",;\t|"

# How files of registrars and hospitals head their columns.
HEADERS: dict[str, tuple[str, ...]] = {
    "date_of_death": ("date of death", "death date", "dod", "died on", "date died"),
    "date_of_birth": ("date of birth", "birth date", "dob", "born on", "date born"),
    "age": ("age", "age at death"),
    "given_names": (
        "given names",
        "given name",
        "forenames",
        "forename",
        "first name",
        "first names",
    ),
    "family_name": ("family name", "surname", "last name"),
    "full_name": ("name", "full name", "name of deceased", "patient name", "patient", "deceased"),
    "nhs_number": ("nhs number", "nhs no", "nhs num", "nhs"),
    "sex": ("sex", "gender"),
    "address": ("address", "home address", "usual address"),
    "postcode": ("postcode", "post code"),
    "place": ("place of death", "ward", "location", "site", "hospital"),
    "own_reference": (
        "reference",
        "registration number",
        "entry number",
        "entry",
        "hospital number",
        "mrn",
    ),
}
FIELD_OF = {header: field for field, headers in HEADERS.items() for header in headers}
SEX = {"m": "male", "male": "male", "f": "female", "female": "female"}
DATES = {"date_of_death": "The date of death", "date_of_birth": "The date of birth"}
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})[/. -]([A-Za-z]+|\d{1,2})[/. -](\d{4})")
TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$")


class NotReadable(Exception):
    """The file as a whole cannot be a list of deaths; the sentence says why and what to do."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one row, counted as a spreadsheet counts: the header is row 1."""

    row: int
    sentence: str


@dataclass(frozen=True)
class Parsed:
    """What a file holds.

    columns   header as written → field, for those that were recognised
    passed_over  headers that were not recognised, so that their columns are not kept
    blank     how many rows were empty
    """

    lines: tuple[Listed, ...]
    mistakes: tuple[Mistake, ...]
    columns: tuple[tuple[str, str], ...]
    passed_over: tuple[str, ...]
    blank: int


def read(content: bytes) -> Parsed:
    """Every row of the file. Raises NotReadable where there is no telling what the rows are."""
    rows = _rows(_decoded(content))
    header = next(rows, None)
    if header is None:
        raise NotReadable("The file is empty.")
    fields = _fields(header)
    lines: list[Listed] = []
    mistakes: list[Mistake] = []
    blank = 0
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            blank += 1
            continue
        if len(lines) + len(mistakes) >= MOST_ROWS:
            raise NotReadable(
                f"The file has more than {MOST_ROWS:,} rows. Leave out deaths of adults, or send "
                "it in parts."
            )
        try:
            lines.append(_listed(fields, row))
        except ValidationError as wrong:
            mistakes += [Mistake(number, sentence) for sentence in wrong.messages]
    if not lines and not mistakes:
        raise NotReadable("The file has a header and no row below it.")
    return Parsed(
        tuple(lines),
        tuple(mistakes),
        tuple((text, field) for text, field in zip(header, fields, strict=True) if field),
        tuple(text for text, field in zip(header, fields, strict=True) if not field and text),
        blank,
    )


def _decoded(content: bytes) -> str:
    """UTF-8, or what older programs of Windows write."""
    if b"\0" in content:
        raise NotReadable("This is not a CSV file. Save the spreadsheet as CSV (UTF-8) and retry.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[list[str]]:
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error:
        raise NotReadable(f"Row {reader.line_num} cannot be read as CSV.") from None


def _fields(header: Sequence[str]) -> list[str]:
    """The field of each column, "" for one that is not known."""
    fields = [FIELD_OF.get(re.sub(r"[\W_]+", " ", text).strip().casefold(), "") for text in header]
    twice = {field for field in fields if field and fields.count(field) > 1}
    if twice:
        both = zip(header, fields, strict=True)
        shown = ", ".join(text for text, field in both if field in twice)
        raise NotReadable(f"Two columns say the same thing: {shown}. Leave one of them out.")
    if "date_of_death" not in fields:
        raise NotReadable("No column is headed “Date of death”. The first row must be the header.")
    if not {"nhs_number", "family_name", "full_name"} & set(fields):
        raise NotReadable("A column for the NHS number or the name is needed: neither was found.")
    return fields


def _listed(fields: Sequence[str], row: Sequence[str]) -> Listed:
    """One row. Raises ValidationError with a sentence for each of its mistakes."""
    cells = {field: tidy(cell) for field, cell in zip(fields, row, strict=False) if field}
    mistakes = [f"“{c[:20]}…” is too long." for c in cells.values() if len(c) > LONGEST_CELL]
    if len(row) > len(fields):
        mistakes.append("It has more cells than the header.")
    said = _with_parted_name(cells)
    for field, noun in DATES.items():
        try:
            said[field] = _date(said.get(field, ""), noun, needed=field == "date_of_death")
        except ValidationError as wrong:
            mistakes += wrong.messages
    if not mistakes and said["date_of_birth"] > said["date_of_death"]:
        mistakes.append("The date of birth is after the date of death.")
    if not (said.get("nhs_number") or said.get("family_name")):
        mistakes.append("It has neither an NHS number nor a name.")
    if mistakes:
        raise ValidationError(mistakes)
    said["sex"] = SEX.get(said.get("sex", "").casefold(), "")
    said["postcode"] = normalise_postcode(said.get("postcode", "")) or said.get("postcode", "")
    return Listed(**said)


def _with_parted_name(cells: dict[str, str]) -> dict[str, str]:
    """A whole name parted, "SMITH, Ann" or "Ann Smith", unless the parts are given."""
    said = {field: cell for field, cell in cells.items() if field != "full_name"}
    full = cells.get("full_name", "")
    if not full or said.get("family_name"):
        return said
    if "," in full:
        family, _, given = full.partition(",")
    else:
        given, _, family = full.rpartition(" ")
    return said | {"given_names": given.strip(), "family_name": family.strip()}


def _date(text: str, noun: str, *, needed: bool) -> str:
    """An ISO date from one that puts the day or the year first; "" where none is needed."""
    bare = TIME.sub("", text)
    if not bare and not needed:
        return ""
    if not bare:
        raise ValidationError(f"{noun} is missing.")
    if found := ISO.fullmatch(bare):
        parts = DateParts(found[3], found[2], found[1])
    elif found := DAY_FIRST.fullmatch(bare):
        parts = DateParts(found[1], found[2], found[3])
    else:
        raise ValidationError(f"{noun} “{bare[:30]}” is not written as 27/03/2026 or 2026-03-27.")
    return _past(read_date(parts, noun), noun).isoformat()


def _past(day: date, noun: str) -> date:
    if day > localdate():
        raise ValidationError(f"{noun} is in the future.")
    return day
