"""Plain text that people upload: let in as it is, where no program would take it for its own."""

import re

from django.core.exceptions import ValidationError

# Form feed stands between pages; all other control characters are in no letter.
WHITE = "\t\n\r\f"
HEAD = 4096
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

MARKUP = re.compile(r"<\s*(?:!doctype|!entity|\?xml|html|head|body|script|svg|iframe|object)", re.I)
# The first lines of a message as programs keep it, attachments and all.
MESSAGE = re.compile(r"^(?:mime-version|content-transfer-encoding|received):", re.I | re.M)
PROGRAM = re.compile(r"\A\s*(?:#!|@echo|<\?php|%!ps|begin:v)", re.I)
# A cell that a spreadsheet would work out: =HYPERLINK(…), =cmd|…, +Sheet!A1. Not -5 or +44 1632.
FORMULA = re.compile(r"""(?:^|[,;\t"])\s*(?:[=@]|[+-](?=[a-z]))[^,;\t\r\n]*[(|!]""", re.I | re.M)


def is_text(content: bytes) -> bool:
    """Whether the bytes are text in one of the usual codings, with nothing hidden in it."""
    text = read(content)
    return text is not None and not any(c < " " and c not in WHITE for c in text)


def read(content: bytes) -> str | None:
    """The text, by its byte order mark, as UTF-8 or as Windows writes it; None if it is none."""
    marked = [coding for mark, coding in BYTE_ORDER_MARKS.items() if content.startswith(mark)]
    for coding in marked or ("utf-8", "cp1252"):
        try:
            return content.decode(coding)
        except UnicodeDecodeError:
            continue
    return None


def check(content: bytes, *, is_table: bool) -> None:
    """Raises ValidationError where text is a page, a message, a program or a table that acts.

    content   bytes of which ``is_text`` holds
    is_table  whether a spreadsheet will be asked to open it
    """
    text = read(content) or ""
    if MARKUP.search(text):
        raise ValidationError(
            "This is a web page or a drawing, which can act when it is opened. Open it, print it "
            "as a PDF and choose that PDF."
        )
    if text.startswith("{\\rtf"):
        raise ValidationError("This is a file in RTF. Save it as DOCX or PDF and choose that.")
    if MESSAGE.search(text[:HEAD]):
        raise ValidationError(
            "This is an email as a program keeps it. Open it, print it as a PDF and choose that "
            "PDF; save the files attached to it and choose each by itself."
        )
    if PROGRAM.match(text):
        raise ValidationError("This is a program, not a document. Programs are not kept here.")
    if is_table and FORMULA.search(text):
        raise ValidationError(
            "A cell of this table begins like a formula, which a spreadsheet would work out. Save "
            "the table as XLSX with values only, or as PDF, and choose that."
        )
