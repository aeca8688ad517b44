"""Office files: what does more than hold text is refused, and so is what is no sound archive."""

import io
import re
import zipfile

import pytest

from tests.cdop.core.files import (
    ODF_TYPE,
    OLD_OFFICE,
    archive,
    docx,
    docx_parts,
    ods,
    odt,
    pdf,
    refusal,
    relation,
    xlsx,
)

MACRO_TYPE = "application/vnd.ms-word.document.macroEnabled.main+xml"
EVENT = (
    '<script:event-listener script:language="ooo:script" '
    'xlink:href="vnd.sun.star.script:Standard.Module1.Main"/>'
)
DDE = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DD</w:instrText></w:r>'
    "<w:r><w:instrText>EAUTO c:\\\\windows\\\\cmd.exe</w:instrText></w:r></w:p>"
)
HIDDEN_FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="begin"/>'
    "</w:r><w:r><w:instrText> QUOTE 68 68 69</w:instrText></w:r></w:p>"
)
PICTURE_ELSEWHERE = '<w:fldSimple w:instr="INCLUDEPICTURE http://example.org/a.png"/>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (docx(**{"word/vbaProject.bin": OLD_OFFICE}), "has macros"),
        (docx(**{"word/other.bin": OLD_OFFICE}), "is embedded"),
        (
            docx(types=f'<Override PartName="/word/a.xml" ContentType="{MACRO_TYPE}"/>'),
            "has macros",
        ),
        (docx(**{"customUI/customUI.xml": "<customUI/>"}), "has macros"),
        (docx(**{"word/activeX/activeX1.xml": "<a/>"}), "has macros"),
        (docx(**{"word/embeddings/a.bin": b"invented"}), "is embedded"),
        (docx(**{"word/a.bin": b"MZ invented"}), "is embedded"),
        (docx(**{"word/a.bin": pdf()}), "is embedded"),
        (docx(**{"word/a.zip": archive({"a": "b"})}), "is embedded"),
        (docx(relations=relation("aFChunk", "a.html")), "is embedded"),
        (
            docx(relations=relation("attachedTemplate", "https://x.example/", outside=True)),
            "takes a",
        ),
        (docx(relations=relation("image", "https://x.example/a.png", outside=True)), "takes a"),
        (docx(relations=relation("hyperlink", "file://x.example/a", outside=True)), "takes a"),
        (docx(relations=relation("hyperlink", "\\\\x.example\\a", outside=True)), "takes a"),
        (docx(body=DDE), "takes a"),
        (docx(body=HIDDEN_FIELD), "takes a"),
        (docx(body=PICTURE_ELSEWHERE), "takes a"),
        (xlsx(**{"xl/vbaProject.bin": OLD_OFFICE}), "has macros"),
        (xlsx(**{"xl/macrosheets/sheet1.xml": "<a/>"}), "has macros"),
        (xlsx(**{"xl/externalLinks/externalLink1.xml": "<a/>"}), "takes a"),
        (xlsx(types='<Override PartName="/xl/c.xml" ContentType="x.connections+xml"/>'), "takes a"),
        (xlsx(cells='<c><f>WEBSERVICE("https://x.example")</f></c>'), "takes a"),
        (odt(**{"Basic/Standard/Module1.xml": "<a/>"}), "has macros"),
        (odt(**{"Scripts/python/a.py": "import os"}), "has macros"),
        (odt(body=EVENT), "has macros"),
        (odt(body='<draw:object-ole xlink:href="./Object 1"/>'), "is embedded"),
        (odt(**{"Object 1": OLD_OFFICE}), "is embedded"),
        (odt(body='<draw:image xlink:href="https://x.example/a.png"/>'), "takes a"),
        (odt(body='<draw:image xlink:href="../../a.png"/>'), "takes a"),
        (odt(body='<text:a xlink:href="file:///a">a</text:a>'), "takes a"),
        (odt(body='<text:section-source xlink:href="a.odt"/>'), "takes a"),
        (ods(body='<table:table-cell table:formula="of:=DDE(&quot;a&quot;)"/>'), "takes a"),
        (ods(body='<table:table-cell table:formula="of:=WEBSERVICE(A1)"/>'), "takes a"),
        (odt(manifest="<manifest:encryption-data/>"), "asks for a password"),
        (archive({"mimetype": f"{ODF_TYPE}presentation"}), "another kind of office file"),
    ],
)
def test_an_office_file_that_does_more_than_hold_text_is_refused(content, said):
    sentence = refusal(content)

    assert said in sentence
    assert re.search(r"[Pp]rint|PDF|[Ss]ave", sentence)


def test_a_template_or_a_presentation_is_no_document():
    template = docx_parts()
    template["[Content_Types].xml"] = template["[Content_Types].xml"].replace(
        "wordprocessingml.document.main", "wordprocessingml.template.main"
    )

    assert "another kind of office file" in refusal(archive(template))


def test_an_archive_of_letters_is_not_opened():
    assert "Choose each file in it by itself" in refusal(archive({"letter.pdf": "invented"}))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "word\\..\\a", "c:/a", "a|b", "word/a\x01.xml"]
)
def test_a_part_whose_name_leads_astray_is_refused(name):
    assert "in which no office program builds one" in refusal(docx(**{name: "x"}))


@pytest.mark.parametrize("name", ["word/a.xml", "WORD/DOCUMENT.XML"])
def test_a_name_that_ends_early_or_stands_twice_is_refused(name):
    content = docx(**{"word/doc\nment.xml": "x"}) if name == "word/a.xml" else docx(**{name: "x"})
    hidden = content.replace(b"doc\nment", b"doc\0ment")

    assert "in which no office program builds one" in refusal(hidden)


@pytest.mark.parametrize(
    "part",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>',
        '<?xml version="1.0" encoding="UTF-7"?><a/>',
        "<a/>".encode("utf-16"),
    ],
)
def test_a_part_that_declares_entities_or_hides_them_is_refused(part):
    assert "in which no office program builds one" in refusal(docx(**{"word/a.xml": part}))


def test_an_archive_that_unpacks_to_far_more_is_refused():
    assert "unpacks to more" in refusal(docx(**{"word/media/a.bmp": b"\0" * 5_000_000}))
    assert "unpacks to more" in refusal(docx(**{f"word/{n}.txt": "x" for n in range(2000)}))


def test_an_archive_that_lies_about_its_size_is_not_believed():
    bomb = docx(**{"word/media/a.bmp": b"\0" * 5_000_000})
    lying = bomb.replace((5_000_000).to_bytes(4, "little"), (5_000).to_bytes(4, "little"))

    assert lying != bomb
    assert "damaged" in refusal(lying) or "unpacks" in refusal(lying)


@pytest.mark.parametrize("kept", [10, -1, -10, -100])
def test_an_office_file_that_was_cut_short_is_refused(kept):
    assert "damaged or incomplete" in refusal(docx()[:kept])


def test_a_changed_byte_in_an_office_file_is_found():
    content = bytearray(docx())
    content[60] ^= 0xFF

    assert "damaged" in refusal(bytes(content)) or "builds one" in refusal(bytes(content))


def test_an_office_file_with_a_password_is_refused():
    content = docx()
    entry = zipfile.ZipFile(io.BytesIO(content)).infolist()[0]
    at = content.rindex(b"PK\x01\x02", 0, content.index(b"PK\x01\x02") + 4)
    locked = content[: at + 8] + bytes([entry.flag_bits | 1]) + content[at + 9 :]

    assert "asks for a password" in refusal(locked)
    assert "without a password" in refusal(OLD_OFFICE)  # as Office keeps one with a password
