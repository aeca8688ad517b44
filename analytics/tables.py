"""Every table of the annual set, declared in one place. A new table is one entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from analytics.dimensions import ENOUGH, TOTAL, category_code
from analytics.populations import BIRTHS, CHILDREN

# A count, by what it counts: basis, period and the restrictions on the children counted. Two
# tables that count the same children share the cell, so that it is shown or hidden in both.
Cell = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Basis:
    """Which deaths a period selects. The three are different sets of children."""

    label: str
    meaning: str


BASES = {
    "notified": Basis(
        "Deaths notified",
        "Children whose death was first reported to the panel in the period.",
    ),
    "reviewed": Basis(
        "Deaths reviewed",
        "Children whose review the chair first signed off in the period. "
        "Many of them died in an earlier one.",
    ),
    "died": Basis("Deaths that occurred", "Children who died in the period."),
}


@dataclass(frozen=True)
class Table:
    """One table.

    id           stable name, used in files and links
    basis        which deaths the period selects: a key of ``BASES``
    dimensions   codes; the first gives the rows
    where        only deaths with these values, by dimension code
    statistic    "count", "percentage" of ``numerator`` in ``denominator``, each a further
                 restriction, or "rate" of ``numerator`` per so many of a population
    population   of a rate: a key of ``populations.KINDS``; ``per`` is its multiplier
    per_edition  uses the categories of one edition: declared once, printed once
                 for each edition under which deaths were reviewed
    """

    id: str
    title: str
    basis: str
    dimensions: tuple[str, ...]
    where: Mapping[str, str] = field(default_factory=dict)
    statistic: str = "count"
    numerator: Mapping[str, str] = field(default_factory=dict)
    denominator: Mapping[str, str] = field(default_factory=dict)
    population: str = ""
    per: int = 0
    notes: tuple[str, ...] = ()
    per_edition: bool = False

    @property
    def restrictions(self) -> tuple[str, ...]:
        """The dimensions by which the table selects deaths without showing them."""
        return tuple(dict.fromkeys([*self.where, *self.numerator, *self.denominator]))

    def cell(self, period: str, codes: Sequence[str], of: Mapping[str, str] | None = None) -> Cell:
        """The count that stands at ``codes``; ``of`` is the numerator or denominator meant."""
        restrictions = {
            **self.where,
            **(of or {}),
            **{d: code for d, code in zip(self.dimensions, codes, strict=True) if code != TOTAL},
        }
        return (self.basis, period, frozenset(restrictions.items()))


UNDER_1 = "Under 1 year is the sum of the two bands that follow it."
JUDGED = (
    "The percentage is taken of deaths where the panel had enough information to judge; "
    "both numbers are printed. The range is a 95% interval by Wilson's method."
)
HIGHEST_RANK = (
    "Where more than one category fits, a death counts once, under the one that stands "
    "highest in the list."
)
EXPECTED = "A death was expected if it was foreseen as a real possibility 24 hours before."
HEADINGS = "A heading is the sum of the lines that stand under it."
TIMED = (
    "From the day of death to the day on which the chair first signed off, whatever held up the "
    "case on the way, such as an inquest or a trial."
)
PROVISIONAL = (
    "Deaths of the period that are reported late are still added, so these figures are provisional."
)
RATE = (
    "The range is a 95% interval: exact Poisson limits below 10 deaths, Byar's method from 10. A "
    "rate on fewer than 20 deaths is marked [u], since it is unreliable; none is given on fewer "
    "than 3. Rates this small differ from year to year by chance."
)
RESIDENTS = (
    "Children are the residents aged 0 to 17 in the middle of the year, as the Office for "
    "National Statistics estimates them, summed over the years."
)
BORN = "Births are the live births of the calendar year in which the panel's year begins."

TABLES: tuple[Table, ...] = (
    Table("notified-area", "Deaths notified, by area", "notified", ("area",)),
    Table(
        "notified-age-area",
        "Deaths notified, by age and area",
        "notified",
        ("age_band", "area"),
        notes=(UNDER_1,),
    ),
    Table("notified-sex-area", "Deaths notified, by sex and area", "notified", ("sex", "area")),
    Table(
        "notified-age-sex",
        "Deaths notified, by age and sex",
        "notified",
        ("age_band", "sex"),
        notes=(UNDER_1,),
    ),
    Table(
        "notified-expectedness-area",
        "Deaths notified, expected and unexpected, by area",
        "notified",
        ("expectedness", "area"),
        notes=(EXPECTED,),
    ),
    Table("reviewed-area", "Deaths reviewed, by area", "reviewed", ("area",)),
    Table(
        "reviewed-age-area",
        "Deaths reviewed, by age and area",
        "reviewed",
        ("age_band", "area"),
        notes=(UNDER_1,),
    ),
    Table("reviewed-sex-area", "Deaths reviewed, by sex and area", "reviewed", ("sex", "area")),
    Table(
        "reviewed-age-sex",
        "Deaths reviewed, by age and sex",
        "reviewed",
        ("age_band", "sex"),
        notes=(UNDER_1,),
    ),
    Table(
        "reviewed-expectedness-area",
        "Deaths reviewed, expected and unexpected, by area",
        "reviewed",
        ("expectedness", "area"),
        notes=(EXPECTED,),
    ),
    Table(
        "reviewed-expectedness-sex",
        "Deaths reviewed, expected and unexpected, by sex",
        "reviewed",
        ("expectedness", "sex"),
        notes=(EXPECTED,),
    ),
    Table(
        "reviewed-category-area",
        "Deaths reviewed, by category of death and area",
        "reviewed",
        ("category", "area"),
        notes=(HIGHEST_RANK,),
        per_edition=True,
    ),
    Table(
        "reviewed-category-age",
        "Deaths reviewed, by category of death and age",
        "reviewed",
        ("category", "age_band"),
        notes=(HIGHEST_RANK, UNDER_1),
        per_edition=True,
    ),
    Table(
        "reviewed-modifiable-area",
        "Deaths reviewed, by modifiable factors and area",
        "reviewed",
        ("modifiable", "area"),
    ),
    Table(
        "reviewed-modifiable-age",
        "Deaths reviewed, by modifiable factors and age",
        "reviewed",
        ("age_band", "modifiable"),
        notes=(UNDER_1,),
    ),
    Table(
        "reviewed-category-modifiable",
        "Deaths reviewed, by category of death and modifiable factors",
        "reviewed",
        ("category", "modifiable"),
        notes=(HIGHEST_RANK,),
        per_edition=True,
    ),
    Table(
        "reviewed-modifiable-sex",
        "Deaths reviewed, by modifiable factors and sex",
        "reviewed",
        ("modifiable", "sex"),
    ),
    Table(
        "reviewed-ethnicity",
        "Deaths reviewed, by ethnic group",
        "reviewed",
        ("ethnic_group",),
        notes=(HEADINGS,),
    ),
    Table(
        "reviewed-place-of-event",
        "Deaths reviewed, by the place of the event that led to death",
        "reviewed",
        ("place_of_event",),
        notes=(HEADINGS,),
    ),
    Table(
        "reviewed-place-of-death",
        "Deaths reviewed, by place of death",
        "reviewed",
        ("place_of_death",),
        notes=(HEADINGS,),
    ),
    Table(
        "reviewed-gestation",
        "Deaths under 1 year reviewed, by weeks of pregnancy",
        "reviewed",
        ("gestation",),
        where={"age_band": "under-1"},
        notes=("Completed weeks of pregnancy at birth.",),
    ),
    Table(
        "reviewed-time-area",
        "Deaths reviewed, by time from death to review and area",
        "reviewed",
        ("time_to_review", "area"),
        notes=(TIMED,),
    ),
    Table(
        "reviewed-modifiable-percentage",
        "Percentage of deaths reviewed with modifiable factors, by area",
        "reviewed",
        ("area",),
        statistic="percentage",
        numerator={"modifiable": "modifiable"},
        denominator={"modifiable": ENOUGH},
        notes=(JUDGED,),
    ),
    Table("died-area", "Deaths that occurred, by area", "died", ("area",), notes=(PROVISIONAL,)),
    Table(
        "died-age-area",
        "Deaths that occurred, by age and area",
        "died",
        ("age_band", "area"),
        notes=(UNDER_1, PROVISIONAL),
    ),
    Table(
        "died-sex-area",
        "Deaths that occurred, by sex and area",
        "died",
        ("sex", "area"),
        notes=(PROVISIONAL,),
    ),
    Table(
        "died-rate-area",
        "Deaths per 100,000 children, by area",
        "died",
        ("area",),
        statistic="rate",
        population=CHILDREN,
        per=100_000,
        notes=(RATE, RESIDENTS, PROVISIONAL),
    ),
    Table(
        "died-rate-age",
        "Deaths per 100,000 children, by age",
        "died",
        ("age_band",),
        statistic="rate",
        population=CHILDREN,
        per=100_000,
        notes=(
            RATE,
            RESIDENTS,
            "Residents under 1 year are not counted by days of age, so the two bands have no rate.",
            PROVISIONAL,
        ),
    ),
    Table(
        "died-rate-sex",
        "Deaths per 100,000 children, by sex",
        "died",
        ("sex",),
        statistic="rate",
        population=CHILDREN,
        per=100_000,
        notes=(RATE, RESIDENTS, PROVISIONAL),
    ),
    Table(
        "died-rate-infant",
        "Deaths under 1 year per 1,000 live births, by area",
        "died",
        ("area",),
        statistic="rate",
        numerator={"age_band": "under-1"},
        population=BIRTHS,
        per=1_000,
        notes=(RATE, BORN, PROVISIONAL),
    ),
    Table(
        "died-rate-neonatal",
        "Deaths under 28 days per 1,000 live births, by area",
        "died",
        ("area",),
        statistic="rate",
        numerator={"age_band": "0-27d"},
        population=BIRTHS,
        per=1_000,
        notes=(RATE, BORN, PROVISIONAL),
    ),
)


def declared(editions: Sequence[str]) -> tuple[Table, ...]:
    """Every table, for a period whose deaths were reviewed under ``editions``, oldest first."""
    return tuple(printed for table in TABLES for printed in _printed(table, editions))


def _printed(table: Table, editions: Sequence[str]) -> list[Table]:
    if not table.per_edition or len(editions) == 1:
        return [table]
    return [_under(table, edition) for edition in editions]


def _under(table: Table, edition: str) -> Table:
    names = {"category": category_code(edition, alone=False)}
    return replace(
        table,
        id=f"{table.id}-{edition}",
        title=f"{table.title} ({edition})",
        dimensions=tuple(names.get(code, code) for code in table.dimensions),
        where={**table.where, "edition": edition},
    )
