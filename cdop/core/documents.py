"""Documents: files that people send with a case, sealed before they are written.

A document belongs to whoever owns its data key: a draft, then the notification that was sent from
it, or a case. No stage has to know another's models, and where the key is destroyed the file is
unreadable. The sealed bytes lie in the storage ``documents`` under a random name, which is the
document's own number; the file is written first and the row after it, so that a row never waits for
its file. ``remind`` removes files that got no row, and says which rows have lost their file.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.functional import lazy

from cdop.core import sealing, steps, uploads, viruses
from cdop.core.audit import Job, act, record
from cdop.core.catalogue import Note, Seen, Sensitivity
from cdop.core.records import Record
from cdop.core.refusals import Refused
from cdop.core.sealing import DataKey
from cdop.core.uploads import Accepted

if TYPE_CHECKING:
    from cdop.core.users import User

STORE = "documents"
NAME_BYTES = 32
"""Letters and figures of a file's name in the store; whatever is called otherwise is not ours."""
WAITS_FOR_ITS_ROW = timedelta(days=1)
CHECK = Job("check of an uploaded file")


class FileMissing(Refused):
    """The row is there and its file is not. A fault of the store, not of the person."""

    def __init__(self) -> None:
        super().__init__(
            "This file is missing from the store of documents. Nothing you did caused it. Tell "
            "whoever runs the system, so that it can be brought back from a backup."
        )


class FilesMissing(OSError):
    """What ``remind`` says while files are missing, on each of its rounds."""


class Document(Record):
    """One file, sealed: what kind it is, how large, where it came from. Its name is sealed too."""

    owns_its_key = False  # it lives as long as what owns the key, and keeps no key alive

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_key = models.ForeignKey(DataKey, models.PROTECT, related_name="+")
    sealed_name = models.BinaryField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    source = models.CharField(max_length=80, blank=True)
    kept_at = models.DateTimeField(default=timezone.now)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    catalogue: ClassVar[dict[str, Note]] = Record.catalogue | {
        "id": Note("Which document; also the name of its file", "", Sensitivity.NONE, Seen.NOBODY),
        "data_key": Note("The key of its name and content", "", Sensitivity.NONE, Seen.NOBODY),
        "sealed_name": Note("What it is called, sealed", "", Sensitivity.IDENTITY, Seen.TEAM),
        "media_type": Note("What kind of file it is", "", Sensitivity.NONE, Seen.TEAM),
        "size": Note("Its size in bytes, before sealing", "", Sensitivity.NONE, Seen.TEAM),
        "source": Note("How it came", "", Sensitivity.NONE, Seen.TEAM),
        "kept_at": Note("When it was kept", "", Sensitivity.NONE, Seen.TEAM),
        "kept_by": Note("Who kept it, if a person did", "", Sensitivity.STAFF, Seen.TEAM),
    }

    class Meta:
        ordering: ClassVar = ["kept_at", "pk"]

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def name(self) -> str:
        """What it is called. A name can say who the child was: show it where that may be read."""
        return sealing.unseal(self.data_key, f"{self._sealed_as}:name", self.sealed_name).decode()

    @property
    def is_there(self) -> bool:
        """Whether its file is in the store."""
        return storages[STORE].exists(self.pk.hex)

    @property
    def kind(self) -> str:
        """What kind of file it is, in a word, such as "PDF"."""
        labels = {kind.media_type: kind.label for kind in uploads.KINDS}
        return labels.get(self.media_type, self.media_type)

    @property
    def size_in_words(self) -> str:
        """Its size, such as "120 kB"."""
        return filesizeformat(self.size).replace("KB", "kB")

    @property
    def _sealed_as(self) -> str:
        return f"document:{self.pk}"


def keep(accepted: Accepted, *, key: DataKey, by: User | Job, source: str = "") -> Document:
    """Seal a file under ``key``, write it, and then its row.

    source  how it came, in words that say nothing about a child
    """
    document = Document(
        data_key=key,
        media_type=accepted.media_type,
        size=len(accepted.content),
        source=source,
        kept_by=None if isinstance(by, Job) else by,
    )
    sealed_as = document._sealed_as
    document.sealed_name = sealing.seal(key, f"{sealed_as}:name", accepted.name.encode())
    sealed = sealing.seal(key, sealed_as, accepted.content)
    storages[STORE].save(document.pk.hex, ContentFile(sealed))
    return steps.create(document, by=by, action="document.kept")


def of(key: DataKey) -> models.QuerySet[Document]:
    """The documents of whoever owns the key, the oldest first."""
    return Document.objects.filter(data_key=key).select_related("data_key", "kept_by")


