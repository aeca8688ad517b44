"""From a line of the sheet to an earlier case, or to what is wrong with the line.

Each word is read in the vocabulary of the edition that the row belongs to: the one in force at the
death, for the review the one in force at its sign-off. A code is never converted into another's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from cdop import editions
from cdop.cases.earlier import Found
from cdop.cases.states import CaseState
from cdop.core.dates import at_london, end_of, london_date
from cdop.core.organisations import Area
from cdop.editions.schema import Edition
from notifications import legacy_values as values
from notifications import rules
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
from notifications.legacy_sheets import Line, Sheet
from notifications.legacy_values import Bad
from notifications.rules import Times

NOON = time(12)
MOST_WEEKS = 45
MOST_CASES = 9_999
OPEN = (CaseState.GATHERING, CaseState.READY)
DONE = (CaseState.REVIEWED, CaseState.CLOSED)
STATES_OF: Mapping[str, tuple[CaseState, ...]] = {
    ALWAYS: STAGES,
    WHEN_OPEN: OPEN,
    FROM_READY: (CaseState.READY, *DONE),
    WHEN_REVIEWED: DONE,
    WHEN_CLOSED: (CaseState.CLOSED,),
}
# Columns whose words belong to the guidance of the review, not to that of the death.
OF_THE_REVIEW = ("categories", "answers")
# What a sheet has beside the questions of the notification.
NOT_ANSWERS = frozenset(
    ("old_reference", "stage", "closed_on", "papers", "note", "area", "in_scope", "known_event")
    + ("notified_on", "notified_at", "panel_on", "signed_off_on", "category", "modifiable")
)
DATES = ("date_of_birth", "date_of_death")
TIMES = ("time_of_death",)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell. ``value`` is what stood there; ``reason`` never repeats it."""

    line: int
    column: str
    reason: str
    value: str = ""


@dataclass(frozen=True)
class AgencyReturn:
    """What the old system knew of one agency's answer."""

    agency: str
    asked_on: date | None
    returned_on: date | None
    nil: bool

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        days = {"asked_on": self.asked_on, "returned_on": self.returned_on}
        said = {name: on.isoformat() if on else "" for name, on in days.items()}
        return {"agency": self.agency, **said, "nil": self.nil}


@dataclass(frozen=True)
class EarlierCase:
    """One case as the old system had it, in the codes of the editions it belongs to."""

    line: int
    old_reference: str
    stage: CaseState
    answers: dict[str, Any]
    edition: Edition
    area: Area | None
    in_scope: bool
    times: Times
    notified_at: datetime
    found: Found | None
    closed_at: datetime | None
    returns: tuple[AgencyReturn, ...]

    @property
    def area_code(self) -> str:
        return self.area.code if self.area else ELSEWHERE


@dataclass(frozen=True)
class Read:
    """What a sheet of cases says: the cases that can be brought in, and what is wrong."""

    cases: list[EarlierCase]
    problems: list[Problem]


@dataclass
class Words:
    """The words that may stand in a column, by edition, worked out once."""

    areas: Mapping[str, Area]
    known: dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]] = field(
        default_factory=dict
    )

    def code(self, column: Column, value: Any, edition: Edition) -> str:
        """The code that a cell means. Raises Bad."""
        key = (edition.code, column.words)
        if key not in self.known:
            labelled = list(_labelled(column.words, edition, self.areas))
            known = values.known_words(labelled)
            labels = {label: code for code, label in labelled}
            self.known[key] = (known | _shorter(column.words, edition, self.areas), labels)
        known, labels = self.known[key]
        return values.word(value, known, labels)


def read(sheet: Sheet, now: datetime) -> Read:
    """Every line of the sheet as a case, or as what is wrong with it."""
    words = Words({area.code: area for area in Area.objects.all()})
    cases, problems = [], []
    for line in sheet.lines:
        row = _Row(line, sheet.columns, words, now)
        if case := row.case():
            cases.append(case)
        problems += row.problems
    problems += _repeated(cases, sheet)
    return Read(cases, sorted(problems, key=lambda problem: problem.line))


