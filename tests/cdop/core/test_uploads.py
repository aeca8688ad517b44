"""What may be uploaded: by content, whatever the name says; what acts is refused with advice."""

import io
import re
import zipfile
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from cdop.core import pictures, uploads
from cdop.core.uploads import accept
from tests.cdop.core.files import (
    OPEN_XML,
    archive,
    changed_pdf,
    docx,
    docx_parts,
    ods,
    odt,
    pdf,
    picture,
    relation,
    xlsx,
)

PDF_TYPE = "application/pdf"
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50
ODF_TYPE = "application/vnd.oasis.opendocument."
WORDS_OF_A_LETTER = "Dear Coordinator,\r\n\tthis is invented – all of it.\r\n\fPage 2"


def refusal(content: bytes, name: str = "letter") -> str:
    with pytest.raises(ValidationError) as refused:
        accept(name, content)
    (sentence,) = refused.value.messages
    return sentence


# What is let in


@pytest.mark.parametrize(
    ("content", "kept_as", "media_type"),
    [
        (pdf(), "x.pdf", PDF_TYPE),
        (picture("JPEG"), "x.jpg", "image/jpeg"),
        (picture("PNG"), "x.png", "image/png"),
        (docx(), "x.docx", f"{OPEN_XML}wordprocessingml.document"),
        (xlsx(), "x.xlsx", f"{OPEN_XML}spreadsheetml.sheet"),
        (odt(), "x.odt", f"{ODF_TYPE}text"),
        (ods(), "x.ods", f"{ODF_TYPE}spreadsheet"),
        (WORDS_OF_A_LETTER.encode(), "x.txt", "text/plain"),
        (WORDS_OF_A_LETTER.encode("utf-16"), "x.txt", "text/plain"),
        (WORDS_OF_A_LETTER.encode("cp1252"), "x.txt", "text/plain"),
    ],
)
def test_a_file_is_what_it_holds_whatever_it_is_called(content, kept_as, media_type):
    for called in ("x", "x.pdf", "x.docx", "x.jpeg", "x.txt"):
        if media_type == "text/plain" and called not in ("x", "x.txt"):
            continue
        let_in = accept(called, content)

        endings = {"x.jpg": ("x.jpg", "x.jpeg")}.get(kept_as, (kept_as,))
        assert let_in.name in endings
        assert let_in.media_type == media_type


def test_what_is_no_picture_is_kept_to_the_byte():
    for content in (pdf(), docx(), xlsx(), odt(), ods(), WORDS_OF_A_LETTER.encode("utf-16")):
        assert accept("x", content).content == content


def test_a_table_in_plain_text_is_a_table_by_its_name():
    assert (
        accept("deaths.CSV", b"number,died\n1,-\n2,+44 (0)1632 960001\n").media_type == "text/csv"
    )


@pytest.mark.parametrize("opening", [lambda page: Array([page, Name.Fit]), None])
def test_a_pdf_that_opens_at_a_page_does_nothing_more(opening):
    def change(document):
        page = document.pages[0].obj
        document.Root.OpenAction = (
            opening(page) if opening else Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
        )

    assert accept("x", changed_pdf(change)).media_type == PDF_TYPE


def test_links_to_pages_and_addresses_stay():
    def change(document):
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[0, 0, 1, 1],
            A=Dictionary(S=Name.URI, URI=String("https://example.org/")),
        )
        document.pages[0].obj.Annots = Array([link])

    web = relation("hyperlink", "https://example.org/a", outside=True)
    address = '<text:p><text:a xlink:href="mailto:a@example.org">a</text:a></text:p>'
    for content in (changed_pdf(change), docx(relations=web), odt(body=address)):
        assert accept("x", content).content == content


def test_a_pdf_that_only_forbids_printing_is_read():
    locked = pikepdf.Encryption(user="", owner="invented")

    assert accept("x", changed_pdf(lambda _: None, encryption=locked)).media_type == PDF_TYPE


