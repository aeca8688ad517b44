"""Requests to agencies, the links by which they are answered, the answers, and what was settled."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.agency_reports.states import CAME, OPEN, STEPS, Came, RequestState, Role
from cdop.cases.models import Case, Contact
from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Organisation
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey

if TYPE_CHECKING:
    from cdop.core.users import User

PEOPLE, ANSWERS, SETTLED = "report people", "report answers", "report settled"
"""What the sealed bytes are."""


class PointOfContact(Record):
    """Whom to ask at an organisation, and to whom a report that stays away is raised."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "organisation": Note("Of which organisation", "", Sensitivity.NONE, Seen.TEAM),
        "data_key": Note("The key of the addresses", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note(
            "Name and address of the contact and of the board member",
            "",
            Sensitivity.IDENTITY,
            Seen.TEAM,
        ),
    }

    class Meta:
        verbose_name_plural = "points of contact"

    def __str__(self) -> str:
        return f"point of contact of organisation {self.organisation_id}"

    @property
    def people(self) -> dict[str, str]:
        """``name email board_name board_email``, "" where not known."""
        return sealing.unseal_json(self.data_key, PEOPLE, self.sealed)


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, user: User) -> RequestQuerySet:
        return self if user.can(Permission.CASES_MANAGE) else self.none()

    def open(self) -> RequestQuerySet:
        """With an agency."""
        return self.filter(state__in=OPEN)

    def overdue(self, now: datetime) -> RequestQuerySet:
        return self.open().filter(due_at__lt=now)


