"""Brothers and sisters who died too: a notification of their own, which begins with what is shared.

One notification is about one child. What two have in common is copied into the boxes of the second,
where the notifier sees it and may change it; both carry the same ``together``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from cdop import editions
from cdop.core import steps
from cdop.core.audit import Job, act
from cdop.core.questions import boxes_of
from notifications.models import Notification
from notifications.unfinished import DATE_OF_DEATH, Unfinished, first_section, other_sections

if TYPE_CHECKING:
    from cdop.core.users import User

SHARED_PAGES = ("notifier", "family", "agencies")
SHARED = frozenset([DATE_OF_DEATH, "address", "postcode"])
SHARED_BY_TWINS = frozenset(["date_of_birth", "under_one"])
"""Never the name: a page that is complete by copying alone might be sent without being read."""


def begun_from(notification: Notification, *, twin: bool, by: User | Job) -> Unfinished:
    """An unfinished notification of another child of the family, bound to the first one."""
    edition, answers = editions.get(notification.edition), notification.answers
    typed = {}
    for section in (first_section(edition), *other_sections(edition)):
        whole = section.code in SHARED_PAGES
        boxes = boxes_of(section, answers if whole else _shared(answers, twin))
        if boxes:
            typed[section.code] = boxes
    return Unfinished(typed, together=str(bind(notification, by=by)))


def bind(notification: Notification, *, by: User | Job) -> UUID:
    """What the notifications of brothers and sisters have in common; made where there is none.

    What the first one says of its child stays, so a decision on it that somebody has open stands.
    """
    with act():
        row = Notification.objects.select_for_update(of=("self",)).get(pk=notification.pk)
        if row.together is None:
            action = "notification.together"
            row = steps.edit(row, by=by, action=action, in_passing=True, together=uuid4())
        return UUID(str(row.together))


def _shared(answers: Mapping[str, Any], twin: bool) -> dict[str, Any]:
    codes = SHARED | (SHARED_BY_TWINS if twin else frozenset())
    return {code: answer for code, answer in answers.items() if code in codes}
