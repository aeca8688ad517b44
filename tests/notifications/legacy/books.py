"""Workbooks as people's programs write them, as small as they can be."""

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
