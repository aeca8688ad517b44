"""The search of what is written about a theme: no child of its cases may be recognised in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdop.cases.models import Case
from cdop.core.audit import act, record
from cdop.core.refusals import Refused
from cdop.learning import briefing_patterns, themes
from cdop.learning.theme_models import Theme
from cdop.panel import redaction, scan
from cdop.panel.identifying import plain_text
from cdop.panel.marking import marked
from cdop.panel.models import AgendaItem
from cdop.panel.paper_models import Paper, PlaceFound
from cdop.panel.scan import Place
from cdop.reviews.analysis_models import Analysis, DomainGrade, Factor

if TYPE_CHECKING:
    from cdop.core.users import User

ADVICE = scan.ADVICE | briefing_patterns.ADVICE
MARK = "briefing place"
OF_ANALYSES = ("cause", "summary", "override_reason", "issues", "learning")
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Named:
    """A place that names somebody: nothing with it is kept or published."""

    section: str
    place: Place
    line: int

    @property
    def sentence(self) -> str:
        advice = ADVICE[self.place.kind]
        return f"Line {self.line} has “{self.place.words}”, which is {self.place.kind}. {advice}"


class NamesSomebody(Refused):
    """A text names somebody of the cases of its theme. Nothing of it was kept."""

    def __init__(self, named: Sequence[Named], labels: Mapping[str, str]) -> None:
        said = dict.fromkeys(f"{labels[each.section]}: {each.sentence}" for each in named)
        super().__init__(" ".join(said))
        self.named = named


@dataclass(frozen=True)
class Searched:
    """What a search found: what names somebody, and places that a second person may keep."""

    named: list[Named]
    like: list[PlaceFound]


def search(
    texts: Texts, theme: Theme | None, *, by: User, cases: Sequence[Case] | None = None
) -> Searched:
    """Search texts, by their codes, for every case of their theme; each reading is recorded.

    theme  None for one that is not there yet
    cases  others than those of the theme

    Search before the act that writes: what an act has read is not recorded where it is refused.
    """
    plain = {code: plain_text(text) for code, text in texts.items()}
    if cases is None:
        cases = themes.cases_of(theme) if theme else []
    with act():
        found = redaction.among(plain, cases, by=by)
        named = list(_named(plain, found))
        like = _with_patterns(plain, found, list(_said_of(cases)))
        after = {"cases": len(cases), "named": len(named), "places": sum(map(len, like.values()))}
        record("theme.searched", theme or "a new theme", by=by, after=after)
    return Searched(named, marked(plain, like, MARK))


def without_names(
    texts: Texts,
    theme: Theme | None,
    labels: Mapping[str, str],
    *,
    by: User,
    cases: Sequence[Case] | None = None,
) -> list[PlaceFound]:
    """Search as ``search`` does; the places that may stay. Raises NamesSomebody.

    labels  what each text is called, by its code
    """
    found = search(texts, theme, by=by, cases=cases)
    if found.named:
        raise NamesSomebody(found.named, labels)
    return found.like


def _named(plain: Texts, found: Mapping[str, redaction.Among]) -> Iterator[Named]:
    for code, among in found.items():
        for place in among.named:
            yield Named(code, place, plain[code].count("\n", 0, place.start) + 1)


def _with_patterns(
    plain: Texts, found: Mapping[str, redaction.Among], said: Sequence[str]
) -> dict[str, list[Place]]:
    """By its code, all that a text has beside names, each piece of it once."""
    return {
        code: _apart(
            [*briefing_patterns.places_in(text, said), *found[code].like], found[code].named
        )
        for code, text in plain.items()
    }


def _apart(places: list[Place], named: list[Place]) -> list[Place]:
    """The places in order; of two that lie over each other the one that begins first."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda each: (each.start, -each.end)):
        names = any(place.start < each.end and each.start < place.end for each in named)
        if not names and (not kept or place.start >= kept[-1].end):
            kept.append(replace(place, offered=()))
    return kept


def _said_of(cases: Sequence[Case]) -> Iterator[str]:
    """Every text of the released papers and of the findings and reviews of these cases."""
    keys = [case.pk for case in cases]
    papers = Paper.objects.filter(item__case__in=keys).select_related("item__case__data_key")
    for paper in papers:
        yield from (section.text for section in paper.sections)
    items = AgendaItem.objects.filter(case__in=keys).exclude(why_deferred="")
    yield from items.values_list("why_deferred", flat=True)
    analyses = Analysis.objects.filter(finding__case__in=keys).order_by()
    for row in analyses.values_list(*OF_ANALYSES):
        yield from filter(None, row)
    for model, column in ((DomainGrade, "narrative"), (Factor, "words")):
        rows = model.objects.filter(analysis__in=analyses.values("pk")).order_by()
        yield from filter(None, rows.values_list(column, flat=True))
