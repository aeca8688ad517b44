"""Why papers cannot be read, prepared or released: each rule is a sentence, and "" means they can.

How long they stay open after a meeting is our choice; no source says it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from cdop.core.dates import end_of, london_date
from cdop.core.jinja import day
from cdop.panel import reading
from cdop.panel.models import AgendaItem, Meeting
from cdop.panel.paper_models import PaperDraft, PaperSection
from cdop.panel.paper_sections import ADDED, SUMMARY
from cdop.panel.paper_states import DraftState
from cdop.panel.states import MeetingState

if TYPE_CHECKING:
    from cdop.core.users import User

OPEN_AFTER_A_MEETING = timedelta(days=3)
"""Papers can be read until the end of the third day after the meeting was closed."""
NOT_RELEASED = "These papers are not released yet. You can read them here when they are."


def open_until(meeting: Meeting) -> datetime | None:
    """The last moment at which members read the papers of a meeting; None while it is not over."""
    if meeting.closed_at is None:
        return None
    return end_of(london_date(meeting.closed_at) + OPEN_AFTER_A_MEETING)


def why_not_read_papers(item: AgendaItem, user: User, at: datetime | None = None) -> str:
    """Why somebody cannot read the released papers of a case now; "" means they can.

    The one question that every page and file asks before it shows papers. Those who prepare them
    read them always, unless they sit on the panel themselves.
    """
    if why := reading.why_not_read(item, user):
        return why
    until = open_until(item.meeting)
    prepares = reading.own_attendance(item.meeting, user) is None
    if until and not prepares and (at or timezone.now()) > until:
        return (
            f"The papers of this meeting were open until the end of {day(until)}, the third day "
            "after it. They can no longer be read."
        )
    return ""


def why_not_prepare(meeting: Meeting) -> str:
    """Why the papers of a meeting stay as they are."""
    if meeting.state == MeetingState.CLOSED:
        return "This meeting is closed, so the papers that it had before it stay as they were."
    return ""


def why_not_change(draft: PaperDraft) -> str:
    """Why a draft can no longer be changed."""
    if draft.state != DraftState.OPEN:
        return f"These papers are {draft.state_label}, so they stay as they are."
    return why_not_prepare(draft.item.meeting)


def why_not_release(sections: Iterable[PaperSection], undecided: int) -> str:
    """Why a draft that was just searched cannot be released."""
    if undecided:
        places = "1 place" if undecided == 1 else f"{undecided} places"
        verb = "is" if undecided == 1 else "are"
        return (
            f"{places} that may say who somebody is {verb} not settled. Replace each, or keep it "
            "with a reason; then release the papers."
        )
    written = {section.code for section in sections if section.text.strip()}
    if not written:
        return "There is nothing in these papers yet."
    if ADDED not in {section.code for section in sections} and SUMMARY not in written:
        return "The summary is not written. Say in a few words, without a name, what happened."
    return ""
