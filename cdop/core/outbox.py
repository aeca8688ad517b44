"""The outbox: one row for each message, queued in the act that gives rise to it.

``remind`` sends what is due. A message is locked, sent, marked and committed in one transaction,
so two who send at once never send the same one; a process killed between sending and committing
leaves it to be sent again, under the same Message-ID. Nothing goes to a family while a stage says
that it must not.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils import timezone

from cdop.core import casework, mailing, sealing, steps
from cdop.core.audit import Job, act, joined, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.mailing import Letter, Post, Problem
from cdop.core.refusals import Refused
from cdop.core.roles import Permission
from cdop.core.sealing import CannotUnseal, DataKey
from cdop.core.steps import Steps

if TYPE_CHECKING:
    from cdop.core.users import User

logger = logging.getLogger(__name__)

SENDER = Job("sending of messages")
PURPOSE = "address"

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""After the first try, the second …; the last again and again."""
GIVE_UP_AFTER = timedelta(days=3)
FORGET_AFTER = timedelta(days=90)
NOTHING: Mapping[str, str] = MappingProxyType({})
WITHHELD = "[this stands in the letter alone]"
"""In the words that are kept, the place of what only the addressee may read."""


class MessageState(models.TextChoices):
    """Where a message stands."""

    WAITING = "waiting", "waiting to be sent"
    SENT = "sent", "sent"
    STOPPED = "stopped", "stopped"
    FAILED = "failed", "could not be sent"
    TOLD = "told", "told by telephone"


M = MessageState
TRIAGE = Permission.NOTIFICATIONS_TRIAGE
NOT_GONE = (M.WAITING, M.FAILED)
"""What can still be stopped: a message that failed could be tried again."""


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: User) -> MessageQuerySet:
        return self if user.can(TRIAGE) else self.none()

    def unsent(self) -> MessageQuerySet:
        """What failed, then what waits, the oldest first within each."""
        return self.filter(state__in=NOT_GONE).order_by("state", "queued_at", "pk")

    def due(self, now: datetime) -> MessageQuerySet:
        """What waits and whose time has come, the longest first."""
        due = self.filter(state=M.WAITING, next_try_at__lte=now)
        return due.order_by("next_try_at", "queued_at")


