"""The files of what is keyed in: they go with it, to its notification or for good."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cdop.core import documents, drafts
from cdop.core.audit import AuditEntry
from cdop.core.documents import Document
from cdop.core.drafts import Draft
from cdop.core.sealing import CannotUnseal
from notifications.models import Notification
from tests.cast import TESTS
from tests.cdop.core.files import pdf, picture
from tests.notifications.filling import text_of
from tests.notifications.keying import AN_HOUR_AGO, attach, begin, fill_all, keep, place, press_keep
from tests.notifications.triage import page_of

pytestmark = pytest.mark.usefixtures("store", "trust")


def test_the_letter_goes_over_to_the_notification(desk, coordinator):
    draft = begin(desk, came_by="letter")
    fill_all(desk, draft)
    assert "Nothing is attached." in text_of(desk.get(place("check", draft)))
    attach(desk, draft)
    assert "letter.pdf" in text_of(desk.get(place("check", draft)))
    press_keep(desk, draft)

    sent = Notification.objects.get()
    (letter,) = documents.of(sent.data_key)
    words = text_of(desk.get(page_of(sent)))
    assert "File 1 letter.pdf PDF, 1.3 kB, attached on" in words
    answer = desk.get(f"{page_of(sent)}files/{letter.pk}/")
    assert answer.content == pdf()
    assert answer["Content-Disposition"].startswith('attachment; filename="letter.pdf"')
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        "nosniff",
        "no-store, private",
    )
    entry = AuditEntry.objects.latest("number")
    assert (entry.action, entry.actor, entry.purpose) == ("document.read", coordinator, "triage")
    assert letter.source == "By letter"


def test_a_file_can_be_looked_at_and_taken_out_before(desk, coordinator):
    draft = begin(desk)
    attach(desk, draft)
    attach(desk, draft, picture(where="Invented Street"), "photo.jpg")
    letter, photo = documents.of(draft.data_key)

    assert desk.get(place("file", draft, letter.pk)).content == pdf()
    assert b"Invented Street" not in desk.get(place("file", draft, photo.pk)).content
    desk.post(place("remove", draft, letter.pk))

    assert [each.name for each in documents.of(draft.data_key)] == ["photo.jpg"]
    assert desk.get(place("file", draft, letter.pk)).status_code == 404
    removed = AuditEntry.objects.get(action="document.removed")
    assert (removed.actor, removed.subject) == (coordinator, f"document:{letter.pk}")


def test_what_may_not_be_kept_is_refused_and_leaves_nothing_behind(desk, store):
    draft = begin(desk)
    before = Draft.objects.get().version

    page = attach(desk, draft, b"MZ" + b"\0" * 99, "letter.pdf")

    assert "There is a problem This is a program, not a document." in text_of(page)
    assert not Document.objects.exists() and not store.exists()
    assert Draft.objects.get().version == before


def test_a_file_that_is_missing_from_the_store_is_told(desk, store):
    draft = begin(desk)
    fill_all(desk, draft)
    attach(desk, draft)
    press_keep(desk, draft)
    sent, letter = Notification.objects.get(), Document.objects.get()
    (store / letter.pk.hex).unlink()

    assert "This file is missing from the store of documents." in text_of(desk.get(page_of(sent)))
    answer = desk.get(f"{page_of(sent)}files/{letter.pk}/")
    assert answer.status_code == 409
    assert "missing from the store of documents" in text_of(answer)


def test_deleting_makes_answers_and_files_unreadable(desk, coordinator):
    draft = begin(desk)
    attach(desk, draft)
    assert "neither the answers nor the files can be brought back" in text_of(
        desk.get(place("discard", draft))
    )

    desk.post(place("discard", draft))

    assert not Draft.objects.exists()
    with pytest.raises(CannotUnseal):
        documents.read(Document.objects.get(), by=coordinator, purpose="triage")
    assert desk.get(place("tasks", draft)).status_code == 404


def test_a_draft_that_nobody_came_back_to_takes_its_files_with_it(desk, coordinator):
    draft = begin(desk)
    attach(desk, draft)
    Draft.objects.update(expires_at=timezone.now() - AN_HOUR_AGO)

    assert drafts.remove_expired() == 1

    with pytest.raises(CannotUnseal):
        documents.read(Document.objects.get(), by=coordinator, purpose="triage")


def test_a_file_of_one_notification_does_not_open_at_another(desk):
    one, two = keep(desk), keep(desk)
    letter = documents.keep(
        documents.Accepted("a.pdf", "application/pdf", pdf()), key=one.data_key, by=TESTS
    )

    assert desk.get(f"{page_of(two)}files/{letter.pk}/").status_code == 404
    assert desk.get(f"{page_of(one)}files/{letter.pk}/").status_code == 200


def test_pages_ask_no_more_of_the_database_for_more_files(desk):
    draft = begin(desk)
    fill_all(desk, draft)
    counts = []
    for _ in range(2):
        attach(desk, draft)
        with CaptureQueriesContext(connection) as asked:
            desk.get(place("files", draft))
            desk.get(place("check", draft))
        counts.append(len(asked))

    assert counts[0] == counts[1]
