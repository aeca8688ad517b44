"""Workbooks as people's programs write them, as small as they can be: for tests only."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="21" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


def column(number):
    letters = ""
    while number:
        number, left = divmod(number - 1, 26)
        letters = chr(65 + left) + letters
    return letters


def cell(at, value, epoch):
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{at}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, datetime):
        days = (value - datetime.combine(epoch, datetime.min.time())).total_seconds() / 86400
        return f'<c r="{at}" s="2"><v>{days}</v></c>'
    if isinstance(value, date):
        return f'<c r="{at}" s="1"><v>{(value - epoch).days}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{at}"><v>{value}</v></c>'
    if value.startswith("#"):
        return f'<c r="{at}" t="e"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def sheet_xml(rows, merged, epoch):
    said = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(f"{column(place)}{number}", value, epoch) for place, value in enumerate(row, 1))
        said.append(f'<row r="{number}">{cells}</row>')
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    merges = f'<mergeCells count="{len(merged)}">{merges}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(said)}</sheetData>{merges}</worksheet>'


def xlsx(sheets, *, hidden=(), merged=(), from_1904=False):
    epoch = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    out = BytesIO()
    names = list(sheets)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>')
        book.writestr("_rels/.rels", f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        listed = "".join('<sheet name="%s" sheetId="%d" r:id="rId%d"%s/>' % (escape(n), i, i, ' state="hidden"' if n in hidden else "") for i, n in enumerate(names, 1))
        pr = '<workbookPr date1904="1"/>' if from_1904 else ""
        book.writestr("xl/workbook.xml", f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELS}">{pr}<sheets>{listed}</sheets></workbook>')
        rels = "".join(f'<Relationship Id="rId{i}" Type="{RELS}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in range(1, len(names) + 1))
        book.writestr("xl/_rels/workbook.xml.rels", f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}<Relationship Id="rId99" Type="{RELS}/styles" Target="styles.xml"/></Relationships>')
        book.writestr("xl/styles.xml", STYLES)
        for i, n in enumerate(names, 1):
            book.writestr(f"xl/worksheets/sheet{i}.xml", sheet_xml(sheets[n], merged if i == 1 else (), epoch))
    return out.getvalue()


def with_a_far_cell(rows):
    """A workbook in which something stands in the last cell that a sheet has."""
    plain = xlsx({"Cases": rows})
    out = BytesIO()
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(BytesIO(plain)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</sheetData>", far))
    return out.getvalue()
