"""A backup: the whole database and every sealed document in one encrypted file, on either database.

The file is a ZIP with two members, each an age file (https://age-encryption.org), so that it can be
opened without this system: ``key.age`` opens with the passphrase and holds an identity, which opens
``content.age``, a tar. In the tar, in this order:

    format.json              this layout, the migrations that had run, marks of the master keys
    tables/<table>/<n>.json  {"columns": [...], "rows": [[...], ...]}, in the order of the key
    documents/<id>           each file as it lies in the store, sealed
    fingerprints.json        of each table its number of rows and a SHA-256 over them, of each
                             document a SHA-256; last, so that what was cut off has none

Left out are sessions, cached values and what the migrations themselves write. The keys of the
system are never in it: without MASTER_KEYS the identities in it stay sealed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import tarfile
import threading
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

import pyrage
from django.apps import apps
from django.core.files.storage import storages
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from cdop.core import documents
from cdop.core.documents import Document
from cdop.core.sealing import DataKey

LAYOUT = 1
KEY, CONTENT = "key.age", "content.age"
FORMAT, FINGERPRINTS = "format.json", "fingerprints.json"
ROWS_AT_ONCE = 2000
SHORTEST = 12
"""Characters of a passphrase."""
NOT_KEPT = {"django_session", "django_content_type", "auth_permission"}
"""Tables that are not kept: sessions end with the system, the others are written by migrating."""


class BackupFailed(Exception):
    """Why nothing was written, or nothing restored, in words."""


@dataclass
class Fingerprints:
    """What a backup holds: by table (number of rows, SHA-256), by document SHA-256.

    missing  documents whose file was not there when the backup was made
    """

    tables: dict[str, tuple[int, str]] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def write(path: Path, passphrase: str) -> Fingerprints:
    """Write a backup to a new file; what it holds. Raises BackupFailed, leaving no file behind."""
    check_passphrase(passphrase)
    if path.exists():
        raise BackupFailed(f"{path} is there already. Name a new file.")
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            found = _write(file, passphrase)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except (OSError, pyrage.EncryptError) as error:
        why = getattr(error, "strerror", None) or error
        raise BackupFailed(f"The backup was not written: {why}.") from error
    finally:
        part.unlink(missing_ok=True)
    return found


def check_passphrase(passphrase: str) -> None:
    """Raises BackupFailed where it is too short."""
    if len(passphrase) < SHORTEST:
        raise BackupFailed(f"The passphrase needs {SHORTEST} characters or more.")


def tables() -> list[type[models.Model]]:
    """The models whose tables are kept, row histories among them, in a fixed order."""
    kept = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in NOT_KEPT
    ]
    return sorted(kept, key=lambda model: model._meta.db_table)


def columns(model: type[models.Model]) -> list[str]:
    """The columns of a table by the names of the model's attributes."""
    return [column.attname for column in model._meta.concrete_fields]


def rows(model: type[models.Model]) -> Iterator[list[Any]]:
    """Every row in the order of its key, as JSON can hold it without loss."""
    of_json = [isinstance(column, models.JSONField) for column in model._meta.concrete_fields]
    found = model._base_manager.order_by("pk").values_list(*columns(model))
    for row in found.iterator(chunk_size=ROWS_AT_ONCE):
        yield [
            {"json": value} if is_json and value is not None else encoded(value)
            for value, is_json in zip(row, of_json, strict=True)
        ]


def fingerprint(model: type[models.Model]) -> tuple[int, str]:
    """Number of rows and SHA-256 of a table as it stands."""
    number, digest = 0, hashlib.sha256()
    for row in rows(model):
        number += 1
        digest.update(_line(row))
    return number, digest.hexdigest()


def fingerprints() -> dict[str, tuple[int, str]]:
    """Of every table that is kept, as it stands."""
    return {model._meta.db_table: fingerprint(model) for model in tables()}


