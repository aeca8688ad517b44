"""Files beside a sheet: taken out of archives that mean well, and refused out of all others."""

import io
import os
import stat
import struct
import tracemalloc
import zipfile
from itertools import product

import pytest
from django.conf import settings

from notifications import legacy_archives
from notifications.legacy_archives import Bundle, NotAnArchive, NotUsable

LETTER = b"An invented letter."
END = b"PK\x05\x06"


def packed(files, how=zipfile.ZIP_DEFLATED):
    """An archive of (name or entry, content)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def taken(*names):
    return legacy_archives.in_zip(packed([(name, LETTER) for name in names]))


def refused(content):
    with pytest.raises(NotAnArchive) as problem:
        legacy_archives.in_zip(content)
    return str(problem.value)


def why_not(bundle: Bundle, name):
    with pytest.raises(NotUsable) as problem:
        bundle.read(bundle.find(name))
    return str(problem.value)


# How a row names a file


@pytest.mark.parametrize(
    "name",
    ["letter.pdf", "LETTER.PDF", " letter.pdf ", "2012/letter.pdf", "2012\\letter.pdf"]
    + ["papers/2012/letter.pdf", "./papers/2012/letter.pdf"],
)
def test_a_file_is_known_with_and_without_its_folders(name):
    bundle = taken("papers/", "papers/2012/", "papers/2012/letter.pdf", "papers/2013/report.pdf")

    assert bundle.find(name) == "papers/2012/letter.pdf"
    assert bundle.read(bundle.find(name)) == LETTER
    assert bundle.paths == ["papers/2012/letter.pdf", "papers/2013/report.pdf"]


def test_a_name_that_several_files_have_needs_its_folder():
    bundle = taken("2012/letter.pdf", "2013/letter.pdf")

    assert why_not(bundle, "letter.pdf") == legacy_archives.SEVERAL
    assert bundle.find("2013/letter.pdf") == "2013/letter.pdf"


def test_a_file_at_the_top_comes_before_one_of_that_name_in_a_folder():
    assert taken("letter.pdf", "2013/letter.pdf").find("letter.pdf") == "letter.pdf"


@pytest.mark.parametrize("name", ["other.pdf", "", "../letter.pdf", "2013/letter.pdf", "/"])
def test_a_file_that_is_not_there(name):
    assert why_not(taken("2012/letter.pdf"), name) == legacy_archives.NOT_THERE
    assert why_not(legacy_archives.NONE, name) == legacy_archives.NOT_THERE


def test_accents_are_the_same_however_they_are_written():
    assert taken("Zoe\u0308.pdf").find("Zo\u00eb.pdf")


@pytest.mark.parametrize("letters", ["utf-8", "cp437", "cp850", "cp1252"])
def test_a_name_in_other_letters_is_known_all_the_same(letters):
    """Windows and older programs do not say in which letters they write a name."""
    assert old_names("Zo\u00eb.pdf".encode(letters)).find("Zo\u00eb.pdf")


def old_names(written):
    """An archive with a name that is not marked as UTF-8."""
    plain = "x" * len(written)
    content = packed([(plain, LETTER)])
    assert content.count(plain.encode()) == 2
    return legacy_archives.in_zip(content.replace(plain.encode(), written))


def test_what_programs_put_beside_the_files_is_passed_over():
    bundle = taken(
        "letter.pdf", "__MACOSX/._letter.pdf", ".DS_Store", "a/Thumbs.db", "~$etter.docx"
    )

    assert bundle.paths == ["letter.pdf"]


def test_an_archive_with_nothing_in_it_has_no_files():
    assert legacy_archives.in_zip(packed([])).paths == []


# Archives that mean harm, or are damaged


@pytest.mark.parametrize(
    "name",
    ["../letter.pdf", "a/../../letter.pdf", "/etc/letter.pdf", "C:/letter.pdf", "a\\..\\b.pdf"]
    + ["\\\\server\\letter.pdf"],
)
def test_a_name_that_leads_out_of_the_archive_is_refused_and_nothing_is_written(
    name, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    assert refused(packed([("fine.pdf", LETTER), (name, LETTER)])) == legacy_archives.ASTRAY
    assert list(tmp_path.rglob("*")) == []


def test_a_name_in_other_letters_cannot_hide_a_way_out():
    with pytest.raises(NotAnArchive, match="lead out of it"):
        old_names("../\u00eb.pdf".encode("cp850"))


@pytest.mark.parametrize("names", [("a.pdf", "a.pdf"), ("a.pdf", "A.PDF"), ("b\\a.pdf", "b/a.pdf")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(names):
    assert refused(packed([(name, LETTER) for name in names])) == legacy_archives.TWICE


def test_a_link_is_refused():
    link = zipfile.ZipInfo("letter.pdf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert refused(packed([(link, "/etc/passwd")])) == legacy_archives.LINKS


def test_an_archive_with_a_password_is_refused():
    content = bytearray(packed([("letter.pdf", LETTER)]))
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + at] |= 1

    assert refused(bytes(content)) == legacy_archives.LOCKED


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_ways_of_packing_that_can_ask_for_any_memory_are_refused(how):
    assert refused(packed([("letter.pdf", LETTER)], how)) == legacy_archives.UNUSUAL


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"%PDF-1.7",
        b"Rar!\x1a\x07",
        END,
        END + b"\0" * 10,
        b"PK\x03\x04" + b"\0" * 100,
        END + b"\xff" * 18,
        END + struct.pack("<4H2LH", 0, 0, 1, 1, 46, 0, 0),
        b"PK\x03\x04" + b"\0" * 100 + END + struct.pack("<4H2LH", 0, 0, 1, 1, 46, 4, 0),
        packed([("letter.pdf", LETTER)])[:-30],
        b"MZ" + packed([("letter.pdf", LETTER)]),
    ],
)
def test_what_is_no_archive_is_refused_in_words(content):
    assert refused(content) == legacy_archives.NOT_A_ZIP


def test_an_archive_cut_or_changed_at_any_place_is_refused_in_words():
    whole = packed([("letter.pdf", LETTER * 50), ("b/report.pdf", os.urandom(300))])
    for place, mask in product(range(len(whole)), (0xFF, 0x01, 0x80)):
        changed = bytearray(whole)
        changed[place] ^= mask
        for content in (bytes(changed), whole[:place]):
            try:
                bundle = legacy_archives.in_zip(content)
            except NotAnArchive:
                continue
            for path in bundle.paths:
                try:
                    assert bundle.read(path)
                except NotUsable:
                    continue


def test_a_hundred_thousand_files_are_refused_before_they_are_listed():
    content = hundred_thousand(listed=100_000)

    assert most_memory(lambda: refused(content)) < 2_000_000
    assert refused(content) == legacy_archives.TOO_MANY


def test_a_list_longer_than_it_says_is_refused_too():
    content = hundred_thousand(listed=3)

    assert most_memory(lambda: refused(content)) < 2_000_000


def test_a_second_list_for_archives_of_gigabytes_is_refused():
    """The library would read it in place of the first, whatever that says."""
    content = hundred_thousand(listed=1)
    at = content.rindex(END)
    locator = b"PK\x06\x07" + struct.pack("<LQL", 0, 0, 1)

    assert refused(content[:at] + locator + content[at:]) == legacy_archives.UNUSUAL


def hundred_thousand(listed):
    """The list of so many empty files; what it says of their number is ``listed``."""
    one = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0
    )
    entries = b"".join(one + b"%05d" % number for number in range(100_000))
    head = b"PK\x03\x04" + b"\0" * 26
    end = struct.pack("<4H2LH", 0, 0, listed % 65_536, listed % 65_536, len(entries), len(head), 0)
    return head + entries + END + end


def most_memory(act):
    tracemalloc.start()
    act()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_a_file_that_unpacks_to_more_than_may_be_kept_is_refused_in_bounded_memory():
    bomb = legacy_archives.in_zip(packed([("bomb.txt", b"\0" * 60_000_000)]))

    most = most_memory(lambda: why_not(bomb, "bomb.txt"))

    assert most < 4 * settings.UPLOAD_MAX_BYTES
    assert why_not(bomb, "bomb.txt").startswith("The file must be 10 MB or smaller.")


def test_a_file_larger_than_an_upload_may_be_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = 1_000
    bundle = legacy_archives.in_zip(packed([("a.txt", os.urandom(1_001)), ("b.txt", b"b" * 1_000)]))

    assert why_not(bundle, "a.txt").startswith("The file must be 0.001 MB or smaller.")
    assert bundle.read("b.txt") == b"b" * 1_000


def test_files_that_unpack_to_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr(legacy_archives, "MOST_UNPACKED", 100)
    bundle = legacy_archives.in_zip(packed([("a.txt", b"a" * 60), ("b.txt", b"b" * 60)]))

    assert bundle.read("a.txt")
    assert why_not(bundle, "b.txt") == legacy_archives.TOO_LARGE_INSIDE


def test_a_damaged_file_is_named_and_the_others_are_read():
    content = bytearray(packed([("a.txt", LETTER), ("b.txt", LETTER)], zipfile.ZIP_STORED))
    content[content.index(LETTER)] ^= 1
    bundle = legacy_archives.in_zip(bytes(content))

    assert why_not(bundle, "a.txt") == legacy_archives.DAMAGED
    assert bundle.read("b.txt") == LETTER


# A folder


def test_the_files_of_a_folder_are_read_and_links_are_not_followed(tmp_path):
    (tmp_path / "outside.txt").write_bytes(b"secret")
    folder = tmp_path / "papers"
    (folder / "2012").mkdir(parents=True)
    (folder / "2012" / "letter.txt").write_bytes(LETTER)
    (folder / ".DS_Store").write_bytes(b"")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.txt")

    bundle = legacy_archives.in_folder(folder)

    assert bundle.paths == ["2012/letter.txt"]
    assert bundle.read(bundle.find("letter.txt")) == LETTER
    for name in ("link.txt", "outside.txt", "../outside.txt", "pipe.txt"):
        assert why_not(bundle, name) == legacy_archives.NOT_THERE


def test_a_file_of_a_folder_that_is_too_large_or_gone_is_named(tmp_path, settings):
    settings.UPLOAD_MAX_BYTES = 10
    for name in ("large.txt", "gone.txt"):
        (tmp_path / name).write_bytes(b"more than ten")
    bundle = legacy_archives.in_folder(tmp_path)
    (tmp_path / "gone.txt").unlink()

    assert why_not(bundle, "large.txt").startswith("The file must be")
    assert why_not(bundle, "gone.txt") == legacy_archives.NOT_READ


def test_a_folder_that_is_not_there_or_too_full_is_refused(tmp_path, monkeypatch):
    with pytest.raises(NotAnArchive, match="This folder is not there."):
        legacy_archives.in_folder(tmp_path / "none")
    monkeypatch.setattr(legacy_archives, "MOST_IN_A_FOLDER", 1)
    for name in "ab":
        (tmp_path / name).write_bytes(LETTER)
    with pytest.raises(NotAnArchive, match="more than 1 files"):
        legacy_archives.in_folder(tmp_path)
