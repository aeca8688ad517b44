"""Notifications that somebody of the team keys in from a call, a letter, a message or a visit.

They are typed on the pages of the public form and kept in the same way; before those pages stands
one more, which says how the notification came. What came on paper is attached: it is sealed under
the key of the draft, which the notification takes over with all that it opens.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from cdop.core import documents, drafts, sealing
from cdop.core.audit import act, record
from cdop.core.casework import Task
from cdop.core.dates import at_london, in_london
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.jinja import moment
from cdop.core.organisations import Organisation
from cdop.core.roles import Permission
from cdop.core.uploads import Accepted
from notifications import intake, rules, siblings
from notifications.intake import Route
from notifications.keyed_forms import NOT_LISTED, ON_PAPER, ArrivalForm, CameBy
from notifications.models import Notification
from notifications.unfinished import DATE_OF_DEATH, Page, Report, Typed, Unfinished

if TYPE_CHECKING:
    from cdop.core.users import User

KIND = "keyed"
ARRIVAL = "arrival"
NOTIFIER = "notifier"
CAME_BY = "notifier_came_by"
"""Under this code the answers say how it came. Like all that begins so it is about the notifier,
and stays with the notification."""
COPYING = "copied for a brother or sister"


class Keyed:
    """A notification that is being keyed in, as it stands at ``now``.

    report   the pages of the public form
    arrival  how it came, when, who told us
    """

    def __init__(self, typed: Mapping[str, Typed], now: datetime) -> None:
        self.report = Report(typed, now)
        boxes = MultiValueDict(typed.get(ARRIVAL, {}))
        died, confirmed = _died(self.report.answers), rules.confirmed_at(self.report.answers)
        self.arrival = ArrivalForm(boxes, now=now, died=died, confirmed=confirmed)

    @property
    def missing(self) -> list[Page]:
        """The pages of the form that have to be put in order before it can be kept."""
        return self.report.missing

    @property
    def can_be_kept(self) -> bool:
        return self.arrival.is_valid() and not self.missing

    @property
    def came_by(self) -> str:
        """How it came, in words; "" where that was not said yet."""
        return _label(self.arrival.data.get("came_by", ""))

    @property
    def teller(self) -> str:
        """The name of whoever told us."""
        return self.arrival.data.get("teller", "")

    @property
    def on_paper(self) -> bool:
        """Whether there is something to keep a copy of."""
        return self.arrival.data.get("came_by", "") in ON_PAPER


def _died(answers: Mapping[str, Any]) -> datetime | None:
    """The earliest moment at which the child can have died."""
    if not answers.get(DATE_OF_DEATH):
        return None
    died_on, died_at, _ = rules.times_of(answers)
    return died_at or at_london(died_on, time(0))


def read(draft: Draft, now: datetime) -> Keyed:
    """What was keyed in so far."""
    return Keyed(Unfinished.of(draft).typed, now)


def begin(holder: User, subject: uuid.UUID, typed: Typed) -> Draft:
    """A new draft with the first page; the same for the same ``subject``, however often it comes.

    What the page says about who told us stands on the form's own page about them, to be completed.
    """
    if there := drafts.of(holder, KIND, str(subject)):
        return there
    here = Unfinished().with_page(ARRIVAL, typed)
    if told := _about_the_teller(typed):
        here = here.with_page(NOTIFIER, told)
    return drafts.keep(holder, KIND, str(subject), here.payload(), sealing.new_key())


def begin_another(
    holder: User, subject: uuid.UUID, notification: Notification, *, twin: bool
) -> Draft:
    """A draft about a brother or sister of whom the same person told us, with what both share.

    What came with the first is copied: each notification keeps its own. The reading is recorded,
    of what was answered and of each file.
    """
    with act():
        if there := drafts.of(holder, KIND, str(subject)):
            return there
        record("notification.read", notification, by=holder, purpose=COPYING)
        here = siblings.begun_from(notification, twin=twin, by=holder)
        here = here.with_page(ARRIVAL, _arrival_of(notification))
        draft = drafts.keep(holder, KIND, str(subject), here.payload(), sealing.new_key())
        for file in documents.of(notification.data_key):
            content = documents.read(file, by=holder, purpose=COPYING)
            copied = Accepted(file.name, file.media_type, content)
            documents.keep(copied, key=draft.data_key, by=holder, source=file.source)
        return draft


def _arrival_of(notification: Notification) -> Typed:
    """The boxes of the first page as they stood when the notification was kept."""
    answers, arrived = notification.answers, in_london(notification.received_at)
    return {
        "came_by": [answers.get(CAME_BY, "")],
        "arrived_on-day": [str(arrived.day)],
        "arrived_on-month": [str(arrived.month)],
        "arrived_on-year": [str(arrived.year)],
        "arrived_time": [f"{arrived:%H:%M}"],
        "teller": [answers.get("notifier_name", "")],
        "organisation": [str(notification.organisation_id or NOT_LISTED)],
    }


def _about_the_teller(typed: Typed) -> Typed:
    """The boxes of the form that the first page has answered already."""
    chosen = typed.get("organisation", [""])[0]
    named = Organisation.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    boxes = {
        "notifier_name": typed.get("teller", []),
        "notifier_organisation": [named.name] if named else [],
    }
    return {name: values for name, values in boxes.items() if values}


def draft_of(holder: User, key: uuid.UUID) -> Draft | None:
    """A draft that this person holds."""
    return drafts.held(holder, KIND).filter(pk=key).first()


def attach(draft: Draft, accepted: Accepted, *, by: User) -> Document | None:
    """Keep a file with a draft; None where the draft was sent or removed meanwhile."""
    with act():
        row = _touched(draft)
        if row is None:
            return None
        source = Keyed(Unfinished.of(row).typed, row.saved_at).came_by
        return documents.keep(accepted, key=row.data_key, by=by, source=source)


def take_out(draft: Draft, document: Document, *, by: User) -> None:
    """Take a file out of a draft again, unless the draft was sent meanwhile."""
    with act():
        if _touched(draft):
            documents.remove(document, by=by)


def _touched(draft: Draft) -> Draft | None:
    """The draft, locked and saved once more: a page that showed it without the file is stale."""
    row = intake.lock(draft)
    return drafts.save(row, row.answers) if row else None


def keep(draft: Draft, *, version: int, now: datetime, by: User) -> Notification | None:
    """Let what was keyed in wait for triage; None where something is missing.

    Kept twice, it is the same notification. Raises Stale where the draft was saved since
    ``version``.
    """
    with act():
        row = intake.lock(draft, version=version)
        if row is None:
            return intake.sent_from(draft)
        keyed = read(row, now)
        if not keyed.can_be_kept:
            return None
        said, together = keyed.arrival.cleaned_data, Unfinished.of(row).together
        return intake.receive(
            keyed.report.answers | {CAME_BY: said["came_by"]},
            edition=keyed.report.edition,
            route=Route.KEYED,
            organisation=keyed.arrival.told_by,
            together=uuid.UUID(together) if together else None,
            draft=row,
            by=by,
            at=said["arrived_at"],
        )


# What triage shows


@dataclass(frozen=True)
class Source:
    """Where a notification came from, beside what it says.

    came_by   how it came, in words; "" unless it was keyed in
    keyed_by  who keyed it in
    files     what came with it
    """

    came_by: str
    keyed_by: str
    files: list[Document]


def source_of(notification: Notification, answers: Mapping[str, Any]) -> Source:
    """The source of a notification whose opening was recorded: names of files are shown with it."""
    keyed = notification.route == Route.KEYED
    return Source(
        came_by=_label(answers.get(CAME_BY, "")),
        keyed_by=str(_first_writer(notification)) if keyed else "",
        files=list(documents.of(notification.data_key)),
    )


def _first_writer(notification: Notification) -> User:
    return notification.history.select_related("history_user").earliest().history_user


def _label(code: str) -> str:
    return CameBy(code).label if code in CameBy.values else ""


def tasks_for(user: User) -> list[Task]:
    """One line for each notification that this person began to key in."""
    if not user.can(Permission.NOTIFICATIONS_TRIAGE):
        return []
    return [
        Task(
            text=f"Notification that you began to key in, last saved on {moment(draft.saved_at)}",
            href=reverse("notifications:keyed_tasks", args=[draft.pk]),
            stage="Notifications",
        )
        for draft in drafts.held(user, KIND)
    ]
