"""Links to a request, each for one person, and the codes that show that it is that person.

What opens a request stands in the letter alone. Opening the link changes nothing; a button sends a
code to the address to which the link went, and nowhere else; the code opens the request for a
while. Another person gets another link, and the one before opens nothing any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from cdop import editions
from cdop.agency_reports.models import PEOPLE, Invitation, Request
from cdop.agency_reports.states import RequestState, Role
from cdop.core import outbox, sealing, steps
from cdop.core.audit import Job, act
from cdop.core.jinja import day, moment
from cdop.core.messages import WITHHELD

if TYPE_CHECKING:
    from cdop.core.users import User

AGENCY = Job("an agency without account")
LINK_LASTS = timedelta(days=60)
CODE_LASTS = timedelta(minutes=30)
CODE_DIGITS = 6
LETTERS = {Role.CONTACT: "report_asked", Role.RESPONDENT: "report_assigned"}
CODE, REMINDER, MORE_FORMS = "report_code", "report_reminder", "report_more_forms"
ENDED = "Its link opens nothing any more."


def invite(
    request: Request,
    role: Role,
    *,
    name: str,
    email: str,
    by: User | Job,
    now: datetime | None = None,
    tell: bool = True,
) -> Invitation:
    """Give one person a link of their own; whoever had one in this role has none.

    tell  whether a letter goes with it at once
    """
    now, link = now or timezone.now(), uuid.uuid4()
    person = {"name": name, "email": email}
    with act():
        end(request, by=by, role=role)
        made = steps.create(
            Invitation(
                request=request,
                role=role,
                sealed=sealing.seal_json(request.case.data_key, PEOPLE, person),
                link=link,
                token=_hash(token_of(link)),
                made_at=now,
                expires_at=now + LINK_LASTS,
            ),
            by=by,
        )
        if tell:
            write(made, LETTERS[role], f"invited:{link}", by=by)
    return made


def renew(invitation: Invitation, *, by: User | Job = AGENCY, tell: bool = True) -> Invitation:
    """Another link to the address to which this one went, whose time is over."""
    person, role = invitation.person, Role(invitation.role)
    name, email = person["name"], person["email"]
    return invite(invitation.request, role, name=name, email=email, by=by, tell=tell)


def end(request: Request, *, by: User | Job, role: Role | None = None) -> None:
    """End the links to a request, of one role or all; what still carries them does not go."""
    live = Invitation.objects.filter(request=request, ended_at=None)
    for each in live.filter(role=role) if role else live:
        steps.edit(each, by=by, action="invitation.ended", ended_at=timezone.now())
        for template in (LETTERS[Role(each.role)], CODE, REMINDER, MORE_FORMS):
            outbox.stop(request.reference, by=by, reason=ENDED, template=template)


def live(request: Request) -> list[Invitation]:
    """The links that open the request, the contact's first."""
    rows = Invitation.objects.filter(request=request, ended_at=None)
    return list(rows.select_related("request__case__data_key").order_by("role", "pk"))


def holder(request: Request) -> Invitation | None:
    """Who has to act now: the respondent where there is one, else the contact."""
    by_role = {each.role: each for each in live(request)}
    wanted = (
        (Role.RESPONDENT, Role.CONTACT)
        if request.state == RequestState.ASSIGNED
        else (Role.CONTACT,)
    )
    return next((by_role[role] for role in wanted if role in by_role), None)


def by_token(token: str) -> Invitation | None:
    """The link that carries the token, whatever became of it; None for one that never was."""
    rows = Invitation.objects.select_related(
        "request__case__data_key", "request__case__facts", "request__organisation"
    )
    return rows.filter(token=_hash(token)).first() if token else None


def send_code(invitation: Invitation, now: datetime | None = None) -> None:
    """Send a new code to the address of the link; the one before opens nothing any more."""
    now = now or timezone.now()
    with act():
        row = _locked(invitation)
        outbox.stop(row.request.reference, by=AGENCY, reason=ENDED, template=CODE)
        changes: dict[str, Any] = {"codes": row.codes + 1, "code_until": now + CODE_LASTS}
        row = steps.edit(row, by=AGENCY, action="invitation.code_sent", **changes)
        outbox.queue(
            CODE,
            {f"{row.request.reference}:code:{row.pk}:{row.codes}": invitation.person["email"]},
            about=row.request.reference,
            by=AGENCY,
            context={"code": WITHHELD, "minutes": str(CODE_LASTS // timedelta(minutes=1))},
            secret=code_of(row),
        )


def use_code(invitation: Invitation, typed: str, now: datetime | None = None) -> bool:
    """Whether the code is the one that was sent last; it opens once."""
    now = now or timezone.now()
    with act():
        row = _locked(invitation)
        in_time = row.code_until is not None and now < row.code_until and row.opens(now)
        if not in_time or not constant_time_compare(code_of(row), typed):
            return False
        steps.edit(row, by=AGENCY, action="invitation.code_used", code_until=None)
    return True


def code_of(invitation: Invitation) -> str:
    """The code of this number. It is stored nowhere: it takes the secret to work it out."""
    traced = sealing.token("report code", f"{invitation.link}:{invitation.codes}")
    return f"{int(traced, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def write(
    invitation: Invitation,
    template: str,
    what: str,
    *,
    by: User | Job,
    more: Mapping[str, str] | None = None,
) -> None:
    """Queue a letter with the person's own link: reference, day and link, and nothing else."""
    request = invitation.request
    edition = editions.get(request.edition)
    outbox.queue(
        template,
        {f"{request.reference}:{what}": invitation.person["email"]},
        about=request.reference,
        by=by,
        context={
            "reference": request.reference,
            "due": day(request.due_at),
            "power": edition.reports.power.text,
            "panel": edition.words["panel"],
            "until": moment(invitation.expires_at),
            "link": WITHHELD,
        }
        | dict(more or {}),
        secret=link_of(invitation),
    )


def link_of(invitation: Invitation) -> str:
    """The whole address, for the letter alone."""
    return outbox.link(reverse("agency:link", args=[token_of(invitation.link)]))


def to_show(invitation: Invitation) -> dict[str, str]:
    """Link and code, where nothing is sent because everything is invented; else nothing."""
    if not settings.DEMONSTRATION:
        return {}
    return {"link": reverse("agency:link", args=[token_of(invitation.link)])} | (
        {"code": code_of(invitation)} if invitation.code_until else {}
    )


def token_of(link: uuid.UUID) -> str:
    """What stands in the link. A copy of the database cannot work it out: it takes the secret."""
    return sealing.token("report invitation link", str(link))


def _hash(token: str) -> str:
    return sealing.token("report invitation", token)


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",))
    return rows.select_related("request__case__data_key").get(pk=invitation.pk)
