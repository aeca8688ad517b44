"""Themes: which cases a rule proposes, what is decided by hand, and how a theme begins and ends.

A case belongs to a theme where the rule proposes it and nobody left it out, or where somebody added
it. Nothing of that is stored but the rule and what was decided by hand, so a finding that is signed
off today is counted today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from cdop import editions
from cdop.cases.models import Case, CaseFacts
from cdop.core.audit import act
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, step
from cdop.editions.schema import Edition
from cdop.learning.theme_models import (
    AGE_BANDS,
    CATEGORIES,
    FACTORS,
    Rule,
    Theme,
    ThemeCase,
)
from cdop.learning.theme_states import Standing, ThemeState
from cdop.reviews.models import Finding
from cdop.reviews.states import FindingState

if TYPE_CHECKING:
    from cdop.core.audit import Job
    from cdop.core.users import User

NOT_YOURS = "Your role does not keep themes."
HEADINGS: Mapping[str, str] = {
    FACTORS: "Any of these factors",
    CATEGORIES: "Any of these categories",
    AGE_BANDS: "Only at these ages",
}


@dataclass(frozen=True)
class Member:
    """One case that a theme has to do with.

    standing  BY_RULE where the rule proposes it and nobody decided anything by hand
    """

    facts: CaseFacts
    standing: Standing
    reason: str = ""

    @property
    def reference(self) -> str:
        return self.facts.case.reference

    @property
    def standing_label(self) -> str:
        return "by the rule" if self.standing == Standing.BY_RULE else self.standing.label


def labels(edition: Edition) -> dict[str, dict[str, str]]:
    """By the kind of code, what an edition calls each code that a rule can name.

    Bands that are made of others are left out: a rule names their parts.
    """
    made_of_others = {band.parent for band in edition.age_bands}
    return {
        FACTORS: {
            f"{domain.code}.{factor.code}": f"{factor.label} ({domain.label})"
            for domain in edition.domains
            for factor in domain.factors
        },
        CATEGORIES: {each.code: each.label for each in edition.categories},
        AGE_BANDS: {
            band.code: band.label for band in edition.age_bands if band.code not in made_of_others
        },
    }


def rule_in_words(rule: Rule) -> list[tuple[str, str, list[str]]]:
    """What a rule says: the edition, the kind, and the labels of the codes, in reading order."""
    said = []
    for code in editions.codes():
        edition = editions.get(code)
        for kind, known in labels(edition).items():
            chosen = rule.get(code, {}).get(kind, [])
            if chosen:
                words = [known.get(each, each) for each in known if each in chosen]
                said.append((edition.title, HEADINGS[kind], words))
    return said


def proposed(rule: Rule) -> Q:
    """Which facts a rule proposes: by what was found, in the codes of the review's own edition,
    and by age, in those of the case's. Without any code it proposes nothing."""
    about, ages = Q(pk__in=[]), Q(pk__in=[])
    of_anything = of_age = False
    for code, chosen in rule.items():
        factors, categories = chosen.get(FACTORS, []), chosen.get(CATEGORIES, [])
        bands = chosen.get(AGE_BANDS, [])
        if factors or categories:
            of_anything = True
            with_factor = _findings_with(code, factors).values("case")
            found = Q(category__in=categories) | Q(pk__in=with_factor)
            about |= Q(analysis_edition=code) & found
        if bands:
            of_age = True
            ages |= Q(case__edition=code, age_band__in=bands)
    if not of_anything:
        return ages
    return about & ages if of_age else about


def _findings_with(edition: str, factors: Iterable[str]) -> QuerySet[Finding]:
    """The findings that stand, each the last that was signed off, with one of the factors."""
    signed = Finding.objects.filter(state=FindingState.SIGNED_OFF).order_by()
    later = signed.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    named = Q(pk__in=[])
    for each in factors:
        domain, _, code = each.partition(".")
        named |= Q(analysis__factors__domain=domain, analysis__factors__code=code)
    return signed.filter(named, ~Exists(later), analysis__edition=edition)


def belonging(theme: Theme) -> QuerySet[CaseFacts]:
    """The facts of the cases that belong to a theme, of those that this panel reviews."""
    by_hand = ThemeCase.objects.filter(theme=theme).order_by()
    left_out = by_hand.filter(standing=Standing.LEFT_OUT).values("case")
    added = by_hand.filter(standing=Standing.ADDED).values("case")
    by_rule = proposed(theme.rule) & ~Q(pk__in=left_out)
    return CaseFacts.objects.filter(by_rule | Q(pk__in=added), in_scope=True)


def cases_of(theme: Theme) -> list[Case]:
    """The cases that belong to a theme, with the keys of what is sealed about them."""
    return _cases(belonging(theme))


def cases_under(rule: Rule, theme: Theme | None) -> list[Case]:
    """The same of a theme that shall go by this rule: those that belong to it then or now."""
    then = CaseFacts.objects.filter(proposed(rule), in_scope=True)
    now = belonging(theme) if theme else CaseFacts.objects.none()
    return _cases(
        CaseFacts.objects.filter(Q(pk__in=then.values("pk")) | Q(pk__in=now.values("pk")))
    )


def _cases(facts: QuerySet[CaseFacts]) -> list[Case]:
    keys = facts.order_by().values("case")
    return list(Case.objects.filter(pk__in=keys).select_related("data_key").order_by("pk"))