# Pictures


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_says_no_more_where_it_was_taken(form):
    sent = picture(form, where="Invented Street") + b"PK\x03\x04 a second file behind the end"
    kept = accept("x", sent).content

    assert b"Invented Street" in sent
    assert b"Invented Street" not in kept and b"second file" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_picture_is_turned_as_it_was_held():
    kept = accept("x", picture(turned=True)).content

    assert Image.open(io.BytesIO(kept)).size == (40, 60)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_make_are_drawn_anew(mode):
    made = io.BytesIO()
    Image.new(mode, (8, 8)).save(made, "PNG")

    assert Image.open(io.BytesIO(accept("x", made.getvalue()).content)).size == (8, 8)


def test_a_picture_with_too_many_points_is_not_opened(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_POINTS", 60 * 40 - 1)

    assert "too many points" in refusal(picture())


def test_a_bomb_in_the_shape_of_a_picture_is_not_opened():
    """A few bytes that say they are a picture of 60,000 by 60,000 points."""
    size = (60_000).to_bytes(4, "big") * 2
    head = b"IHDR" + size + b"\x08\x02\0\0\0"
    chunk = (13).to_bytes(4, "big") + head + zlib.crc32(head).to_bytes(4, "big")

    assert "too many points" in refusal(pictures.PNG_HEAD + chunk + b"\0\0\0\0IDAT")


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_that_was_cut_short_is_refused(form):
    whole = picture(form)

    for kept in (20, len(whole) // 2, len(whole) - 40):
        assert "damaged or incomplete" in refusal(whole[:kept])


# PDFs that act


def _deep(document: pikepdf.Pdf, inside: pikepdf.Object) -> None:
    """Hang something on a page under a name of no meaning, three boxes deep."""
    document.pages[0].obj.Zz = Array([1, Dictionary(Yy=Array([inside]))])


def _script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _script_by_name(document):
    names = Dictionary(Names=Array([String("a"), Dictionary(S=Name.JavaScript, JS=String("1"))]))
    document.Root.Names = Dictionary(JavaScript=names)


def _script_in_a_stream(document):
    _deep(document, Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)")))


def _opens_a_page_elsewhere(document):
    document.Root.OpenAction = Dictionary(S=Name.URI, URI=String("https://example.org"))


def _acts_with_a_page(document):
    document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.Named, N=Name.Print))


def _launches(document):
    _deep(document, Dictionary(S=Name.Launch, F=String("cmd.exe")))


def _holds_a_file(document):
    document.attachments["a.exe"] = b"MZ invented"


def _holds_a_file_without_a_name(document):
    file = Stream(document, b"MZ invented")
    _deep(document, Dictionary(Type=Name.Filespec, EF=Dictionary(F=file)))


def _is_a_form_of_xfa(document):
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def _sends_a_form(document):
    _deep(document, Dictionary(S=Name.SubmitForm, F=String("https://example.org")))


def _asks_another_computer(document):
    _deep(document, Dictionary(S=Name.GoToR, F=String("\\\\example.org\\share\\a.pdf")))


def _links_to_a_file(document):
    _deep(document, Dictionary(S=Name.URI, URI=String("file:///c:/windows/a.exe")))


def _plays(document):
    _deep(document, Dictionary(Type=Name.Annot, Subtype=Name.RichMedia))


def _takes_pages_from_elsewhere(document):
    _deep(document, document.make_stream(b"", F=String("https://example.org/page")))


ACTING = {
    "a script": [_script, _script_by_name, _script_in_a_stream],
    "something that acts as soon as it is opened": [_opens_a_page_elsewhere, _acts_with_a_page],
    "another file inside it": [_holds_a_file, _holds_a_file_without_a_name],
    "a link to another file or program": [
        _launches,
        _sends_a_form,
        _asks_another_computer,
        _links_to_a_file,
        _takes_pages_from_elsewhere,
    ],
    "a form that works only in one program": [_is_a_form_of_xfa],
    "sound, video or a model in it": [_plays],
}


