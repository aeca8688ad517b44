"""Unfinished forms: what a person typed is never lost, and never lies about in the clear.

A draft belongs to a signed-in person (``holder``) or to whoever holds its token. Its
answers are sealed under a data key, which the finished record takes over.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cdop.core import sealing
from cdop.core.audit import act
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.refusals import Stale
from cdop.core.sealing import DataKey

if TYPE_CHECKING:
    from cdop.core.users import User

LIFETIME = timedelta(days=14)
PURPOSE = "draft"

Answers = dict[str, Any]


class Draft(models.Model):
    """One unfinished form: which form, about what, whose, and the sealed answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    token = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    catalogue: ClassVar[dict[str, Note]] = {
        "id": Note("Which draft", "", Sensitivity.NONE, Seen.NOBODY),
        "kind": Note("Which form", "", Sensitivity.NONE, Seen.SELF),
        "subject": Note("About which record", "", Sensitivity.NONE, Seen.SELF),
        "holder": Note("Whose, if signed in", "", Sensitivity.STAFF, Seen.SELF),
        "token": Note("Hash of the link's token, if not", "", Sensitivity.SECRET, Seen.NOBODY),
        "version": Note("How often it was saved", "", Sensitivity.NONE, Seen.NOBODY),
        "data_key": Note("The key of the answers", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed": Note("The answers so far, sealed", "", Sensitivity.IDENTITY, Seen.SELF),
        "saved_at": Note("When it was saved last", "", Sensitivity.NONE, Seen.SELF),
        "expires_at": Note("When it is removed", "", Sensitivity.NONE, Seen.SELF),
    }

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "subject", "holder"],
                condition=Q(holder__isnull=False),
                name="draft_once_per_holder",
            ),
            models.UniqueConstraint(
                fields=["token"],
                condition=~Q(token=""),  # nosec B106
                name="draft_token_once",
            ),
            models.CheckConstraint(
                name="draft_has_a_holder_or_a_token",
                condition=Q(holder=None) ^ Q(token=""),  # nosec B106
            ),
        ]

    def __str__(self) -> str:
        return f"draft of {self.kind}"

    @property
    def answers(self) -> Answers:
        """What was typed so far."""
        return sealing.unseal_json(self.data_key, PURPOSE, self.sealed)


def begin(kind: str, answers: Answers, *, lasts: timedelta = LIFETIME) -> tuple[Draft, str]:
    """A new draft for somebody without an account, and the token that opens it again.

    lasts  how long it waits for somebody to come back
    """
    token = secrets.token_urlsafe(32)
    contents = _contents(answers, sealing.new_key(), lasts)
    return Draft.objects.create(kind=kind, token=hashed(token), **contents), token


def by_token(kind: str, token: str, *, lock: bool = False) -> Draft | None:
    """The draft that the token opens, unless it has expired; with ``lock`` until the act ends."""
    if not token:
        return None
    live = _live(kind).filter(token=hashed(token))
    # A token opens one draft, so nothing is sorted: each notifier waits for this.
    return next(iter(live.select_for_update(of=("self",)) if lock else live), None)


def of(holder: User, kind: str, subject: str) -> Draft | None:
    """The draft of a signed-in person, unless it has expired."""
    return _live(kind).filter(holder=holder, subject=subject).first()


def held(holder: User, kind: str) -> models.QuerySet[Draft]:
    """All drafts of one form that a signed-in person holds, the one saved last first."""
    return _live(kind).filter(holder=holder).order_by("-saved_at", "pk")


def keep(holder: User, kind: str, subject: str, answers: Answers, key: DataKey) -> Draft:
    """Keep what a signed-in person typed about ``subject``, over what was kept before."""
    owner = {"holder": holder, "kind": kind, "subject": subject}
    with act():
        draft, made = Draft.objects.get_or_create(**owner, defaults=_contents(answers, key))
        return draft if made else _overwrite(_locked(draft), answers, key)


def save(
    draft: Draft, answers: Answers, *, version: int | None = None, lasts: timedelta = LIFETIME
) -> Draft:
    """Save answers over those of a draft. Raises Stale where it was saved since ``version``."""
    with act():
        row = _locked(draft)
        if version is not None and row.version != version:
            raise Stale(row)
        return _overwrite(row, answers, row.data_key, lasts)


def hand_over(draft: Draft) -> str:
    """A new token for a draft, which no other opens from now on."""
    token = secrets.token_urlsafe(32)
    Draft.objects.filter(pk=draft.pk).update(token=hashed(token))
    return token


def by_key(kind: str, key: uuid.UUID) -> Draft | None:
    """The draft itself, unless it has expired; the caller has asked who may have it."""
    return _live(kind).filter(pk=key).first()


def finish(draft: Draft) -> bool:
    """Remove a draft whose form was sent; False where it was sent already. Its key stays."""
    removed, _ = Draft.objects.filter(pk=draft.pk).delete()
    return removed == 1


def discard(draft: Draft) -> None:
    """Delete a draft with all that lies under its key, unless it was sent meanwhile."""
    with act():
        if finish(draft):
            _destroy_idle(draft.data_key)


def remove_expired() -> int:
    """Remove drafts past their time and destroy the keys that nothing else uses; say how many."""
    expired = Draft.objects.filter(expires_at__lte=timezone.now()).select_related("data_key")
    with act():
        drafts = list(expired.select_for_update())
        for draft in drafts:
            draft.delete()
            _destroy_idle(draft.data_key)
    return len(drafts)


def _destroy_idle(key: DataKey) -> None:
    """Destroy a key, unless a record that was made of the draft owns it."""
    if not sealing.in_use(key):
        sealing.destroy(key)


def _contents(answers: Answers, key: DataKey, lasts: timedelta = LIFETIME) -> dict[str, Any]:
    return {
        "data_key": key,
        "sealed": sealing.seal_json(key, PURPOSE, answers),
        "saved_at": timezone.now(),
        "expires_at": timezone.now() + lasts,
    }


def _locked(draft: Draft) -> Draft:
    return Draft.objects.select_for_update().select_related("data_key").get(pk=draft.pk)


def _overwrite(row: Draft, answers: Answers, key: DataKey, lasts: timedelta = LIFETIME) -> Draft:
    for name, value in _contents(answers, key, lasts).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


def _live(kind: str) -> models.QuerySet[Draft]:
    live = Draft.objects.filter(kind=kind, expires_at__gt=timezone.now())
    return live.select_related("data_key")


def hashed(token: str) -> str:
    """What is kept of a token: with it nothing can be opened."""
    return sealing.token("draft", token)
