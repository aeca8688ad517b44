"""Which cases, and which other notifications, may be about the child of a notification.

Cases are found by token. For notifications without a case there are none: what somebody sent is
opened and compared where it lies, so that no trace of a child stands in the clear beside what a
stranger sent. Those that arrived nearest in time are compared, because two reports of one death
seldom lie far apart; page 15 of the decisions has the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from cdop.cases import matching, search
from cdop.cases.identity import IdentityRecord
from cdop.cases.matching import Known, Match, Relation
from cdop.cases.models import Case
from cdop.cases.search import Candidate, Sought
from cdop.core.audit import record
from cdop.core.identifiers import normalise_reference
from notifications.models import Notification, NotificationQuerySet
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

Answers = Mapping[str, Any]

MOST_NAMED = 10
"""How many less likely cases are named; a longer list would not be read."""
NEAR_EACH_WAY = 100
"""How many notifications are compared of those that came before, and of those that came after."""
WAITING = (NotificationState.RECEIVED,)
GONE = (NotificationState.PASSED_ON, NotificationState.TAKEN_OVER, NotificationState.DECLINED)
CORRECTS = "notifier_corrects"


@dataclass(frozen=True)
class Other:
    """Another notification that waits, and how it compares."""

    notification: Notification
    match: Match


@dataclass(frozen=True)
class Likeness:
    """What a notification may have to do with what is known already, the most probable first.

    likely     cases that are probably about the same child
    possible   cases with less in common, that a person should look at
    family     cases of a twin, brother or sister
    withdrawn  cases that were withdrawn and would else be likely
    waiting    other notifications that wait and probably are about the same child
    gone       the same of those that were passed on or declined: nothing else here knows of them
    siblings   other notifications that wait about a twin, brother or sister
    left_out   how many that wait were not compared, because they arrived long before or after
    """

    likely: list[Candidate] = field(default_factory=list)
    possible: list[Candidate] = field(default_factory=list)
    family: list[Candidate] = field(default_factory=list)
    withdrawn: list[Candidate] = field(default_factory=list)
    waiting: list[Other] = field(default_factory=list)
    gone: list[Other] = field(default_factory=list)
    siblings: list[Other] = field(default_factory=list)
    left_out: int = 0


def of(notification: Notification, answers: Answers, user: User) -> Likeness:
    """How a notification, opened by ``user``, compares with cases and with what else waits."""
    found = [
        each for each in cases(answers, user, notification) if each.case.pk != notification.case_id
    ]
    others: list[Other] = []
    gone: list[Other] = []
    left_out = 0
    if notification.state == NotificationState.RECEIVED:
        others, left_out = _compared(notification, answers, WAITING, user)
        gone, _ = _compared(notification, answers, GONE, user)
    by_kind = sort(found)
    return Likeness(
        likely=[each for each in by_kind.same if each.match.is_likely],
        possible=[each for each in by_kind.same if not each.match.is_likely][:MOST_NAMED],
        family=by_kind.family[:MOST_NAMED],
        withdrawn=by_kind.withdrawn[:MOST_NAMED],
        waiting=[each for each in others if each.match.is_likely],
        gone=[each for each in gone if each.match.is_likely],
        siblings=[each for each in others if each.match.relation is Relation.FAMILY],
        left_out=left_out,
    )


class Sorted(NamedTuple):
    """Cases by what they may have to do with the child, the most probable first."""

    same: list[Candidate]
    family: list[Candidate]
    withdrawn: list[Candidate]


def sort(found: list[Candidate]) -> Sorted:
    """Tell cases that may be about the child from those of its family.

    A withdrawn case is about no death, so it is neither; where it is likely it is named apart,
    since the report that comes now may say that it was about one after all.
    """
    standing = [each for each in found if not each.is_withdrawn]
    return Sorted(
        same=[each for each in standing if not each.is_family],
        family=[each for each in standing if each.is_family],
        withdrawn=[each for each in found if each.is_withdrawn and each.match.is_likely],
    )


def cases(
    answers: Answers, user: User, notification: Notification | None = None
) -> list[Candidate]:
    """The cases that this person may see and that may be about the child or its family.

    First of all the case to which an earlier notice belongs that this one says it corrects.
    """
    together = cases_together([notification] if notification else [])
    sought = sought_of(answers, together.get(notification.pk, set()) if notification else set())
    found = search.candidates(
        sought.record,
        died_on=sought.died_on,
        sex=sought.sex,
        together=sought.together,
        by=user,
    )
    [seen] = visible([corrected_first(found, corrected_by(answers))], user)
    return seen


def sought_of(answers: Answers, together: Collection[int]) -> Sought:
    """What is looked for among the cases; ``together`` as there."""
    record_ = IdentityRecord.of(dict(answers))
    return Sought(record_, _died_on(answers), str(answers.get("sex") or ""), together)


def corrected_first(found: list[Candidate], earlier: Notification | None) -> list[Candidate]:
    """What was found, after the case of the notice that is corrected, if there is one."""
    if earlier is None or earlier.case is None:
        return found
    why = f"this corrects {earlier.reference}, which stands behind the case"
    first = Candidate(earlier.case, Match(1.0, (why,), Relation.SAME))
    return [first, *(each for each in found if each.case != earlier.case)]


def visible(found: list[list[Candidate]], user: User) -> list[list[Candidate]]:
    """Of several lists of candidates, those that this person may see, in one statement."""
    keys = {each.case.pk for every in found for each in every}
    seen = set(Case.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [[each for each in every if each.case.pk in seen] for every in found]


def corrects(answers: Answers) -> str | None:
    """The reference that a notice says it corrects, as ours are written."""
    return normalise_reference(str(answers.get(CORRECTS) or ""))


def corrected_by(answers: Answers) -> Notification | None:
    """The earlier notification that a notice says it corrects, if there is one."""
    reference = corrects(answers)
    rows = Notification.objects.select_related("case")
    return rows.filter(reference=reference).first() if reference else None


def cases_together(notifications: Collection[Notification]) -> dict[int, set[int]]:
    """By the key of each, the cases of the brothers and sisters that were reported with it."""
    marks = {each.together for each in notifications if each.together}
    if not marks:
        return {}
    rows = Notification.objects.filter(together__in=marks).exclude(case=None)
    family = list(rows.values_list("pk", "together", "case_id"))
    return {
        one.pk: {case for key, mark, case in family if mark == one.together and key != one.pk}
        for one in notifications
    }


def _compared(
    notification: Notification, answers: Answers, states: Collection[str], user: User
) -> tuple[list[Other], int]:
    """The others in some states, those most alike first; and how many were not compared."""
    others = Notification.objects.visible_to(user).filter(state__in=states)
    others = others.exclude(pk=notification.pk)
    near = list(_nearest(others.filter(data_key__wrapped__isnull=False), notification))
    if near:
        count = {"notifications": len(near)}
        record("notification.compared", notification, by=user, purpose=search.PURPOSE, after=count)
    sought = known(answers)
    found = compared(notification, sought, ((other, known(other.answers)) for other in near))
    return found, others.count() - len(near)


def compared(
    notification: Notification, sought: Known, others: Iterable[tuple[Notification, Known]]
) -> list[Other]:
    """How a notification compares with others, those most alike first."""
    found = [
        Other(
            other,
            matching.compare_known(sought, theirs, together=_together(notification, other)),
        )
        for other, theirs in others
    ]
    return sorted(found, key=lambda each: (-each.match.score, each.notification.pk))


def _nearest(waiting: NotificationQuerySet, one: Notification) -> Iterator[Notification]:
    rows = waiting.select_related("data_key")
    before = rows.filter(received_at__lte=one.received_at).order_by("-received_at", "-pk")
    after = rows.filter(received_at__gt=one.received_at).order_by("received_at", "pk")
    yield from before[:NEAR_EACH_WAY]
    yield from after[:NEAR_EACH_WAY]


def _together(one: Notification, other: Notification) -> bool:
    return one.together is not None and one.together == other.together


def known(answers: Answers) -> Known:
    """What is compared of what somebody sent, folded once."""
    record_ = IdentityRecord.of(dict(answers))
    return Known.of(record_, _died_on(answers), str(answers.get("sex") or ""))


def _died_on(answers: Answers) -> date | None:
    text = answers.get("date_of_death")
    return date.fromisoformat(text) if text else None