class Request(Record):
    """One request to one agency about one death: which forms, by when, and where it stands.

    Names and addresses at the agency are sealed under the key of the case, so they go with it.
    """

    STEPS = STEPS

    reference = models.CharField(max_length=20, unique=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    agency = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20)
    forms = models.JSONField(default=list)
    sealed = models.BinaryField()
    approves = models.BooleanField(default=False)
    state = models.CharField(max_length=20, default=RequestState.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    extended_why = models.CharField(max_length=500, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    draft = models.UUIDField(null=True)
    returned_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=500, blank=True)
    questions = models.PositiveIntegerField(default=0)
    considered = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)

    objects = RequestQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("What everybody calls the request", "", Sensitivity.NONE, Seen.TEAM),
        "case": Note("About which case", "", Sensitivity.NONE, Seen.TEAM),
        "contact": Note("Whom the notification named", "A20", Sensitivity.NONE, Seen.NOBODY),
        "agency": Note("Kind of agency", "A20", Sensitivity.PERSONAL, Seen.TEAM),
        "organisation": Note("Which organisation", "B, section A", Sensitivity.NONE, Seen.TEAM),
        "edition": Note("The guidance of its forms", "", Sensitivity.NONE, Seen.TEAM),
        "forms": Note("Which forms it is asked to answer", "B", Sensitivity.PERSONAL, Seen.TEAM),
        "sealed": Note(
            "Contact, respondent and board member, with their addresses",
            "B, section A",
            Sensitivity.IDENTITY,
            Seen.TEAM,
        ),
        "approves": Note(
            "Whether the contact reads the report before it is returned",
            "",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
        "state": Note("Where it stands", "A1", Sensitivity.NONE, Seen.TEAM),
        "asked_at": Note("When the agency was asked", "A1", Sensitivity.NONE, Seen.TEAM),
        "asked_by": Note("Who asked", "A1", Sensitivity.STAFF, Seen.TEAM),
        "due_at": Note("By when it is due", "", Sensitivity.NONE, Seen.TEAM),
        "extended_why": Note("Why it has more time", "", Sensitivity.PERSONAL, Seen.TEAM),
        "reminders": Note(
            "How many steps of chasing were taken since it was asked or extended",
            "",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
        "reminded_at": Note("When the last of them was taken", "", Sensitivity.NONE, Seen.TEAM),
        "draft": Note("The unfinished answers, if any", "", Sensitivity.NONE, Seen.NOBODY),
        "returned_at": Note("When it came back", "A1", Sensitivity.NONE, Seen.TEAM),
        "accepted_at": Note(
            "When a report in part was taken as it is", "", Sensitivity.NONE, Seen.TEAM
        ),
        "ended_why": Note(
            "Why it was set aside, or came with nothing", "", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "questions": Note("How many questions were asked", "B", Sensitivity.NONE, Seen.TEAM),
        "considered": Note(
            "How many were answered, with what is not known or not applicable",
            "B",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
        "known": Note("How many were answered with something", "B", Sensitivity.NONE, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["case_id", "agency", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=("asked", "assigned", "to_approve")),
                name="report_request_open_by_due",
            ),
            models.Index(fields=["organisation", "state"], name="report_request_by_agency"),
            models.Index(fields=["case", "state"], name="report_request_by_case"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact"], name="report_request_once_per_contact"),
            models.CheckConstraint(
                name="report_request_returned_when",
                condition=Q(state__in=("returned", "partial", "nil"), returned_at__isnull=False)
                | (~Q(state__in=("returned", "partial", "nil")) & Q(returned_at=None)),
            ),
            models.CheckConstraint(
                name="report_request_set_aside_why",
                condition=~Q(state__in=("not_applicable", "closed")) | ~Q(ended_why=""),
            ),
            models.CheckConstraint(
                name="report_request_accepted_in_part_alone",
                condition=Q(accepted_at=None) | Q(state="partial"),
            ),
            models.CheckConstraint(
                name="report_request_counts_nest",
                condition=Q(known__lte=models.F("considered"))
                & Q(considered__lte=models.F("questions")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_label(self) -> str:
        if self.state == RequestState.PARTIAL and self.accepted_at:
            return "returned in part, accepted"
        return RequestState(self.state).label

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def came_back(self) -> bool:
        return self.state in CAME

    @property
    def people(self) -> dict[str, str]:
        """``name email respondent_name respondent_email board_name board_email remark``."""
        return sealing.unseal_json(self.case.data_key, PEOPLE, self.sealed)


class Invitation(Record):
    """A link of one person at an agency to one request: for one address, until a moment.

    The token in the link is worked out from ``link`` with a secret, so that a reminder can carry
    it although only its hash is stored. So is the code; each number gives another.
    """

    request = models.ForeignKey(Request, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)
    sealed = models.BinaryField()
    link = models.UUIDField(default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    codes = models.PositiveIntegerField(default=0)
    code_until = models.DateTimeField(null=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "request": Note("To which request it leads", "", Sensitivity.NONE, Seen.TEAM),
        "role": Note("What its holder does", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("Whose it is", "", Sensitivity.IDENTITY, Seen.TEAM),
        "link": Note("From which the token is worked out", "", Sensitivity.SECRET, Seen.NOBODY),
        "token": Note("Keyed hash of the token", "", Sensitivity.SECRET, Seen.NOBODY),
        "made_at": Note("When it was made", "", Sensitivity.NONE, Seen.TEAM),
        "expires_at": Note("Until when it opens anything", "", Sensitivity.NONE, Seen.TEAM),
        "ended_at": Note("When it was ended before that", "", Sensitivity.NONE, Seen.TEAM),
        "codes": Note("How many codes were asked for", "", Sensitivity.NONE, Seen.NOBODY),
        "code_until": Note(
            "Until when the last code opens; empty once it was used",
            "",
            Sensitivity.NONE,
            Seen.NOBODY,
        ),
    }

    class Meta:
        ordering: ClassVar = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.role} of {self.request_id}"

    @property
    def audit_case(self) -> int | None:
        return self.request.case_id

    @property
    def person(self) -> dict[str, str]:
        """``name email``."""
        return sealing.unseal_json(self.request.case.data_key, PEOPLE, self.sealed)

    def opens(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


class Reply(Record):
    """What one agency answered, sealed under a key of its own; never changed once it is sent.

    A report that was asked for once more has another; the newest stands.
    """

    request = models.ForeignKey(Request, models.PROTECT, related_name="replies")
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    came_by = models.CharField(max_length=20, choices=Came.choices)
    sent_at = models.DateTimeField()
    draft = models.UUIDField(null=True, unique=True)

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "request": Note("To which request", "", Sensitivity.NONE, Seen.TEAM),
        "data_key": Note(
            "The key of the answers and of the files", "", Sensitivity.NONE, Seen.NOBODY
        ),
        "sealed": Note("The answers, sealed", "B", Sensitivity.IDENTITY, Seen.TEAM),
        "came_by": Note("How it came", "", Sensitivity.NONE, Seen.TEAM),
        "sent_at": Note("When it came", "A1", Sensitivity.NONE, Seen.TEAM),
        "draft": Note("The draft from which it was sent", "", Sensitivity.NONE, Seen.NOBODY),
    }

    class Meta:
        ordering: ClassVar = ["sent_at", "pk"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"reply to request {self.request_id}"

    @property
    def audit_case(self) -> int | None:
        return self.request.case_id

    @property
    def content(self) -> dict[str, Any]:
        """``answers``, and ``typed``: the boxes as they were, from which it can be gone on."""
        return sealing.unseal_json(self.data_key, ANSWERS, self.sealed)


class Settled(Record):
    """What holds where agencies disagree about one question of a case, and why.

    over  a keyed trace of the answers that were settled: where another comes, it is open again
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    question = models.CharField(max_length=40)
    sealed = models.BinaryField()
    over = models.CharField(max_length=64)
    settled_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Of which case", "", Sensitivity.NONE, Seen.NOBODY),
        "question": Note("Which question", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("What holds, and why", "B", Sensitivity.IDENTITY, Seen.TEAM),
        "over": Note("Keyed trace of the answers it settles", "", Sensitivity.SECRET, Seen.NOBODY),
        "settled_at": Note("When it was settled", "", Sensitivity.NONE, Seen.TEAM),
        "settled_by": Note("Who settled it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        verbose_name_plural = "settled"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "question"], name="report_settled_once")
        ]

    def __str__(self) -> str:
        return f"{self.question} of case {self.case_id}"

    @property
    def said(self) -> dict[str, str]:
        """``answer why``."""
        return sealing.unseal_json(self.case.data_key, SETTLED, self.sealed)
