"""What is kept to be sure that no death was missed: returns from trusts, and lists of deaths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from cdop.cases.models import Case
from cdop.cases.states import CaseState
from cdop.core import sealing
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.organisations import Area, Organisation
from cdop.core.records import Record
from cdop.core.roles import Permission
from cdop.core.sealing import DataKey
from notifications.assurance.states import LISTED_STEPS, RETURN_STEPS, ListedState, ReturnState
from notifications.states import NotificationState

if TYPE_CHECKING:
    from cdop.core.users import User

CONTACT = "return contact"
ANSWERED_BY = "return answered by"
NOTIFICATION = "notifications.Notification"
HELD = (ListedState.MATCHED, ListedState.NOTIFIED)
"""The states of a line that says what is about its child."""


class AssuranceQuerySet(models.QuerySet[Any]):
    """Rows that name organisations or hold what says who children were: for the team alone."""

    def visible_to(self, user: User) -> Self:
        return self if user.can(Permission.NOTIFICATIONS_TRIAGE) else self.none()


class ListedQuerySet(AssuranceQuerySet):
    """Lines of lists and returns, some of which a case or a notification holds."""

    def adrift(self) -> Self:
        """Decided once, by what is about no death any more; the same as the property ``adrift``."""
        case = Q(case__isnull=False) & ~Q(case__state=CaseState.WITHDRAWN)
        notification = (
            Q(notification__isnull=False)
            & ~Q(notification__state=NotificationState.DECLINED)
            & (Q(notification__case=None) | ~Q(notification__case__state=CaseState.WITHDRAWN))
        )
        return self.filter(state__in=HELD).exclude(case | notification)

    def to_decide(self) -> Self:
        """What nobody has decided, or has to decide again."""
        return self.filter(Q(state=ListedState.OPEN) | Q(pk__in=self.adrift().values("pk")))


class ReturningOrganisation(Record):
    """An organisation that is asked every month which children died there."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    first_month = models.DateField()
    last_month = models.DateField(null=True)
    adult_wards = models.TextField(blank=True)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    objects = AssuranceQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "organisation": Note("Who is asked", "", Sensitivity.NONE, Seen.TEAM),
        "first_month": Note("The first month asked about", "", Sensitivity.NONE, Seen.TEAM),
        "last_month": Note("The last month asked about", "", Sensitivity.NONE, Seen.TEAM),
        "adult_wards": Note(
            "Names of wards for adults, a line each", "", Sensitivity.NONE, Seen.TEAM
        ),
        "data_key": Note("The key of the address", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note(
            "The e-mail address that is written to", "", Sensitivity.IDENTITY, Seen.TEAM
        ),
    }

    class Meta:
        ordering: ClassVar = ["organisation__name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="returning_organisation_months_are_first_days",
                condition=Q(first_month__day=1) & (Q(last_month=None) | Q(last_month__day=1)),
            )
        ]

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def email(self) -> str:
        return str(sealing.unseal_json(self.data_key, CONTACT, self.sealed))

    @property
    def ward_names(self) -> list[str]:
        return [name.strip() for name in self.adult_wards.splitlines() if name.strip()]


