"""The audit chain: one entry per write and per read of an identified record, in one HMAC chain.

The entries of a transaction are collected while it runs and appended as its last
statements, so that the head of the chain is locked only until the commit. Triggers
refuse to change or delete an entry; ``verify`` finds a changed, removed, inserted or
reordered one, and a cut-off tail against the last anchor, which ``remind`` writes
outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.secrets import secret

if TYPE_CHECKING:
    from cdop.core.users import User

NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class Job:
    """A named job of the system, where no person acts ("remind", "a notifier without account")."""

    name: str


class AuditEntry(models.Model):
    """One thing that somebody did or read. Append-only, by triggers on both databases."""

    append_only = True

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    job = models.CharField(max_length=60, blank=True)
    hat = models.CharField(max_length=30, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    case_number = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=300, blank=True)
    detail = models.TextField(blank=True)
    mac = models.CharField(max_length=64)

    catalogue: ClassVar[dict[str, Note]] = {
        "number": Note("Place in the chain, without gaps", "", Sensitivity.NONE, Seen.GOVERNANCE),
        "at": Note("When", "", Sensitivity.STAFF, Seen.GOVERNANCE),
        "actor": Note("Who", "", Sensitivity.STAFF, Seen.GOVERNANCE),
        "job": Note("Which job, where no person acted", "", Sensitivity.NONE, Seen.GOVERNANCE),
        "hat": Note("In which role", "", Sensitivity.STAFF, Seen.GOVERNANCE),
        "action": Note("What was done or read", "", Sensitivity.STAFF, Seen.GOVERNANCE),
        "subject": Note("On which record", "", Sensitivity.NONE, Seen.GOVERNANCE),
        "case_number": Note("Of which case", "", Sensitivity.NONE, Seen.GOVERNANCE),
        "purpose": Note("Why it was read", "", Sensitivity.STAFF, Seen.GOVERNANCE),
        "detail": Note(
            "Names of the fields, and states before and after; never a value of an identity",
            "",
            Sensitivity.NONE,
            Seen.GOVERNANCE,
        ),
        "mac": Note("Seal over this entry and the one before", "", Sensitivity.NONE, Seen.NOBODY),
    }

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["case_number", "number"], name="audit_case"),
            models.Index(fields=["actor", "number"], name="audit_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject}"

    def expected_mac(self, before: str) -> str:
        """The seal that this entry must carry after an entry sealed ``before``."""
        said = [
            self.number,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor_id,
            self.job,
            self.hat,
            self.action,
            self.subject,
            self.case_number,
            self.purpose,
            self.detail,
            before,
        ]
        text = json.dumps(said, ensure_ascii=False).encode()
        return hmac.new(secret("AUDIT_KEY"), text, hashlib.sha256).hexdigest()


class AuditHead(models.Model):
    """The one row that says where the chain ends; appending locks it."""

    number = models.PositiveBigIntegerField()
    mac = models.CharField(max_length=64)

    catalogue: ClassVar[dict[str, Note]] = {
        "number": Note("Number of the last entry", "", Sensitivity.NONE, Seen.GOVERNANCE),
        "mac": Note("Seal of the last entry", "", Sensitivity.NONE, Seen.NOBODY),
    }

    def __str__(self) -> str:
        return f"head at {self.number}"


# Written out, because every act in the system waits for the head.
HEAD = "SELECT number, mac FROM cdop_audithead"
MOVE_HEAD = "UPDATE cdop_audithead SET number = %s, mac = %s"


@dataclass
class _Pending:
    """Entries of the running act, in the order in which they were recorded."""

    entries: list[AuditEntry] = field(default_factory=list)


_running: ContextVar[_Pending | None] = ContextVar("running_act", default=None)


@contextmanager
def act() -> Iterator[None]:
    """One transaction with the audit entries of all that is recorded in it.

    An act inside an act is a savepoint: where it fails, its entries go with its writes.
    """
    running = _running.get()
    if running is None:
        yield from _outermost()
    else:
        yield from _inside(running)


def _outermost() -> Iterator[None]:
    pending = _Pending()
    with transaction.atomic():
        token = _running.set(pending)
        try:
            yield
        finally:
            # Before the commit: what runs after it is an act of its own, with its own entries.
            _running.reset(token)
        _append(pending.entries)


def _inside(running: _Pending) -> Iterator[None]:
    mark = len(running.entries)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del running.entries[mark:]
        raise


def joined() -> AbstractContextManager[None]:
    """The running act, or one of its own: for what refuses before it writes anything.

    It costs no savepoint, so what fails while it writes fails the whole act.
    """
    return nullcontext() if _running.get() else act()


def all_or_nothing() -> AbstractContextManager[None]:
    """What is written within, in an act, fails the whole act where any of it fails."""
    return transaction.atomic(savepoint=False)


def record(
    action: str,
    subject: Any,
    *,
    by: User | Job,
    case: int | None = None,
    purpose: str = "",
    fields: Iterable[str] = (),
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry to the running act, or to an act of its own.

    subject  a model instance, or words for what has no row
    case     primary key of the case it belongs to; taken from the subject where it knows
    fields   names of the fields that were written or shown, never their values
    before, after  states and other codes, never values of an identity
    """
    detail = {"fields": sorted(fields), "before": before or {}, "after": after or {}}
    said = {name: value for name, value in detail.items() if value}
    entry = AuditEntry(
        at=timezone.now(),
        actor=None if isinstance(by, Job) else by,
        job=by.name if isinstance(by, Job) else "",
        hat="" if isinstance(by, Job) or by.hat is None else by.hat.role,
        action=action,
        subject=_subject(subject),
        case_number=case if case is not None else getattr(subject, "audit_case", None),
        purpose=purpose,
        detail=json.dumps(said, sort_keys=True, ensure_ascii=False) if said else "",
    )
    with joined():
        running = _running.get()
        assert running is not None  # act() sets it
        running.entries.append(entry)


