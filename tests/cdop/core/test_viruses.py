"""The scanner: what it says is believed, and where it says nothing, nothing is let in."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from cdop.core import viruses
from cdop.core.viruses import NotSearched, found_in

BAD = b"invented virus"


@contextmanager
def scanner(answer: Callable[[bytes], bytes], family: socket.AddressFamily, at) -> Iterator[None]:
    """A scanner that answers one file as told, spoken to as clamd is."""
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        listening.bind(at)
        listening.listen()
        worker = threading.Thread(target=_serve_one, args=(listening, answer))
        worker.start()
        yield listening.getsockname()
        worker.join(timeout=120)


def _serve_one(listening: socket.socket, answer: Callable[[bytes], bytes]) -> None:
    connection, _ = listening.accept()
    with connection, connection.makefile("rb") as received:
        assert received.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", received.read(4))[0]:
            content += received.read(length)
        connection.sendall(answer(content))


def verdict(content: bytes) -> bytes:
    return b"stream: Invented.Test-1 FOUND\0" if BAD in content else b"stream: OK\0"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a letter", ""),
        (b"", ""),
        (b"x" * 200_000 + BAD, "Invented.Test-1"),
        (b"FOUND OK", ""),
    ],
)
def test_the_whole_content_is_searched_over_a_port(settings, content, found):
    with scanner(verdict, socket.AF_INET, ("127.0.0.1", 0)) as (host, port):
        settings.CLAMD = f"{host}:{port}"

        assert found_in(content) == found


def test_the_scanner_is_reached_over_a_socket_of_the_machine(settings, tmp_path):
    path = str(tmp_path / "clamd")
    with scanner(verdict, socket.AF_UNIX, path):
        settings.CLAMD = f"unix:{path}"

        assert found_in(BAD) == "Invented.Test-1"


@pytest.mark.parametrize(
    "said", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"\xff" * 9000]
)
def test_an_answer_without_a_verdict_is_no_search(settings, said):
    with scanner(lambda _: said, socket.AF_INET, ("127.0.0.1", 0)) as (host, port):
        settings.CLAMD = f"{host}:{port}"

        with pytest.raises(NotSearched):
            found_in(b"a letter")


@pytest.mark.parametrize("where", ["127.0.0.1:1", "unix:/nothing/here", "nowhere", "a:b", ":"])
def test_a_scanner_that_is_not_there_is_no_search(settings, where):
    settings.CLAMD = where

    assert viruses.searched_for()
    with pytest.raises(NotSearched):
        found_in(b"a letter")