def read(document: Document, *, by: User | Job, purpose: str) -> bytes:
    """The content; the reading is recorded first, and refused where it cannot be.

    Whether this person may is for the page to ask, by who owns the key. Raises FileMissing, and
    CannotUnseal where the key was destroyed or the file is not the one that was kept.
    """
    if not purpose.strip():
        raise Refused("Say why you need this file.")
    record("document.read", document, by=by, purpose=purpose)
    try:
        with storages[STORE].open(document.pk.hex) as file:
            sealed = file.read()
    except FileNotFoundError as error:
        raise FileMissing from error
    return sealing.unseal(document.data_key, document._sealed_as, sealed)


def download(document: Document, *, by: User, purpose: str) -> HttpResponse:
    """The content for a browser to save: never shown in it, never run, never kept by it."""
    headers = {
        "Content-Type": document.media_type,
        "Content-Disposition": _attachment(document.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(read(document, by=by, purpose=purpose), headers=headers)


def remove(document: Document, *, by: User | Job) -> None:
    """Take a document out again that was not yet sent; ``remind`` removes its file."""
    with act():
        record("document.removed", document, by=by)
        document.delete()


class UploadField(forms.FileField):
    """A file to be kept; its value is an ``Accepted``, or None where none was chosen.

    by  who uploads it, so that the record of a refused virus names them
    """

    def __init__(self, *, by: User | Job = CHECK, **kwargs: Any) -> None:
        messages = {
            "required": "Choose a file",
            "invalid": "The file did not arrive. Choose it again.",
            "missing": "The file did not arrive. Choose it again.",
            "empty": "The file is empty. Choose one that holds something.",
        }
        kwargs["error_messages"] = messages | kwargs.get("error_messages", {})
        kwargs.setdefault("help_text", HINT)
        kwargs.setdefault("widget", forms.FileInput())
        super().__init__(**kwargs)
        self.by = by

    def clean(self, data: Any, initial: Any = None) -> Accepted | None:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise ValidationError(uploads.too_large())
        file.seek(0)
        return examined(file.name, file.read(), by=self.by)


def examined(name: str, content: bytes, *, by: User | Job = CHECK) -> Accepted:
    """A file as it may be kept: searched for viruses, then let in. Raises ValidationError.

    by  who brings it, so that the record of a refused virus names them
    """
    _search_for_viruses(content, by)
    return uploads.accept(name, content)


def _hint() -> str:
    checked = (
        "It is searched for viruses."
        if viruses.searched_for()
        else "Files are not searched for viruses on this system."
    )
    return f"{uploads.kinds_in_words()}, at most {uploads.most_in_words()}. {checked}"


HINT = lazy(_hint, str)()
"""What may be chosen, and whether it is searched for viruses, as the settings stand now."""


def _search_for_viruses(content: bytes, by: User | Job) -> None:
    if not viruses.searched_for():
        return
    try:
        found = viruses.found_in(content)
    except viruses.NotSearched as error:
        raise ValidationError(
            "The file cannot be searched for viruses now, so it is not kept. Try again in a few "
            "minutes; what you typed is not lost."
        ) from error
    if found:
        record("upload.infected", "upload", by=by, after={"found": found[:100]})
        raise ValidationError(
            "The scanner found a virus in this file, so it is not kept. Tell whoever sent it to "
            "you, and whoever looks after the security of your computer."
        )


def _attachment(name: str) -> str:
    """The header that has a browser save a file: a name for every browser, and the true one."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


# What ``remind`` does


def tidy(now: datetime | None = None) -> str:
    """Remove files that got no row within a day, or whose key was destroyed; say how many.

    Raises FilesMissing where a row has lost its file.
    """
    # Rows first: what is written meanwhile is a file without a row known here, never the reverse.
    readable = _names(Document.objects.filter(data_key__wrapped__isnull=False))
    files = {name for name in storages[STORE].listdir("")[1] if _is_ours(name)}
    known = readable | _names(Document.objects.filter(data_key__wrapped__isnull=False))
    removed = sum(_remove_file(name, now or timezone.now()) for name in files - known)
    if lost := sorted(readable - files):
        are = "document has lost its file" if len(lost) == 1 else "documents have lost their files"
        raise FilesMissing(f"{len(lost)} {are}: {', '.join(lost[:5])}. Bring them from a backup.")
    what = "file of a document" if removed == 1 else "files of documents"
    return f"Removed {removed} {what} nobody can read." if removed else ""


def _names(rows: models.QuerySet[Document]) -> set[str]:
    return {pk.hex for pk in rows.values_list("pk", flat=True)}


def _is_ours(name: str) -> bool:
    return len(name) == NAME_BYTES and set(name) <= set("0123456789abcdef")


def _remove_file(name: str, now: datetime) -> bool:
    """Remove a file that nothing needs; False where its row may still be on its way."""
    store = storages[STORE]
    try:
        waits = now - store.get_modified_time(name) < WAITS_FOR_ITS_ROW
    except FileNotFoundError:  # another round was faster
        return False
    if not waits:
        store.delete(name)
    return not waits
