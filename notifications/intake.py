"""The one door by which a death is reported, whatever the route.

What was sent is sealed as it was sent. The reference that the notifier is given is drawn at random
and says nothing about the child, and nothing that is answered here depends on what the system
already knows: no case is looked up before triage does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from cdop.core import drafts, sealing, steps
from cdop.core.audit import Job, joined
from cdop.core.drafts import Draft
from cdop.core.identifiers import new_reference
from cdop.core.organisations import Organisation
from cdop.core.refusals import Refused, Stale
from cdop.editions.schema import Edition
from notifications import letters, rules
from notifications.models import PURPOSE, Notification

if TYPE_CHECKING:
    from cdop.core.users import User

NOTIFIER = Job("a notifier without account")
DRAFT_KIND = "notification"


class Route(models.TextChoices):
    """The ways by which a notification can arrive."""

    WEB = "web", "the public form"
    KEYED = "keyed", "keyed in from a call or a letter"
    API = "api", "a trust's own system"
    FHIR = "fhir", "a trust's own system, by FHIR"
    REGISTRAR = "registrar", "a registrar's notice"
    CORONER = "coroner", "a coroner's notice"
    LIST = "list", "a list of deaths or a monthly return"
    LEGACY = "legacy", "the system used before"


def receive(
    answers: Mapping[str, Any],
    *,
    edition: Edition,
    route: str,
    questionnaire: str = "notification",
    organisation: Organisation | None = None,
    together: UUID | None = None,
    draft: Draft | None = None,
    by: User | Job,
    at: datetime | None = None,
) -> Notification:
    """Keep a notification as it was sent; once per draft, whose key it takes over.

    answers        by code of question, as ``core.questions`` keeps them
    questionnaire  the form of the edition that asked them
    organisation   who told us, where the route knows it
    together       the same for all that one person sends about brothers and sisters
    at             when it arrived, where that was before now
    Sent twice from one draft, it is the same notification. Raises Refused for what cannot be true.
    """
    now = at or timezone.now()
    if wrong := rules.impossible(answers, now):
        raise Refused(" ".join(remark.sentence for remark in wrong))
    with joined():
        if draft and not drafts.finish(draft):
            return sent_from(draft)
        key = draft.data_key if draft else sealing.new_key()
        notification = Notification(
            reference=new_reference("N"),
            route=route,
            edition=edition.code,
            questionnaire=questionnaire,
            received_at=now,
            notifier_role=str(answers.get("notifier_role") or ""),
            organisation=organisation,
            adult_ward=str(answers.get("adult_ward") or ""),
            together=together,
            draft=draft.pk if draft else None,
            draft_token=draft.token if draft else "",
            data_key=key,
            sealed=sealing.seal_json(key, PURPOSE, dict(answers)),
        )
        received = steps.create(notification, by=by, action="notification.received")
        letters.acknowledge(received, by)
        return received


def sent_from(draft: Draft) -> Notification:
    """What was sent from a draft that is gone. Raises Refused where it was removed unsent."""
    sent = Notification.objects.filter(draft=draft.pk).first()
    if sent is None:
        raise Refused("What you typed was removed before it was sent. Please begin again.")
    return sent


def lock(draft: Draft, *, version: int | None = None) -> Draft | None:
    """The draft as it is now, locked until the act ends; None where it was sent or removed.

    Raises Stale where it was saved since ``version``.
    """
    rows = Draft.objects.select_related("data_key").select_for_update(of=("self",))
    row = rows.filter(pk=draft.pk).first()
    if row and version is not None and row.version != version:
        raise Stale(row)
    return row
