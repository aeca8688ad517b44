"""Files that come beside a sheet of earlier cases: out of a ZIP, or out of a folder.

Nothing in an archive is believed and no path of it is ever written to: its list is looked at before
it is taken apart, each file is unpacked into memory with a limit, one at a time. A file is known by
its name, with or without the folders above it, capitals not minded.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from cdop.core import uploads

MOST_FILES = 2_000
MOST_IN_A_FOLDER = 20_000
MOST_UNPACKED = 200_000_000  # bytes, of all files of an archive together
MOST_FOLDERS = 10  # above a file, by which a row may name it
MOST_LISTED = 400  # bytes that one file may take in the list of an archive

END, LISTED = b"PK\x05\x06", b"PK\x01\x02"
LOCATOR = b"PK\x06\x07"
END_BYTES, LOCATOR_BYTES, LONGEST_COMMENT = 22, 20, 65_535
HAS_PASSWORD, NAME_IS_UTF8 = 0x1, 0x800
ORDINARY = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# What programs put beside the files of people.
PASSED_OVER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini", "~$", "._")

NOT_A_ZIP = "This is not a ZIP that can be read. Pack the files into a ZIP once more."
TOO_MANY = f"The ZIP has more than {MOST_FILES:,} files in it. Pack fewer at a time."
TOO_LARGE_INSIDE = (
    f"The files unpack to more than {MOST_UNPACKED // 1_000_000} megabytes. Pack fewer at a time."
)
LOCKED = "The ZIP asks for a password. Pack the files without one."
LINKS = "The ZIP holds links to files in place of the files. Pack the files themselves."
ASTRAY = (
    "Names in the ZIP lead out of it: one begins with / or a drive, or has .. in it. Pack the "
    "folder of the files anew."
)
TWICE = "Two files in the ZIP have the same name, capitals not minded. Rename one of them."
UNUSUAL = (
    "The ZIP is packed in an unusual way. Pack the files anew, as your computer does by itself."
)
DAMAGED = "The file is damaged in the ZIP. Pack it once more."
NOT_THERE = "This file did not come with the sheet."
SEVERAL = "More than one file has this name. Write the folder before it, such as 2012/letter.pdf."
NOT_READ = "The file cannot be read."


class NotAnArchive(Exception):
    """The files cannot be taken apart; the sentence says why, without a name."""


class NotUsable(Exception):
    """One file cannot be had; the sentence says why, without its name."""


class Store(Protocol):
    """Where files are read from, by their paths."""

    def read(self, path: str) -> bytes:
        """One file, whole. Raises NotUsable."""


@dataclass(frozen=True)
class Bundle:
    """The files beside a sheet.

    paths   each of them, in order, as it is shown
    known   by every way of naming a file the paths that are meant; see ``_ways``
    """

    paths: list[str]
    known: dict[str, list[str]]
    store: Store

    def find(self, name: str) -> str:
        """The path of the file that a row names. Raises NotUsable where that is none, or several.

        A whole path comes before the same name in some folder.
        """
        found = self.known.get(f"/{_folded(name)}") or self.known.get(_folded(name)) or []
        if not found:
            raise NotUsable(NOT_THERE)
        if len(found) > 1:
            raise NotUsable(SEVERAL)
        return found[0]

    def read(self, path: str) -> bytes:
        """One file, whole. Raises NotUsable."""
        return self.store.read(path)


class _Nothing:
    def read(self, path: str) -> bytes:
        raise NotUsable(NOT_THERE)


NONE = Bundle([], {}, _Nothing())
"""No files came with the sheet."""


def in_zip(content: bytes) -> Bundle:
    """The files of a ZIP. Raises NotAnArchive."""
    _check_list(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise NotAnArchive(NOT_A_ZIP) from error
    entries = [entry for entry in archive.infolist() if not _is_passed_over(entry.filename)]
    _check_entries(entries)
    files = {_names(entry)[0]: entry for entry in entries if not entry.is_dir()}
    named = {path: _names(entry) for path, entry in files.items()}
    if len({_folded(path) for path in named}) < sum(not entry.is_dir() for entry in entries):
        raise NotAnArchive(TWICE)
    return _bundle(named, _Zip(archive, files))


def in_folder(folder: Path) -> Bundle:
    """The files of a folder and of those in it; links are not followed. Raises NotAnArchive."""
    if not folder.is_dir():
        raise NotAnArchive("This folder is not there.")
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        here = [Path(place, name) for name in sorted(names)]
        found += [path for path in here if path.is_file() and not path.is_symlink()]
        if len(found) > MOST_IN_A_FOLDER:
            raise NotAnArchive(f"The folder has more than {MOST_IN_A_FOLDER:,} files.")
    paths = {path.relative_to(folder).as_posix(): path for path in found}
    named = {name: [name] for name in paths if not _is_passed_over(name)}
    return _bundle(named, _Folder(paths))


class _Zip:
    """Files of an archive: unpacked into memory, one at a time, and all together up to a limit."""

    def __init__(self, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> None:
        self.archive, self.entries, self.room = archive, entries, MOST_UNPACKED

    def read(self, path: str) -> bytes:
        entry, most = self.entries[path], settings.UPLOAD_MAX_BYTES
        try:
            with self.archive.open(entry) as packed:
                content = packed.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError) as error:
            raise NotUsable(DAMAGED) from error
        self.room -= len(content)
        if self.room < 0:
            raise NotUsable(TOO_LARGE_INSIDE)
        return _small_enough(content)


class _Folder:
    """Files on the disk of whoever runs the command."""

    def __init__(self, paths: dict[str, Path]) -> None:
        self.paths = paths

    def read(self, path: str) -> bytes:
        try:
            with self.paths[path].open("rb") as file:
                return _small_enough(file.read(settings.UPLOAD_MAX_BYTES + 1))
        except OSError as error:
            raise NotUsable(NOT_READ) from error


def _small_enough(content: bytes) -> bytes:
    if len(content) > settings.UPLOAD_MAX_BYTES:
        raise NotUsable(uploads.too_large())
    return content


def _check_list(content: bytes) -> None:
    """How many files an archive says it has, before anything is made of its list."""
    at = content.rfind(END, max(0, len(content) - END_BYTES - LONGEST_COMMENT))
    if not content.startswith((b"PK\x03\x04", END)) or at < 0 or len(content) < at + END_BYTES:
        raise NotAnArchive(NOT_A_ZIP)
    if content[max(0, at - LOCATOR_BYTES) : at].startswith(LOCATOR):
        raise NotAnArchive(UNUSUAL)  # it leads to another list, for archives of gigabytes
    disk, start, here, files, size, _ = struct.unpack("<4H2L", content[at + 4 : at + 20])
    if disk or start or here != files or size > at:
        raise NotAnArchive(NOT_A_ZIP)
    listed = content.count(LISTED, at - size, at)
    if max(files, listed) > MOST_FILES or size > MOST_FILES * MOST_LISTED:
        raise NotAnArchive(TOO_MANY)


def _check_entries(entries: Iterable[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if entry.flag_bits & HAS_PASSWORD:
            raise NotAnArchive(LOCKED)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise NotAnArchive(LINKS)
        if any(_is_astray(name) for name in (entry.orig_filename, *_names(entry))):
            raise NotAnArchive(ASTRAY)
        if entry.compress_type not in ORDINARY:
            raise NotAnArchive(UNUSUAL)


def _is_astray(name: str) -> bool:
    """Whether a name would lead out of the archive."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/") or "\0" in plain


