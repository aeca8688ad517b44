"""The columns of a sheet of earlier cases: what each is headed, means, and may hold.

The sheet to fill in, the coordinator's guide and the reading of a sheet are all made from
``COLUMNS``. Most columns answer a question of the notification and go by its code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdop.cases.states import CaseState

CASES_SHEET = "Cases"
TOTALS_SHEET = "Totals"
COLUMNS_SHEET = "Columns"
MOST_AGENCIES = 20

ELSEWHERE = "elsewhere"
STAGES = (CaseState.GATHERING, CaseState.READY, CaseState.REVIEWED, CaseState.CLOSED)


@dataclass(frozen=True)
class Column:
    """One column.

    code      the question that it answers, or what only a sheet has
    heading   the first cell; capitals, spaces and dashes do not matter
    kind      text, lines, date, time, number, nhs_number, postcode, yes_no, files, word
    words     for a word: a vocabulary of the edition, or "areas", "stages", "categories", "answers"
    needed    in which rows it must be filled in, in words; "" where it may stay empty
    also      other headings that mean the same
    """

    code: str
    heading: str
    kind: str
    meaning: str
    example: str = ""
    words: str = ""
    needed: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Columns that belong together, for the guide and the sheet to fill in."""

    title: str
    columns: tuple[Column, ...]


ALWAYS = "always"
WHEN_OPEN = "for an open case"
FROM_READY = "from ready for panel on"
WHEN_REVIEWED = "for a reviewed or closed case"
WHEN_CLOSED = "for a closed case"

GROUPS = (
    Group(
        "The case in the old system",
        (
            Column(
                "old_reference",
                "Old reference",
                "text",
                "What the old system called the case. No two rows may have the same.",
                "2012/017",
                needed=ALWAYS,
                also=("Reference", "Case reference", "Case number"),
            ),
            Column(
                "stage",
                "Stage",
                "word",
                "Where the case stood.",
                "closed",
                words="stages",
                needed=ALWAYS,
                also=("State", "Status"),
            ),
            Column(
                "closed_on",
                "Date closed",
                "date",
                "When the case was closed.",
                "20/02/2013",
                needed=WHEN_CLOSED,
            ),
            Column(
                "papers",
                "Papers",
                "lines",
                "Where the papers of the case are, on a shelf or in a folder.",
                "Box 12, second shelf",
            ),
            Column(
                "files",
                "Files",
                "files",
                "The files of the case that come with the sheet, in a ZIP or a folder. Each "
                "belongs to one case. Write the folder before a name that several files have.",
                "2012-017 letter.pdf; 2012-017 report.docx",
                also=("Documents", "File names"),
            ),
            Column("note", "Note", "lines", "Anything else that should be kept.", also=("Notes",)),
        ),
    ),
    Group(
        "The child",
        (
            Column("given_names", "Given names", "text", "First and middle names.", "Aaaa"),
            Column(
                "family_name",
                "Family name",
                "text",
                "The family name; for a baby without a name, the mother's.",
                "Invented-Child",
                needed=WHEN_OPEN,
                also=("Surname",),
            ),
            Column("other_names", "Other names", "text", "Other names the child was known by."),
            Column(
                "date_of_birth",
                "Date of birth",
                "date",
                "Without it the age stays unknown.",
                "01/02/2012",
                also=("DOB",),
            ),
            Column(
                "nhs_number",
                "NHS number",
                "nhs_number",
                "Ten digits.",
                "999 000 0123",
                also=("NHS no",),
            ),
            Column(
                "sex", "Sex", "word", "", "female", words="sex", needed=FROM_READY, also=("Gender",)
            ),
            Column("address", "Address", "lines", "Where the child normally lived."),
            Column("postcode", "Postcode", "postcode", "Of that address.", "ZZ99 3WZ"),
            Column(
                "area",
                "Area",
                "word",
                "The area where the child normally lived, by name or code, or elsewhere.",
                "Halton",
                words="areas",
                needed=FROM_READY,
                also=("Local authority", "LSCB"),
            ),
            Column(
                "ethnic_group",
                "Ethnic group",
                "word",
                "",
                "White British",
                words="ethnic_group",
                also=("Ethnicity",),
            ),
            Column(
                "gestation_weeks",
                "Gestation in weeks",
                "number",
                "Completed weeks of pregnancy at birth.",
                "39",
                also=("Gestation", "Gestation weeks"),
            ),
            Column("mother_name", "Mother's name", "text", "", also=("Mother",)),
        ),
    ),
    Group(
        "The death",
        (
            Column(
                "date_of_death",
                "Date of death",
                "date",
                "It decides which guidance the case belongs to.",
                "06/05/2012",
                needed=ALWAYS,
                also=("DOD",),
            ),
            Column("time_of_death", "Time of death", "time", "In hours and minutes.", "14:30"),
            Column(
                "place_of_death",
                "Place of death",
                "word",
                "The kind of place.",
                "Neonatal unit",
                words="places",
            ),
            Column(
                "place_of_event",
                "Place of event",
                "word",
                "The kind of place where it happened that led to the death.",
                "The child's home",
                words="places",
            ),
            Column(
                "known_event",
                "Event",
                "word",
                "What happened, or what the child lived with.",
                "Known life-limiting condition",
                words="known_events",
            ),
            Column(
                "expectedness",
                "Expected",
                "word",
                "Expected, unexpected or not known.",
                "unexpected",
                words="expectedness",
                needed=FROM_READY,
                also=("Expectedness", "Expected or unexpected"),
            ),
            Column(
                "confirmed",
                "Death confirmed",
                "yes_no",
                "No where nobody besides the first notifier had confirmed the death of an open "
                "case. Empty means yes.",
                "yes",
            ),
            Column("circumstances", "Circumstances", "lines", "What happened, in a few sentences."),
            Column("cause_of_death", "Cause of death", "lines", "As on the certificate."),
            Column(
                "in_scope",
                "Panel reviews it",
                "yes_no",
                "No for a death that the panel does not review. Empty means yes, unless the "
                "rules of the guidance speak against it: then the row has to say.",
                "yes",
                also=("In scope",),
            ),
        ),
    ),
    Group(
        "The notification",
        (
            Column(
                "notified_on",
                "Date of notification",
                "date",
                "When the panel was first told. The case counts as notified from then.",
                "07/05/2012",
                needed=ALWAYS,
                also=("Date notified", "Notified on"),
            ),
            Column(
                "notified_at",
                "Time of notification",
                "time",
                "Without it noon is taken, or the time of death if that is later, and promptness "
                "is not measured.",
                "09:15",
                also=("Time notified",),
            ),
            Column(
                "notifier_name", "Notifier", "text", "Who told the panel.", also=("Notified by",)
            ),
            Column(
                "notifier_role",
                "Notifier's role",
                "word",
                "",
                "Police",
                words="notifier_roles",
            ),
            Column("notifier_organisation", "Notifier's organisation", "text", ""),
        ),
    ),
    Group(
        "The panel",
        (
            Column(
                "panel_on",
                "Date of panel",
                "date",
                "When a panel considered the case. May lie ahead for a case that is ready.",
                "15/01/2013",
                also=("Panel date",),
            ),
            Column(
                "signed_off_on",
                "Date of sign-off",
                "date",
                "When the review was completed. It decides the year in which the review counts, "
                "and the guidance whose categories were used.",
                "15/01/2013",
                needed=WHEN_REVIEWED,
                also=("Date reviewed", "Date of review", "Reviewed on"),
            ),
            Column(
                "category",
                "Category",
                "word",
                "The category of death that the panel found: its name, or its number from 1 to 10.",
                "8",
                words="categories",
                needed=WHEN_REVIEWED,
                also=("Category of death",),
            ),
            Column(
                "modifiable",
                "Modifiable factors",
                "word",
                "The panel's answer: yes, no, or inadequate where it had too little to judge.",
                "no",
                words="answers",
                needed=WHEN_REVIEWED,
                also=("Modifiable",),
            ),
        ),
    ),
)

