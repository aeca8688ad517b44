"""Keeping the list of factors: added, renamed, ended, merged, undone.

A merge is a mapping that counting follows. No line of a finding is ever rewritten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import slugify
from django.utils.timezone import localdate

from cdop import editions
from cdop.core.audit import Job, act
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless, refused_if_overtaken
from cdop.core.roles import Permission
from cdop.core.steps import create, edit
from cdop.editions import Edition, one
from cdop.reviews.vocabulary import OWN, Key, normal
from cdop.reviews.vocabulary_models import FactorTerm, FoldedWords

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_YOURS = "Your role does not keep the list of factors."
AT_ONCE = "Somebody else put the same down at this moment. Open the list again."


def add(edition: Edition, *, domain: str, label: str, by: User | Job) -> FactorTerm:
    """A new term of the panel's own. Refused where the list has it."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    label = " ".join(label.split())
    with refused_if_overtaken(AT_ONCE), act():
        _lock(edition)
        refuse_if(_why_not_called(edition, domain, label))
        code = _free_code(edition, domain, label)
        return create(
            FactorTerm(edition=edition.code, domain=domain, code=code, label=label), by=by
        )


def rename(term: FactorTerm, *, label: str, version: int, by: User | Job) -> FactorTerm:
    """Call a term of the panel's own otherwise; findings keep what it was called then."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    label = " ".join(label.split())
    with act():
        _lock(_edition(term))
        row = _locked(term, version)
        if row.of_edition:
            raise Refused("The guidance calls this factor so. It is not renamed here.")
        refuse_if(_why_not_called(_edition(row), row.domain, label, beside=row))
        return edit(row, by=by, version=version, action="factorterm.renamed", label=label)


def end(term: FactorTerm, *, version: int, by: User | Job) -> FactorTerm:
    """Offer a term no longer. What was found under it stays, and is counted."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    return edit(term, by=by, version=version, action="factorterm.ended", ended_on=localdate())


def take_up(term: FactorTerm, *, version: int, by: User | Job) -> FactorTerm:
    """Offer a term again that was ended."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    return edit(term, by=by, version=version, action="factorterm.taken_up", ended_on=None)


def row_for(edition: Edition, domain: str, code: str, *, by: User | Job) -> FactorTerm:
    """The row of a factor; one of the guidance gets its row when it is first needed."""
    row = FactorTerm.objects.filter(edition=edition.code, domain=domain, code=code).first()
    if row is not None:
        return row
    label = one(one(edition.domains, domain).factors, code).label
    made = {"edition": edition.code, "domain": domain, "code": code, "label": label}
    return create(FactorTerm(**made, of_edition=True), by=by)


def merge(edition: Edition, source: Key, into: Key, *, version: int, by: User | Job) -> FactorTerm:
    """Count one term under another from now on, in every count that is made anew.

    version  of the source's row that the page showed, 0 where it had none
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    with refused_if_overtaken(AT_ONCE), act():
        _lock(edition)
        row = row_for(edition, *source, by=by)
        if version and row.version != version:
            raise Stale(row)
        target = row_for(edition, *into, by=by)
        refuse_if(_why_not_merge(row, target))
        return edit(row, by=by, action="factorterm.merged", merged_into=target)


def undo_merge(term: FactorTerm, *, version: int, by: User | Job) -> FactorTerm:
    """Count a term by itself again."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    return edit(term, by=by, version=version, action="factorterm.unmerged", merged_into=None)


def fold(
    edition: Edition, domain: str, words: str, into: Key, *, version: int, by: User | Job
) -> FoldedWords:
    """Count free words under a term. ``version`` is 0 where they were never folded before."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    if domain != into[0]:
        raise Refused("Words are counted under a term of the same part of the child's life.")
    with refused_if_overtaken(AT_ONCE), act():
        _lock(edition)
        target = row_for(edition, *into, by=by)
        if target.merged_into_id is not None:
            raise Refused(f"“{target}” is counted under another term. Choose that one.")
        where = {"edition": edition.code, "domain": domain, "words": normal(words)}
        row = FoldedWords.objects.select_for_update().filter(**where).first()
        if row is None:
            return create(FoldedWords(**where, term=target), by=by, action="factorwords.folded")
        if row.version != version:
            raise Stale(row)
        return edit(row, by=by, action="factorwords.folded", term=target)


def unfold(row: FoldedWords, *, version: int, by: User | Job) -> FoldedWords:
    """Count the words by themselves again."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    return edit(row, by=by, version=version, action="factorwords.unfolded", term=None)


def _lock(edition: Edition) -> None:
    """Of two changes of one edition's terms one waits for the other.

    Together two merges could make a ring, and two terms could come to be called alike.
    """
    list(FactorTerm.objects.select_for_update().filter(edition=edition.code).order_by("pk"))


def _locked(term: FactorTerm, version: int) -> FactorTerm:
    row: FactorTerm = FactorTerm.objects.select_for_update().get(pk=term.pk)
    if row.version != version:
        raise Stale(row)
    return row


def _why_not_merge(row: FactorTerm, target: FactorTerm) -> str:
    if row.domain != target.domain:
        return "A term is counted under one of the same part of the child's life."
    if row.pk == target.pk:
        return "A term is not counted under itself."
    if row.merged_into_id is not None:
        return f"“{row}” is counted under another term already. Undo that first."
    if target.merged_into_id is not None:
        return f"“{target}” is counted under another term. Choose that one."
    return ""


def _why_not_called(
    edition: Edition, domain: str, label: str, beside: FactorTerm | None = None
) -> str:
    if not any(each.code == domain for each in edition.domains):
        return "Choose a part of the child's life."
    if not label:
        return "Enter what the factor is called."
    kinds = one(edition.domains, domain).factors
    own = FactorTerm.objects.filter(edition=edition.code, domain=domain)
    taken = {normal(kind.label) for kind in kinds}
    taken |= {normal(row.label) for row in own if beside is None or row.pk != beside.pk}
    return f"The list has “{label}” already." if normal(label) in taken else ""


def _free_code(edition: Edition, domain: str, label: str) -> str:
    stem = OWN + (slugify(label).replace("-", "_")[:40] or "term")
    taken = set(
        FactorTerm.objects.filter(edition=edition.code, domain=domain).values_list(
            "code", flat=True
        )
    )
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (stem, *numbered) if code not in taken)


def _edition(row: FactorTerm) -> Edition:
    return editions.get(row.edition)