def _is_passed_over(name: str) -> bool:
    """Whether a name is of something that no person put there."""
    plain = name.casefold().replace("\\", "/")
    return plain.startswith(PASSED_OVER[0]) or plain.rpartition("/")[2].startswith(PASSED_OVER[1:])


def _names(entry: zipfile.ZipInfo) -> list[str]:
    """How a file may be called, the likeliest first.

    Programs that do not write UTF-8 do not say in which letters they write instead.
    """
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & NAME_IS_UTF8 or name.isascii():
        return [name]
    written = name.encode("cp437")
    read = [_decoded(written, letters) for letters in ("utf-8", "cp850", "cp437", "cp1252")]
    return list(dict.fromkeys(each for each in read if each))


def _decoded(written: bytes, letters: str) -> str:
    try:
        return written.decode(letters)
    except UnicodeDecodeError:
        return ""


def _bundle(named: dict[str, list[str]], store: Store) -> Bundle:
    known: dict[str, set[str]] = defaultdict(set)
    for path, names in named.items():
        for way in {way for name in names for way in _ways(name)}:
            known[way].add(path)
    return Bundle(list(named), {way: sorted(paths) for way, paths in known.items()}, store)


def _ways(name: str) -> Iterator[str]:
    """Ways of naming a file: whole, marked as such, and with ever fewer of the folders above it."""
    folded = _folded(name)
    yield f"/{folded}"
    parts = folded.rsplit("/", MOST_FOLDERS)
    yield from ("/".join(parts[place:]) for place in range(len(parts)))


def _folded(name: str) -> str:
    """A name as it is compared: capitals and ways of writing accents do not matter."""
    plain = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return plain.removeprefix("./").casefold()
