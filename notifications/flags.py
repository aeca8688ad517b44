"""Which notifications on a list may be about a child who is known already: references alone.

What waits is opened and compared as on its own page (``likeness``): with the cases that share its
traces, and with what arrived before and after it. A list has many, so fewer cases are opened for
each than there; what was decided before is compared on the page alone. The number of statements
is the same for one line and for fifty. Page 15 of the decisions says why nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cdop.cases import search
from cdop.cases.matching import Known, can_be_likely
from cdop.cases.search import Candidate
from cdop.core.audit import record
from cdop.core.sealing import CannotUnseal
from notifications import likeness
from notifications.likeness import NEAR_EACH_WAY, Answers
from notifications.models import Notification
from notifications.queries import Line
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

MOST_NAMED = 3


@dataclass(frozen=True)
class _Told:
    """A notification that waits, with what it says."""

    notification: Notification
    answers: Answers
    known: Known


def flagged(lines: Iterable[Line], user: User) -> list[Line]:
    """The lines, each that waits with the references of what may be about the same child."""
    lines = list(lines)
    shown = [
        each.notification for each in lines if each.notification.state == NotificationState.RECEIVED
    ]
    maybe = _maybe(shown, user) if shown else {}
    return [replace(line, maybe=maybe.get(line.notification.pk, ())) for line in lines]


def _maybe(shown: list[Notification], user: User) -> dict[int, tuple[str, ...]]:
    """By the key of each notification, the references of what is likely, cases first."""
    told = list(_opened(_with_their_neighbours(shown, user)))
    count = {"notifications": len(told)}
    record("notification.compared", "the list", by=user, purpose=search.PURPOSE, after=count)
    keys = {each.pk for each in shown}
    ours = [here for here, each in enumerate(told) if each.notification.pk in keys]
    found = {}
    for here, cases in zip(ours, _cases([told[each] for each in ours], user), strict=True):
        references = [each.case.reference for each in cases]
        references += [each.reference for each in _waiting(here, told)]
        found[told[here].notification.pk] = tuple(references[:MOST_NAMED])
    return found


def _with_their_neighbours(shown: list[Notification], user: User) -> list[Notification]:
    """What waits, as far as one of ``shown`` is compared with it, in the order of its arrival."""
    waiting = Notification.objects.visible_to(user).waiting().select_related("data_key")
    rows = waiting.exclude(pk__in=[each.pk for each in shown])
    last = max(each.received_at for each in shown)
    before = rows.filter(received_at__lte=last).order_by("-received_at", "-pk")
    after = rows.filter(received_at__gt=last).order_by("received_at", "pk")
    between = len(shown) + NEAR_EACH_WAY
    found = {each.pk: each for each in (*shown, *before[:between], *after[:NEAR_EACH_WAY])}
    return sorted(found.values(), key=lambda each: (each.received_at, each.pk))


def _opened(notifications: Iterable[Notification]) -> Iterator[_Told]:
    """What they say; those whose key was destroyed are left out."""
    for each in notifications:
        try:
            answers = each.answers
        except CannotUnseal:
            continue
        yield _Told(each, answers, likeness.known(answers))


def _cases(told: list[_Told], user: User) -> list[list[Candidate]]:
    """The cases that are likely to be about the child of each, the most probable first."""
    together = likeness.cases_together([each.notification for each in told])
    sought = [
        likeness.sought_of(each.answers, together.get(each.notification.pk, set())) for each in told
    ]
    earlier = _corrected(told)
    found = [
        likeness.corrected_first(every, earlier.get(likeness.corrects(each.answers) or ""))
        for each, every in zip(told, search.candidates_of_several(sought, by=user), strict=True)
    ]
    return [
        [each for each in likeness.sort(every).same if each.match.is_likely]
        for every in likeness.visible(found, user)
    ]


def _corrected(told: Iterable[_Told]) -> Mapping[str, Notification]:
    """The earlier notifications that any of these says it corrects, by reference."""
    named = {likeness.corrects(each.answers) for each in told} - {None}
    rows = Notification.objects.select_related("case").filter(reference__in=named)
    return {each.reference: each for each in rows} if named else {}


def _waiting(here: int, told: list[_Told]) -> list[Notification]:
    """What else waits near one of them and is likely to be about the same child."""
    one = told[here]
    near = told[max(0, here - NEAR_EACH_WAY) : here + NEAR_EACH_WAY + 1]
    others = (
        (each.notification, each.known)
        for each in near
        if each is not one and can_be_likely(one.known, each.known)
    )
    found = likeness.compared(one.notification, one.known, others)
    return [each.notification for each in found if each.match.is_likely]
