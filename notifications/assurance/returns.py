"""Monthly returns: which children died there last month, or none.

``remind`` asks each organisation on the first working day of a month about the month before, by a
link that needs no account, and again after five and ten working days; then it is a task of the
coordinator. What somebody answers is compared with nothing before a person does it.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cdop.core import outbox, sealing, steps
from cdop.core.audit import Job, act
from cdop.core.clocks import add_working_days, due
from cdop.core.dates import london_date, month_of
from cdop.core.identifiers import new_reference
from cdop.core.jinja import month as month_in_words
from cdop.core.messages import WITHHELD
from cdop.core.organisations import Organisation, closed_days
from cdop.core.periods import Period
from cdop.core.refusals import Refused, Stale
from cdop.core.roles import Permission
from notifications.assurance import listed
from notifications.assurance.listed import Listed
from notifications.assurance.models import (
    ANSWERED_BY,
    CONTACT,
    ListedDeath,
    Return,
    ReturningOrganisation,
)
from notifications.assurance.settling import NO_MATCH
from notifications.assurance.states import ListedState, ReturnState

if TYPE_CHECKING:
    from cdop.core.users import User

ASKING = Job("monthly returns")
TRUST = Job("an organisation without account")
TRIAGE = Permission.NOTIFICATIONS_TRIAGE

REMINDED_AFTER = (5, 10)
"""Working days after the return was asked for: a first reminder, a second, then a task."""
LINK_LASTS = timedelta(days=60)
MONTHS_SHOWN = 6


@dataclass(frozen=True)
class Answer:
    """What an organisation says about a month. ``name``, ``role`` and ``phone`` of who says it."""

    deaths: tuple[Listed, ...]
    name: str
    role: str
    phone: str = ""


def add(
    organisation: Organisation,
    *,
    email: str,
    first_month: date,
    last_month: date | None = None,
    adult_wards: str = "",
    by: User,
    now: datetime | None = None,
) -> ReturningOrganisation:
    """Ask an organisation every month from ``first_month`` on, the first day of that month.

    It is asked at once about the months that are past; ``ask_due`` asks about those to come.
    """
    _must_triage(by)
    now, key = now or timezone.now(), sealing.new_key()
    with act():
        asked = steps.create(
            ReturningOrganisation(
                organisation=organisation,
                first_month=first_month,
                last_month=last_month,
                adult_wards=adult_wards,
                data_key=key,
                sealed=sealing.seal_json(key, CONTACT, email),
            ),
            by=by,
        )
        for month in _months(asked, _last_month_due(now)):
            _ask(asked, month, now)
    return asked


def change(
    asked: ReturningOrganisation, *, version: int, email: str, by: User, **changes: Any
) -> ReturningOrganisation:
    """Change to whom it is written, about which wards, or until when.

    With another address every link that was sent is dead, and each return that is not settled is
    asked for again: whoever reads the old address may be a stranger.
    """
    _must_triage(by)
    if email == asked.email:
        return steps.edit(asked, by=by, version=version, **changes)
    changes["sealed"] = sealing.seal_json(asked.data_key, CONTACT, email)
    with act():
        made = steps.edit(asked, by=by, version=version, **changes)
        for each in made.returns.order_by("pk"):
            row = _locked(each)
            if row.state == ReturnState.SETTLED:
                # Nobody is written to; but opened again it must not answer to the old link.
                _renew(row, by)
            else:
                _ask_anew(row, by)
    return made


def ask_due(now: datetime | None = None) -> int:
    """Ask for every return that is due and was not asked for; say how many. Safe to repeat."""
    now = now or timezone.now()
    last = _last_month_due(now)
    asked = defaultdict(set)
    for key, month in Return.objects.values_list("asked_of", "month"):
        asked[key].add(month)
    return sum(
        _ask(each, month, now)
        for each in ReturningOrganisation.objects.filter(first_month__lte=last)
        for month in _months(each, last)
        if month not in asked[each.pk]
    )


def remind_due(now: datetime | None = None) -> int:
    """Remind those who have not answered; say how many were written to. Safe to repeat."""
    now = now or timezone.now()
    outstanding = Return.objects.filter(
        state=ReturnState.ASKED, reminders__lt=len(REMINDED_AFTER), expires_at__gt=now
    )
    closures = closed_days()
    return sum(_remind(row, now, closures) for row in outstanding.order_by("pk"))


def ask_again(asked: Return, *, by: User, version: int) -> Return:
    """Write once more, with a new link; the one before opens nothing any more."""
    _must_triage(by)
    with act():
        row = _locked(asked)
        if row.state == ReturnState.SETTLED:
            raise Refused("This return is settled. Open it again first.")
        return _ask_anew(row, by, version)


def by_token(token: str) -> Return | None:
    """The return that a link opens, whatever its state; None for a link that never was."""
    rows = Return.objects.select_related("asked_of__organisation", "data_key")
    return rows.filter(token=_hash(token)).first() if token else None


def by_reference(reference: str) -> Return | None:
    """The return that is called so. It says who is asked about which month, and no more."""
    rows = Return.objects.select_related("asked_of__organisation")
    return rows.filter(reference=reference).first() if reference else None


def why_closed(asked: Return, now: datetime | None = None) -> str:
    """Why a link opens its return no more; "" means that it does."""
    if asked.state == ReturnState.SETTLED:
        return "This return is complete. If something in it was wrong, please ring us."
    if asked.expires_at <= (now or timezone.now()):
        return "The time of this link is over. Please ring us, and we send another."
    return ""


def answer(
    asked: Return, said: Answer, *, by: User | Job, version: int, now: datetime | None = None
) -> Return:
    """Keep what an organisation says, over what it said before. Raises Refused where it is closed.

    version  of the return that the person saw; Stale is raised where somebody answered since
    A death that is said again as it was keeps what was decided about it.
    """
    now = now or timezone.now()
    if not isinstance(by, Job):
        _must_triage(by)
    with act():
        row = _locked(asked)
        closed = why_closed(row, now) if isinstance(by, Job) else _why_not_key(row)
        if closed:
            raise Refused(closed)
        # Until somebody has answered only reminders make new versions, and nothing is overwritten.
        if row.version != version and row.state != ReturnState.ASKED:
            if _is_what_stands(said, row):
                return row
            raise Stale(row)
        person = {"name": said.name, "role": said.role, "phone": said.phone}
        stamps: dict[str, Any] = {
            "returned_at": now,
            "none_died": not said.deaths,
            "sealed": sealing.seal_json(row.data_key, ANSWERED_BY, person),
        }
        _keep_lines(row, said.deaths, by)
        outbox.stop(row.reference, by=by, reason="The return was answered.")
        if row.state == ReturnState.ASKED:
            return steps.step(row, ReturnState.RETURNED, by=by, **stamps)
        return steps.edit(row, by=by, action="return.corrected", **stamps)


def settle(asked: Return, *, by: User, version: int) -> Return:
    """Say that every death of a return is settled; from then on its link corrects it no more."""
    with act():
        row = _locked(asked)
        if why := why_not_settle(row):
            raise Refused(why)
        stamps: dict[str, Any] = {"settled_at": timezone.now(), "settled_by": by}
        return steps.step(row, ReturnState.SETTLED, by=by, version=version, **stamps)


def open_again(asked: Return, *, by: User, version: int) -> Return:
    """Let a settled return be corrected again."""
    stamps: dict[str, Any] = {"settled_at": None, "settled_by": None}
    return steps.step(asked, ReturnState.RETURNED, by=by, version=version, **stamps)


def why_not_settle(asked: Return) -> str:
    """Why a return cannot be settled yet; "" means it can."""
    if asked.state == ReturnState.ASKED:
        return "This return has not come yet."
    if ListedDeath.objects.filter(on_return=asked).to_decide().exists():
        return "Match or settle each death of this return first."
    return ""


def lines(asked: Return) -> dict[ListedDeath, Listed]:
    """Every death of a return. Whoever shows it to a person records the reading first."""
    rows = asked.lines.select_related("on_return__data_key", "case", "notification__case")
    return {row: listed.unseal(row) for row in rows}


def said(asked: Return) -> Answer | None:
    """What was answered last, for those who correct it; None before anybody answered."""
    if asked.state == ReturnState.ASKED:
        return None
    standing = {
        row: line for row, line in lines(asked).items() if row.state != ListedState.TAKEN_BACK
    }
    return Answer(deaths=tuple(standing.values()), **asked.answered_by)


@dataclass(frozen=True)
class Overview:
    """Months from the latest on, and by organisation the return of each; None where none is.

    older  the returns of earlier months that did not come, or were not settled
    again  the returns of any month that were settled and have a death to be decided again
    """

    months: tuple[date, ...]
    rows: tuple[tuple[ReturningOrganisation, tuple[Return | None, ...]], ...]
    older: tuple[Return, ...]
    again: tuple[Return, ...]


def overview(user: User, now: datetime | None = None) -> Overview:
    """The last six months about which returns can have been asked for, and what is left of others.

    As many statements whatever the number of returns.
    """
    latest = _last_month_due(now or timezone.now())
    months = tuple(_last_months(latest))
    organisations = ReturningOrganisation.objects.visible_to(user).select_related("organisation")
    mine = Return.objects.visible_to(user)
    found = mine.filter(month__in=months)
    older = mine.filter(month__lt=months[-1]).exclude(state=ReturnState.SETTLED)
    by_place = {(row.asked_of_id, row.month): row for row in found}
    return Overview(
        months,
        tuple(
            (each, tuple(by_place.get((each.pk, month)) for month in months))
            for each in organisations
        ),
        tuple(older.select_related("asked_of__organisation").order_by("month", "pk")),
        tuple(settled_too_soon(user).select_related("asked_of__organisation")),
    )


def settled_too_soon(user: User) -> QuerySet[Return]:
    """The settled returns with a death to be decided: what it was matched with fell away since."""
    open_again = ListedDeath.objects.filter(on_return__isnull=False).to_decide()
    settled = Return.objects.visible_to(user).filter(state=ReturnState.SETTLED)
    return settled.filter(pk__in=open_again.values("on_return"))


def _last_months(latest: date) -> Sequence[date]:
    months = [Period(latest, latest)]
    while len(months) < MONTHS_SHOWN:
        months.append(months[-1].previous())
    return [month.first_month for month in months]


def _last_month_due(now: datetime) -> date:
    """The latest month about which to ask: the one before, from this month's first working day."""
    today = london_date(now)
    this = Period(month_of(today), month_of(today))
    before = this.previous()
    begun = today >= add_working_days(this.first_month, 0, closed_days())
    return before.first_month if begun else before.previous().first_month


