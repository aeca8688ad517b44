"""Lists of deaths from registrars and hospitals, laid beside what was notified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from cdop.cases import search
from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import drafts, sealing, steps
from cdop.core.audit import act, record
from cdop.core.drafts import Draft
from cdop.core.organisations import Area, Organisation
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission
from notifications.assurance import listed
from notifications.assurance.listed import Listed
from notifications.assurance.models import DeathList, ListedDeath, NotListed
from notifications.assurance.reading import Parsed
from notifications.assurance.states import ListedState
from notifications.models import Notification

if TYPE_CHECKING:
    from cdop.core.users import User

DRAFT_KIND = "list of deaths"
TRIAGE = Permission.NOTIFICATIONS_TRIAGE


class Kind(models.TextChoices):
    """Whose list it is, which decides who is expected on it."""

    REGISTRAR = "registrar", "A registrar's list of registered deaths"
    HOSPITAL = "hospital", "A hospital's list of deaths there"


class Absence(models.TextChoices):
    """Why a death that was notified need not stand on the list."""

    NOT_YET = "not_yet", "Not registered yet, for example because of an inquest"
    DIED_ELSEWHERE = "died_elsewhere", "The child died outside what the list covers"
    LIVED_ELSEWHERE = "lived_elsewhere", "The child lived outside what the list covers"
    OTHER_DATE = "other_date", "The date of death is another one than we have"
    LEFT_OUT = "left_out", "Left out of the list by mistake: those who made it say so"
    OTHER = "other", "Something else"


@dataclass(frozen=True)
class About:
    """What somebody said about a list when they chose its file."""

    kind: str
    organisation: int | None
    area: str | None
    first_day: str
    last_day: str


@dataclass(frozen=True)
class Absent:
    """A case, or a notification that waits, whose day the list covers and which no line is about.

    settled  why that is in order; None where nobody has said
    """

    what: Case | Notification
    died_on: date
    settled: NotListed | None

    @property
    def is_settled(self) -> bool:
        return self.settled is not None and bool(self.settled.reason_code)

    @property
    def why(self) -> str:
        return (
            str(Absence(self.settled.reason_code).label) if self.settled and self.is_settled else ""
        )


def hold(parsed: Parsed, about: About, *, by: User) -> Draft:
    """Keep a file that was read, sealed, until the person has looked at it and confirms it."""
    with act():
        before = drafts.of(by, DRAFT_KIND, "")
        key = before.data_key if before else sealing.new_key()
        answers = {
            "about": asdict(about),
            "lines": [asdict(line) for line in parsed.lines],
            "columns": [list(pair) for pair in parsed.columns],
            "passed_over": list(parsed.passed_over),
            "blank": parsed.blank,
        }
        return drafts.keep(by, DRAFT_KIND, "", answers, key)


def held(by: User) -> Draft | None:
    """What this person has read in and not confirmed yet."""
    return drafts.of(by, DRAFT_KIND, "")


def take(draft: Draft, *, version: int, by: User) -> DeathList:
    """Take in every line of a file that was confirmed; once per file.

    Raises Refused where it was taken in already, and Stale where another file was chosen since.
    """
    if not by.can(TRIAGE):
        raise Refused("Your role does not reconcile lists of deaths.", HTTPStatus.FORBIDDEN)
    with act():
        row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if row is None:
            raise Refused("This list was taken in, or discarded, already.")
        if row.version != version:
            raise Stale(row)
        answers, key = row.answers, row.data_key
        drafts.finish(row)
        made = steps.create(_list(About(**answers["about"]), key, by), by=by)
        for number, said in enumerate(answers["lines"], 1):
            sealed = listed.seal(key, Listed(**said))
            steps.create(ListedDeath(on_list=made, number=number, sealed=sealed), by=by)
    return made


def lines(on_list: DeathList) -> dict[ListedDeath, Listed]:
    """Every line with what it says. Whoever shows it to a person records the reading first."""
    rows = on_list.lines.select_related("on_list__data_key", "case", "notification__case")
    return {row: listed.unseal(row) for row in rows}


def open_lines(shown: Iterable[DeathList]) -> Counter[int]:
    """How many lines of each list have to be decided, by the key of the list."""
    rows = ListedDeath.objects.filter(on_list__in=list(shown)).to_decide()
    return Counter(rows.order_by().values_list("on_list", flat=True))


def absent(on_list: DeathList, user: User) -> list[Absent]:
    """What was notified, falls on a day that the list covers, and stands on no line of it."""
    said = on_list.not_listed.all()
    of_case = {row.case_id: row for row in said if row.case_id}
    of_notification = {row.notification_id: row for row in said if row.notification_id}
    found = [
        Absent(case, case.clocks.died_on, of_case.get(case.pk)) for case in _expected(on_list, user)
    ]
    found += [
        Absent(row, died_on, of_notification.get(row.pk))
        for row, died_on in _waiting(on_list, user)
    ]
    return sorted(found, key=lambda each: (each.died_on, str(each.what)))


def settle_absent(
    on_list: DeathList, what: Case | Notification, *, by: User, reason: str, note: str = ""
) -> NotListed:
    """Say why a death that was notified is not on the list, or say otherwise than before."""
    code = Absence(reason)
    if code == Absence.OTHER and not note.strip():
        raise Refused("Say what it is.")
    return _say(on_list, what, by, str(code), note.strip())


def undo_absent(on_list: DeathList, what: Case | Notification, *, by: User) -> NotListed:
    """Let a difference stand open again."""
    return _say(on_list, what, by, "", "")


def _say(
    on_list: DeathList, what: Case | Notification, by: User, reason: str, note: str
) -> NotListed:
    if not by.can(TRIAGE):
        raise Refused("Your role does not reconcile lists of deaths.", HTTPStatus.FORBIDDEN)
    field = "case" if isinstance(what, Case) else "notification"
    said: dict[str, Any] = {
        "reason_code": reason,
        "note": note,
        "settled_at": timezone.now(),
        "settled_by": by,
    }
    with act():
        # Two who say so at once meet at the row of the list, not at a constraint.
        row = DeathList.objects.select_for_update(of=("self",)).get(pk=on_list.pk)
        before = NotListed.objects.filter(on_list=row, **{field: what}).first()
        if before:
            return steps.edit(before, by=by, **said)
        return steps.create(NotListed(on_list=row, **{field: what}, **said), by=by)


def _list(about: About, key: Any, by: User) -> DeathList:
    return DeathList(
        kind=about.kind,
        organisation=Organisation.objects.get(pk=about.organisation)
        if about.organisation
        else None,
        area=Area.objects.get(code=about.area) if about.area else None,
        first_day=date.fromisoformat(about.first_day),
        last_day=date.fromisoformat(about.last_day),
        data_key=key,
        uploaded_at=timezone.now(),
        uploaded_by=by,
    )


def _expected(on_list: DeathList, user: User) -> models.QuerySet[Case]:
    """The cases that the list ought to hold and that no line is about.

    A registrar's list: those of children who lived in its area. A hospital's: those of which that
    hospital told us.
    """
    cases = (
        Case.objects.visible_to(user)
        .filter(clocks__died_on__range=(on_list.first_day, on_list.last_day))
        .exclude(state=CaseState.WITHDRAWN)
    )
    if on_list.area_id:
        cases = cases.filter(facts__area=on_list.area_id)
    if on_list.kind == Kind.HOSPITAL and on_list.organisation_id:
        told = Notification.objects.filter(organisation=on_list.organisation_id)
        cases = cases.filter(pk__in=told.filter(case__isnull=False).values("case"))
    matched = _matched(on_list)
    by_case = matched.filter(case__isnull=False).values("case")
    by_notification = matched.filter(notification__case__isnull=False).values("notification__case")
    return cases.exclude(pk__in=by_case).exclude(pk__in=by_notification).select_related("clocks")


def _waiting(on_list: DeathList, user: User) -> list[tuple[Notification, date]]:
    """The waiting notifications of the list's days. Their area is for triage to say: all count.

    What somebody sent is opened to see its day, which is recorded once with their number.
    """
    rows = Notification.objects.visible_to(user).waiting().select_related("data_key")
    if on_list.kind == Kind.HOSPITAL and on_list.organisation_id:
        rows = rows.filter(organisation=on_list.organisation_id)
    matched = _matched(on_list).filter(notification__isnull=False).values("notification")
    opened = list(rows.exclude(pk__in=matched))
    if opened:
        count = {"notifications": len(opened)}
        record("notification.compared", on_list, by=user, purpose=search.PURPOSE, after=count)
    days = ((row, row.answers.get("date_of_death")) for row in opened)
    dated = [(row, date.fromisoformat(day)) for row, day in days if day]
    return [(row, day) for row, day in dated if on_list.first_day <= day <= on_list.last_day]


def _matched(on_list: DeathList) -> models.QuerySet[Any]:
    return on_list.lines.exclude(state=ListedState.TAKEN_BACK)
