"""Sending: what is due goes out, message by message; what is long over is forgotten.

A message is locked, sent, marked and committed in one transaction, so two who send at once never
send the same one; a process killed between sending and committing leaves it to be sent again, under
the same Message-ID. Nothing goes to a family while a stage says that it must not.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cdop.core import casework, limits, mailing, sealing, steps
from cdop.core.audit import Job, act, record
from cdop.core.mailing import Letter, Post, Problem
from cdop.core.messages import PURPOSE, WITHHELD, M, Message
from cdop.core.outbox import end
from cdop.core.refusals import Refused
from cdop.core.sealing import CannotUnseal

logger = logging.getLogger(__name__)

SENDER = Job("sending of messages")
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""After the first try, the second …; the last again and again."""
GIVE_UP_AFTER = timedelta(days=3)
FORGET_AFTER = timedelta(days=90)
MOST_AN_HOUR = {"acknowledgement": 10, "waiting": 20}
"""By template: how many letters that anybody on the net can cause go to one address."""
CROWDED = Problem("More letters like this were to go to the address within an hour than are sent.")


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


def last_held(address: str) -> Letter | None:
    """The last letter that a demonstration holds for an address; its reading is recorded.

    Raises Refused anywhere else: there a letter is read by the one to whom it goes.
    """
    if mailing.why_not_sending() != mailing.IS_DEMONSTRATION:
        raise Refused("Only a demonstration shows a letter that it holds.")
    held = Message.objects.filter(state=M.WAITING, data_key__wrapped__isnull=False)
    for message in held.select_related("data_key").order_by("-queued_at", "pk"):
        letter = _letter(message)
        if letter.to.lower() == address.lower():
            record("message.read", message, by=SENDER, purpose="demonstration")
            return letter
    return None


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
            end(message, M.SENT, now, SENDER, problem="", **tried)
            return True
        _put_off(message, problem, now)
    return False


def _why_not_yet(message: Message) -> Problem | None:
    if message.to_family and (why := casework.why_not_write_to_family(message.about)):
        return Problem(why)
    return None


def _send(post: Post, message: Message) -> Problem | None:
    try:
        letter = _letter(message)
    except CannotUnseal:
        return Problem("The address cannot be read, because its key is not there.")
    if not _within_the_hour(message.template, letter.to):
        return CROWDED
    return post.send(letter)


def _letter(message: Message) -> Letter:
    """A message as it goes out, to its address and with what opens something."""
    sealed = sealing.unseal(message.data_key, PURPOSE, message.sealed).decode()
    address, _, secret = sealed.partition("\n")
    body = message.body.replace(WITHHELD, secret)
    return Letter(message.message_id, address, message.subject, body)


def _within_the_hour(template: str, address: str) -> bool:
    """Count one more letter of a kind to an address; whether it is still one of those that go."""
    most = MOST_AN_HOUR.get(template)
    return most is None or limits.allow(
        f"letter.{template}", address.lower(), most=most, within=timedelta(hours=1)
    )


def _put_off(message: Message, problem: Problem, now: datetime) -> None:
    """Wait a while and try again; after three days, or where it is of no use, give up."""
    logger.warning("Message %s was not sent. %s", message.pk, problem.words)
    if problem is CROWDED:
        end(message, M.STOPPED, now, SENDER, why_stopped=problem.words)
        return
    first = _first(message, now)
    tried: dict[str, Any] = {
        "attempts": message.attempts + 1,
        "first_tried_at": first,
        "problem": problem.words,
    }
    if problem.for_good or now - first >= GIVE_UP_AFTER:
        end(message, M.FAILED, now, SENDER, **tried)
        return
    pause = PAUSES[min(message.attempts, len(PAUSES) - 1)]
    action = "message.put_off"
    steps.edit(message, by=SENDER, action=action, next_try_at=now + pause, **tried)


def _first(message: Message, now: datetime) -> datetime:
    return message.first_tried_at or now