class Return(Record):
    """What one organisation says about one month: these deaths, or none."""

    STEPS = RETURN_STEPS

    reference = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20, default=ReturnState.ASKED)
    asked_of = models.ForeignKey(ReturningOrganisation, models.PROTECT, related_name="returns")
    month = models.DateField()
    asked_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    link = models.UUIDField()
    token = models.CharField(max_length=64, unique=True)
    returned_at = models.DateTimeField(null=True)
    none_died = models.BooleanField(null=True)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AssuranceQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "reference": Note("What the return is called", "", Sensitivity.NONE, Seen.TEAM),
        "state": Note("Where it stands", "", Sensitivity.NONE, Seen.TEAM),
        "asked_of": Note("Which organisation is asked", "", Sensitivity.NONE, Seen.TEAM),
        "month": Note("About which month", "", Sensitivity.NONE, Seen.TEAM),
        "asked_at": Note("When it was asked for", "", Sensitivity.NONE, Seen.TEAM),
        "reminders": Note("How often it was asked for again", "", Sensitivity.NONE, Seen.TEAM),
        "expires_at": Note("Until when the link opens it", "", Sensitivity.NONE, Seen.TEAM),
        "link": Note(
            "What the link's token is worked out from, with a secret",
            "",
            Sensitivity.NONE,
            Seen.NOBODY,
        ),
        "token": Note("Hash of the link's token", "", Sensitivity.SECRET, Seen.NOBODY),
        "returned_at": Note("When it was answered", "", Sensitivity.NONE, Seen.TEAM),
        "none_died": Note("Whether no child died there", "", Sensitivity.PERSONAL, Seen.TEAM),
        "data_key": Note("The key of what was answered", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("Who answered", "", Sensitivity.IDENTITY, Seen.TEAM),
        "settled_at": Note("When it was settled", "", Sensitivity.NONE, Seen.TEAM),
        "settled_by": Note("Who settled it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        verbose_name = "monthly return"
        ordering: ClassVar = ["-month", "asked_of__organisation__name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["asked_of", "month"], name="return_once_a_month"),
            models.CheckConstraint(name="return_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="return_answered_when_returned",
                condition=Q(state="asked", returned_at=None, none_died=None)
                | (~Q(state="asked") & Q(returned_at__isnull=False, none_died__isnull=False)),
            ),
            models.CheckConstraint(
                name="return_settled_both_or_neither",
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_label(self) -> str:
        return str(ReturnState(self.state).label)

    @property
    def answered_by(self) -> dict[str, str]:
        """Who answered: ``name role phone``; empty before anybody did."""
        if self.sealed is None:
            return {}
        return dict(sealing.unseal_json(self.data_key, ANSWERED_BY, self.sealed))


class DeathList(Record):
    """A list of deaths that a registrar or a hospital sent, laid beside what was notified."""

    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    data_key = models.OneToOneField(DataKey, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AssuranceQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "kind": Note("Whether a registrar's or a hospital's", "", Sensitivity.NONE, Seen.TEAM),
        "organisation": Note("Whose list it is", "", Sensitivity.NONE, Seen.TEAM),
        "area": Note("The area it covers, if one", "", Sensitivity.NONE, Seen.TEAM),
        "first_day": Note("The first day it covers", "", Sensitivity.NONE, Seen.TEAM),
        "last_day": Note("The last day it covers", "", Sensitivity.NONE, Seen.TEAM),
        "data_key": Note("The key of its lines", "", Sensitivity.NONE, Seen.NOBODY),
        "uploaded_at": Note("When it was taken in", "", Sensitivity.NONE, Seen.TEAM),
        "uploaded_by": Note("Who took it in", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        verbose_name = "list of deaths"
        verbose_name_plural = "lists of deaths"
        ordering: ClassVar = ["-uploaded_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="death_list_ends_after_it_begins",
                condition=Q(last_day__gte=models.F("first_day")),
            )
        ]

    def __str__(self) -> str:
        return f"list {self.pk}"


class ListedDeath(Record):
    """One death on a list or in a return, and what became of it."""

    STEPS = LISTED_STEPS

    on_list = models.ForeignKey(DeathList, models.PROTECT, null=True, related_name="lines")
    on_return = models.ForeignKey(Return, models.PROTECT, null=True, related_name="lines")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, default=ListedState.OPEN)
    sealed = models.BinaryField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    notification = models.ForeignKey(NOTIFICATION, models.PROTECT, null=True, related_name="+")
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ListedQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "on_list": Note("On which list", "", Sensitivity.NONE, Seen.TEAM),
        "on_return": Note("In which monthly return", "", Sensitivity.NONE, Seen.TEAM),
        "number": Note("Its line there", "", Sensitivity.NONE, Seen.TEAM),
        "state": Note("What became of it", "", Sensitivity.NONE, Seen.TEAM),
        "sealed": Note("All that its line says", "", Sensitivity.IDENTITY, Seen.TEAM),
        "case": Note("The case that is about it", "", Sensitivity.NONE, Seen.TEAM),
        "notification": Note(
            "The notification that is about it, or was made from it",
            "",
            Sensitivity.NONE,
            Seen.TEAM,
        ),
        "reason_code": Note(
            "Why it has none, if that is in order", "", Sensitivity.PERSONAL, Seen.TEAM
        ),
        "note": Note("What was noted with the reason", "", Sensitivity.PERSONAL, Seen.TEAM),
        "settled_at": Note("When that was decided", "", Sensitivity.NONE, Seen.TEAM),
        "settled_by": Note("Who decided it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["number", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="listed_death_on_a_list_or_in_a_return",
                condition=Q(on_list=None, on_return__isnull=False)
                | Q(on_list__isnull=False, on_return=None),
            ),
            *(
                models.UniqueConstraint(fields=[where, what], name=f"listed_death_{what}_{where}")
                for where in ("on_list", "on_return")
                for what in ("number", "case", "notification")
            ),
            models.CheckConstraint(
                name="listed_death_matched_with_something",
                condition=~Q(state__in=["matched", "notified"])
                | Q(case__isnull=False)
                | Q(notification__isnull=False),
            ),
            models.CheckConstraint(
                name="listed_death_settled_with_a_reason",
                condition=~Q(state="explained") | ~Q(reason_code=""),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.number}"

    @property
    def state_label(self) -> str:
        return str(ListedState(self.state).label)

    @property
    def adrift(self) -> bool:
        """Whether what was decided stands no more: its notification declined, its case withdrawn.

        Worked out, and never written: a decision that is undone holds the line again.
        """
        return self.state in HELD and not (_is_ours(self.case) or _speaks(self.notification))

    @property
    def standing(self) -> ListedState:
        """The state in which it counts: open, where it has to be decided again."""
        return ListedState.OPEN if self.adrift else ListedState(self.state)


def _is_ours(case: Case | None) -> bool:
    return case is not None and case.state != CaseState.WITHDRAWN


def _speaks(notification: Any) -> bool:
    """Whether a notification is about a death: triage has not declined it, or its case stands."""
    if notification is None or notification.state == NotificationState.DECLINED:
        return False
    return notification.case is None or _is_ours(notification.case)


class NotListed(Record):
    """Why a death that was notified stands on no line of a list that covers its day.

    ``reason_code`` is "" where that was undone.
    """

    on_list = models.ForeignKey(DeathList, models.PROTECT, related_name="not_listed")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    notification = models.ForeignKey(NOTIFICATION, models.PROTECT, null=True, related_name="+")
    reason_code = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    settled_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = AssuranceQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "on_list": Note("From which list it is missing", "", Sensitivity.NONE, Seen.TEAM),
        "case": Note("Which case is missing", "", Sensitivity.NONE, Seen.TEAM),
        "notification": Note("Or which notification", "", Sensitivity.NONE, Seen.TEAM),
        "reason_code": Note("Why that is in order", "", Sensitivity.PERSONAL, Seen.TEAM),
        "note": Note("What was noted with the reason", "", Sensitivity.PERSONAL, Seen.TEAM),
        "settled_at": Note("When that was decided", "", Sensitivity.NONE, Seen.TEAM),
        "settled_by": Note("Who decided it", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        verbose_name = "death that is not listed"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="not_listed_case_or_notification",
                condition=Q(case=None, notification__isnull=False)
                | Q(case__isnull=False, notification=None),
            ),
            models.UniqueConstraint(fields=["on_list", "case"], name="not_listed_case_once"),
            models.UniqueConstraint(
                fields=["on_list", "notification"], name="not_listed_notification_once"
            ),
        ]

    def __str__(self) -> str:
        return f"missing from list {self.on_list_id}"