def totals(lines: Iterable[Line]) -> tuple[dict[tuple[str, str, str], int], list[Problem]]:
    """The old system's totals by (year, area, stage), and what is wrong with them."""
    words = Words({area.code: area for area in Area.objects.all()})
    found: Counter[tuple[str, str, str]] = Counter()
    problems = []
    for line in lines:
        try:
            place, count = _total(line, words)
        except (Bad, ValueError) as error:
            problems.append(Problem(line.number, "Totals", str(error)))
        else:
            found[place] += count
    return dict(found), problems


def _total(line: Line, words: Words) -> tuple[tuple[str, str, str], int]:
    edition = editions.get(editions.codes()[-1])
    by_code = {column.words: column for column in COLUMNS if column.words in ("areas", "stages")}
    year = values.year(line.values.get("year", ""))
    area = words.code(by_code["areas"], line.values.get("area", ""), edition)
    stage = words.code(by_code["stages"], line.values.get("stage", ""), edition)
    return (year, area, stage), values.whole(line.values.get("count", ""), MOST_CASES)


def _labelled(words: str, edition: Edition, areas: Mapping[str, Area]) -> Iterator[tuple[str, str]]:
    """(code, label) of every word of a column."""
    if words == "areas":
        yield from ((area.code, area.name) for area in areas.values())
        yield ELSEWHERE, "Elsewhere"
    elif words == "stages":
        yield from ((stage.value, stage.label) for stage in STAGES)
    elif words == "categories":
        yield from ((each.code, each.label) for each in edition.categories)
    elif words == "answers":
        yield from ((each.code, each.label) for each in edition.answers)
    else:
        yield from ((term.code, term.label) for term in edition.vocabularies[words].choices)


def _shorter(words: str, edition: Edition, areas: Mapping[str, Area]) -> dict[str, str]:
    """Shorter ways of writing some words: a category's number, yes and no, an area with "&"."""
    if words == "categories":
        return {str(each.rank): each.code for each in edition.categories}
    if words == "answers":
        short = {"yes": "modifiable", "no": "not_modifiable", "notenoughinformation": "inadequate"}
        return {word: code for word, code in short.items() if code in _codes(edition.answers)}
    if words == "stages":
        return {"open": CaseState.GATHERING.value}
    if words == "areas":
        with_sign = {area.name.replace(" and ", " & "): code for code, area in areas.items()}
        return values.known_words((code, name) for name, code in with_sign.items())
    return {}


def _codes(items: Iterable[Any]) -> set[str]:
    return {item.code for item in items}