class Message(models.Model):
    """One message to one address. Its words never change; its steps are audit entries."""

    STEPS: ClassVar[Steps] = {
        (M.WAITING, M.SENT): None,
        (M.WAITING, M.FAILED): None,
        (M.WAITING, M.STOPPED): TRIAGE,
        (M.FAILED, M.STOPPED): TRIAGE,
        (M.WAITING, M.TOLD): TRIAGE,
        (M.FAILED, M.TOLD): TRIAGE,
        (M.FAILED, M.WAITING): TRIAGE,
        (M.STOPPED, M.WAITING): TRIAGE,  # stopped for a hoax that was none
    }

    owns_its_key = False  # where it has the key of what it is about, it keeps that not alive

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    about = models.CharField(max_length=20, db_index=True)
    once = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=mailing.LONGEST_SUBJECT)
    body = models.TextField()
    to_family = models.BooleanField(default=False)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    state = models.CharField(max_length=20, default=M.WAITING)
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    first_tried_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    why_stopped = models.TextField(blank=True)

    objects = MessageQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = {
        "id": Note("Which message; its Message-ID says so", "", Sensitivity.NONE, Seen.NOBODY),
        "version": Note("How often the row was saved", "", Sensitivity.NONE, Seen.NOBODY),
        "about": Note("Reference of what it is about", "", Sensitivity.NONE, Seen.TEAM),
        "once": Note("What it is, so that it exists once", "", Sensitivity.NONE, Seen.NOBODY),
        "template": Note("From which text it was written", "", Sensitivity.NONE, Seen.NOBODY),
        "subject": Note("Its subject, which names nobody", "", Sensitivity.NONE, Seen.TEAM),
        "body": Note("Its words: references and links only", "", Sensitivity.NONE, Seen.TEAM),
        "to_family": Note("Whether it goes to a family", "", Sensitivity.NONE, Seen.TEAM),
        "data_key": Note("The key of the address", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("The address, sealed", "", Sensitivity.IDENTITY, Seen.NOBODY),
        "state": Note("Whether it has gone", "", Sensitivity.NONE, Seen.TEAM),
        "queued_at": Note("When it was queued", "", Sensitivity.NONE, Seen.TEAM),
        "next_try_at": Note("Not sent before this", "", Sensitivity.NONE, Seen.TEAM),
        "first_tried_at": Note("When it was first tried", "", Sensitivity.NONE, Seen.TEAM),
        "attempts": Note("How often it was tried", "", Sensitivity.NONE, Seen.TEAM),
        "problem": Note("Why the last try failed, in our words", "", Sensitivity.NONE, Seen.TEAM),
        "ended_at": Note("When it was sent or given up", "", Sensitivity.NONE, Seen.TEAM),
        "why_stopped": Note("Why it was stopped", "", Sensitivity.PERSONAL, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["-queued_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["state", "next_try_at"], name="message_due")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_ends_when_it_waits_no_more",
                condition=Q(state="waiting", ended_at=None)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
            )
        ]

    audit_case = None

    def __str__(self) -> str:
        return self.subject

    @property
    def message_id(self) -> str:
        """The same at every try, so that a message sent twice is known for one."""
        return f"<{self.pk}@{mailing.host()}>"

    @property
    def label(self) -> str:
        """Where it stands, in words."""
        return MessageState(self.state).label


def queue(
    template: str,
    *,
    to: str,
    about: str,
    once: str,
    by: User | Job,
    context: Mapping[str, str] = NOTHING,
    to_family: bool = False,
    secret: str = "",
    surely_new: bool = False,
    key: DataKey | None = None,
) -> Message:
    """Queue a message to one address within the caller's act, as ``queue_all`` does to several.

    once  what it is; the same ``once`` twice is the same message
    """
    [message] = queue_all(
        template,
        {once: to},
        about=about,
        by=by,
        context=context,
        to_family=to_family,
        secret=secret,
        surely_new=surely_new,
        key=key,
    )
    return message


def queue_all(
    template: str,
    to: Mapping[str, str],
    *,
    about: str,
    by: User | Job,
    context: Mapping[str, str] = NOTHING,
    to_family: bool = False,
    secret: str = "",
    surely_new: bool = False,
    key: DataKey | None = None,
) -> list[Message]:
    """Queue the same words to several addresses within the caller's act.

    template   ``templates/mail/<template>.jinja``, with the blocks ``subject`` and ``body``
    to         the addresses, which are sealed, each by what the message is (its ``once``): what
               was queued before, or in this moment by somebody else, is not queued again
    about      the reference of what it is about: a notification, a case, a monthly return
    context    references, links and times for the template, never anything that identifies
    to_family  whether it goes to a family. The caller has asked whether it may; it is asked again
               when the message is sent
    secret     what opens something, such as a link: sealed with the address, and put into the
               letter where the context says ``WITHHELD``
    surely_new  what it is about came to be in this act, so nothing can be queued yet about it, and
               no savepoint is spent on that
    key        of what it is about: the address goes when that is disposed of, if not before.
               Without it each message has a key of its own
    Raises Refused where one of them is not an address to which one can write.
    """
    if not all(map(mailing.is_address, to.values())):
        raise Refused("This is not an email address that can be written to.")
    subject, body = mailing.written(template, context)
    now = timezone.now()
    with joined():
        keys = [key] * len(to) if key else sealing.new_keys(len(to))
        messages = [
            Message(
                about=about,
                once=once,
                template=template,
                subject=subject,
                body=body,
                to_family=to_family,
                data_key=key,
                sealed=sealing.seal(key, PURPOSE, f"{address}\n{secret}".strip().encode()),
                queued_at=now,
                next_try_at=now,
            )
            for key, (once, address) in zip(keys, to.items(), strict=True)
        ]
        there = _added(messages) if surely_new else _added_where_missing(messages)
        return _recorded(messages, there, by)


def _added(messages: list[Message]) -> dict[str, Message]:
    """Save the messages by one statement; by their ``once``."""
    Message.objects.bulk_create(messages)
    return {message.once: message for message in messages}


def _added_where_missing(messages: list[Message]) -> dict[str, Message]:
    """Save what is not there yet; all as they are there, by their ``once``."""
    try:
        with act():
            return _added(messages)
    except IntegrityError:
        # Some were queued before, or in this moment by somebody else.
        Message.objects.bulk_create(messages, ignore_conflicts=True)
        return Message.objects.in_bulk([each.once for each in messages], field_name="once")


def _recorded(
    messages: list[Message], there: Mapping[str, Message], by: User | Job
) -> list[Message]:
    """What is there, each new one with its audit entry; the key of one that is not new goes."""
    for message in messages:
        if there[message.once] == message:
            record("message.queued", message, by=by, fields=steps.written(message))
        elif not sealing.in_use(message.data_key):
            message.data_key.delete()
    return [there[message.once] for message in messages]


def stop(about: str, *, by: User | Job, reason: str, template: str = "") -> int:
    """Stop every message about a reference that has not gone; say how many.

    template  only those written from it; all without it
    One that is on its way in this moment is waited for and counts as gone.
    """
    with act():
        waiting = Message.objects.filter(about=about, state__in=NOT_GONE).order_by("pk")
        only = waiting.filter(template=template) if template else waiting
        found = list(only.select_for_update())
        for message in found:
            _end(message, M.STOPPED, timezone.now(), by, why_stopped=reason)
    return len(found)


def try_again(message: Message, *, by: User, version: int | None = None) -> Message:
    """Let a message that failed or was stopped wait anew, as if it had not been tried."""
    anew: dict[str, Any] = {
        "next_try_at": timezone.now(),
        "first_tried_at": None,
        "attempts": 0,
        "problem": "",
        "why_stopped": "",
        "ended_at": None,
    }
    return steps.step(message, M.WAITING, by=by, version=version, **anew)


def told_by_telephone(message: Message, *, by: User, version: int | None = None) -> Message:
    """The person was rung instead, so the message does not go."""
    return _end(message, M.TOLD, timezone.now(), by, version=version)


def of(references: Iterable[str]) -> MessageQuerySet:
    """The messages about these references, newest first."""
    return Message.objects.filter(about__in=list(references))


def link(path: str) -> str:
    """The whole address of a page of this system, for a letter."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"


def send_due(now: datetime | None = None) -> int:
    """Send every message whose time has come, one transaction each; say how many were taken."""
    if mailing.why_not_sending():
        return 0
    now, post, sent = now or timezone.now(), Post(), 0
    try:
        while (taken := _send_next(post, now)) is not None:
            sent += taken
    finally:
        post.hang_up()
    return sent


def forget_addresses(now: datetime | None = None) -> int:
    """Erase the addresses of messages that ended long ago; say how many."""
    over = (now or timezone.now()) - FORGET_AFTER
    ended = Message.objects.filter(ended_at__lte=over).exclude(sealed=b"")
    with act():
        found = list(ended.select_related("data_key").select_for_update(of=("self",)))
        Message.objects.filter(pk__in=[each.pk for each in found]).update(sealed=b"")
        for message in found:
            if not sealing.in_use(message.data_key):
                sealing.destroy(message.data_key)
        if found:
            record("messages.addresses_forgotten", "outbox", by=SENDER, after={"count": len(found)})
    return len(found)


def _send_next(post: Post, now: datetime) -> bool | None:
    """Send one message; whether the server took it, None where nothing is due any more."""
    if not Message.objects.due(now).exists():
        return None
    # Called before the lock: who waits for a server must not keep others waiting for the row.
    down = post.dial()
    with act():
        due = Message.objects.due(now).select_related("data_key")
        message = due.select_for_update(skip_locked=True, of=("self",)).first()
        if message is None:
            return None
        problem = down or _why_not_yet(message) or _send(post, message)
        if problem is None:
            tried = {"attempts": message.attempts + 1, "first_tried_at": _first(message, now)}
            _end(message, M.SENT, now, SENDER, problem="", **tried)
            return True
        _put_off(message, problem, now)
    return False


def _why_not_yet(message: Message) -> Problem | None:
    if message.to_family and (why := casework.why_not_write_to_family(message.about)):
        return Problem(why)
    return None


def _send(post: Post, message: Message) -> Problem | None:
    try:
        sealed = sealing.unseal(message.data_key, PURPOSE, message.sealed).decode()
    except CannotUnseal:
        return Problem("The address cannot be read, because its key is not there.")
    address, _, secret = sealed.partition("\n")
    body = message.body.replace(WITHHELD, secret)
    return post.send(Letter(message.message_id, address, message.subject, body))


def _put_off(message: Message, problem: Problem, now: datetime) -> None:
    """Wait a while and try again; after three days, or where it is of no use, give up."""
    logger.warning("Message %s was not sent. %s", message.pk, problem.words)
    first = _first(message, now)
    tried: dict[str, Any] = {
        "attempts": message.attempts + 1,
        "first_tried_at": first,
        "problem": problem.words,
    }
    if problem.for_good or now - first >= GIVE_UP_AFTER:
        _end(message, M.FAILED, now, SENDER, **tried)
        return
    pause = PAUSES[min(message.attempts, len(PAUSES) - 1)]
    action = "message.put_off"
    steps.edit(message, by=SENDER, action=action, next_try_at=now + pause, **tried)


def _first(message: Message, now: datetime) -> datetime:
    return message.first_tried_at or now


def _end(
    message: Message, to: MessageState, at: datetime, by: User | Job, **stamps: Any
) -> Message:
    return steps.step(message, to, by=by, ended_at=at, **stamps)
