"""The factors that were found, counted under the terms that stand for them now.

Every count follows the merges as they are when it is made. What was published before is a frozen
release and stays as it was. Each table is checked: its lines make up all lines of the findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from cdop import editions
from cdop.core.counts import Counts, DoesNotAddUp
from cdop.core.periods import Period
from cdop.editions import Edition
from cdop.reviews import vocabulary
from cdop.reviews.analysis_models import Factor
from cdop.reviews.models import Finding
from cdop.reviews.states import FindingState
from cdop.reviews.vocabulary import Counted
from cdop.reviews.vocabulary_models import FoldedWords


@dataclass(frozen=True)
class Found(Counts):
    """How often a factor was found.

    lines       of findings
    cases       in whose finding it stands, each once
    modifiable  lines on which it could have been modified
    """

    lines: int = 0
    cases: int = 0
    modifiable: int = 0


@dataclass(frozen=True)
class Row:
    """One factor of one edition, or free words that stand under no term (``words``)."""

    edition: str
    domain: str
    label: str
    words: bool
    found: Found


@dataclass(frozen=True)
class FreeWords:
    """Words for a factor, how often they were used, and what they are counted under."""

    edition: str
    domain: str
    domain_label: str
    words: str
    times: int
    folded: FoldedWords | None


def counted(period: Period) -> list[Row]:
    """The factors in the findings on cases first signed off in a period, most frequent first.

    Of each case the latest version that is signed off is read. Raises DoesNotAddUp.
    """
    lines = _lines().filter(
        analysis__finding__case__facts__reviewed_in__range=(period.first_month, period.last_month)
    )
    rows = list(_grouped(lines))
    if sum(row.found.lines for row in rows) != lines.count():
        raise DoesNotAddUp("The factors do not make up the lines of the findings.")
    return sorted(rows, key=lambda row: (row.edition, -row.found.lines, row.domain, row.label))


def counted_as(edition: Edition, code: str) -> list[int]:
    """Keys of the lines of findings that count as one factor of an edition, after every merge."""
    known = vocabulary.of(edition)
    lines = _lines().filter(analysis__edition=edition.code)
    under = {
        key: known.counted(domain, factor, words).code
        for key, domain, factor, words in lines.values_list("pk", "domain", "code", "words")
    }
    wanted = {known.counted(*key, "").code for key in known.having(code)} or {code}
    return [key for key, found in under.items() if found in wanted]


def free_words() -> list[FreeWords]:
    """The words that stand for a factor in signed findings without a term, most frequent first.

    Those that were folded into a term stand among them, so that it can be undone.
    """
    used: Counter[tuple[str, str, str]] = Counter()
    shown: dict[tuple[str, str, str], str] = {}
    for edition, domain, words in (
        _lines().filter(code="").order_by("pk").values_list("analysis__edition", "domain", "words")
    ):
        key = (edition, domain, vocabulary.normal(words))
        used[key] += 1
        shown.setdefault(key, words)
    kept = FoldedWords.objects.select_related("term")
    folded = {(row.edition, row.domain, row.words): row for row in kept}
    found = [
        FreeWords(
            edition=key[0],
            domain=key[1],
            domain_label=_domain_label(key[0], key[1]),
            words=shown[key],
            times=times,
            folded=folded.get(key),
        )
        for key, times in used.items()
    ]
    return sorted(found, key=lambda row: (row.edition, row.domain, -row.times, row.words))


def _lines() -> QuerySet[Factor]:
    """The factors of the latest signed version of every finding."""
    signed = Finding.objects.filter(state=FindingState.SIGNED_OFF)
    later = signed.filter(case=OuterRef("case"), number__gt=OuterRef("number"))
    latest = signed.exclude(Exists(later)).order_by().values("analysis")
    return Factor.objects.filter(analysis__in=latest).order_by()


def _grouped(lines: QuerySet[Factor]) -> Iterable[Row]:
    said = list(
        lines.values_list(
            "analysis__edition", "domain", "code", "words", "modifiable", "analysis__finding__case"
        )
    )
    for code in sorted({row[0] for row in said}):
        known = vocabulary.of(editions.get(code))
        groups: dict[Counted, list[tuple[bool, int]]] = {}
        for edition, domain, factor, words, modifiable, case in said:
            if edition == code:
                under = known.counted(domain, factor, words)
                groups.setdefault(_alike(under), []).append((modifiable, case))
        for under, rows in groups.items():
            yield Row(
                edition=code,
                domain=_domain_label(code, under.domain),
                label=under.label,
                words=not under.code,
                found=Found(
                    lines=len(rows),
                    cases=len({case for _, case in rows}),
                    modifiable=sum(modifiable for modifiable, _ in rows),
                ),
            )


def _alike(under: Counted) -> Counted:
    """Free words that differ in case or spaces alone are the same."""
    if under.code:
        return under
    return Counted(under.domain, "", vocabulary.normal(under.label))


def _domain_label(edition: str, domain: str) -> str:
    domains = editions.get(edition).domains
    return next((each.label for each in domains if each.code == domain), domain)
