"""PDFs: what does more than show its pages is refused, and so is what cannot be read."""

import io
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from cdop.core.uploads import accept
from tests.cdop.core.files import PDF_TYPE, changed_pdf, pdf, refusal


@pytest.mark.parametrize("opening", [lambda page: Array([page, Name.Fit]), None])
def test_a_pdf_that_opens_at_a_page_does_nothing_more(opening):
    def change(document):
        page = document.pages[0].obj
        document.Root.OpenAction = (
            opening(page) if opening else Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]))
        )

    assert accept("x", changed_pdf(change)).media_type == PDF_TYPE


def test_a_pdf_that_only_forbids_printing_is_read():
    locked = pikepdf.Encryption(user="", owner="invented")

    assert accept("x", changed_pdf(lambda _: None, encryption=locked)).media_type == PDF_TYPE


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
