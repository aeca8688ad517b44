"""Files as people send them, and as attackers would, made in memory."""

import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from cdop.core.uploads import Accepted, accept

OPEN_XML = "application/vnd.openxmlformats-officedocument."
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODF = "urn:oasis:names:tc:opendocument:xmlns"

PDF_TYPE = "application/pdf"
ODF_TYPE = "application/vnd.oasis.opendocument."
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600

# A letter with words that must lie nowhere in the clear.
PLANTED = b"Planted-Words-of-a-Letter"
NAME = "Planted-Name Invented-Child.txt"
LETTER = Accepted(NAME, "text/plain", b"Dear all, " + PLANTED + b"\n" * 100)


def refusal(content: bytes, name: str = "letter") -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(ValidationError) as refused:
        accept(name, content)
    (sentence,) = refused.value.messages
    return sentence


def pdf(words: str = "A letter that was invented.") -> bytes:
    """A PDF of one page with the words on it."""
    made = io.BytesIO()
    canvas = Canvas(made, invariant=True)
    canvas.drawString(72, 720, words)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def changed_pdf(change: Callable[[pikepdf.Pdf], None], **saving: object) -> bytes:
    """The PDF after a change, its objects packed into streams, where a plain search is blind."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        change(document)
        packed = pikepdf.ObjectStreamMode.generate
        document.save(made, **{"object_stream_mode": packed, **saving})
    return made.getvalue()


def picture(form: str = "JPEG", *, where: str = "Invented Street", turned: bool = False) -> bytes:
    """A picture of 60 by 40 points that says where it was taken; ``turned`` on its side."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = where
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", (60, 40), "red").save(made, form, exif=exif.tobytes())
    return made.getvalue()


def archive(parts: dict[str, str | bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """An archive of the parts in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            packed.writestr(name, part, how)
    return made.getvalue()


def docx(*, body: str = "", relations: str = "", types: str = "", **parts: str | bytes) -> bytes:
    """A document in Office Open XML; ``parts`` by name, the dots and strokes of it as given."""
    return archive(docx_parts(body=body, relations=relations, types=types) | parts)


def docx_parts(*, body: str = "", relations: str = "", types: str = "") -> dict[str, str | bytes]:
    return {
        "[Content_Types].xml": content_types(
            "word/document.xml", f"{OPEN_XML}wordprocessingml.document.main+xml", types
        ),
        "_rels/.rels": related(relation("officeDocument", "word/document.xml")),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORDS}"><w:body>'
            f"<w:p><w:r><w:t>Invented</w:t></w:r></w:p>{body}</w:body></w:document>"
        ),
        "word/_rels/document.xml.rels": related(relations),
    }


def xlsx(*, cells: str = "", relations: str = "", types: str = "", **parts: str | bytes) -> bytes:
    """A table in Office Open XML."""
    own = {
        "[Content_Types].xml": content_types(
            "xl/workbook.xml", f"{OPEN_XML}spreadsheetml.sheet.main+xml", types
        ),
        "_rels/.rels": related(relation("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}"/>',
        "xl/_rels/workbook.xml.rels": related(relations),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{SHEETS}"><sheetData><row><c><f>SUM(A1:A2)</f></c>{cells}</row>'
            "</sheetData></worksheet>"
        ),
        # As Excel writes it: bytes of no known kind.
        "xl/printerSettings/printerSettings1.bin": b"\x00I\x00n\x00v",
    }
    return archive(own | parts)


def odt(*, body: str = "", manifest: str = "", **parts: str | bytes) -> bytes:
    """A document in OpenDocument."""
    return _open_document("text", body, manifest, parts)


def ods(*, body: str = "", manifest: str = "", **parts: str | bytes) -> bytes:
    """A table in OpenDocument."""
    return _open_document("spreadsheet", body, manifest, parts)


def content_types(main: str, kind: str, more: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{kind}"/>{more}</Types>'
    )


def related(relations: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    )


def relation(kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="r{kind}" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/>'


def _open_document(kind: str, body: str, manifest: str, parts: dict[str, str | bytes]) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="{ODF}:{space}:1.0"'
        for name, space in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "script": "script",
            "manifest": "manifest",
        }.items()
    )
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    own = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} {link}>'
            f"<office:body><text:p>Invented</text:p>{body}</office:body></office:document-content>"
        ),
        "META-INF/manifest.xml": f"<manifest:manifest {spaces}>{manifest}</manifest:manifest>",
    }
    return archive(own | parts, stored=("mimetype",))