def _subject(subject: Any) -> str:
    if isinstance(subject, str):
        return subject
    return f"{subject._meta.model_name}:{subject.pk}"


def _head() -> str:
    lock = connection.ops.for_update_sql() if connection.features.has_select_for_update else ""
    return f"{HEAD} {lock}"


def _append(entries: list[AuditEntry]) -> None:
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute(_head())
        number, mac = cursor.fetchone()
        for entry in entries:
            entry.number = number = number + 1
            entry.mac = mac = entry.expected_mac(mac)
        AuditEntry.objects.bulk_create(entries)
        cursor.execute(MOVE_HEAD, [number, mac])


@dataclass(frozen=True)
class Verdict:
    """What ``verify`` found: how many entries hold, and in words what is broken ("": nothing)."""

    entries: int
    broken: str = ""


class AnchorsUnreadable(Exception):
    """A line of the file of anchors is not what ``write_anchor`` writes."""


def verify(anchors: Path | None = None) -> Verdict:
    """Walk the whole chain and name the first entry that does not hold.

    Others may write meanwhile: the head is read before the walk, which must come to it, and
    after, when it must not lie behind.
    """
    number, mac = 0, NOTHING_BEFORE
    seen: dict[int, str] = {0: NOTHING_BEFORE}
    head = AuditHead.objects.first()
    if head is None:
        return Verdict(0, "The row that says where the chain ends is gone.")
    try:
        anchored = read_anchors(anchors)
    except AnchorsUnreadable as error:
        return Verdict(0, str(error))
    wanted = {head.number, *(anchor["number"] for anchor in anchored)}
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            return Verdict(number, f"Entry {number + 1} is missing; entry {entry.number} follows.")
        if not hmac.compare_digest(entry.mac, entry.expected_mac(mac)):
            return Verdict(number, f"Entry {entry.number} was changed, inserted or moved.")
        number, mac = entry.number, entry.mac
        if number in wanted:
            seen[number] = mac
    return Verdict(number, _broken_end(number, seen, head, anchored))


def _broken_end(
    number: int, seen: dict[int, str], head: AuditHead, anchored: list[dict[str, Any]]
) -> str:
    now = AuditHead.objects.get(pk=head.pk)
    if seen.get(head.number) != head.mac or now.number < number:
        return f"The chain ends at entry {number}, but its head says {now.number}."
    for anchor in anchored:
        if seen.get(anchor["number"]) != anchor["mac"]:
            return (
                f"Entry {anchor['number']} was anchored on {anchor['at']} and is no longer there "
                "as it was: the chain was cut off and written anew."
            )
    return ""


def read_anchors(path: Path | None = None) -> list[dict[str, Any]]:
    """The anchors written so far, oldest first. Raises AnchorsUnreadable."""
    path = path or settings.AUDIT_ANCHORS
    lines = path.read_text().splitlines() if path.exists() else []
    return [_anchor(place, line) for place, line in enumerate(lines, start=1)]


def _anchor(place: int, line: str) -> dict[str, Any]:
    try:
        anchor = json.loads(line)
        datetime.fromisoformat(anchor["at"])
        return {"number": int(anchor["number"]), "mac": str(anchor["mac"]), "at": anchor["at"]}
    except (ValueError, TypeError, KeyError) as error:
        raise AnchorsUnreadable(f"Line {place} of the anchors cannot be read.") from error


def write_anchor(path: Path | None = None, *, at: datetime | None = None) -> dict[str, Any]:
    """Write where the chain ends now to a file outside the database, and return it."""
    path = path or settings.AUDIT_ANCHORS
    head = AuditHead.objects.get()
    anchor = {
        "number": head.number,
        "mac": head.mac,
        "at": (at or timezone.now()).astimezone(UTC).isoformat(timespec="seconds"),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(json.dumps(anchor) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return anchor
