"""The search for viruses by a scanner beside the system: clamd, spoken to by its INSTREAM command.

``settings.CLAMD`` says where it listens: ``unix:/path/of/the/socket`` or ``host:port``; "" where
there is none. A scanner that is configured and does not answer lets nothing in.
"""

import socket
import struct
from contextlib import closing

from django.conf import settings

PATIENCE = 30
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
CLEAN, FOUND = "OK", "FOUND"


class NotSearched(Exception):
    """The scanner did not answer, or not with a verdict."""


def searched_for() -> bool:
    """Whether a scanner is configured."""
    return bool(settings.CLAMD)


def found_in(content: bytes) -> str:
    """The name of the virus that the scanner found; "" for none. Raises NotSearched."""
    try:
        with closing(_connected(settings.CLAMD)) as scanner:
            answer = _answer(scanner, content)
    except (OSError, ValueError) as error:
        raise NotSearched(str(error)) from error
    name, _, verdict = answer.removeprefix("stream: ").rpartition(" ")
    if verdict == CLEAN:
        return ""
    if verdict == FOUND:
        return name
    raise NotSearched(answer)


def _connected(where: str) -> socket.socket:
    if where.startswith("unix:"):
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(PATIENCE)
        scanner.connect(where.removeprefix("unix:"))
        return scanner
    host, _, port = where.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE)


def _answer(scanner: socket.socket, content: bytes) -> str:
    """What it says of the content, sent in pieces, each after its length; an empty one ends it."""
    scanner.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        scanner.sendall(struct.pack(">I", len(piece)) + piece)
    scanner.sendall(struct.pack(">I", 0))
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        received = scanner.recv(LONGEST_ANSWER)
        if not received:
            break
        said += received
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
