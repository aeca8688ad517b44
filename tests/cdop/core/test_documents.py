"""Documents: sealed before they are written, read on record, owned by whoever owns the key."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models

from cdop.core import audit, documents, sealing
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document
from cdop.core.refusals import Refused
from cdop.core.sealing import CannotUnseal
from cdop.core.uploads import Accepted
from tests.cast import TESTS
from tests.cdop.core.entries import actions
from tests.cdop.core.files import LETTER, NAME, PLANTED, pdf

pytestmark = pytest.mark.usefixtures("store")


# Keeping and reading


def test_what_is_kept_is_what_is_read(letter, key, coordinator):
    kept = documents.of(key).get()

    assert (kept.name, kept.media_type, kept.kind) == (NAME, "text/plain", "TXT")
    assert (kept.size, kept.source, kept.kept_by) == (len(LETTER.content), "letter", coordinator)
    assert documents.read(kept, by=coordinator, purpose="triage") == LETTER.content


def test_keeping_and_reading_are_recorded_without_the_name(letter, coordinator):
    documents.read(letter, by=coordinator, purpose="triage")

    kept, read = AuditEntry.objects.order_by("-number")[:2][::-1]
    assert (kept.action, kept.actor, kept.subject) == (
        "document.kept",
        coordinator,
        f"document:{letter.pk}",
    )
    assert (read.action, read.actor, read.subject, read.purpose) == (
        "document.read",
        coordinator,
        f"document:{letter.pk}",
        "triage",
    )
    assert "Planted" not in f"{kept.detail}{read.detail}"
    assert audit.verify().broken == ""


@pytest.mark.parametrize("purpose", ["", " ", "\n"])
def test_nobody_reads_without_a_purpose(letter, coordinator, purpose):
    with pytest.raises(Refused, match="Say why you need this file"):
        documents.read(letter, by=coordinator, purpose=purpose)

    assert "document.read" not in actions()


def test_a_reading_that_cannot_be_recorded_does_not_happen(letter, coordinator, monkeypatch):
    def broken(*args, **kwargs):
        raise IntegrityError("the chain is locked")

    monkeypatch.setattr(documents, "record", broken)

    with pytest.raises(IntegrityError):
        documents.read(letter, by=coordinator, purpose="triage")


def test_documents_of_one_owner_are_not_those_of_another(letter, key):
    other = sealing.new_key()
    documents.keep(LETTER, key=other, by=TESTS)

    assert [list(documents.of(each)) for each in (key, sealing.new_key())] == [[letter], []]


# Sealed


def test_no_word_of_a_document_lies_in_the_clear(letter, store):
    files = [path.read_bytes() for path in store.rglob("*") if path.is_file()]
    rows = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for model in apps.get_models()
        if model.__module__.startswith("cdop")
        for row in model._base_manager.values_list()
        for value in row
    ]

    assert len(files) == 1 and len(rows) > 50
    for planted in (PLANTED, b"Planted-Name", b"Planted"):
        assert not [content for content in files + rows if planted in content]


def test_its_file_has_a_random_name_that_only_the_owner_may_open(letter, store):
    (file,) = store.iterdir()

    assert file.name == letter.pk.hex
    assert (oct(file.stat().st_mode)[-3:], oct(store.stat().st_mode)[-3:]) == ("600", "700")


def test_the_same_file_twice_leaves_two_that_do_not_look_alike(key, store):
    for _ in range(2):
        documents.keep(LETTER, key=key, by=TESTS)

    first, second = (path.read_bytes() for path in store.iterdir())
    assert first != second


def test_another_key_does_not_open_it(letter, coordinator):
    letter.data_key = sealing.new_key()

    with pytest.raises(CannotUnseal):
        documents.read(letter, by=coordinator, purpose="triage")
    with pytest.raises(CannotUnseal):
        _ = letter.name


def test_a_file_put_in_the_place_of_another_does_not_open(key, store, coordinator):
    """Sealed bytes are bound to their document, even under one key."""
    one, two = (documents.keep(LETTER, key=key, by=TESTS) for _ in range(2))
    (store / one.pk.hex).write_bytes((store / two.pk.hex).read_bytes())

    with pytest.raises(CannotUnseal):
        documents.read(one, by=coordinator, purpose="triage")
    assert documents.read(two, by=coordinator, purpose="triage") == LETTER.content


@pytest.mark.parametrize(
    "harm", [lambda b: b[:-1], lambda b: b"", lambda b: b[:50] + bytes([b[50] ^ 1]) + b[51:]]
)
def test_a_file_that_was_changed_does_not_open(letter, store, coordinator, harm):
    file = store / letter.pk.hex
    file.write_bytes(harm(file.read_bytes()))

    with pytest.raises(CannotUnseal):
        documents.read(letter, by=coordinator, purpose="triage")


def test_a_destroyed_key_makes_it_unreadable_for_good(letter, key, coordinator):
    sealing.destroy(key)

    with pytest.raises(CannotUnseal):
        documents.read(documents.of(key).get(), by=coordinator, purpose="triage")


# Downloads


def test_a_download_is_saved_and_never_shown(key, coordinator):
    kept = documents.keep(Accepted('a"b\\é 👶.pdf', "application/pdf", pdf()), key=key, by=TESTS)

    answer = documents.download(kept, by=coordinator, purpose="triage")

    assert answer.content == pdf()
    assert dict(answer.headers) == {
        "Content-Type": "application/pdf",
        "Content-Disposition": (
            'attachment; filename="a_b__ _.pdf"; '
            "filename*=UTF-8''a%22b%5C%C3%A9%20%F0%9F%91%B6.pdf"
        ),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
    }


def test_a_name_cannot_break_out_of_the_header(key, coordinator):
    kept = documents.keep(Accepted("a\r\nSet-Cookie: b=c", "text/plain", b"x"), key=key, by=TESTS)

    header = documents.download(kept, by=coordinator, purpose="triage")["Content-Disposition"]

    assert header == (
        "attachment; filename=\"a__Set-Cookie_ b_c\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20b%3Dc"
    )


# Owned by whoever owns the key


def test_no_model_but_documents_and_messages_says_that_it_owns_no_key():
    belonging = {
        model.__name__
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if column.related_model is sealing.DataKey and not sealing._owns_its_key(model)
    }

    assert belonging == {"Document", "HistoricalDocument", "Message"}
    assert isinstance(Document._meta.get_field("data_key"), models.ForeignKey)
