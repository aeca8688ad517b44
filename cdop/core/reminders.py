"""What is due: jobs that run by themselves, again and again, under ``manage.py remind``.

Core's own stand here. A stage adds its own by a function ``due_jobs()`` in its module ``work``,
which returns a list of ``DueJob``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.utils import timezone

from cdop.core import audit, documents, drafts, limits, people_actions, sending
from cdop.core.casework import stages

logger = logging.getLogger(__name__)

ANCHOR_AFTER = timedelta(hours=1)
# What the other jobs need not wait for. Anything else is a fault of the program and stops it.
GO_ON_AFTER = (DatabaseError, OSError, audit.AnchorsUnreadable)


@dataclass(frozen=True)
class DueJob:
    """One job that is safe to run at any time, twice, and beside another process's run.

    run  does what is due and says in words what it did; "" where nothing was due
    """

    name: str
    run: Callable[[], str]


@dataclass(frozen=True)
class Outcome:
    """What came of one job: words ("" where nothing was due), and whether it failed."""

    job: str
    words: str
    failed: bool = False


def jobs() -> list[DueJob]:
    """Every job of core and of the stages; what a stage queues goes in the same round."""
    tidying = [
        DueJob("audit anchor", write_anchor),
        DueJob("expired drafts", remove_drafts),
        DueJob("expired sessions", remove_sessions),
        DueJob("files of documents", documents.tidy),
        DueJob("ended limits", remove_limits),
        DueJob("unused accounts", close_unused_accounts),
    ]
    sending = [
        DueJob("messages", send_messages),
        DueJob("addresses of messages", forget_addresses),
    ]
    of_stages = [job for stage in stages() for job in getattr(stage, "due_jobs", list)()]
    return [*tidying, *of_stages, *sending]


def run_due() -> list[Outcome]:
    """Run every job once. One whose database or disk fails does not keep the others from it."""
    return [_outcome(job) for job in jobs()]


def write_anchor() -> str:
    """Anchor the audit chain, at most once an hour, where it has grown since the last anchor."""
    number = audit.AuditHead.objects.get().number
    anchored = audit.read_anchors()[-1:]
    if not number or any(a["number"] == number or _is_recent(a["at"]) for a in anchored):
        return ""
    return f"Anchored the audit chain at entry {audit.write_anchor()['number']}."


def close_unused_accounts() -> str:
    """Close the accounts that nobody has used for long."""
    count = len(people_actions.close_unused())
    return f"Closed {count} unused {'account' if count == 1 else 'accounts'}." if count else ""


def remove_drafts() -> str:
    """Remove the drafts that nobody came back to."""
    count = drafts.remove_expired()
    return f"Removed {count} expired {'draft' if count == 1 else 'drafts'}." if count else ""


def remove_sessions() -> str:
    """Remove the sessions that ended by themselves: nobody signed out of them."""
    count, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return f"Removed {count} expired {'session' if count == 1 else 'sessions'}." if count else ""


def remove_limits() -> str:
    """Remove the counts of tries whose time is over."""
    count = limits.remove_ended()
    return f"Removed {count} ended {'limit' if count == 1 else 'limits'}." if count else ""


def send_messages() -> str:
    """Send the messages whose time has come."""
    count = sending.send_due()
    return f"Sent {count} {'message' if count == 1 else 'messages'}." if count else ""


def forget_addresses() -> str:
    """Forget where messages went that ended long ago."""
    count = sending.forget_addresses()
    return f"Forgot {count} {'address' if count == 1 else 'addresses'}." if count else ""


def _is_recent(at: str) -> bool:
    return timezone.now() - datetime.fromisoformat(at) < ANCHOR_AFTER


def _outcome(job: DueJob) -> Outcome:
    try:
        return Outcome(job.name, job.run())
    except GO_ON_AFTER as error:
        logger.exception("The job %s failed", job.name)
        return Outcome(job.name, str(error), failed=True)