def _repeated(cases: list[EarlierCase], sheet: Sheet) -> Iterator[Problem]:
    """Rows that have the reference of an earlier row."""
    first: dict[str, int] = {}
    for case in cases:
        line = first.setdefault(case.old_reference.casefold(), case.line)
        if line != case.line:
            heading, _ = sheet.columns["old_reference"]
            yield Problem(case.line, heading, f"Line {line} has the same reference.")


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
        """The case; None where something is wrong."""
        if self.line.problem:
            self.problems.append(Problem(self.line.number, "", self.line.problem))
            return None
        self._read_columns()
        if self._stage is None or self._died_on is None:
            return None
        self._read_words()
        self._check()
        return None if self.problems else self._made()

    @property
    def _stage(self) -> CaseState | None:
        stage = self.said.get("stage")
        return CaseState(stage) if stage else None

    @property
    def _died_on(self) -> date | None:
        return self.said.get("date_of_death")

    @property
    def _edition(self) -> Edition:
        """The guidance in force at the death."""
        return editions.in_force(self.said["date_of_death"])

    @property
    def _edition_of_review(self) -> Edition:
        return editions.in_force(self.said.get("signed_off_on") or self.said["date_of_death"])

    def _read_columns(self) -> None:
        """All but words, which need to know the dates; the stage, which needs no edition."""
        for column in COLUMNS:
            if column.words not in ("", "stages"):
                continue
            value = self.line.values.get(column.code, "")
            if value != "":
                self._keep(column.code, self._plain, column, value)
            elif column.needed == ALWAYS:
                self._wrong(column.code, f"{column.heading} is missing.")

    def _read_words(self) -> None:
        for column in COLUMNS:
            value = self.line.values.get(column.code, "")
            if column.words not in ("", "stages") and value != "":
                of = self._edition_of_review if column.words in OF_THE_REVIEW else self._edition
                self._keep(column.code, self.words.code, column, value, of)
        self.said["returns"] = tuple(self._returns())

    def _plain(self, column: Column, value: Any) -> Any:
        if column.words == "stages":
            return self.words.code(column, value, editions.get(editions.codes()[0]))
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
            if column.words:
                self._keep(key, self.words.code, column, value, self._edition)
            else:
                self._keep(key, _READERS[column.kind], value)
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
        if self._stage in OPEN:
            self._check_open()
        if not self.problems and "in_scope" not in self.said:
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
            if key in self.said:
                self._wrong(key, "An open case cannot have this. Correct it, or the stage.")

    def _check_scope(self) -> None:
        """The rules on scope speak against the death and the row does not say what holds."""
        answers = self._answers() | {"postcode": ""}  # the area was settled in the old system
        if outside := rules.why_out_of_scope(answers, self._edition):
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
        return found | {"other_information": "\n".join(self._kept_in_words())}

    def _kept_in_words(self) -> Iterator[str]:
        """What no question of the notification asks, as lines of its last answer."""
        yield f"Reference in the system used before: {self.said['old_reference']}"
        if panel_on := self.said.get("panel_on"):
            yield f"Date of panel: {values.said(panel_on)}"
        if signed_off_on := self.said.get("signed_off_on"):
            yield f"Date of sign-off: {values.said(signed_off_on)}"
        for each in self.said.get("returns", ()):
            yield returned_in_words(each.kept, self._edition)
        if papers := self.said.get("papers"):
            yield f"Papers: {papers}"
        if note := self.said.get("note"):
            yield f"Note: {note}"

    def _made(self) -> EarlierCase | None:
        answers = self._answers()
        times, notified_at = rules.times_of(answers), self._notified_at()
        if wrong := rules.impossible(answers, notified_at):
            self._wrong("notified_at", " ".join(remark.sentence for remark in wrong))
            return None
        stage, area = CaseState(self.said["stage"]), self.said.get("area", ELSEWHERE)
        return EarlierCase(
            line=self.line.number,
            old_reference=self.said["old_reference"],
            stage=stage,
            answers=answers,
            edition=self._edition,
            area=self.words.areas.get(area),
            in_scope=self.said.get("in_scope", True),
            times=times,
            notified_at=notified_at,
            found=self._found() if stage in DONE else None,
            closed_at=self._closed_at(stage),
            returns=self.said["returns"],
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
            edition=self._edition_of_review.code,
            category=self.said["category"],
            modifiable=self.said["modifiable"],
        )


def returned_in_words(kept: Mapping[str, Any], edition: Edition) -> str:
    """One agency's return as a sentence, from what ``AgencyReturn.kept`` holds."""
    words = [f"{edition.vocabularies['agencies'].label(kept['agency'])}:"]
    if kept["asked_on"]:
        words.append(f"asked on {values.said(date.fromisoformat(kept['asked_on']))};")
    if kept["returned_on"]:
        words.append(f"returned on {values.said(date.fromisoformat(kept['returned_on']))}")
    else:
        words.append("no return recorded")
    return " ".join(words) + (", nothing to report" if kept["nil"] else "")


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
