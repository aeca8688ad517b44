"""What somebody typed into an analysis form and has not sent yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from cdop.core import drafts
from cdop.core.drafts import Draft
from cdop.core.refusals import Stale
from cdop.panel.models import AgendaItem
from cdop.reviews.forms import Typed

if TYPE_CHECKING:
    from cdop.core.users import User

REVIEW, FINDING, PREPARED = "review", "finding", "prepared"


def of(user: User, kind: str, item: AgendaItem) -> Draft | None:
    """What this person has begun about this case, unless its time is over."""
    return drafts.of(user, kind, _subject(item))


def typed(draft: Draft) -> Typed:
    """What was typed so far, box by box."""
    return draft.answers["typed"]


def lines(draft: Draft) -> int:
    """How many lines for factors the person had opened."""
    return draft.answers["lines"]


def keep(
    user: User, kind: str, item: AgendaItem, typed: Typed, *, lines: int, version: int
) -> Draft:
    """Keep what was typed, sealed under the case's data key.

    version  of the draft that the page showed, 0 if there was none
    Raises Stale, with the draft that is there, where it was saved on another page since then.
    """
    found = of(user, kind, item)
    answers = {"typed": typed, "lines": lines}
    if found is None:
        return drafts.keep(user, kind, _subject(item), answers, item.case.data_key)
    if found.version != version:
        raise Stale(found)
    return drafts.save(found, answers, version=version)


def finish(user: User, kind: str, item: AgendaItem) -> None:
    """What was begun is sent or recorded; the draft goes."""
    Draft.objects.filter(holder=user, kind=kind, subject=_subject(item)).delete()


def begun(user: User, kind: str, items: Iterable[AgendaItem]) -> set[int]:
    """Primary keys of those of the cases about which this person has begun to write."""
    subjects = {_subject(item): item.pk for item in items}
    live = Draft.objects.filter(holder=user, kind=kind, expires_at__gt=timezone.now())
    kept = live.filter(subject__in=subjects).values_list("subject", flat=True)
    return {subjects[subject] for subject in kept}


def all_of(user: User, kind: str, items: Iterable[AgendaItem]) -> dict[int, Draft]:
    """What this person has begun about each of the cases, by its key, in one statement."""
    subjects = {_subject(item): item.pk for item in items}
    kept = drafts.held(user, kind).filter(subject__in=subjects).select_related("data_key")
    return {subjects[draft.subject]: draft for draft in kept}


def _subject(item: AgendaItem) -> str:
    return f"agendaitem:{item.pk}"