def _months(asked: ReturningOrganisation, last: date) -> Iterator[date]:
    until = min(last, asked.last_month or last)
    if asked.first_month <= until:
        yield from Period(asked.first_month, until).months()


def _ask(asked: ReturningOrganisation, month: date, now: datetime) -> bool:
    """Ask for one return, unless another run of ``remind`` has done so meanwhile."""
    with act():
        # The row of the organisation is what two runs meet at.
        row = ReturningOrganisation.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if Return.objects.filter(asked_of=row, month=month).exists():
            return False
        link = uuid.uuid4()
        made = steps.create(
            Return(
                reference=new_reference("M"),
                asked_of=row,
                month=month,
                asked_at=now,
                expires_at=now + LINK_LASTS,
                link=link,
                token=_hash(_token(link)),
                data_key=sealing.new_key(),
            ),
            by=ASKING,
            action="return.asked",
        )
        _write(made, "return_asked", f"asked:{link}", ASKING)
    return True


def _ask_anew(row: Return, by: User, version: int | None = None) -> Return:
    """Write as if for the first time, with a new link; what waits with the old one is stopped."""
    now = timezone.now()
    anew = {"expires_at": now + LINK_LASTS, "asked_at": now, "reminders": 0}
    made = _renew(row, by, version, **anew)
    _write(made, "return_asked", f"asked:{made.link}", by)
    return made


