"""Papers of the invented cases: released, added to, and one draft with places still to settle."""

from __future__ import annotations

from datetime import date

from analytics.demonstration.people import Cast
from cdop.core.roles import Role
from cdop.core.users import User
from cdop.panel import paper_actions, paper_reading
from cdop.panel.models import AgendaItem
from cdop.panel.paper_models import Paper, PaperDraft
from cdop.panel.paper_sections import ADDED, SUMMARY

TOLD = """The child was well the evening before, and was found in the morning, not breathing.

! Resuscitation went on for 40 minutes. The post-mortem found no injury.

Support was offered to the family from the first day. Nothing here happened to anybody."""
CORRECTION = """A correction to the first weeks: the visit was made from the ward, not from home.

What the toxicology said has come since: nothing was found."""
NOT_YET = """{child} slept in the parents' bed. The mother, {mother}, rang at 07:40 on {day}.

Dr Notreal-Person saw the child at Madeup Primary School 12 days before. Nothing here happened."""


def release(item: AgendaItem, cast: Cast) -> Paper:
    """Papers that members can read; every place is settled as a coordinator would."""
    by = cast.first(Role.COORDINATOR)
    draft = _written(paper_actions.begin(item, by=by), SUMMARY, TOLD, by)
    return _release(draft, by)


def add(item: AgendaItem, cast: Cast) -> Paper:
    """A supplement that nobody has opened yet; one member had read what was there before."""
    by = cast.first(Role.COORDINATOR)
    paper_reading.opened(item, by=cast.reviewers[0], purpose="panel meeting")
    draft = _written(paper_actions.begin(item, by=by), ADDED, CORRECTION, by)
    return _release(draft, by)


def leave_open(item: AgendaItem, cast: Cast, *, child: str, mother: str, day: date) -> PaperDraft:
    """A draft that still says who somebody is, in places that the scan has marked."""
    by = cast.first(Role.COORDINATOR)
    said = NOT_YET.format(child=child, mother=mother, day=f"{day:%-d %B %Y}")
    return _written(paper_actions.begin(item, by=by), SUMMARY, said, by)


def _written(draft: PaperDraft, code: str, text: str, by: User) -> PaperDraft:
    return paper_actions.write(draft, code, text, version=draft.version, by=by)


def _release(draft: PaperDraft, by: User) -> Paper:
    for place in draft.found:
        why = "A word of the record, not a name."
        paper_actions.keep_place(draft, place.mark, why, version=draft.version, by=by)
    return paper_actions.release(draft, version=draft.version, by=by)
