"""Sealing: what could say who a child was is stored encrypted, under a key of its own case.

Each case, and each notification and draft before it, has a data key. The data key is
itself encrypted ("wrapped") with the master key from the environment. Rotating the
master key rewraps the data keys; destroying a data key makes everything sealed
under it unreadable, also in append-only rows. A wrong key fails: nothing is ever
returned that was not sealed with it.

AES-256-GCM from the library ``cryptography``. Layout: one byte of format, 12 bytes
of nonce, ciphertext with tag.
"""

import hashlib
import hmac
import json
import os
import uuid
from typing import Any, ClassVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.db import models
from django.utils import timezone

from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.secrets import masters, secret

FORMAT = b"\x01"
NONCE_BYTES = 12


class CannotUnseal(Exception):
    """The key is wrong, was destroyed, or the sealed bytes were changed."""


class DataKey(models.Model):
    """The wrapped key of one case, notification or draft; without history, to be destroyable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wrapped = models.BinaryField(null=True, editable=False)
    master = models.CharField(max_length=16, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    destroyed_at = models.DateTimeField(null=True, editable=False)

    catalogue: ClassVar[dict[str, Note]] = {
        "id": Note("Which key", "", Sensitivity.NONE, Seen.NOBODY),
        "wrapped": Note(
            "The key, encrypted with the master key", "", Sensitivity.SECRET, Seen.NOBODY
        ),
        "master": Note("Fingerprint of that master key", "", Sensitivity.NONE, Seen.NOBODY),
        "made_at": Note("When it was made", "", Sensitivity.NONE, Seen.NOBODY),
        "destroyed_at": Note("When it was destroyed", "", Sensitivity.NONE, Seen.GOVERNANCE),
    }

    class Meta:
        indexes: ClassVar = [models.Index(fields=["master"], name="datakey_master")]

    def __str__(self) -> str:
        return str(self.id)


def new_key() -> DataKey:
    """A new data key, wrapped with the first master key and stored."""
    return new_keys(1)[0]


def new_keys(number: int) -> list[DataKey]:
    """So many new data keys, stored by one statement."""
    ids = [uuid.uuid4() for _ in range(number)]
    wrapped = (_wrapping(key_id, AESGCM.generate_key(256)) for key_id in ids)
    return DataKey.objects.bulk_create(
        DataKey(id=key_id, **wrapping) for key_id, wrapping in zip(ids, wrapped, strict=True)
    )


def seal(key: DataKey, purpose: str, content: bytes) -> bytes:
    """Encrypt ``content`` under ``key``.

    purpose  what the bytes are ("identity", "draft"); they unseal for the same purpose only,
             so that sealed bytes cannot be moved from one place to another
    """
    return _encrypt(_unwrap(key), f"{key.id}:{purpose}", content)


def unseal(key: DataKey, purpose: str, sealed: bytes | memoryview) -> bytes:
    """The bytes that were sealed. Raises CannotUnseal for any other key, purpose or bytes."""
    return _decrypt(_unwrap(key), f"{key.id}:{purpose}", bytes(sealed))


def seal_json(key: DataKey, purpose: str, value: Any) -> bytes:
    """``seal`` for anything that JSON can hold."""
    return seal(key, purpose, json.dumps(value, ensure_ascii=False).encode())


def unseal_json(key: DataKey, purpose: str, sealed: bytes | memoryview) -> Any:
    """``unseal`` for what ``seal_json`` sealed."""
    return json.loads(unseal(key, purpose, sealed))


def destroy(key: DataKey) -> None:
    """Destroy a data key for good. What was sealed under it can never be read again."""
    key.wrapped, key.destroyed_at = None, timezone.now()
    DataKey.objects.filter(pk=key.pk).update(wrapped=None, destroyed_at=key.destroyed_at)


def in_use(key: DataKey) -> bool:
    """Whether any row of any stage, or of its history, owns the key.

    A model whose ``owns_its_key`` is False (a document, a message) belongs to the owner.
    """
    return any(
        model._base_manager.filter(**{column.name: key}).exists()
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.related_model is DataKey and _owns_its_key(model)
    )


def _owns_its_key(model: type[models.Model]) -> bool:
    """What the model says of itself; a row history says what the model does."""
    return getattr(getattr(model, "instance_type", model), "owns_its_key", True)


def rewrap(batch: int = 500) -> int:
    """Wrap every data key anew with the first master key; say how many were. Safe to repeat."""
    current = _fingerprint(masters()[0])
    count = 0
    waiting = DataKey.objects.exclude(master=current).exclude(wrapped=None)
    while keys := list(waiting[:batch]):
        count += sum(_rewrap(key) for key in keys)
    return count


def known_masters() -> set[str]:
    """What data keys say of the master keys that are set here (``DataKey.master``)."""
    return {_fingerprint(master) for master in masters()}


def token(kind: str, value: str) -> str:
    """The search token of a value: equal for equal values of one kind, and tells nothing else."""
    return hmac.new(secret("TOKEN_KEY"), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def _fingerprint(master: bytes) -> str:
    return hashlib.sha256(b"cdop-master:" + master).hexdigest()[:16]


def _wrapping(key_id: uuid.UUID, key: bytes) -> dict[str, Any]:
    master = masters()[0]
    return {
        "wrapped": _encrypt(master, f"{key_id}:data-key", key),
        "master": _fingerprint(master),
    }


def _rewrap(key: DataKey) -> int:
    # Only while it is as it was read: a key destroyed meanwhile must not come back.
    unchanged = DataKey.objects.filter(pk=key.pk, master=key.master, wrapped__isnull=False)
    return unchanged.update(**_wrapping(key.pk, _unwrap(key)))


def _unwrap(key: DataKey) -> bytes:
    if key.wrapped is None:
        raise CannotUnseal("The data key was destroyed.")
    for master in masters():
        if _fingerprint(master) == key.master:
            return _decrypt(master, f"{key.id}:data-key", bytes(key.wrapped))
    raise CannotUnseal("The master key that wrapped this data key is not among MASTER_KEYS.")


def _encrypt(key: bytes, bound_to: str, content: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, content, bound_to.encode())


def _decrypt(key: bytes, bound_to: str, sealed: bytes) -> bytes:
    if sealed[:1] != FORMAT:
        raise CannotUnseal("The sealed bytes are of an unknown format.")
    nonce, ciphertext = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, bound_to.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotUnseal("The key does not fit, or the sealed bytes were changed.") from error
