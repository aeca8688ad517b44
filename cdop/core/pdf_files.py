"""PDFs that people upload: refused where one does more than show its pages.

Every object is looked at, those inside others too: a script may hang on a page, a box, a bookmark
or a name that nothing seems to use. Names written in a roundabout way (``/J#61vaScript``) and
objects packed into streams are unpacked by the library before they are looked at.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from django.core.exceptions import ValidationError
from pikepdf.settings import set_qpdf_limits

MOST_OBJECTS = 100_000
DEEPEST = 60
MOST_UNPACKED = 64_000_000
"""Bytes that one packed stream may become while a PDF is read."""

# For the whole program: no PDF that it ever reads may take more memory.
set_qpdf_limits(
    flate_max_memory=MOST_UNPACKED,
    png_max_memory=MOST_UNPACKED,
    run_length_max_memory=MOST_UNPACKED,
    tiff_max_memory=MOST_UNPACKED,
    max_stream_filters=5,
)

WEB = ("http://", "https://", "mailto:", "tel:")

# What a key of any dictionary gives away, in the words of the sentence about it.
SCRIPT = "a script"
ON_OPENING = "something that acts as soon as it is opened"
OTHER_FILE = "another file inside it"
OTHER_PLACE = "a link to another file or program"
FORM = "a form that works only in one program"
PLAYS = "sound, video or a model in it"
KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/AA": ON_OPENING,
    "/EmbeddedFiles": OTHER_FILE,
    "/EmbeddedFile": OTHER_FILE,
    "/EF": OTHER_FILE,
    "/AF": OTHER_FILE,
    "/Collection": OTHER_FILE,
    "/XFA": FORM,
    "/RichMediaContent": PLAYS,
    "/RichMediaSettings": PLAYS,
}
SUBTYPES = {
    "/FileAttachment": OTHER_FILE,
    "/RichMedia": PLAYS,
    "/Screen": PLAYS,
    "/Movie": PLAYS,
    "/Sound": PLAYS,
    "/3D": PLAYS,
}
ACTIONS = {
    "/JavaScript": SCRIPT,
    "/Launch": OTHER_PLACE,
    "/GoToR": OTHER_PLACE,
    "/GoToE": OTHER_FILE,
    "/SubmitForm": OTHER_PLACE,
    "/ImportData": OTHER_PLACE,
    "/Rendition": PLAYS,
    "/Movie": PLAYS,
    "/Sound": PLAYS,
    "/RichMediaExecute": PLAYS,
    "/GoTo3DView": PLAYS,
    "/Thread": OTHER_PLACE,
}

DAMAGED = (
    "The PDF is damaged or incomplete. Open it, print it as a PDF again and choose the new one."
)
LOCKED = (
    "The PDF asks for a password. Open it with the password, print it as a PDF and choose the one "
    "without a password."
)
TOO_MUCH = "The PDF holds too much to be checked here. Print fewer of its pages and choose those."


def check(content: bytes) -> None:
    """Raises ValidationError where a PDF is broken, locked, or does more than show its pages."""
    if content.rpartition(b"%%EOF")[2].strip(b"\0\r\n\t \x1a"):
        raise ValidationError(DAMAGED)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            _look_through(pdf)
    except pikepdf.PasswordError as error:
        raise ValidationError(LOCKED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, OverflowError) as error:
        raise ValidationError(DAMAGED) from error


def _look_through(pdf: pikepdf.Pdf) -> None:
    objects = pdf.objects
    if len(objects) > MOST_OBJECTS:
        raise ValidationError(TOO_MUCH)
    if not len(pdf.pages):
        raise ValidationError(DAMAGED)
    for each in (pdf.trailer, *objects):
        for dictionary in _dictionaries(each):
            if found := _does_more(dictionary):
                raise ValidationError(_sentence(found))
    if _acts(pdf.Root.get("/OpenAction")):
        raise ValidationError(_sentence(ON_OPENING))
    # What could not be unpacked here, another reader may unpack: nothing goes unseen.
    if pdf.get_warnings():
        raise ValidationError(DAMAGED)


def _sentence(found: str) -> str:
    return (
        f"The PDF has {found}, so it is not kept as it is. Open it, print it as a PDF (“Microsoft "
        "Print to PDF”, “Save as PDF”) and choose the new one, which holds its pages alone."
    )


def _dictionaries(root: Any) -> Iterator[Any]:
    """Every dictionary in an object, those of streams too, without following references."""
    waiting = [(root, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > DEEPEST:
            raise ValidationError(TOO_MUCH)
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            inside = [each[key] for key in each.keys()]  # noqa: SIM118 - a PDF's keys, not a dict's
        elif isinstance(each, pikepdf.Array):
            inside = list(each)
        else:
            continue
        waiting += [(part, depth + 1) for part in inside if not _is_reference(part)]


def _is_reference(part: Any) -> bool:
    """Whether the part is an object of its own, which is looked at by itself."""
    return isinstance(part, pikepdf.Object) and part.is_indirect


def _does_more(dictionary: Any) -> str:
    """What the dictionary would do besides showing a page; "" where it is nothing."""
    keys = set(dictionary.keys())
    for key, found in KEYS.items():
        if key in keys:
            return found
    if isinstance(dictionary, pikepdf.Stream) and "/F" in keys:
        return OTHER_PLACE
    named = [str(dictionary[key]) for key in ("/Subtype", "/Type") if key in keys]
    for name in named:
        if name in SUBTYPES or name == "/EmbeddedFile":
            return SUBTYPES.get(name, OTHER_FILE)
    if "/URI" in keys and not _is_web(dictionary["/URI"]):
        return OTHER_PLACE
    return ACTIONS.get(str(dictionary["/S"]), "") if "/S" in keys else ""


def _is_web(target: Any) -> bool:
    """Whether a link leads to a page or an address; relative ones lead to a file beside this one.

    The base of all links of a document is a dictionary with the same key.
    """
    if isinstance(target, pikepdf.Dictionary):
        return True
    return str(target).strip().lower().startswith(WEB)


def _acts(opening: Any) -> bool:
    """Whether what happens on opening is more than to show a certain page."""
    if opening is None or isinstance(opening, pikepdf.Array):
        return False
    return not (isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S")) == "/GoTo")