def members(theme: Theme) -> tuple[list[Member], list[Member]]:
    """The cases that belong to a theme and those that were left out, latest death first."""
    rows = {row.case_id: row for row in ThemeCase.objects.filter(theme=theme)}
    out = [key for key, row in rows.items() if row.standing == Standing.LEFT_OUT]
    wanted = belonging(theme).order_by().values("pk")
    facts = CaseFacts.objects.filter(Q(pk__in=wanted) | Q(pk__in=out))
    found = facts.select_related("case", "area").order_by("-died_in", "-pk")
    there = [_member(each, rows.get(each.case_id)) for each in found]
    return (
        [each for each in there if each.standing != Standing.LEFT_OUT],
        [each for each in there if each.standing == Standing.LEFT_OUT],
    )


def _member(facts: CaseFacts, row: ThemeCase | None) -> Member:
    if row is None:
        return Member(facts, Standing.BY_RULE)
    return Member(facts, Standing(row.standing), row.reason)


def why_not_change(theme: Theme) -> str:
    """Why nothing is added to a theme any more; "" means that it goes on."""
    return "" if theme.goes_on else "This theme is ended. Take it up again to change it."


def save(
    theme: Theme | None,
    *,
    title: str,
    belongs: str,
    source: str,
    rule: Rule,
    version: int,
    by: User | Job,
) -> Theme:
    """Begin a theme, or change one. Raises Stale, Refused."""
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    said: dict[str, Any] = {"title": title.strip(), "belongs": belongs.strip()}
    said |= {"source": source.strip(), "rule": _known(rule)}
    with act():
        refuse_if(_why_not_said(theme, said["title"], said["belongs"]))
        if theme is None:
            return create(Theme(**said), by=by)
        row = locked(theme, version)
        refuse_if(why_not_change(row))
        return edit(row, by=by, version=version, **said)


def end(theme: Theme, *, why: str, version: int, by: User | Job) -> Theme:
    """End a theme; all that it holds stays. Raises Stale, Refused."""
    if not why.strip():
        raise Refused("Say why the theme is ended.")
    with act():
        stamps: dict[str, Any] = {"ended_on": localdate(), "why_ended": why.strip()}
        return step(theme, ThemeState.ENDED, by=by, version=version, **stamps)


def take_up(theme: Theme, *, version: int, by: User | Job) -> Theme:
    """Go on with a theme that was ended. Raises Stale, Refused."""
    with act():
        stamps: dict[str, Any] = {"ended_on": None, "why_ended": ""}
        return step(theme, ThemeState.GOING_ON, by=by, version=version, **stamps)


def settle(
    theme: Theme,
    case: Case,
    *,
    standing: Standing,
    reason: str,
    version: int,
    by: User | Job,
) -> ThemeCase:
    """Add a case, leave it out, or leave it to the rule again.

    version  of what was decided by hand before; 0 where nothing was. Raises Stale, Refused.
    """
    refuse_unless(by, Permission.LEARNING_MANAGE, otherwise=NOT_YOURS)
    if not reason.strip():
        raise Refused("Say why.")
    with act():
        row = locked(theme)
        refuse_if(why_not_change(row) or why_not_settle(row, case, standing))
        there = ThemeCase.objects.filter(theme=row, case=case).first()
        if there is None:
            said = ThemeCase(theme=row, case=case, standing=standing, reason=reason.strip())
            return create(said, by=by, action=f"theme.case_{standing}")
        if there.version != version:
            raise Stale(there)
        changes: dict[str, Any] = {"standing": standing, "reason": reason.strip()}
        action = f"theme.case_{standing}"
        return edit(there, by=by, version=version, action=action, **changes)


def why_not_settle(theme: Theme, case: Case, standing: Standing) -> str:
    """Why this is no change, or no case of this panel's; "" means that it can be done."""
    there = belonging(theme).filter(case=case).exists()
    if standing == Standing.LEFT_OUT and not there:
        return f"Case {case.reference} does not belong to this theme."
    if standing == Standing.ADDED and there:
        return f"Case {case.reference} belongs to this theme already."
    if standing == Standing.ADDED and not case.facts.in_scope:
        return f"This panel does not review case {case.reference}."
    return ""


def locked(theme: Theme, version: int | None = None) -> Theme:
    """The theme behind its lock, which every act on what it holds takes first. Raises Stale."""
    row = Theme.objects.select_for_update().get(pk=theme.pk)
    if version is not None and row.version != version:
        raise Stale(row)
    return row


def _known(rule: Rule) -> Rule:
    """The rule without empty lists, its codes in the order of their edition.

    Raises Refused where a code is none of its edition's.
    """
    kept: Rule = {}
    for code in editions.codes():
        chosen = {}
        for kind, known in labels(editions.get(code)).items():
            asked = rule.get(code, {}).get(kind, [])
            if strange := set(asked) - set(known):
                raise Refused(f"{min(strange)} is not a code of {editions.get(code).title}.")
            if asked:
                chosen[kind] = [each for each in known if each in asked]
        if chosen:
            kept[code] = chosen
    return kept


def _why_not_said(theme: Theme | None, title: str, belongs: str) -> str:
    if not title:
        return "Say what the theme is called."
    if not belongs:
        return "Say what belongs to it."
    others = Theme.objects.filter(title__iexact=title)
    if (others.exclude(pk=theme.pk) if theme else others).exists():
        return f"There is a theme called “{title}” already."
    return ""
