"""Who of another agency works on which case, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record

if TYPE_CHECKING:
    from cdop.core.users import User


class CaseAccessQuerySet(models.QuerySet["CaseAccess"]):
    def in_force(self, user: User) -> CaseAccessQuerySet:
        lasting = Q(ends_on=None) | Q(ends_on__gte=localdate())
        not_over = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
        return self.filter(lasting, not_over, user=user, withdrawn_at=None)

    def opened_at_once(self) -> CaseAccessQuerySet:
        """Those that somebody opened for themselves, for a day and with a reason."""
        return self.exclude(ends_at=None)


class CaseAccess(Record):
    """A professional of another agency who works on one case until a day, or until it is withdrawn.

    ``leads`` are codes of the vocabulary "leads" of the case's edition: theirs are the tasks that
    these lead or share. Without any, they lead the response, and every task is theirs.
    ``ends_at`` and ``opened_why`` are filled where they opened the case for themselves.
    """

    case = models.ForeignKey("cdop.Case", models.PROTECT, related_name="access")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ends_on = models.DateField(null=True)
    ends_at = models.DateTimeField(null=True)
    opened_why = models.CharField(max_length=300, blank=True)
    leads = models.JSONField(default=list, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = CaseAccessQuerySet.as_manager()

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "case": Note("Which case", "", Sensitivity.NONE, Seen.RESPONDERS),
        "user": Note("Who works on it", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "ends_on": Note("Last day of access", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "ends_at": Note(
            "Until when, where they opened it themselves", "", Sensitivity.STAFF, Seen.RESPONDERS
        ),
        "opened_why": Note("Why they opened it themselves", "", Sensitivity.STAFF, Seen.RESPONDERS),
        "leads": Note(
            "Whose tasks are theirs; all if empty", "", Sensitivity.STAFF, Seen.RESPONDERS
        ),
        "withdrawn_at": Note("When it was withdrawn", "", Sensitivity.STAFF, Seen.RESPONDERS),
    }

    class Meta:
        verbose_name_plural = "case access"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "user"], name="case_access_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} on case {self.case_id}"

    @property
    def is_over(self) -> bool:
        """Whether it ended, on its day or because it was withdrawn."""
        past = self.ends_on is not None and self.ends_on < localdate()
        opened = self.ends_at is not None and self.ends_at <= timezone.now()
        return past or opened or self.withdrawn_at is not None
