"""The one door: sealed as sent, once per draft, and no trace of a refusal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain

import pytest
from django.apps import apps
from django.db import connection, connections
from django.utils import timezone

from cdop import editions
from cdop.core import drafts, sealing
from cdop.core.audit import AuditEntry
from cdop.core.drafts import Draft
from cdop.core.identifiers import normalise_reference
from cdop.core.refusals import Refused
from cdop.core.sealing import CannotUnseal, DataKey
from notifications import intake
from notifications.intake import DRAFT_KIND, NOTIFIER
from notifications.models import Notification

NEW = editions.get("cdr-2018")
PLANTED = "Zyxwvut-Invented"
ANSWERS = {
    "date_of_death": "2026-01-02",
    "notifier_name": f"Notifier {PLANTED}",
    "notifier_role": "midwife",
    "family_name": PLANTED,
    "nhs_number": "9990000123",
    "carers": [{"name": PLANTED, "relationship": "mother", "details": ""}],
}


def receive(answers=None, draft=None):
    return intake.receive(
        ANSWERS | (answers or {}), edition=NEW, route="web", draft=draft, by=NOTIFIER
    )


def test_what_was_sent_is_kept_as_it_was_sent(db):
    before = timezone.now()

    sent = Notification.objects.get(pk=receive().pk)

    assert sent.answers == ANSWERS
    assert (sent.state, sent.route, sent.edition) == ("received", "web", "cdr-2018")
    assert (sent.notifier_role, sent.case, sent.draft) == ("midwife", None, None)
    assert before <= sent.received_at <= timezone.now()


def test_the_reference_is_drawn_and_can_be_read_over_the_telephone(db):
    references = {receive().reference for _ in range(5)}

    assert len(references) == 5
    assert {normalise_reference(text.lower()) for text in references} == references
    assert {text[0] for text in references} == {"N"}


def test_the_entry_names_a_notifier_without_account_and_no_value(db):
    sent = receive()

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.job, entry.actor) == (
        "notification.received",
        "a notifier without account",
        None,
    )
    assert entry.subject == f"notification:{sent.pk}"
    assert PLANTED not in entry.detail


def test_the_notification_takes_over_the_key_of_its_draft(db):
    draft, token = drafts.begin(DRAFT_KIND, {"typed": {}, "versions": {}})

    sent = receive(draft=draft)

    assert (sent.data_key, sent.draft) == (draft.data_key, draft.pk)
    assert drafts.by_token(DRAFT_KIND, token) is None


def test_sent_twice_from_one_draft_it_is_the_same_notification(db):
    draft, _ = drafts.begin(DRAFT_KIND, {"typed": {}, "versions": {}})

    first, second = receive(draft=draft), receive({"family_name": "Another"}, draft=draft)

    assert first == second
    assert Notification.objects.get().answers == ANSWERS
    assert AuditEntry.objects.count() == 1


def test_a_draft_that_was_removed_unsent_cannot_be_sent(db):
    draft, _ = drafts.begin(DRAFT_KIND, {"typed": {}, "versions": {}})
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    drafts.remove_expired()

    with pytest.raises(Refused, match="What you typed was removed before it was sent."):
        receive(draft=draft)

    assert not Notification.objects.exists()
    with pytest.raises(CannotUnseal):
        sealing.unseal(DataKey.objects.get(), "draft", bytes(draft.sealed))


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"date_of_birth": "2026-01-03"}, "The date of birth, 3 January 2026, is after"),
        ({"date_of_death": "2999-01-01"}, "The date of death must be today or in the past"),
    ],
)
def test_a_refusal_leaves_nothing_behind_and_keeps_the_draft(db, answers, reason):
    draft, token = drafts.begin(DRAFT_KIND, {"typed": {}, "versions": {}})
    keys = DataKey.objects.count()

    with pytest.raises(Refused, match=reason):
        receive(answers, draft=draft)

    assert drafts.by_token(DRAFT_KIND, token) == draft
    assert not Notification.objects.exists()
    assert not Notification.history.exists()
    assert not AuditEntry.objects.exists()
    assert DataKey.objects.count() == keys


def test_no_name_stands_in_the_clear_in_any_table(db):
    draft, _ = drafts.begin(DRAFT_KIND, {"typed": {"child": {"family_name": [PLANTED]}}})
    receive()
    receive(draft=draft)
    drafts.begin(DRAFT_KIND, {"typed": {"child": {"family_name": [PLANTED]}}})

    found = [table for table, row in every_row() if any(holds(value, PLANTED) for value in row)]

    assert found == []


def test_the_search_for_a_planted_name_finds_one(coordinator):
    """The search above must be able to fail."""
    assert [table for table, row in every_row() if any(holds(v, "Coordinator") for v in row)]


def test_sent_by_eight_at_once_it_is_kept_once(committed_database):
    draft, _ = drafts.begin(DRAFT_KIND, {"typed": {}, "versions": {}})

    def press(_):
        try:
            return receive(draft=Draft.objects.get(pk=draft.pk)).reference
        except Draft.DoesNotExist:
            return intake.sent_from(draft).reference
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(press, range(8)))

    assert references == {Notification.objects.get().reference}
    assert AuditEntry.objects.filter(action="notification.received").count() == 1


def every_row():
    """Every row of every table of the system, as the database holds it."""
    tables = chain.from_iterable(
        [model._meta.db_table for model in config.get_models(include_auto_created=True)]
        for config in apps.get_app_configs()
    )
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            yield from ((table, row) for row in cursor.fetchall())


def holds(value, planted: str) -> bool:
    """Whether a value of the database says the planted name, in any plain encoding."""
    raw = bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
    encodings = (planted.encode(), planted.encode("utf-16-le"), planted.encode().hex().encode())
    return any(form.lower() in raw.lower() for form in encodings)
