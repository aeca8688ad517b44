"""Read one entry of a list of an edition: a category, a grade, a task, an age band …"""

from collections.abc import Collection, Mapping

from cdop.editions.nodes import Fields, Value
from cdop.editions.question_reader import Askable, condition
from cdop.editions.schema import (
    ALERTED,
    CHILDHOOD_YEARS,
    CLOCKS,
    CLOCKS_AHEAD,
    GRADES_SAY,
    UNITS,
    AgeBand,
    Alert,
    Answer,
    Category,
    CoreMember,
    Criterion,
    DiscussionKind,
    Domain,
    Due,
    FactorKind,
    Grade,
    Phase,
    ScopeRule,
    Standard,
    Task,
    Term,
)

TASK = "a task in checklist.yaml"


def term(row: Fields, parent: str | None = None, opens: str | None = None) -> Term:
    alone, office = (name in row.values and row[name].flag() for name in ("alone", "office"))
    code, label = row["code"].code(), row.text("label")
    return Term(code, label, parent, opens, alone, office, **row.origin)


def category(value: Value) -> Category:
    row = value.item("rank code label definition", "hints")
    return Category(
        rank=row["rank"].number(),
        code=row["code"].code(),
        label=row.text("label"),
        definition=row.text("definition"),
        hints=row.texts("hints"),
        **row.origin,
    )


def domain(value: Value, factors: Mapping[str, tuple[FactorKind, ...]]) -> Domain:
    row = value.item("code label description")
    code = row["code"].code()
    return Domain(code, row.text("label"), row.text("description"), factors[code], **row.origin)


def grade(value: Value) -> Grade:
    row = value.item("code label says")
    says = row["says"].one_of(GRADES_SAY)
    return Grade(code=row["code"].code(), label=row.text("label"), says=says, **row.origin)


def answer(value: Value) -> Answer:
    row = value.item("code label enough_information modifiable")
    return Answer(
        code=row["code"].code(),
        label=row.text("label"),
        enough_information=row["enough_information"].flag(),
        modifiable=row["modifiable"].flag(),
        **row.origin,
    )


def phase(value: Value) -> Phase:
    row = value.item("code label description")
    return Phase(row["code"].code(), row.text("label"), row.text("description"), **row.origin)


def task(value: Value, phases: list[str], leads: list[str], facts: Askable) -> Task:
    row = value.item("code phase label help lead required", "partners when due")
    in_leads = 'a code of the vocabulary "leads"'
    partners = row["partners"].entries() if "partners" in row.values else ()
    return Task(
        code=row["code"].code(),
        phase=row["phase"].one_of(phases, "a phase of this checklist"),
        label=row.text("label"),
        help=row.text("help"),
        lead=row["lead"].one_of(leads, in_leads),
        required=row["required"].flag(),
        when=condition(row["when"], facts) if "when" in row.values else None,
        due=_due(row["due"]) if "due" in row.values else None,
        partners=tuple(partner.one_of(leads, in_leads) for partner in partners),
        **row.origin,
    )


def criterion(value: Value) -> Criterion:
    row = value.item("code label help")
    return Criterion(row["code"].code(), row.text("label"), row.text("help"), **row.origin)


def discussion(value: Value, tasks: Collection[str]) -> DiscussionKind:
    row = value.item("code label help settles", "starts coroner")
    return DiscussionKind(
        code=row["code"].code(),
        label=row.text("label"),
        help=row.text("help"),
        settles=tuple(entry.one_of(tasks, TASK) for entry in row["settles"].entries()),
        starts=row["starts"].one_of(CLOCKS) if "starts" in row.values else None,
        coroner=row["coroner"].one_of(tasks, TASK) if "coroner" in row.values else None,
        **row.origin,
    )


def alert(value: Value, facts: Askable) -> Alert:
    row = value.item("code label role", "when")
    return Alert(
        code=row["code"].code(),
        label=row.text("label"),
        role=row["role"].one_of(ALERTED),
        when=condition(row["when"], facts) if "when" in row.values else None,
        **row.origin,
    )


def _due(value: Value) -> Due:
    """A due time. Only what is arranged beforehand, a meeting say, can have tasks before it."""
    row = value.fields("from offset unit")
    clock, offset = row["from"].one_of(CLOCKS), row["offset"].offset()
    if offset < 0 and clock not in CLOCKS_AHEAD:
        row["offset"].refuse(f'offset "{offset}" would fall before the clock "{clock}" starts')
    return Due(clock, offset, row["unit"].one_of(UNITS))


def standard(value: Value) -> Standard:
    row = value.item("code label due")
    return Standard(row["code"].code(), row.text("label"), _due(row["due"]), **row.origin)


def age_band(value: Value, groups: list[str]) -> AgeBand:
    row = value.item("code label", "parent from_days from_years until_days until_years")
    for end in ("from", "until"):
        if (f"{end}_days" in row.values) == (f"{end}_years" in row.values):
            value.refuse(f"give either {end}_days or {end}_years")
    return AgeBand(
        code=row["code"].code(),
        label=row.text("label"),
        parent=row["parent"].one_of(groups, "an age group") if "parent" in row.values else None,
        from_days=row.number("from_days"),
        from_years=row.number("from_years"),
        until_days=row.number("until_days"),
        until_years=row.number("until_years"),
        **row.origin,
    )


def refuse_gaps(value: Value, bands: tuple[AgeBand, ...]) -> None:
    """Each band starts where the one before it ends, from birth to the 18th birthday."""
    end: tuple[int | None, int | None] = (0, None)
    for entry, band in zip(value.entries(), bands, strict=True):
        if (band.from_days, band.from_years) != end:
            entry.refuse(f'the band "{band.code}" does not start where the one before it ends')
        end = (band.until_days, band.until_years)
    if end != (None, CHILDHOOD_YEARS):
        entry.refuse(f'the last band must end with until_years "{CHILDHOOD_YEARS}"')


def scope_rule(value: Value) -> ScopeRule:
    row = value.item("code label explanation", "limit")
    return ScopeRule(
        code=row["code"].code(),
        label=row.text("label"),
        explanation=row.text("explanation"),
        limit=row.number("limit"),
        **row.origin,
    )


def core_member(value: Value) -> CoreMember:
    row = value.item("code label quorum")
    return CoreMember(row["code"].code(), row.text("label"), row["quorum"].flag(), **row.origin)