def _renew(row: Return, by: User, version: int | None = None, **changes: Any) -> Return:
    """Draw a new link: the one before opens nothing, and what still carries it does not go."""
    link = uuid.uuid4()
    changes |= {"link": link, "token": _hash(_token(link))}
    action = "return.asked_again" if "asked_at" in changes else "return.link_ended"
    made = steps.edit(row, by=by, version=version, action=action, **changes)
    outbox.stop(row.reference, by=by, reason="Its link opens nothing any more.")
    return made


def _remind(row: Return, now: datetime, closures: frozenset[date]) -> bool:
    passed = sum(due(row.asked_at, days, "working_days", closures) < now for days in REMINDED_AFTER)
    if passed <= row.reminders:
        return False
    with act():
        row = _locked(row)
        if row.state != ReturnState.ASKED or passed <= row.reminders:
            return False
        made = steps.edit(row, by=ASKING, action="return.reminded", reminders=passed)
        _write(made, "return_reminder", f"reminder:{passed}:{row.link}", ASKING)
    return True


def _write(asked: Return, template: str, what: str, by: User | Job) -> None:
    outbox.queue(
        template,
        {f"{asked.reference}:{what}": asked.asked_of.email},
        about=asked.reference,
        by=by,
        context={
            "organisation": str(asked.asked_of),
            "month": month_in_words(asked.month),
            "link": WITHHELD,
        },
        secret=outbox.link(reverse("report:return_link", args=[_token(asked.link)])),
    )