def encoded(value: Any) -> Any:
    """One value as JSON holds it; what JSON does not know says what it is."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(bytes(value)).decode()}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"time": value.isoformat()}
        case uuid.UUID():
            return {"uuid": str(value)}
        case Decimal():
            return {"decimal": str(value)}
    raise TypeError(f"A backup cannot hold {type(value).__name__}.")


def decoded(value: Any) -> Any:
    """The value that ``encoded`` wrote."""
    if not isinstance(value, dict):
        return value
    ((kind, said),) = value.items()
    readers: dict[str, Callable[[Any], Any]] = {
        "bytes": base64.b64decode,
        "moment": datetime.fromisoformat,
        "day": date.fromisoformat,
        "time": time.fromisoformat,
        "uuid": uuid.UUID,
        "decimal": Decimal,
        "json": lambda whole: whole,
    }
    return readers[kind](said)


def migrations() -> list[str]:
    """The migrations that have run here."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _write(file: IO[bytes], passphrase: str) -> Fingerprints:
    identity = pyrage.x25519.Identity.generate()
    to = [identity.to_public()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as whole:
        whole.writestr(KEY, pyrage.passphrase.encrypt(str(identity).encode(), passphrase))
        with (
            whole.open(CONTENT, "w", force_zip64=True) as content,
            piped("wb", lambda plain: pyrage.encrypt_io(plain, content, to)) as plain,
            tarfile.open(fileobj=plain, mode="w|") as tar,
        ):
            return _fill(tar)


@contextmanager
def piped(mode: str, work: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """One end of a pipe, to write to ("wb") or to read from ("rb"); ``work`` has the other end.

    It runs in a thread beside this one. What it raises is raised here at the end of the block.
    """
    reading, writing = os.pipe()
    ours, theirs, other = (writing, reading, "rb") if mode == "wb" else (reading, writing, "wb")
    faults: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(theirs, other) as end:
                work(end)
        except BaseException as error:
            faults.append(error)

    worker = threading.Thread(target=run, name="backup")
    worker.start()
    broken: list[BaseException] = []
    try:
        with os.fdopen(ours, mode) as end:
            yield end
    except BrokenPipeError as error:
        broken.append(error)  # the other end has gone; why, it says itself
    finally:
        worker.join()
    for fault in [*faults, *broken][:1]:
        raise fault


def _fill(tar: tarfile.TarFile) -> Fingerprints:
    found = Fingerprints()
    with _one_moment():
        marks = DataKey.objects.exclude(wrapped=None).order_by().values_list("master", flat=True)
        said = {"layout": LAYOUT, "migrations": migrations(), "masters": sorted(set(marks))}
        _add(tar, FORMAT, _line(said))
        for model in tables():
            found.tables[model._meta.db_table] = _table(tar, model)
        names = [key.hex for key in Document.objects.order_by("pk").values_list("pk", flat=True)]
    _documents(tar, names, found)
    said = {"tables": found.tables, "documents": found.documents, "missing": found.missing}
    _add(tar, FINGERPRINTS, _line(said))
    return found


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read in the block is of one moment, whatever is written meanwhile."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _table(tar: tarfile.TarFile, model: type[models.Model]) -> tuple[int, str]:
    number, digest = 0, hashlib.sha256()
    found = rows(model)
    while some := list(islice(found, ROWS_AT_ONCE)):
        for row in some:
            digest.update(_line(row))
        said = {"columns": columns(model), "rows": some}
        part = f"{number // ROWS_AT_ONCE:06}"
        _add(tar, f"tables/{model._meta.db_table}/{part}.json", _line(said))
        number += len(some)
    return number, digest.hexdigest()


def _documents(tar: tarfile.TarFile, names: list[str], found: Fingerprints) -> None:
    store = storages[documents.STORE]
    for name in names:
        if not store.exists(name):
            found.missing.append(name)
            continue
        with store.open(name) as file:
            content = file.read()
        found.documents[name] = hashlib.sha256(content).hexdigest()
        _add(tar, f"documents/{name}", content)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    tar.addfile(entry, io.BytesIO(content))
