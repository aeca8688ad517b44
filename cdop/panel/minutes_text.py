"""What the first draft of minutes says, in sentences, out of what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from cdop.core.jinja import count
from cdop.panel import quorum
from cdop.panel.states import DeclarationState, ItemState

if TYPE_CHECKING:
    from cdop.panel.declarations import Declaration
    from cdop.panel.models import AgendaItem, Attendance, Meeting


def who_came(meeting: Meeting, rows: Iterable[Attendance]) -> str:
    """Who was there and who was not, by seat."""
    labels = {seat.code: seat.label for seat in meeting.edition.core_membership}
    order = list(labels)
    placed = sorted(rows, key=lambda r: order.index(r.sits_as) if r.sits_as in order else 99)
    there = [_place(row, labels) for row in placed if row.present]
    not_there = [_place(row, labels) for row in placed if not row.present]
    lines = [f"Present: {'; '.join(there) or 'nobody was recorded'}."]
    return "\n".join([*lines, *([f"Not present: {'; '.join(not_there)}."] if not_there else [])])


def confidentiality(rows: Iterable[Attendance]) -> str:
    """Who accepted the statement, of those who came."""
    there = [row for row in rows if row.present]
    missing = [str(row.user) for row in there if not row.accepted_at]
    if not there:
        return "Nobody was recorded as present."
    if not missing:
        return "Everybody who was present had accepted the confidentiality statement."
    return f"Not recorded as having accepted the confidentiality statement: {', '.join(missing)}."


def quorum_of(
    meeting: Meeting,
    items: Sequence[AgendaItem],
    rows: Sequence[Attendance],
    declared: Iterable[Declaration],
) -> str:
    """Whether the panel could decide, at the meeting and on each case."""
    parts = {(d.item_id, d.user_id): DeclarationState(d.state) for d in declared}
    lines = [
        quorum.why_not_quorate(quorum.seats(meeting.edition, rows))
        or "All without whom the panel does not decide were present."
    ]
    for item in items:
        places = quorum.seats(meeting.edition, rows, quorum.judging(item, parts))
        if quorum.empty(places) and item.state != ItemState.DEFERRED:
            lines.append(f"{item}: {quorum.why_not_for_case(places)}")
    return "\n".join(lines)


def case(item: AgendaItem, declared: Iterable[Declaration], said: Sequence[str]) -> str:
    """Interests in the case, what became of it, and what the stages after the meeting say of it."""
    lines = [_declared(row) for row in declared if row.item_id == item.pk]
    if not lines:
        lines = ["No interest was declared in this case."]
    if item.state == ItemState.DEFERRED:
        lines.append(f"Deferred: {item.why_deferred}")
        return "\n".join(lines)
    lines += said or ["No finding was recorded. The case stays ready for a later meeting."]
    return "\n".join(lines)


def length(minutes: int) -> str:
    """Minutes as people say them: 45 minutes, 2 hours, 1 hour 15 minutes."""
    hours, rest = divmod(minutes, 60)
    parts = [count(hours, "hour")] if hours else []
    return " ".join([*parts, *([count(rest, "minute")] if rest or not hours else [])])


def _declared(row: Declaration) -> str:
    if row.decided_by is None:
        return f"{row.user} declared an interest, on which nobody decided."
    return (
        f"{row.user} declared an interest: {row.state_label}. {row.decided_by}: {row.why_decided}"
    )


def _place(row: Attendance, labels: dict[str, str]) -> str:
    stands_in = f", in the place of {row.stands_in_for}" if row.stands_in_for else ""
    return f"{row.user} ({labels.get(row.sits_as, row.sits_as)}{stands_in})"
