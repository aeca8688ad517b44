"""Reading the ONS Postcode Directory: CSV, millions of rows, of which two columns count."""

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

from cdop.core.postcodes import normalise_postcode

POSTCODE_COLUMN = "pcds"
# The name of the other column changed with the years: oslaua, laua, then lad and a year.
AUTHORITY_COLUMN = re.compile(r"oslaua|laua|lad[0-9]{2}cd")
AUTHORITY = re.compile(r"[EWSN][0-9]{8}")
# Newport's postcodes of old, and one that a bank once had, are no districts as others are.
LEFT_OUT = re.compile(r"(NPT|GIR) ?[0-9][A-Z]{2}")
# The Channel Islands and the Isle of Man have codes that stand for no authority.
NO_AUTHORITY = re.compile(r"[LM]99999999|")


@dataclass
class Reading:
    """What a file of the directory holds: authority by postcode, and in words what is wrong."""

    places: dict[str, str] = field(default_factory=dict)
    left_out: int = 0
    mistakes: list[str] = field(default_factory=list)


def read(path: Path) -> Reading:
    """Read a whole file; nothing is written. Every bad row is named by its line."""
    found = Reading()
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        heading = [name.strip().lower() for name in next(rows, [])]
        columns = _columns(heading)
        if columns is None:
            wanted = f"{POSTCODE_COLUMN} and one of oslaua, laua or lad..cd"
            found.mistakes.append(f"line 1: the columns {wanted} are not there")
            return found
        for row in rows:
            if row:
                _read_row(found, row, columns, rows.line_num)
    return found


def _columns(heading: list[str]) -> tuple[int, int] | None:
    """Where the postcode and the authority stand in a row."""
    authority = [at for at, name in enumerate(heading) if AUTHORITY_COLUMN.fullmatch(name)]
    if POSTCODE_COLUMN not in heading or not authority:
        return None
    return heading.index(POSTCODE_COLUMN), authority[0]


def _read_row(found: Reading, row: list[str], columns: tuple[int, int], line: int) -> None:
    if len(row) <= max(columns):
        found.mistakes.append(f"line {line}: the row is too short")
        return
    typed, code = (row[column].strip() for column in columns)
    postcode = normalise_postcode(typed)
    if LEFT_OUT.fullmatch(typed):
        found.left_out += 1
    elif postcode is None:
        found.mistakes.append(f"line {line}: “{typed[:20]}” is no postcode")
    elif postcode in found.places:
        found.mistakes.append(f"line {line}: {postcode} stands there twice")
    elif AUTHORITY.fullmatch(code):
        found.places[postcode] = code
    elif NO_AUTHORITY.fullmatch(code):
        found.left_out += 1
    else:
        found.mistakes.append(f"line {line}: “{code[:20]}” is no code of a local authority")
