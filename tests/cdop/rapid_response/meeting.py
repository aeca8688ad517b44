"""Meetings of the agencies as tests record them."""

from datetime import UTC, datetime, timedelta

from cdop.rapid_response import discussions
from cdop.rapid_response.discussion_models import Discussion
from cdop.rapid_response.states import DiscussionState

DIED_AT = datetime(2014, 5, 6, 21, 0, tzinfo=UTC)  # 10pm in London, a Tuesday
HELD_AT = DIED_AT + timedelta(hours=16)
CHAIR = "Designated doctor"
DECIDED = "Invented decision about Aaaa Invented-Child"


def held(case, by, kind="planning", number=0, version=0, **said) -> Discussion:
    """Record a meeting that was held."""
    told = {"held_at": HELD_AT, "chair": CHAIR, "agencies": ["police", "consultant"]}
    told |= {"decisions": DECIDED} | said
    return discussions.save(
        case, number, DiscussionState.HELD, by=by, version=version, kind=kind, **told
    )


def planned(case, by, kind="planning", planned_for=HELD_AT, **said) -> Discussion:
    told = {"planned_for": planned_for} | said
    return discussions.save(case, 0, DiscussionState.PLANNED, by=by, version=0, kind=kind, **told)


def cancelled(row, by, why="Nobody could come.") -> Discussion:
    return discussions.save(
        row.case,
        row.number,
        DiscussionState.CANCELLED,
        by=by,
        version=row.version,
        kind=row.kind,
        planned_for=row.planned_for,
        why=why,
    )
