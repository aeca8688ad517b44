"""Workbooks as people's programs write them, as small as they can be."""

import struct
import zipfile
from datetime import date, datetime, time
from io import BytesIO
from xml.sax.saxutils import escape

from notifications.legacy_sheets import letter
from notifications.legacy_template import HEAD, KINDS, LINKS, SHEET, SPREADSHEET, TYPES

FROM_1900, FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)
# The formats of cells: none, a date, a date with its time.
PLAIN, DAY, MOMENT = 0, 1, 2
STYLES = (
    f'{HEAD}<styleSheet xmlns="{SHEET}"><fonts count="1"><font/></fonts><fills count="1"><fill/>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def xlsx(sheets, *, hidden=(), merged=(), from_1904=False):
    """A workbook; ``merged`` are ranges of its first sheet, such as "A2:B2"."""
    epoch = FROM_1904 if from_1904 else FROM_1900
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    parts = {
        "[Content_Types].xml": types(),
        "_rels/.rels": links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": book(sheets, hidden, from_1904),
        "xl/_rels/workbook.xml.rels": links([*targets, ("styles", "styles.xml")]),
        "xl/styles.xml": STYLES,
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = sheet(rows, merged, epoch)
        merged = ()
    return zipped(parts)


def with_a_far_cell(rows):
    """A workbook in which something stands in the last cell that a sheet has."""
    with zipfile.ZipFile(BytesIO(xlsx({"Cases": rows}))) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    return zipped({name: part.replace(b"</sheetData>", FAR) for name, part in parts.items()})


def zipped(parts):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, part in parts.items():
            packed.writestr(path, part)
    return content.getvalue()


def types():
    kind = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{HEAD}<Types xmlns="{TYPES}"><Default Extension="rels" ContentType="{kind}"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/></Types>'
    )


def links(targets):
    said = "".join(
        f'<Relationship Id="rId{place}" Type="{KINDS}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{LINKS}">{said}</Relationships>'


def book(names, hidden, from_1904):
    counted = '<workbookPr date1904="1"/>' if from_1904 else ""
    said = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for place, name in enumerate(names, start=1)
    )
    return (
        f'{HEAD}<workbook xmlns="{SHEET}" xmlns:r="{KINDS}">{counted}<sheets>{said}</sheets>'
        "</workbook>"
    )


def sheet(rows, merged, epoch):
    said = "".join(row(number, cells, epoch) for number, cells in enumerate(rows, start=1))
    ranges = "".join(f'<mergeCell ref="{each}"/>' for each in merged)
    joined = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    return f'{HEAD}<worksheet xmlns="{SHEET}"><sheetData>{said}</sheetData>{joined}</worksheet>'


def row(number, cells, epoch):
    said = "".join(
        cell(f"{letter(place)}{number}", value, epoch)
        for place, value in enumerate(cells)
        if value is not None
    )
    return f'<row r="{number}">{said}</row>'


def cell(at, value, epoch):
    if isinstance(value, datetime):
        passed = value - datetime.combine(epoch, time.min)
        return number_cell(at, passed.total_seconds() / 86_400, MOMENT)
    if isinstance(value, date):
        return number_cell(at, (value - epoch).days, DAY)
    if isinstance(value, int | float):
        return number_cell(at, value, PLAIN)
    if value.startswith("#"):
        return f'<c r="{at}" t="e"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def number_cell(at, value, style):
    return f'<c r="{at}" s="{style}"><v>{value}</v></c>'


OPEN = "urn:oasis:names:tc:opendocument:xmlns"
SPREADSHEET_OF_OPEN = "application/vnd.oasis.opendocument.spreadsheet"


def ods(rows):
    """The same as an OpenDocument file, of texts and dates."""
    parts = ("office", "table", "text", "manifest")
    names = " ".join(f'xmlns:{part}="{OPEN}:{part}:1.0"' for part in parts)
    said = "".join(f"<table:table-row>{''.join(map(open_cell, r))}</table:table-row>" for r in rows)
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Cases">{said}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f"<manifest:manifest {names}/>"
    return zipped(
        {
            "mimetype": SPREADSHEET_OF_OPEN,
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def open_cell(value):
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
    text = f"<text:p>{escape(value)}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


# Excel's format of before 2007: records of Excel 97 within one stream of a compound file.

SECTOR = 512
A_SHEET, THE_BOOK = 0x0010, 0x0005
END_OF_CHAIN, THE_TABLE, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def xls(rows, *, locked=False):
    """A workbook of texts, numbers and dates as Excel 97 wrote it, dates in its own format."""
    head = record(0x0809, struct.pack("<HHHHII", 0x0600, THE_BOOK, 0, 0, 0, 0))
    if locked:
        head += record(0x002F, struct.pack("<HHH16s16s16s", 1, 1, 1, b"s", b"v", b"h"))
    formats = b"".join(record(0x00E0, struct.pack("<HH16x", 0, number)) for number in (0, 14))
    name = b"Cases"
    place = len(head + formats) + 4 + 8 + len(name) + 4
    named = record(0x0085, struct.pack("<IHBB", place, 0, len(name), 0) + name)
    content = head + formats + named + record(0x000A, b"") + old_sheet(rows)
    return compound(content.ljust(4096 + SECTOR, b"\0"))


def old_sheet(rows):
    cells = b"".join(
        old_cell(row, place, value)
        for row, values in enumerate(rows)
        for place, value in enumerate(values)
    )
    begins = record(0x0809, struct.pack("<HHHHII", 0x0600, A_SHEET, 0, 0, 0, 0))
    return begins + cells + record(0x000A, b"")


def old_cell(row, place, value):
    if isinstance(value, date):
        return record(0x0203, struct.pack("<HHHd", row, place, DAY, (value - FROM_1900).days))
    if isinstance(value, int | float):
        return record(0x0203, struct.pack("<HHHd", row, place, PLAIN, value))
    letters = value.encode("utf-16-le")
    said = struct.pack("<HHHHB", row, place, PLAIN, len(value), 1)
    return record(0x0204, said + letters)


def record(kind, content):
    return struct.pack("<HH", kind, len(content)) + content


def compound(stream):
    """A compound file with one stream, ``Workbook``: a table, a folder, the sectors in a row."""
    sectors = -(-len(stream) // SECTOR)
    chain = [THE_TABLE, END_OF_CHAIN, *range(3, sectors + 2), END_OF_CHAIN]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    folder = entry("Root Entry", 5, 1, END_OF_CHAIN, 0) + entry("Workbook", 2, FREE, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
                        END_OF_CHAIN, 0, END_OF_CHAIN, 0)  # fmt: skip
    head += struct.pack("<109I", 0, *[FREE] * 108)
    return head + table + folder.ljust(SECTOR, b"\0") + stream.ljust(sectors * SECTOR, b"\0")


def entry(name, kind, child, start, size):
    letters = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIII", letters, len(letters) + 2, kind, 1, FREE, FREE, child, 0, start,
        size, 0,
    )  # fmt: skip
