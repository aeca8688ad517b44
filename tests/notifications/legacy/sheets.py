"""Sheets of invented earlier cases, as an old system would give them out."""

import csv
import io
from datetime import date, timedelta

from cdop.core.identifiers import synthetic_nhs_number
from notifications.legacy_columns import COLUMNS

HEADINGS = {column.code: column.heading for column in COLUMNS}
AREAS = ("Cheshire East", "Cheshire West and Chester", "Halton", "Warrington")

CLOSED = {
    "old_reference": "2012/001",
    "stage": "closed",
    "given_names": "Aaaa",
    "family_name": "Invented-One",
    "date_of_birth": "01/02/2012",
    "nhs_number": "999 000 0123",
    "sex": "Female",
    "address": "1 Invented Street, Nowhere",
    "postcode": "ZZ99 3WZ",
    "area": "Halton",
    "ethnic_group": "White British",
    "date_of_death": "6/5/2012",
    "time_of_death": "14:30",
    "place_of_death": "Neonatal unit",
    "expectedness": "Unexpected",
    "notified_on": "7 May 2012",
    "notified_at": "9:15",
    "notifier_name": "Notifier Invented",
    "notifier_role": "Police",
    "panel_on": "15/01/2013",
    "signed_off_on": "15/01/2013",
    "category": "8",
    "modifiable": "no",
    "closed_on": "20/02/2013",
    "papers": "Box 12",
}
REVIEWED = {
    **{code: said for code, said in CLOSED.items() if code != "closed_on"},
    "old_reference": "2013/002",
    "stage": "Reviewed",
    "given_names": "Bbbb",
    "family_name": "Invented-Two",
    "date_of_birth": "3 March 2013",
    "nhs_number": "9990000131",
    "date_of_death": "2013-04-04",
    "notified_on": "05.04.2013",
    "area": "E06000007",
    "panel_on": "",
    "signed_off_on": "10/10/2013",
    "category": "Infection",
    "modifiable": "Modifiable factors were identified",
}
READY = {
    "old_reference": "2026/003",
    "stage": "Ready for panel",
    "given_names": "Cccc",
    "family_name": "Invented-Three",
    "date_of_birth": "02/02/2020",
    "sex": "male",
    "area": "Warrington",
    "date_of_death": "01/02/2026",
    "expectedness": "expected",
    "notified_on": "02/02/2026",
}
GATHERING = {
    "old_reference": "2026/004",
    "stage": "Gathering information",
    "family_name": "Invented-Four",
    "date_of_death": "03/03/2026",
    "notified_on": "04/03/2026",
}
ALL = (CLOSED, REVIEWED, READY, GATHERING)
FIRST_NHS_NUMBER = 40_000


def table(rows, extra=()):
    """Headings and rows, with the columns that any of the rows fills; ``extra`` go beside them."""
    codes = [code for code in HEADINGS if any(code in row for row in rows)]
    head = [HEADINGS[code] for code in codes] + [heading for heading, _ in extra]
    beside = [value for _, value in extra]
    return [head, *([row.get(code, "") for code in codes] + beside for row in rows)]


def as_csv(rows, *, extra=(), separator=",", encoding="utf-8"):
    """The rows as a text file of values."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(table(rows, extra))
    return text.getvalue().encode(encoding)


def many(count):
    """So many closed cases, no two of which look alike."""
    return [_one(number) for number in range(count)]


def _one(number):
    died_on = date(2009, 4, 1) + timedelta(days=number * 3500 // 10_000 if number else 0)
    signed_off = died_on + timedelta(days=200)
    return CLOSED | {
        "old_reference": f"OLD-{number}",
        "given_names": _word(number, 5),
        "family_name": _word(number * 7919 + 13, 6),
        "nhs_number": synthetic_nhs_number(FIRST_NHS_NUMBER + number),
        "date_of_birth": (died_on - timedelta(days=number % 6000)).strftime("%d/%m/%Y"),
        "postcode": "",
        "area": AREAS[number % 4],
        "date_of_death": died_on.strftime("%d/%m/%Y"),
        "notified_on": (died_on + timedelta(days=1)).strftime("%d/%m/%Y"),
        "panel_on": signed_off.strftime("%d/%m/%Y"),
        "signed_off_on": signed_off.strftime("%d/%m/%Y"),
        "closed_on": (signed_off + timedelta(days=20)).strftime("%d/%m/%Y"),
        "category": str(number % 10 + 1),
        "modifiable": "yes" if number % 5 == 0 else "no",
    }


def _word(number, length):
    letters = ""
    for _ in range(length):
        number, left = divmod(number * 31 + 17, 26)
        letters += chr(ord("a") + left)
    return letters.title()
