"""Makers of papers for tests: through the real actions, as a coordinator makes them."""

from cdop.panel import paper_actions
from cdop.panel.models import AgendaItem
from cdop.panel.paper_models import Paper, PaperDraft
from cdop.panel.paper_sections import ADDED, SUMMARY

TEXT = "The child was found in the morning."


def drafted(item: AgendaItem, text: str = TEXT, *, by) -> PaperDraft:
    """A draft whose summary, or what it adds, says this."""
    draft = paper_actions.begin(item, by=by)
    code = SUMMARY if draft.number == 1 else ADDED
    return paper_actions.write(draft, code, text, version=draft.version, by=by)


def settled(draft: PaperDraft, *, by) -> PaperDraft:
    """The same with every place kept."""
    for place in draft.found:
        paper_actions.keep_place(draft, place.mark, "Checked.", version=draft.version, by=by)
    return draft


def released(item: AgendaItem, text: str = TEXT, *, by) -> Paper:
    """Papers, or a supplement, that members can read."""
    draft = settled(drafted(item, text, by=by), by=by)
    return paper_actions.release(draft, version=draft.version, by=by)
