"""What stops a person: a reason in words, and the status that fits it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError

from cdop.core.audit import Job

if TYPE_CHECKING:
    from cdop.core.roles import Permission
    from cdop.core.users import User


class Refused(Exception):
    """The act was refused and nothing was changed.

    reason   a sentence that the person can read
    status   403 where the person may not, 409 where the state or the version forbids it
    """

    def __init__(self, reason: str, status: HTTPStatus = HTTPStatus.CONFLICT) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Stale(Refused):
    """Somebody else saved the record after this page was opened; ``current`` is what it is now."""

    def __init__(self, current: Any) -> None:
        super().__init__(
            "Somebody else changed this while you had it open. Compare what you typed with what "
            "is there now, then save again."
        )
        self.current = current


def refuse_if(why: str, status: HTTPStatus = HTTPStatus.CONFLICT) -> None:
    """Refuse for the reason that a rule gives; "" means that it gives none."""
    if why:
        raise Refused(why, status)


def refuse_unless(by: User | Job, *permissions: Permission, otherwise: str) -> None:
    """Refuse (403) a person who has none of the permissions. A job does what it is written for."""
    if not isinstance(by, Job) and not any(by.can(permission) for permission in permissions):
        raise Refused(otherwise, HTTPStatus.FORBIDDEN)


@contextmanager
def refused_if_overtaken(why: str) -> Iterator[None]:
    """Refuse for this reason where somebody else wrote the same in this moment.

    What the rules looked at before did not show it yet; a constraint of the database does.
    """
    try:
        yield
    except IntegrityError as overtaken:
        raise Refused(why) from overtaken
