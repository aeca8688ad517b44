"""What the benchmarks print and write: one table, each figure a ratio to its floor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench import timing

TABLES_AIM, PAGES_AIM, INTAKE_AIM = 1.5, 6.0, 8.0
FLOOR = "empty view"
INTAKE_FLOOR = "insert one row"
DUPLICATES_FLOOR = "open as many identities"
NOT_AIMED = (FLOOR, "home page")


@dataclass(frozen=True)
class Row:
    """One figure. ``aim`` is None where it is only told; ``queries`` None for what is no page."""

    database: str
    cases: int
    what: str
    ms: float
    floor_ms: float
    aim: float | None = None
    queries: int | None = None
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ms / self.floor_ms

    @property
    def verdict(self) -> str:
        if self.aim is None:
            return ""
        return f"within {self.aim:g}" if self.ratio <= self.aim else f"MISSED ({self.aim:g})"


def rows(databases: Mapping[str, Any]) -> list[Row]:
    """Every figure, database by database and size by size."""
    return [
        row
        for database, found in databases.items()
        for size, figures in found["sizes"].items()
        for row in (
            *_tables(database, int(size), figures["tables"]),
            *_pages(database, int(size), figures["pages"]),
            *_intake(database, int(size), figures["intake"]),
            _duplicates(database, int(size), figures["duplicates"]),
        )
    ]


def growing(databases: Mapping[str, Any]) -> list[str]:
    """The pages that need more queries for more cases, in a sentence each."""
    found = []
    for database, figures in databases.items():
        sizes = figures["sizes"]
        for page in next(iter(sizes.values()))["pages"]:
            counts = {int(size): each["pages"][page]["queries"] for size, each in sizes.items()}
            if len(set(counts.values())) > 1:
                told = ", ".join(f"{n} at {size:,} cases" for size, n in counts.items())
                found.append(f"The {page} on {database} needs other numbers of queries: {told}.")
    return found


def missed(figures: list[Row]) -> list[str]:
    """The aims that were not met, in a sentence each."""
    return [
        f"{row.what} on {row.database} with {row.cases:,} cases: {row.ratio:.2f} times its floor, "
        f"the aim is {row.aim:g}."
        for row in figures
        if row.aim is not None and row.ratio > row.aim
    ]


def table(figures: list[Row]) -> str:
    """All figures as one table in Markdown, which is read as well on a screen."""
    head = ("database", "cases", "what", "ms", "floor ms", "ratio", "aim", "queries", "")
    lines = [head, *(_cells(row) for row in figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    said = ["| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([said[0], rule, *said[1:]])


def page(figures: list[Row], machine: Mapping[str, str], grow: list[str]) -> str:
    """``docs/performance.md``."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    outcome = "\n".join(f"- {line}" for line in [*missed(figures), *grow])
    return PAGE.format(
        facts=facts,
        table=table(figures),
        outcome=outcome or "Every aim is met, and no page needs more queries for more cases.",
        tables_aim=f"{TABLES_AIM:g}",
        pages_aim=f"{PAGES_AIM:g}",
        intake_aim=f"{INTAKE_AIM:g}",
        rounds=timing.ROUNDS,
        warm_up=timing.WARM_UP,
    )


def _tables(database: str, size: int, periods: Mapping[str, Any]) -> Iterator[Row]:
    for period, ms in periods.items():
        what = f"tables of {period}"
        yield Row(database, size, what, ms["system"], ms["complete"], TABLES_AIM)
        note = "against bare GROUP BYs, without zeros and margins"
        yield Row(database, size, what, ms["system"], ms["bare"], note=note)


def _pages(database: str, size: int, pages: Mapping[str, Any]) -> Iterator[Row]:
    for name, figures in pages.items():
        yield Row(
            database,
            size,
            name,
            figures["ms"],
            pages[FLOOR]["ms"],
            None if name in NOT_AIMED else PAGES_AIM,
            int(figures["queries"]),
            f"statements {figures['statements_ms']:.1f} ms, templates "
            f"{figures['templates_ms']:.1f} ms, {figures['bytes'] / 1024:.0f} KiB",
        )


def _intake(database: str, size: int, posts: Mapping[str, float]) -> Iterator[Row]:
    for name, ms in posts.items():
        aim = None if name == INTAKE_FLOOR else INTAKE_AIM
        note = f"{1000 / ms:.0f} a second by one process"
        yield Row(database, size, name, ms, posts[INTAKE_FLOOR], aim, note=note)


def _duplicates(database: str, size: int, figures: Mapping[str, float]) -> Row:
    """The search for cases about the same child; its floor opens as many identities."""
    return Row(
        database,
        size,
        "likely duplicates",
        figures["search"],
        figures[DUPLICATES_FLOOR],
        queries=int(figures["queries"]),
        note=f"{int(figures['opened'])} cases opened and compared",
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.database,
        f"{row.cases:,}",
        row.what,
        f"{row.ms:.1f}",
        f"{row.floor_ms:.1f}",
        f"{row.ratio:.2f}",
        row.verdict,
        "" if row.queries is None else str(row.queries),
        row.note,
    )


PAGE = """# Speed

Written by `make bench`, which measures everything below in one run; do not edit it by hand. The
figures themselves are also in `build/bench/bench.json`.

## How to read it

Milliseconds say something about one machine on one day. The ratios are what counts: each is a time
of the system divided by a floor that was measured in the same run, in the same rounds, in turn.

- **Tables**: the whole annual set, counted and rolled up as for a release, against one SQL
  statement for each table that returns the same table: every cell, with zeros, subtotals and
  margins. Both are compared cell by cell before anything is timed. The aim is {tables_aim} times.
  The lines without an aim take bare `GROUP BY` statements as the floor, which return no zeros,
  subtotals or margins.
- **Pages**: a page asked for as a web server asks for it, by the coordinator, signed in, against a
  view that returns nothing behind the same middleware. The case list has 50 rows; the case is the
  one closed last, with its whole checklist on its timeline. The call page, the requests and the
  composite record are those of a case with six conversations and four reports that came. The aim is
  {pages_aim} times for each but the home page, which is told beside them.
- **Intake**: a death reported, as a web server is asked for it, against a view that inserts one row
  behind the same middleware. Both commit. The aim is {intake_aim} times.
- **Likely duplicates**: a report of a child whom a case knows already, looked for among all cases
  by its traces; at most 200 cases are opened and compared. The floor opens as many and compares
  nothing.
- **Queries** are those of one page, the session and the person included. They must not grow with
  the number of cases.
- Every time is the median of {rounds} rounds after {warm_up} that are not counted. On SQLite each
  request opens its own connection, as it does in use, so the floor is higher there than on
  PostgreSQL.

## The machine

{facts}

## What was measured

{table}

## What does not meet its aim

{outcome}
"""
