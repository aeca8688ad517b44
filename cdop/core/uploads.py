"""What may be uploaded: decided by what a file holds, never by what it is called.

``accept`` is the one gate. It lets in what people send with a death (letters, reports, pictures,
tables), draws pictures anew, and refuses whatever could act when it is opened. Each refusal is a
ValidationError: a sentence on what is wrong and what to do instead.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError

from cdop.core import office_files, pdf_files, pictures, plain_texts
from cdop.core.typed import tidy

LONGEST_NAME = 120
NAMELESS = "file"
# Characters that change how others are read, halves of characters, and what stands for nothing.
UNSEEN = ("Cf", "Cs", "Co", "Cn")
PDF_HEAD = b"%PDF-"
# Within so many bytes from the start a reader of PDFs still finds one.
PDF_SOUGHT = 1024


@dataclass(frozen=True)
class Kind:
    """One kind of file that is let in. ``endings`` of its name, the usual one first."""

    label: str
    media_type: str
    endings: tuple[str, ...]


@dataclass(frozen=True)
class Accepted:
    """A file that was let in: a name that is safe to show and to save under, and what to keep."""

    name: str
    media_type: str
    content: bytes


PDF = Kind("PDF", "application/pdf", (".pdf",))
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"))
PNG = Kind("PNG", "image/png", (".png",))
TXT = Kind("TXT", "text/plain", (".txt", ".text"))
CSV = Kind("CSV", "text/csv", (".csv",))
OFFICE = {
    office_files.WORD: Kind("DOCX", office_files.WORD, (".docx",)),
    office_files.EXCEL: Kind("XLSX", office_files.EXCEL, (".xlsx",)),
    office_files.ODT: Kind("ODT", office_files.ODT, (".odt",)),
    office_files.ODS: Kind("ODS", office_files.ODS, (".ods",)),
}
KINDS = (PDF, JPEG, PNG, *OFFICE.values(), TXT, CSV)
ENDINGS = {ending for kind in KINDS for ending in kind.endings}


def accept(name: str, content: bytes) -> Accepted:
    """Let a file in, as it is to be kept. Raises ValidationError with what to do instead."""
    if not content:
        raise ValidationError("The file is empty. Choose one that holds something.")
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise ValidationError(too_large())
    kind, kept = _examined(name, content)
    return Accepted(shown_name(name, kind.endings), kind.media_type, kept)


def too_large() -> str:
    """What to say of a file that is too large."""
    return (
        f"The file must be {most_in_words()} or smaller. Send fewer pages at a time, or scan them "
        "with a lower resolution."
    )


def most_in_words() -> str:
    """The largest size of a file, such as "10 MB"."""
    return f"{settings.UPLOAD_MAX_BYTES / 1_000_000:g} MB"


def kinds_in_words(kinds: Iterable[Kind] = KINDS) -> str:
    """ "PDF, JPEG or TXT"."""
    *others, last = [kind.label for kind in kinds]
    return f"{', '.join(others)} or {last}"


def shown_name(sent: str, endings: tuple[str, ...]) -> str:
    """A name to show and to save under: no path, no hidden character, the ending of its kind."""
    last = re.split(r"[/\\]", sent)[-1]
    seen = "".join(c for c in tidy(last) if unicodedata.category(c) not in UNSEEN)
    plain = re.sub(r'[<>:"|?*]', "_", re.sub(r"\s", " ", seen)).strip(". ")
    stem, ending = _split(plain)
    if ending.lower() not in ENDINGS:
        stem, ending = plain, ""
    ending = ending if ending.lower() in endings else endings[0]
    return f"{stem[:LONGEST_NAME].strip('. ') or NAMELESS}{ending}"


def _split(name: str) -> tuple[str, str]:
    """ "letter", ".pdf"; the ending is "" where none looks like one."""
    found = re.fullmatch(r"(.*)(\.[A-Za-z][A-Za-z0-9]{0,4})", name, re.DOTALL)
    return (found[1], found[2]) if found else (name, "")


def _examined(name: str, content: bytes) -> tuple[Kind, bytes]:
    """The kind of a file, and what of it is kept."""
    for start, examine in EXAMINED.items():
        if content.startswith(start):
            return examine(content)
    if plain_texts.is_text(content):
        return _text(name, content)
    raise ValidationError(_advice(content))


def _pdf(content: bytes) -> tuple[Kind, bytes]:
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise ValidationError(TWO_IN_ONE)
    pdf_files.check(content)
    return PDF, content


def _jpeg(content: bytes) -> tuple[Kind, bytes]:
    return JPEG, pictures.drawn_anew(content, "JPEG")


def _png(content: bytes) -> tuple[Kind, bytes]:
    return PNG, pictures.drawn_anew(content, "PNG")


def _office(content: bytes) -> tuple[Kind, bytes]:
    if PDF_HEAD in content[:PDF_SOUGHT]:
        raise ValidationError(TWO_IN_ONE)
    return OFFICE[office_files.check(content)], content


def _text(name: str, content: bytes) -> tuple[Kind, bytes]:
    ending = _split(name)[1].lower()
    if PDF_HEAD in content[:PDF_SOUGHT]:
        raise ValidationError(TWO_IN_ONE)
    plain_texts.check(content, is_table=ending in CSV.endings)
    if ending not in ("", *TXT.endings, *CSV.endings):
        raise ValidationError(
            f"The name of the file ends in {ending}, but it is plain text. If it is a note or a "
            "letter, give it a name that ends in .txt and choose it again."
        )
    return CSV if ending in CSV.endings else TXT, content


EXAMINED: dict[bytes, Callable[[bytes], tuple[Kind, bytes]]] = {
    PDF_HEAD: _pdf,
    pictures.JPEG_HEAD: _jpeg,
    pictures.PNG_HEAD: _png,
    office_files.HEAD: _office,
}

TWO_IN_ONE = (
    "The file is built so that it can be opened as two kinds of file. Open it, print it as a PDF "
    "and choose that PDF."
)
PRINT_IT = "Open it, print it as a PDF and choose that PDF."
ADVICE = {
    (".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic", ".heif", ".avif", ".jp2", ".psd"): (
        "This kind of picture cannot be made safe here. Save it as JPEG or PNG and choose that: "
        "on a telephone, a picture that is sent by email is mostly turned into a JPEG."
    ),
    (".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".cab", ".iso"): (
        "Archives are not opened here. Choose each file in it by itself."
    ),
    (".doc", ".xls", ".ppt", ".msg"): (
        "This is an older Office file, an Outlook message, or a file with a password. Save it as "
        "DOCX, XLSX or PDF without a password, and the files attached to a message by themselves."
    ),
    (".mp4", ".mov", ".avi", ".mkv", ".mp3", ".wav", ".m4a", ".ogg"): (
        "Sound and video are not kept here. Ring the coordinator to agree how to send it."
    ),
    (".exe", ".dll", ".scr", ".msi", ".class", ".elf", ".bin", ".swf"): (
        "This is a program, not a document. Programs are not kept here."
    ),
}


def _advice(content: bytes) -> str:
    """What to do instead with a file of a kind that is not let in."""
    for endings, sentence in ADVICE.items():
        if _looks_like(content) in endings:
            return sentence
    return f"This kind of file cannot be kept here, or the file is damaged. {PRINT_IT}"


def _looks_like(content: bytes) -> str:
    """The ending that the library would give the file; used for the words of a refusal only."""
    try:
        return puremagic.from_string(content)
    except (puremagic.PureError, ValueError):
        return ""
