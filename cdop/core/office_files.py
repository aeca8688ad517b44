"""Documents and tables of office programs: refused where one does more than hold text and figures.

They are archives of parts. Parts are unpacked in memory with a limit, never by name onto a disk;
what a part is, is read from its bytes and from the lists that the format prescribes.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree  # nosec B405

from django.core.exceptions import ValidationError

HEAD = b"PK\x03\x04"
END = b"PK\x05\x06"
END_BYTES = 22
MOST_PARTS = 2_000
MOST_UNPACKED = 40_000_000
MOST_RATIO = 200
"""How many times larger than packed a part may be: text packs to a twentieth, a bomb to less."""
RATIO_FROM = 1_000_000

OPEN_XML = "application/vnd.openxmlformats-officedocument."
WORD = f"{OPEN_XML}wordprocessingml.document"
EXCEL = f"{OPEN_XML}spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = ".rels"
HYPERLINK = "/hyperlink"
WEB = ("http://", "https://", "mailto:", "tel:", "#")

AGAIN = "Open it, print it as a PDF and choose that PDF."
NOT_OFFICE = "Archives are not opened here. Choose each file in it by itself."
DAMAGED = "The file is damaged or incomplete. Open it, save it again and choose the new one."
BUILT_OTHERWISE = f"The file is built in a way in which no office program builds one. {AGAIN}"
TOO_MUCH = f"The file unpacks to more than can be checked here. {AGAIN}"
LOCKED = "The file asks for a password. Save it without a password and choose that one."
MACROS = (
    "The file has macros, which are programs. Save it without them, as DOCX, XLSX, ODT or ODS, or "
    "as a PDF, and choose that."
)
EMBEDDED = (
    "Another file is embedded in this one. Save that one by itself, delete it here or print this "
    "one as a PDF, and choose both."
)
LINKED = (
    "The file takes a template, a picture or figures from another place when it is opened. Print "
    "it as a PDF and choose that."
)
OTHER_FORM = "This is not a document or a table but another kind of office file. " + AGAIN

# Parts that act, by what the list of content types calls them.
ACTING = re.compile(
    r"macro|vba|activex|customui|keymapcustomizations|attachedtoolbars|webextension|"
    r"ctrlprop|controlproperties",
    re.I,
)
EMBEDDING = re.compile(r"oleobject", re.I)
LINKING = re.compile(r"externallink|connections\+xml|querytable|volatiledependencies", re.I)
# What a part must never begin with: an old Office file (macros and objects are kept so), a
# program, a PDF, an archive.
FOREIGN = (b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"%PDF-", HEAD, b"Rar!", b"7z\xbc\xaf")
BEGINS = "\0"
"""Stands where a field begins, between the instructions of several."""
# Fields that fetch something or start a program when a document is opened, and those whose name
# another field works out, which is how the former are hidden.
FETCHING = re.compile(
    r"\0\s*(?:\0|(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|QUOTE)\b)", re.I
)
WORKED_OUT = re.compile(r"\b(?:DDE|WEBSERVICE|CALL|REGISTER\.ID|RTD)\s*\(|file:", re.I)

ODF_LINKS = ("a",)
ODF_MACROS = {"event-listener", "script", "libraries", "library-linked", "library-embedded"}
ODF_SOURCES = {
    "section-source",
    "table-source",
    "cell-range-source",
    "dde-source",
    "dde-connection-decl",
    "dde-link",
}
ODF_OBJECTS = {"object-ole", "plugin", "applet", "floating-frame"}

Parts = Mapping[str, bytes]


def check(content: bytes) -> str:
    """The media type of an office file. Raises ValidationError where it is none, or acts."""
    parts = _unpacked(content)
    if CONTENT_TYPES in parts:
        return _open_xml(parts)
    if "mimetype" in parts:
        return _open_document(parts)
    raise ValidationError(NOT_OFFICE)


def _unpacked(content: bytes) -> Parts:
    """Every part by its name. Nothing is believed of what the archive says about itself."""
    if content[-END_BYTES:][:4] != END:
        raise ValidationError(DAMAGED)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            return _read(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ValidationError(DAMAGED) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > MOST_PARTS:
        raise ValidationError(TOO_MUCH)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ValidationError(LOCKED)
    ordinary = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if (
        any(_is_astray(entry) for entry in entries)
        or len({name.lower() for name in names}) < len(names)
        or min((entry.header_offset for entry in entries), default=0) != 0
        or {entry.compress_type for entry in entries} - ordinary
    ):
        raise ValidationError(BUILT_OTHERWISE)


def _is_astray(entry: zipfile.ZipInfo) -> bool:
    """Whether the name of a part would lead out of the archive, or hides what it is."""
    name = entry.orig_filename
    return (
        name != entry.filename
        or name.startswith("/")
        or ".." in name.split("/")
        or any(character in '\\:\0<>"|?*' or character < " " for character in name)
    )


def _read(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Parts:
    parts: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for entry in entries:
        with archive.open(entry) as packed:
            part = packed.read(room + 1)
        room -= len(part)
        bomb = len(part) > RATIO_FROM and len(part) > MOST_RATIO * max(entry.compress_size, 1)
        if room < 0 or bomb:
            raise ValidationError(TOO_MUCH)
        if part.startswith(FOREIGN):
            raise ValidationError(MACROS if ACTING.search(entry.filename) else EMBEDDED)
        parts[entry.filename] = part
    return parts


def _open_xml(parts: Parts) -> str:
    """The media type of a file of the Office Open XML kind (ECMA-376)."""
    said = [
        (element.get("PartName", ""), element.get("ContentType", ""))
        for element in _elements(parts[CONTENT_TYPES])
    ]
    for part, media_type in said:
        _refuse_if(ACTING, f"{part} {media_type}", MACROS)
        _refuse_if(EMBEDDING, media_type, EMBEDDED)
        _refuse_if(LINKING, media_type, LINKED)
    for name in parts:
        _refuse_if(ACTING, name, MACROS)
        if "/embeddings/" in name.lower():
            raise ValidationError(EMBEDDED)
        if "/externallinks/" in name.lower():
            raise ValidationError(LINKED)
        if name.endswith(RELATIONS):
            _check_relations(parts[name])
        elif name.startswith("word/") and name.endswith(".xml"):
            _check_fields(parts[name])
        elif name.startswith("xl/") and name.endswith(".xml"):
            _check_formulas(parts[name])
    mains = {kind for _, kind in said if kind.endswith(".main+xml")}
    for kind in (WORD, EXCEL):
        if mains == {f"{kind}.main+xml"}:
            return kind
    raise ValidationError(OTHER_FORM)


def _check_relations(part: bytes) -> None:
    """Links to pages may lead out of the file; nothing else may."""
    for relation in _elements(part):
        kind, target = relation.get("Type", ""), relation.get("Target", "").strip().lower()
        _refuse_if(ACTING, kind, MACROS)
        if kind.endswith("/aFChunk"):
            raise ValidationError(EMBEDDED)
        if relation.get("TargetMode", "").lower() != "external":
            continue
        if not (kind.endswith(HYPERLINK) and target.startswith(WEB)):
            raise ValidationError(LINKED)


def _check_fields(part: bytes) -> None:
    """A field may be spread over many runs, so they are put together before they are read."""
    said = []
    for element in _elements(part):
        tag = _local(element.tag)
        if tag == "fldChar" and "begin" in element.attrib.values():
            said.append(BEGINS)
        elif tag in ("instrText", "delInstrText"):
            said.append(element.text or "")
        said += [BEGINS + text for name, text in element.items() if _local(name) == "instr"]
    _refuse_if(FETCHING, "".join(said), LINKED)


def _check_formulas(part: bytes) -> None:
    for element in _elements(part):
        if _local(element.tag) in ("f", "definedName", "formula", "formula1", "formula2"):
            _refuse_if(WORKED_OUT, element.text or "", LINKED)


def _open_document(parts: Parts) -> str:
    """The media type of a file of the OpenDocument kind (ISO/IEC 26300)."""
    media_type = parts["mimetype"].decode("ascii", "replace")
    if media_type not in (ODT, ODS):
        raise ValidationError(OTHER_FORM)
    for name in parts:
        if {"basic", "scripts", "dialogs"} & set(name.lower().split("/")[:-1]):
            raise ValidationError(MACROS)
        if "macrosignatures" in name.lower():
            raise ValidationError(MACROS)
    _check_manifest(parts.get("META-INF/manifest.xml", b"<none/>"))
    for name, part in parts.items():
        if name.endswith(("content.xml", "styles.xml", "settings.xml", "meta.xml")):
            _check_open_document_part(part)
    return media_type


def _check_manifest(part: bytes) -> None:
    for element in _elements(part):
        if _local(element.tag) == "encryption-data":
            raise ValidationError(LOCKED)
        kinds = [kind for name, kind in element.items() if _local(name) == "media-type"]
        if any("oleobject" in kind.lower() for kind in kinds):
            raise ValidationError(EMBEDDED)


def _check_open_document_part(part: bytes) -> None:
    for element in _elements(part):
        tag = _local(element.tag)
        if tag in ODF_MACROS:
            raise ValidationError(MACROS)
        if tag in ODF_OBJECTS:
            raise ValidationError(EMBEDDED)
        for name, value in element.items():
            attribute = _local(name)
            leads_out = attribute == "href" and _leads_out(value, is_link=tag in ODF_LINKS)
            if leads_out or (attribute in ("formula", "condition") and WORKED_OUT.search(value)):
                raise ValidationError(LINKED)
        if tag in ODF_SOURCES:
            raise ValidationError(LINKED)


def _leads_out(target: str, *, is_link: bool) -> bool:
    """Whether a target lies outside the file and is not a link that a reader may follow."""
    plain = target.strip().lower()
    if is_link and (plain.startswith(WEB) or not plain):
        return False
    outside = ":" in plain.split("/")[0] or plain.startswith(("/", "../", "\\"))
    return outside or is_link


def _refuse_if(pattern: re.Pattern[str], text: str, sentence: str) -> None:
    if pattern.search(text):
        raise ValidationError(sentence)


def _elements(part: bytes) -> Iterator[ElementTree.Element]:
    """Each element of a part, when it is complete; its own parts are let go of afterwards.

    A part that declares entities, or that is written so that declarations could not be seen, is
    refused: no office program writes one.
    """
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or not _is_plain_utf8(part):
        raise ValidationError(BUILT_OTHERWISE)
    try:
        # Without declarations there is nothing that the parser could be made to expand.
        for _, element in ElementTree.iterparse(io.BytesIO(part)):  # nosec B314
            yield element
            element.clear()
    except ElementTree.ParseError as error:
        raise ValidationError(DAMAGED) from error


def _is_plain_utf8(part: bytes) -> bool:
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", part)
    coding = declared[1].lower() if declared else b"utf-8"
    return coding in (b"utf-8", b"us-ascii", b"ascii") and b"\0" not in part


def _local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition("}")[2]
