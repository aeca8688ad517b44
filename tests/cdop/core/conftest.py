"""A key, a letter that was sealed under it, and a mail server."""

from contextlib import contextmanager

import pytest

from cdop.core import documents, sealing
from tests.cdop.core.files import LETTER
from tests.cdop.core.queueing import ADDRESS, use
from tests.smtp import Sink, mail_server


@pytest.fixture
def key(db):
    return sealing.new_key()


@pytest.fixture
def letter(key, coordinator):
    return documents.keep(LETTER, key=key, by=coordinator, source="letter")


@pytest.fixture
def server(settings):
    """Start a mail server that answers as told, and let the system use it."""

    @contextmanager
    def start(*answers: str, **refused: str):
        sink = Sink(list(answers), {ADDRESS: refused["address"]} if refused else None)
        with mail_server(sink) as port:
            use(settings, port)
            yield sink

    return start
