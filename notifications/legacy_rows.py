"""From a line of the sheet to an earlier case, or to what is wrong with the line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from cdop import editions
from cdop.cases.earlier import Found
from cdop.cases.states import UNDER_WAY, CaseState
from cdop.core.dates import at_london, end_of, london_date
from cdop.editions.schema import Edition
from notifications import legacy_values as values
from notifications import legacy_words, rules
from notifications.legacy_cases import DONE, EarlierCase
from notifications.legacy_columns import (
    AGENCY,
    ALWAYS,
    COLUMNS,
    ELSEWHERE,
    FROM_READY,
    STAGES,
    WHEN_CLOSED,
    WHEN_OPEN,
    WHEN_REVIEWED,
    Column,
)
from notifications.legacy_problems import Problem, reading_order
from notifications.legacy_returns import AgencyReturn
from notifications.legacy_sheets import Line, Sheet
from notifications.legacy_values import Bad
from notifications.legacy_words import Words

NOON = time(12)
MOST_WEEKS = 45
STATES_OF: Mapping[str, tuple[CaseState, ...]] = {
    ALWAYS: STAGES,
    WHEN_OPEN: UNDER_WAY,
    FROM_READY: (CaseState.READY, *DONE),
    WHEN_REVIEWED: DONE,
    WHEN_CLOSED: (CaseState.CLOSED,),
}
# What a sheet has beside the questions of the notification.
NOT_ANSWERS = frozenset(
    ("old_reference", "stage", "closed_on", "papers", "files", "note", "area", "in_scope")
    + ("known_event", "confirmed", "notified_on", "notified_at", "panel_on", "signed_off_on")
    + ("category", "modifiable")
)
DATES = ("date_of_birth", "date_of_death")
TIMES = ("time_of_death",)
DEATH = (*DATES[1:], *TIMES)


@dataclass(frozen=True)
class Read:
    """What a sheet of cases says: the cases that can be brought in, and what is wrong.

    files  by line the names of its files, also of rows with which something is wrong
    """

    cases: list[EarlierCase]
    problems: list[Problem]
    files: dict[int, tuple[str, ...]]


def read(sheet: Sheet, now: datetime) -> Read:
    """Every line of the sheet as a case, or as what is wrong with it."""
    words = legacy_words.with_areas()
    rows = [_Row(line, sheet.columns, words, now) for line in sheet.lines]
    cases = [case for row in rows if (case := row.case())]
    problems = [problem for row in rows for problem in row.problems]
    problems += _repeated(rows, sheet)
    files = {row.line.number: row.said["files"] for row in rows if row.said.get("files")}
    return Read(cases, sorted(problems, key=reading_order(sheet)), files)


def _repeated(rows: list[_Row], sheet: Sheet) -> Iterator[Problem]:
    """Rows that have the reference of an earlier row, whatever else is wrong with either."""
    first: dict[str, int] = {}
    for row in rows:
        if not (said := row.said.get("old_reference")):
            continue
        line = first.setdefault(said.casefold(), row.line.number)
        if line != row.line.number:
            heading, _ = sheet.columns["old_reference"]
            reason = f"Line {line} has the same reference."
            yield Problem(row.line.number, heading, reason, said)


class _Row:
    """One line on its way to a case; ``problems`` gathers what is wrong."""

    def __init__(
        self,
        line: Line,
        columns: Mapping[str, tuple[str, Column]],
        words: Words,
        now: datetime,
    ) -> None:
        self.line, self.columns, self.words, self.now = line, columns, words, now
        self.problems: list[Problem] = []
        self.said: dict[str, Any] = {}

    def case(self) -> EarlierCase | None:
        """The case; None where something is wrong.

        Every check runs whatever else is wrong with the row. One that needs a value that cannot be
        read waits for it, and the reason given for that value says so.
        """
        if self.line.problem:
            self.problems.append(Problem(self.line.number, "", self.line.problem))
            return None
        self._read_columns()
        self._check()
        return None if self.problems else self._made()

    @property
    def _stage(self) -> CaseState | None:
        stage = self.said.get("stage")
        return CaseState(stage) if stage else None

    @property
    def _edition(self) -> Edition | None:
        """The guidance in force at the death; None where that day is not known."""
        on = self.said.get("date_of_death")
        return editions.in_force(on) if on else None

    def _read_columns(self) -> None:
        """Every cell; words last, since the dates say to which guidance they belong."""
        for column in sorted(COLUMNS, key=lambda each: each.words != ""):
            value = self.line.values.get(column.code, "")
            if value != "":
                self._keep(column.code, self._cell, column, value)
            elif column.needed == ALWAYS:
                self._wrong(column.code, f"{column.heading} is missing.")
        self.said["returns"] = tuple(self._returns())

    def _cell(self, column: Column, value: Any) -> Any:
        if column.words:
            return self.words.code(column, value, legacy_words.editions_of(column, self.said))
        if column.kind == "number":
            return str(values.whole(value, MOST_WEEKS))
        return _READERS[column.kind](value)

    def _keep(self, key: str, reader: Callable[..., Any], *cell: Any) -> None:
        try:
            self.said[key] = reader(*cell)
        except Bad as bad:
            self._wrong(key, str(bad))

    def _wrong(self, key: str, reason: str) -> None:
        heading = self.columns[key][0] if key in self.columns else _HEADINGS.get(key, "")
        value = str(self.line.values.get(key, ""))
        if key not in self.said and key in _WAITS:
            reason = f"{reason} {_WAITS[key]}"
        self.problems.append(Problem(self.line.number, heading, reason, value))

    def _returns(self) -> Iterator[AgencyReturn]:
        """The agencies of the row, by their number in the headings."""
        keys = [key for key in self.columns if key.startswith("agency:")]
        for number in sorted({int(key.split(":")[1]) for key in keys}):
            if found := self._return(f"agency:{number}:"):
                yield found

    def _return(self, before: str) -> AgencyReturn | None:
        for column in AGENCY:
            key, value = before + column.code, self.line.values.get(before + column.code, "")
            if value == "":
                continue
            self._keep(key, self._cell, column, value)
        agency, asked, returned, nil = (self.said.get(before + each.code) for each in AGENCY)
        if not agency and (asked or returned or nil is not None):
            if before + "agency" not in self.line.values:
                self._wrong(before + "agency", "Say which agency these dates belong to.")
        elif asked and returned and returned < asked:
            self._wrong(before + "returned_on", "The agency answered before it was asked.")
        return AgencyReturn(agency, asked, returned, bool(nil)) if agency else None

    def _check(self) -> None:
        """What the cells say of each other."""
        for column in COLUMNS:
            missing = column.code not in self.line.values and column.needed not in ("", ALWAYS)
            if missing and self._stage in STATES_OF[column.needed]:
                self._wrong(column.code, self._missing(column))
        self._check_order()
        if self._stage in UNDER_WAY:
            self._check_open()
        self._check_told()
        if "in_scope" not in self.line.values:
            self._check_scope()

    def _missing(self, column: Column) -> str:
        unknown = " Where nobody knows, write “not known”." if column.words in KNOWS_NOT else ""
        return f"{column.heading} is needed {column.needed}.{unknown}"

    def _check_order(self) -> None:
        """Dates that cannot follow each other so."""
        for key, earlier, reason in _ORDER:
            on, after = self.said.get(key), self.said.get(earlier)
            if on and after and on < after:
                self._wrong(key, reason)
        today = london_date(self.now)
        for key in _PAST:
            if (on := self.said.get(key)) and on > today:
                self._wrong(key, "This day has not come yet.")

    def _check_open(self) -> None:
        for key in ("signed_off_on", "closed_on", "category", "modifiable"):
            if key in self.line.values:
                self._wrong(key, "An open case cannot have this. Correct it, or the stage.")

    def _check_told(self) -> None:
        """The panel was told before the moment of the death."""
        if "notified_on" not in self.said or "date_of_death" not in self.said:
            return
        if self.said["notified_on"] == self.said["date_of_death"]:
            death = {code: said for code, said in self._answers().items() if code in DEATH}
            if rules.impossible(death, self._notified_at()):
                at = "notified_at" if "notified_at" in self.said else "time_of_death"
                self._wrong(at, "The time of death is after the panel was told.")

    def _check_scope(self) -> None:
        """The rules on scope speak against the death and the row does not say what holds."""
        if not (edition := self._edition):
            return
        answers = self._answers() | {"postcode": ""}  # the area was settled in the old system
        if outside := rules.why_out_of_scope(answers, edition):
            asked = f"{' '.join(outside)} Say under “Panel reviews it” whether the panel does."
            self._wrong("in_scope", asked.replace("The notifier says", "The row says"))

    def _answers(self) -> dict[str, Any]:
        """The row as answers of the notification."""
        found = {code: said for code, said in self.said.items() if _is_answer(code) and said != ""}
        found |= {code: found[code].isoformat() for code in DATES if code in found}
        found |= {code: f"{found[code]:%H:%M}" for code in TIMES if code in found}
        if event := self.said.get("known_event"):
            found["known_events"] = [event]
        if agencies := [each.agency for each in self.said.get("returns", ())]:
            found["agencies_known"] = list(dict.fromkeys(agencies))
        return found

    def _kept_in_words(self, edition: Edition) -> Iterator[str]:
        """What no question of the notification asks, as lines of its last answer."""
        yield f"Reference in the system used before: {self.said['old_reference']}"
        if panel_on := self.said.get("panel_on"):
            yield f"Date of panel: {values.said(panel_on)}"
        if signed_off_on := self.said.get("signed_off_on"):
            yield f"Date of sign-off: {values.said(signed_off_on)}"
        for each in self.said.get("returns", ()):
            yield each.in_words(edition)
        if papers := self.said.get("papers"):
            yield f"Papers: {papers}"
        if note := self.said.get("note"):
            yield f"Note: {note}"

    def _made(self) -> EarlierCase:
        """The case of a row with which nothing is wrong."""
        edition = editions.in_force(self.said["date_of_death"])
        answers = self._answers()
        answers["other_information"] = "\n".join(self._kept_in_words(edition))
        stage, area = CaseState(self.said["stage"]), self.said.get("area", ELSEWHERE)
        return EarlierCase(
            line=self.line.number,
            old_reference=self.said["old_reference"],
            stage=stage,
            answers=answers,
            edition=edition,
            area=self.words.areas.get(area),
            in_scope=self.said.get("in_scope", True),
            confirmed=self.said.get("confirmed", True),
            times=rules.times_of(answers),
            notified_at=self._notified_at(),
            time_given="notified_at" in self.said,
            found=self._found() if stage in DONE else None,
            closed_at=self._closed_at(stage),
            returns=self.said["returns"],
            files=self.said.get("files", ()),
        )

    def _notified_at(self) -> datetime:
        """When the panel was told: at the time given, else at noon, but not before the death."""
        on, at = self.said["notified_on"], self.said.get("notified_at")
        died_at = self.said.get("time_of_death") if on == self.said["date_of_death"] else None
        return min(at_london(on, at or max(NOON, died_at or NOON)), self.now)

    def _closed_at(self, stage: CaseState) -> datetime | None:
        return at_london(self.said["closed_on"], NOON) if stage == CaseState.CLOSED else None

    def _found(self) -> Found:
        return Found(
            signed_off_at=min(end_of(self.said["signed_off_on"]), self.now),
            edition=editions.in_force(self.said["signed_off_on"]).code,
            category=self.said["category"],
            modifiable=self.said["modifiable"],
        )


def _is_answer(code: str) -> bool:
    return code not in NOT_ANSWERS and code != "returns" and not code.startswith("agency:")


KNOWS_NOT = ("sex", "expectedness")
_HEADINGS = {column.code: column.heading for column in COLUMNS}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "text": values.text,
    "lines": values.long_text,
    "date": values.day,
    "time": values.clock,
    "nhs_number": values.nhs_number,
    "postcode": values.postcode,
    "yes_no": values.yes_no,
    "files": values.file_names,
}
# A date, the one that it cannot come before, and the sentence.
_ORDER = (
    ("date_of_death", "date_of_birth", "The date of death is before the date of birth."),
    ("notified_on", "date_of_death", "The notification is before the death."),
    ("panel_on", "date_of_death", "The panel is before the death."),
    ("signed_off_on", "date_of_death", "The sign-off is before the death."),
    ("closed_on", "signed_off_on", "The case was closed before it was signed off."),
)
_PAST = ("date_of_birth", "date_of_death", "notified_on", "signed_off_on", "closed_on")
# What waits until a value can be read, as the reason given for that value says.
_COMPARED = "Once it can be read, the other dates are compared with it."
_WAITS = {
    "stage": "Once it can be read, the row is asked for what a case at its stage needs.",
    "date_of_birth": _COMPARED,
    "date_of_death": (
        "Once it can be read, the other dates are compared with it, and words and scope with the "
        "guidance of that day."
    ),
    "notified_on": _COMPARED,
    "signed_off_on": (
        "Once it can be read, the other dates are compared with it, and category and answer with "
        "the guidance of that day."
    ),
}