AGENCY = (
    Column("agency", "Agency 1", "word", "An agency that was asked.", "Police", words="agencies"),
    Column("asked_on", "Agency 1 asked on", "date", "When it was asked.", "08/05/2012"),
    Column("returned_on", "Agency 1 returned on", "date", "When it answered.", "20/05/2012"),
    Column("nil", "Agency 1 nil return", "yes_no", "Yes where it had nothing to say.", "no"),
)
AGENCY_HEADING = re.compile(r"agency(?P<number>[0-9]{1,2})(?P<rest>.*)")

COLUMNS = tuple(column for group in GROUPS for column in group.columns)

TOTALS = (
    Column("year", "Year", "text", "Of the notification, from April to March.", "2012-13"),
    Column("area", "Area", "word", "As in the cases.", "Halton", words="areas"),
    Column("stage", "Stage", "word", "As in the cases.", "closed", words="stages"),
    Column("count", "Cases", "number", "How many the old system counts.", "7"),
)


def folded(heading: str) -> str:
    """A heading as it is compared: small letters and digits only."""
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


def find(heading: str) -> tuple[str, Column] | None:
    """The column that a heading names, with the key of its values in a row; None if none.

    An agency's columns have a key each, such as "agency:2:asked_on".
    """
    word = folded(heading)
    if column := _BY_HEADING.get(word):
        return column.code, column
    named = AGENCY_HEADING.fullmatch(word)
    column = _OF_AGENCY.get(named["rest"]) if named else None
    if not named or not column or not 1 <= int(named["number"]) <= MOST_AGENCIES:
        return None
    return f"agency:{int(named['number'])}:{column.code}", column


_BY_HEADING = {
    folded(heading): column for column in COLUMNS for heading in (column.heading, *column.also)
}
_OF_AGENCY = {folded(column.heading).removeprefix("agency1"): column for column in AGENCY}
