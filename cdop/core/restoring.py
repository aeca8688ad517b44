"""A backup brought back into an empty system: the whole of it, checked, or nothing."""

from __future__ import annotations

import hashlib
import json
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyrage
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from cdop.core import audit, backup, documents, sealing
from cdop.core.audit import AuditEntry
from cdop.core.backup import BackupFailed, Fingerprints
from cdop.core.users import User

NO_BACKUP = "This is no backup of this system, or its beginning is damaged."
CUT_OFF = "The file is damaged or cut off. Nothing was restored. Take another copy of it."


def restore(path: Path, passphrase: str) -> Fingerprints:
    """Bring a backup back; what came. Raises BackupFailed, having changed nothing."""
    if why := why_not_empty():
        raise BackupFailed(why)
    kept: list[str] = []
    try:
        with _in_words(), zipfile.ZipFile(path) as whole, transaction.atomic():
            return _restored(whole, _identity(whole, passphrase), kept)
    except BaseException:
        for name in kept:
            storages[documents.STORE].delete(name)
        raise


@contextmanager
def _in_words() -> Iterator[None]:
    """Says of a file that cannot be read, or of a disk or database that refuses, what it is."""
    try:
        yield
    except (zipfile.BadZipFile, KeyError) as error:
        raise BackupFailed(NO_BACKUP) from error
    except (tarfile.TarError, EOFError, ValueError, pyrage.DecryptError) as error:
        raise BackupFailed(CUT_OFF) from error
    except (OSError, DatabaseError) as error:
        why = getattr(error, "strerror", None) or error
        raise BackupFailed(f"Nothing was restored: {why}.") from error


def why_not_empty() -> str:
    """Why this system cannot take a backup; "" where nothing was done in it yet."""
    if User.objects.exists() or AuditEntry.objects.exists():
        return "This system is not empty. A backup is restored into a new one only."
    return ""


def _identity(whole: zipfile.ZipFile, passphrase: str) -> Any:
    try:
        text = pyrage.passphrase.decrypt(whole.read(backup.KEY), passphrase).decode()
    except pyrage.DecryptError as error:
        raise BackupFailed("The passphrase is wrong.") from error
    return pyrage.x25519.Identity.from_str(text)


def _restored(whole: zipfile.ZipFile, identity: Any, kept: list[str]) -> Fingerprints:
    models = {model._meta.db_table: model for model in backup.tables()}
    said: dict[str, Any] = {}
    with (
        whole.open(backup.CONTENT) as sealed,
        backup.piped("rb", lambda plain: pyrage.decrypt_io(sealed, plain, [identity])) as plain,
        tarfile.open(fileobj=plain, mode="r|") as tar,
    ):
        for entry in tar:
            content = tar.extractfile(entry).read()  # type: ignore[union-attr]
            kind, _, rest = entry.name.partition("/")
            if entry.name == backup.FORMAT:
                _check_format(json.loads(content))
                _empty(list(models.values()))
            elif entry.name == backup.FINGERPRINTS:
                said = json.loads(content)
            elif kind == "tables":
                _insert(models[rest.partition("/")[0]], json.loads(content))
            elif kind == "documents":
                _keep(rest, content, kept)
        while plain.read(1 << 16):
            pass  # what follows the end of the tar: its last block proves the whole
    if not said:
        raise BackupFailed(CUT_OFF)
    _reset_sequences(list(models.values()))
    return _checked(said)


def _check_format(said: dict[str, Any]) -> None:
    here = backup.migrations()
    if said["layout"] != backup.LAYOUT or said["migrations"] != here:
        newer = set(said["migrations"]) - set(here)
        raise BackupFailed(
            f"The backup was made by {'a newer' if newer else 'an older'} version of this system. "
            "Install that version, restore, then move to another."
        )
    if not set(said["masters"]) <= sealing.known_masters():
        raise BackupFailed(
            "The keys of this system are others than those of the backup: who the children were "
            "could not be read. Set MASTER_KEYS as it was when the backup was made."
        )


def _empty(models: list[Any]) -> None:
    """Take away what migrating wrote; the backup has it as it was."""
    with connection.cursor() as cursor:
        for model in models:
            if model._base_manager.exists():
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"DELETE FROM {table}")  # nosec B608 # a table of ours, quoted


def _insert(model: Any, part: dict[str, Any]) -> None:
    if part["columns"] != backup.columns(model):
        raise BackupFailed(NO_BACKUP)
    rows = [
        model(**dict(zip(part["columns"], map(backup.decoded, row), strict=True)))
        for row in part["rows"]
    ]
    model._base_manager.bulk_create(rows, batch_size=500)


def _keep(name: str, content: bytes, kept: list[str]) -> None:
    store = storages[documents.STORE]
    if store.exists(name):
        raise BackupFailed("There are documents in the store already. Empty it first.")
    kept.append(name)
    if store.save(name, ContentFile(content)) != name:
        raise BackupFailed("A document could not be kept under its name.")


def _reset_sequences(models: list[Any]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _checked(said: dict[str, Any]) -> Fingerprints:
    """What came, read back and found the same; raises BackupFailed where anything differs."""
    tables = backup.fingerprints()
    written = {name: (number, digest) for name, (number, digest) in said["tables"].items()}
    if tables != written:
        differ = sorted(name for name in tables | written if tables.get(name) != written.get(name))
        raise BackupFailed(f"What came is not what was backed up: {', '.join(differ)}.")
    store = storages[documents.STORE]
    for name, digest in said["documents"].items():
        with store.open(name) as file:
            if hashlib.sha256(file.read()).hexdigest() != digest:
                raise BackupFailed("A document is not what was backed up.")
    if broken := audit.verify().broken:
        raise BackupFailed(f"The audit chain does not hold: {broken} Is AUDIT_KEY the same?")
    return Fingerprints(tables, said["documents"], said["missing"])
