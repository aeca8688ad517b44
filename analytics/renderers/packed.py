"""Zipped office documents: the same content gives the same bytes, and says its language."""

import io
import zipfile
from collections.abc import Callable

LANGUAGE = "en-GB"
# The earliest moment that a zip file can name: what is frozen carries no time of its making.
MOMENT = (1980, 1, 1, 0, 0, 0)


def repacked(document: bytes, change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The same document with each part in its place, without the time at which it was made.

    change  what becomes of a part, by its name and content
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as given, zipfile.ZipFile(made, "w") as packed:
        for part in given.infolist():
            content = given.read(part)
            info = zipfile.ZipInfo(part.filename, MOMENT)
            info.compress_type = part.compress_type
            packed.writestr(info, change(part.filename, content) if change else content)
    return made.getvalue()
