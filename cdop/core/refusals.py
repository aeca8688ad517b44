"""What stops a person: a reason in words, and the status that fits it."""

from http import HTTPStatus
from typing import Any


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
