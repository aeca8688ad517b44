"""What is done with papers: begun by rule, edited, settled place by place, released, added to.

Every change of a text searches all of it again, and so does the release, in the same act: what is
released was searched with what identity knew at that moment.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from cdop.core import sealing
from cdop.core.audit import act, record
from cdop.core.refusals import Refused, Stale, refuse_if, refuse_unless
from cdop.core.roles import Permission
from cdop.core.steps import create, edit, step
from cdop.panel import paper_rules, redaction
from cdop.panel.identifying import folded, plain_text
from cdop.panel.marking import marked
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.paper_models import (
    FOUND,
    RELEASED,
    Paper,
    PaperDraft,
    PaperHit,
    PaperSection,
    PlaceFound,
    sealed_draft,
)
from cdop.panel.paper_sections import drafted, supplement
from cdop.panel.paper_states import Decision, DraftState

if TYPE_CHECKING:
    from cdop.core.users import User

NOT_YOURS = "Your role does not prepare the papers of a meeting."
GONE = "This place is not in the papers any more."


def begin(item: AgendaItem, *, by: User) -> PaperDraft:
    """Draft the papers of a case by rule, or what is added to those that were released.

    Where a draft is open already, it is what there is.
    """
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    with act():
        row = _locked(item)
        refuse_if(paper_rules.why_not_prepare(row.meeting))
        if open_already := open_draft(row):
            return open_already
        last = Paper.objects.filter(item=row).aggregate(last=Max("number"))["last"] or 0
        before = PaperDraft.objects.filter(item=row, state=DraftState.RELEASED)
        earlier = [section for each in _of(before) for section in each.sections]
        sections = supplement(row, earlier, by=by) if last else drafted(row, by=by)
        plain = [replace(each, text=plain_text(each.text)) for each in sections]
        draft = PaperDraft(
            item=row,
            number=last + 1,
            sealed=sealed_draft(row, plain, searched(row, plain, by=by)),
            scanned_at=timezone.now(),
        )
        return create(draft, by=by)


def open_draft(item: AgendaItem) -> PaperDraft | None:
    """The draft that is being prepared, if there is one."""
    return _of(PaperDraft.objects.filter(item=item, state=DraftState.OPEN)).first()


def write(draft: PaperDraft, code: str, text: str, *, version: int, by: User) -> PaperDraft:
    """Write one part of the papers and search all of them again. Raises Stale."""
    with act():
        row = _changeable(draft, version, by)
        return _written(row, {code: text}, by)


def replace_place(
    draft: PaperDraft, mark: str, words: str, *, everywhere: bool, version: int, by: User
) -> PaperDraft:
    """Put other words where the place is, or wherever the same words stand as the same kind."""
    with act():
        row = _changeable(draft, version, by)
        place = _place(row, mark)
        same = [
            each
            for each in row.found
            if each == place
            or (everywhere and (each.kind, folded(each.words)) == (place.kind, folded(place.words)))
        ]
        texts = {section.code: section.text for section in row.sections}
        changed = _replaced(texts, same, plain_text(words))
        row = _written(row, changed, by)
        for each in same:
            _decide(row, each, Decision.REPLACED, by, now=words)
    return row


def keep_place(draft: PaperDraft, mark: str, why: str, *, version: int, by: User) -> PaperHit:
    """Keep the words of a place, for a reason."""
    if not why.strip():
        raise Refused("Say why these words can stay.")
    with act():
        row = _changeable(draft, version, by)
        return _decide(row, _place(row, mark), Decision.KEPT, by, why=why)


def release(draft: PaperDraft, *, version: int, by: User) -> Paper:
    """Release the papers as they stand: searched once more, then frozen for good.

    Raises Refused where any place is not settled; what the search found is not kept then, since
    nothing of a refused act is: the page of the draft searches again when it is saved.
    """
    with act():
        row = _changeable(draft, version, by)
        found = searched(row.item, row.sections, by=by)
        kept = kept_marks(row)
        refuse_if(
            paper_rules.why_not_release(row.sections, sum(each.mark not in kept for each in found))
        )
        shown = [
            asdict(replace(section, made="")) for section in row.sections if section.text.strip()
        ]
        now = timezone.now()
        step(row, DraftState.RELEASED, by=by, version=version)
        return create(
            Paper(
                item=row.item,
                number=row.number,
                draft=row,
                sealed=sealing.seal_json(row.item.case.data_key, RELEASED, shown),
                digest=digest(shown),
                kept=len(found),
                released_at=now,
                released_by=by,
            ),
            by=by,
            action="papers.released",
        )


def drop(draft: PaperDraft, *, version: int, by: User) -> PaperDraft:
    """Give up a draft; the next begins anew from what the rules make then."""
    with act():
        row = _changeable(draft, version, by)
        return step(row, DraftState.DROPPED, by=by, version=version)


def search_again(draft: PaperDraft, *, version: int, by: User) -> PaperDraft:
    """Search the draft with what identity knows by now."""
    with act():
        return _written(_changeable(draft, version, by), {}, by)


def searched(item: AgendaItem, sections: Iterable[PaperSection], *, by: User) -> list[PlaceFound]:
    """Every place of the texts that may say who somebody is, in order; recorded as a read."""
    texts = {section.code: section.text for section in sections}
    found = redaction.places(texts, item.case, by=by)
    record("papers.searched", item, by=by, after={"places": sum(map(len, found.values()))})
    return marked(texts, found, "paper place")


def kept(draft: PaperDraft) -> list[PaperHit]:
    """What was kept of the places that are in the draft now, with who kept it."""
    there = {place.mark for place in draft.found}
    rows = draft.decided.filter(decision=Decision.KEPT, mark__in=there)
    found = list(rows.select_related("decided_by"))
    for hit in found:
        hit.draft = draft
    return found


def kept_marks(draft: PaperDraft) -> set[str]:
    """The marks of the places that were kept with a reason."""
    return set(draft.decided.filter(decision=Decision.KEPT).values_list("mark", flat=True))


def digest(sections: list[dict[str, str]]) -> str:
    """SHA-256 of what papers say, written as JSON with sorted keys."""
    text = json.dumps(sections, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _written(row: PaperDraft, texts: Mapping[str, str], by: User) -> PaperDraft:
    """The draft with some of its texts changed, searched again."""
    sections = [
        replace(each, text=plain_text(texts[each.code])) if each.code in texts else each
        for each in row.sections
    ]
    found = searched(row.item, sections, by=by)
    sealed = sealed_draft(row.item, sections, found)
    edited = edit(row, by=by, sealed=sealed, scanned_at=timezone.now(), action="papers.written")
    edited.item = row.item
    return edited


def _replaced(texts: dict[str, str], places: Iterable[PlaceFound], words: str) -> dict[str, str]:
    """The texts that change, with other words at the places; the last first, so none moves."""
    changed: dict[str, str] = {}
    for place in sorted(places, key=lambda each: each.start, reverse=True):
        text = changed.get(place.section, texts[place.section])
        beginning = text[: place.start]
        changed[place.section] = f"{beginning}{_fitted(words, beginning)}{text[place.end :]}"
    return changed


def _fitted(words: str, before: str) -> str:
    """The words with a capital where a sentence begins."""
    begins = not before.strip() or before.rstrip(" ")[-1:] in ".!?\n#"
    return words[:1].upper() + words[1:] if begins else words


def _decide(
    row: PaperDraft,
    place: PlaceFound,
    decision: Decision,
    by: User,
    *,
    now: str = "",
    why: str = "",
) -> PaperHit:
    said = {"words": place.words, "now": now, "why": why}
    columns: dict[str, Any] = {
        "decision": decision,
        "sealed": sealing.seal_json(row.item.case.data_key, FOUND, said),
        "decided_at": timezone.now(),
        "decided_by": by,
    }
    if there := PaperHit.objects.filter(draft=row, mark=place.mark).first():
        there.draft = row
        return edit(there, by=by, action=f"papers.place_{decision}", **columns)
    made = PaperHit(draft=row, mark=place.mark, section=place.section, **columns)
    return create(made, by=by, action=f"papers.place_{decision}")


def _place(row: PaperDraft, mark: str) -> PlaceFound:
    found = next((each for each in row.found if each.mark == mark), None)
    if found is None:
        raise Refused(GONE)
    return found


def _changeable(draft: PaperDraft, version: int, by: User) -> PaperDraft:
    """The draft behind its lock. Raises Refused where it is not to be changed, Stale."""
    refuse_unless(by, Permission.MEETINGS_ARRANGE, otherwise=NOT_YOURS)
    PaperDraft.objects.select_for_update().get(pk=draft.pk)
    row = _of(PaperDraft.objects.filter(pk=draft.pk)).get()
    refuse_if(paper_rules.why_not_change(row))
    if row.version != version:
        raise Stale(row)
    return row


def _of(drafts: QuerySet[PaperDraft]) -> QuerySet[PaperDraft]:
    return drafts.select_related("item__meeting", "item__case__data_key", "item__case__facts__area")


def _locked(item: AgendaItem) -> AgendaItem:
    Meeting.objects.select_for_update().get(pk=item.meeting_id)
    found = AgendaItem.objects.select_related("meeting", "case__data_key", "case__facts__area")
    return found.get(pk=item.pk)
