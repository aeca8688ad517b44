"""What may be uploaded: by content, whatever the name says, and what is answered instead."""

import io
import zipfile
import zlib

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from cdop.core import pictures, uploads
from cdop.core.uploads import accept
from tests.cdop.core.files import (
    ODF_TYPE,
    OLD_OFFICE,
    OPEN_XML,
    PDF_TYPE,
    archive,
    changed_pdf,
    docx,
    ods,
    odt,
    pdf,
    picture,
    refusal,
    relation,
    xlsx,
)

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50
WORDS_OF_A_LETTER = "Dear Coordinator,\r\n\tthis is invented – all of it.\r\n\fPage 2"


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
