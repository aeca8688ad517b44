"""The outbox: one row for each message, queued in the act that gives rise to it.

``core.sending`` sends what is due. Until it has gone a message can be stopped, tried again, or told
by telephone instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from cdop.core import mailing, sealing, steps
from cdop.core.audit import Job, act, joined, record
from cdop.core.messages import NOT_GONE, PURPOSE, M, Message, MessageQuerySet, MessageState
from cdop.core.refusals import Refused
from cdop.core.sealing import DataKey

if TYPE_CHECKING:
    from cdop.core.users import User

NOTHING: Mapping[str, str] = MappingProxyType({})


def queue(
    template: str,
    to: Mapping[str, str],
    *,
    about: str,
    by: User | Job,
    context: Mapping[str, str] = NOTHING,
    to_family: bool = False,
    secret: str = "",
    key: DataKey | None = None,
    first: bool = False,
) -> list[Message]:
    """Queue the same words to one or several addresses within the caller's act.

    template   ``templates/mail/<template>.jinja``, with the blocks ``subject`` and ``body``
    to         the addresses, which are sealed, each by what the message is (its ``once``): what
               was queued before, or in this moment by somebody else, is not queued again
    about      the reference of what it is about: a notification, a case, a monthly return
    context    references, links and times for the template, never anything that identifies
    to_family  whether it goes to a family. The caller has asked whether it may; it is asked again
               when the message is sent
    secret     what opens something, such as a link: sealed with the address, and put into the
               letter where the context says ``WITHHELD``
    key        of what it is about: the address goes when that is disposed of, if not before.
               Without it each message has a key of its own
    first      whether what it is about came to be in this act, so that nothing can have been
               queued about it: then nobody need look, which every notifier would wait for
    Returned are the messages as they are there. Raises Refused where one of the addresses cannot
    be written to.
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
                data_key=of_message,
                sealed=sealing.seal(of_message, PURPOSE, f"{address}\n{secret}".strip().encode()),
                queued_at=now,
                next_try_at=now,
            )
            for of_message, (once, address) in zip(keys, to.items(), strict=True)
        ]
        return _add_missing(messages, by, first=first)


def _add_missing(messages: list[Message], by: User | Job, *, first: bool) -> list[Message]:
    """Save what is not there yet, by two statements whatever the number; all as they are there."""
    Message.objects.bulk_create(messages, ignore_conflicts=not first)
    there = {each.once: each for each in messages}
    if not first:
        there = Message.objects.in_bulk(list(there), field_name="once")
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
            end(message, M.STOPPED, timezone.now(), by, why_stopped=reason)
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
    return end(message, M.TOLD, timezone.now(), by, version=version)


def of(references: Iterable[str]) -> MessageQuerySet:
    """The messages about these references, newest first."""
    return Message.objects.filter(about__in=list(references))


def link(path: str) -> str:
    """The whole address of a page of this system, for a letter."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"


def end(message: Message, to: MessageState, at: datetime, by: User | Job, **stamps: Any) -> Message:
    """The last step of a message, at a time."""
    return steps.step(message, to, by=by, ended_at=at, **stamps)