def _keep_lines(row: Return, deaths: Iterable[Listed], by: User | Job) -> None:
    """Make the lines say what is said now: what is gone is taken back, what is new stands open."""
    standing = {
        line: said for line, said in lines(row).items() if line.state != ListedState.TAKEN_BACK
    }
    wanted = list(deaths)
    for line, before in standing.items():
        if before in wanted:
            wanted.remove(before)
        else:
            # By the job: it is the organisation that takes it back, whoever keys it in.
            steps.step(line, ListedState.TAKEN_BACK, by=TRUST, **NO_MATCH)
    first = row.lines.count() + 1
    for number, new in enumerate(wanted, first):
        sealed = listed.seal(row.data_key, new)
        steps.create(ListedDeath(on_return=row, number=number, sealed=sealed), by=by)


def _is_what_stands(new: Answer, row: Return) -> bool:
    """Whether it was answered so already, word for word: by a second press of the button."""
    before = said(row)
    return (
        before is not None
        and replace(before, deaths=()) == replace(new, deaths=())
        and Counter(before.deaths) == Counter(new.deaths)
    )


def _why_not_key(row: Return) -> str:
    if row.state == ReturnState.SETTLED:
        return "This return is settled. Open it again first."
    return ""


def _locked(asked: Return) -> Return:
    rows = Return.objects.select_for_update(of=("self",))
    return rows.select_related("asked_of__organisation", "data_key").get(pk=asked.pk)


def _must_triage(by: User) -> None:
    if not by.can(TRIAGE):
        raise Refused("Your role does not keep monthly returns.", HTTPStatus.FORBIDDEN)


def _token(link: uuid.UUID) -> str:
    """What stands in the link. A copy of the database cannot work it out: it takes the secret."""
    return sealing.token("return link", str(link))


def _hash(token: str) -> str:
    return sealing.token("return", token)