@pytest.mark.parametrize(
    ("found", "change"), [(found, change) for found, all_ in ACTING.items() for change in all_]
)
def test_a_pdf_that_does_more_than_show_its_pages_is_refused(found, change):
    sentence = refusal(changed_pdf(change))

    assert sentence.startswith(f"The PDF has {found}, so it is not kept as it is.")
    assert "print it as a PDF" in sentence


def test_a_script_under_a_name_in_disguise_is_found():
    plain = changed_pdf(_script, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    disguised = plain.replace(b"/S /JavaScript", b"/S /J#61vaScr#69pt").replace(b"/JS", b"/#4AS")
    assert disguised != plain

    with pikepdf.open(io.BytesIO(disguised)) as document:  # the shifted places put right
        made = io.BytesIO()
        document.save(made)
    assert "a script" in refusal(made.getvalue())


def test_a_pdf_that_asks_for_a_password_is_refused():
    locked = pikepdf.Encryption(user="invented", owner="invented")

    assert "asks for a password" in refusal(changed_pdf(lambda _: None, encryption=locked))


@pytest.mark.parametrize("kept", [9, 200, -400, -8])
def test_a_pdf_that_was_cut_short_is_refused(kept):
    assert "damaged or incomplete" in refusal(pdf()[:kept])


def test_a_pdf_whose_objects_unpack_to_too_much_is_refused_unseen():
    """195 kB that become 200 MB, with an object in them that only another reader would see."""
    assert "damaged or incomplete" in refusal(_pdf_with_a_bomb())


def _pdf_with_a_bomb() -> bytes:
    packed = zlib.compress(b"1 0 << >>" + b" " * 100_000_000, 9)
    kind = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(packed)
    objects = {
        2: b"<< /Type /Catalog /Pages 3 0 R /X 1 0 R >>",
        3: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        4: b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 10 10] >>",
        5: kind + b"\nstream\n" + packed + b"\nendstream",
    }
    made, places = b"%PDF-1.5\n", {}
    for number, written in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, written)
    rows = [(0, 0, 255), (2, 5, 0), *((1, at, 0) for at in [*places.values(), len(made)])]
    table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([n]) for kind, at, n in rows)
    return made + (
        b"6 0 obj\n<< /Type /XRef /Size 7 /W [1 4 1] /Root 2 0 R /Length %d >>\nstream\n%s\n"
        b"endstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (len(table), table, len(made))
    )


# Office files that act

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


# Two kinds in one


def test_a_file_that_can_be_opened_as_two_kinds_is_refused():
    zipped = archive({"a.exe": "MZ"})
    first = archive({"[Content_Types].xml": "", "a": pdf()}, stored=("[Content_Types].xml", "a"))
    two = {
        "a PDF with an archive behind it": pdf() + zipped,
        "a PDF with an archive inside it": pdf()[:-6] + zipped + b"\n%%EOF",
        "an archive with a PDF in front": first,
        "a PDF that begins late": b"Dear all,\n" + pdf(),
        "text with the head of a PDF": b"Dear all,\n%PDF-1.4\n1 0 obj",
        "an archive behind a letter": docx() + zipped[:-5],
        "a page in a comment of an archive": _with_comment(docx(), b"<script>1</script>"),
    }

    for what, content in two.items():
        assert refusal(content), what


def _with_comment(content: bytes, comment: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a") as packed:
        packed.comment = comment
    return made.getvalue()


# What is of another kind, and what to do instead


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"", "The file is empty"),
        (HEIC, "Save it as JPEG or PNG"),
        (b"GIF89a" + b"\0" * 50, "Save it as JPEG or PNG"),
        (b"II*\0" + b"\0" * 50, "Save it as JPEG or PNG"),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 50, "Save it as JPEG or PNG"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 50, "Sound and video are not kept here"),
        (b"7z\xbc\xaf'\x1c" + b"\0" * 50, "Choose each file in it by itself"),
        (OLD_OFFICE, "Save it as DOCX, XLSX or PDF"),
        (b"MZ" + b"\0" * 100, "This is a program"),
        (bytes(range(256)) * 4, "print it as a PDF"),
        (b"<!DOCTYPE html><p>", "This is a web page or a drawing"),
        (b"\xef\xbb\xbf  <svg xmlns='x'/>", "This is a web page or a drawing"),
        (b"Dear all, <script>1</script>", "This is a web page or a drawing"),
        ("<svg onload='1'>".encode("utf-16"), "This is a web page or a drawing"),
        (b"{\\rtf1 invented}", "Save it as DOCX or PDF"),
        (b"From: a@example.org\nMIME-Version: 1.0\n\nHello", "This is an email"),
        (b"#!/bin/sh\nrm", "This is a program"),
        (b"@echo off", "This is a program"),
        (b"BEGIN:VCALENDAR", "This is a program"),
        (b"nothing\0hidden", "print it as a PDF"),
    ],
)
def test_what_is_not_let_in_is_answered_with_what_to_do(content, advice):
    assert advice in refusal(content)


@pytest.mark.parametrize("name", ["a.js", "a.txt.bat", "a.hta", "a.eml", "a.svg", "a.html"])
def test_text_under_the_name_of_something_else_is_refused(name):
    ending = name[name.rindex(".") :]

    assert refusal(b"alert(1)", name).startswith(f"The name of the file ends in {ending}, but it")


@pytest.mark.parametrize(
    "cell", ["=1+cmd|' /C calc'!A0", "=HYPERLINK(1)", "@SUM(A1)", "+a(1)", '"=DDE(1)"', " =A!1"]
)
def test_a_table_with_a_cell_that_acts_is_refused(cell):
    for between in (",", ";", "\t", "\n"):
        assert "begins like a formula" in refusal(f"a{between}{cell}\n".encode(), "a.csv")


def test_a_file_of_the_largest_size_is_let_in_and_one_byte_more_is_not(settings):
    settings.UPLOAD_MAX_BYTES = 2_500_000

    assert accept("x.txt", b"x" * 2_500_000).name == "x.txt"
    assert refusal(b"x" * 2_500_001).startswith("The file must be 2.5 MB or smaller.")


# Names


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("letter.pdf", "letter.pdf"),
        ("LETTER.PDF", "LETTER.PDF"),
        ("letter", "letter.pdf"),
        ("letter.docx", "letter.pdf"),
        ("letter.pdf.exe", "letter.pdf.exe.pdf"),
        ("letter of 3.5.2026", "letter of 3.5.2026.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\letter.pdf", "letter.pdf"),
        ("a\0b\nc\x1b[31m.pdf", "ab c [31m.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("a\u200bb\u2066c\ufeff.pdf", "abc.pdf"),
        ('<b>"x"|?*:.pdf', "_b__x_____.pdf"),
        ("בדיקה 👶 łódź.pdf", "בדיקה 👶 łódź.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (" . pdf ", "pdf.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 10_000 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_made_safe_to_show_and_to_save_under(sent, shown):
    assert accept(sent, pdf()).name == shown


@given(st.text(max_size=300))
def test_no_name_keeps_a_path_or_a_hidden_character(sent):
    shown = uploads.shown_name(sent, (".pdf",))

    assert shown.lower().endswith(".pdf") and len(shown) <= 124
    assert not set(shown) & set('/\\\0<>:"|?*\n\r\t\u202e\u2066\u200f')
    assert not shown.startswith(".") and shown.isprintable()
    assert shown.encode()


@given(st.binary(max_size=2000), st.sampled_from(["", "%PDF-", "PK\x03\x04", "\x89PNG\r\n\x1a\n"]))
def test_no_bytes_break_the_gate(content, head):
    try:
        accept("x", head.encode("latin-1") + content)
    except ValidationError as refused:
        assert all(sentence.endswith(".") for sentence in refused.messages)
