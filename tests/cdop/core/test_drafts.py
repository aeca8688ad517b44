"""Drafts: what was typed is never lost, opens to nobody else, and is gone when its time is up."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examined
from hypothesis import strategies as st

from cdop.core import drafts, sealing
from cdop.core.drafts import LIFETIME, Draft
from cdop.core.refusals import Stale
from cdop.core.sealing import CannotUnseal, DataKey
from tests.makers import opened_case

ANSWERS = {"family_name": "Invented-Child", "note": "‏א 👶 " + "x" * 10_000}


@pytest.fixture
def begun(db):
    """A draft of somebody without an account, and its token."""
    return drafts.begin("notification", ANSWERS)


def test_the_token_brings_back_what_was_typed(begun):
    draft, token = begun

    found = drafts.by_token("notification", token)

    assert (found, found.answers, found.version) == (draft, ANSWERS, 1)


@pytest.mark.parametrize("wrong", ["", " ", "x", "x" * 43, "\x00", "👶"])
def test_any_other_token_opens_nothing(begun, wrong):
    assert drafts.by_token("notification", wrong) is None


def test_the_token_opens_no_other_form(begun):
    assert drafts.by_token("review", begun[1]) is None


def test_the_stored_token_does_not_open_the_draft(begun):
    draft, token = begun

    assert draft.token != token
    assert drafts.by_token("notification", draft.token) is None


def test_an_empty_token_does_not_open_the_draft_of_a_signed_in_person(coordinator):
    drafts.keep(coordinator, "notification", "", ANSWERS, sealing.new_key())

    assert drafts.by_token("notification", "") is None


def test_answers_lie_sealed_in_the_database(begun):
    stored = bytes(Draft.objects.values_list("sealed", flat=True).get())

    assert b"Invented" not in stored
    with pytest.raises(CannotUnseal):
        sealing.unseal_json(sealing.new_key(), drafts.PURPOSE, stored)


@examined(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.dictionaries(st.text(max_size=20), st.text() | st.lists(st.text())))
def test_every_save_brings_back_exactly_what_was_saved_last(begun, answers):
    draft, token = begun

    drafts.save(draft, answers)

    assert drafts.by_token("notification", token).answers == answers


def test_a_save_over_what_another_page_saved_is_stale_and_shows_what_is_there(begun):
    draft, token = begun
    drafts.save(draft, {"note": "first page"}, version=1)

    with pytest.raises(Stale) as refused:
        drafts.save(draft, {"note": "second page"}, version=1)

    assert refused.value.current.answers == {"note": "first page"}
    assert drafts.by_token("notification", token).answers == {"note": "first page"}
    assert drafts.by_token("notification", token).version == 2


def test_a_draft_is_its_holders_alone(coordinator, member):
    drafts.keep(coordinator, "review", "case:1", ANSWERS, sealing.new_key())

    assert drafts.of(coordinator, "review", "case:1").answers == ANSWERS
    assert drafts.of(member, "review", "case:1") is None
    assert drafts.of(coordinator, "review", "case:2") is None
    assert drafts.of(coordinator, "finding", "case:1") is None


def test_keeping_again_leaves_one_draft_with_the_newest_answers(coordinator):
    key = sealing.new_key()
    first = drafts.keep(coordinator, "review", "case:1", {"note": "first"}, key)
    second = drafts.keep(coordinator, "review", "case:1", {"note": "second"}, key)

    assert drafts.of(coordinator, "review", "case:1").answers == {"note": "second"}
    assert Draft.objects.count() == 1
    assert (first.version, second.version, second.pk) == (1, 2, first.pk)


def test_a_page_opened_before_another_kept_its_answers_is_stale(coordinator):
    key = sealing.new_key()
    opened = drafts.keep(coordinator, "review", "case:1", {"note": "first"}, key)
    drafts.keep(coordinator, "review", "case:1", {"note": "second"}, key)

    with pytest.raises(Stale):
        drafts.save(opened, {"note": "third"}, version=opened.version)

    assert drafts.of(coordinator, "review", "case:1").answers == {"note": "second"}


def test_each_save_prolongs_a_draft_and_after_its_time_it_opens_to_nobody(begun, coordinator):
    draft, token = begun
    held = drafts.keep(coordinator, "review", "case:1", ANSWERS, sealing.new_key())
    Draft.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert drafts.save(draft, ANSWERS).expires_at > timezone.now() + LIFETIME - timedelta(minutes=1)

    Draft.objects.update(expires_at=timezone.now())

    assert drafts.by_token("notification", token) is None
    assert drafts.of(coordinator, held.kind, held.subject) is None


def test_a_form_can_be_sent_once(begun):
    draft, token = begun

    assert [drafts.finish(draft), drafts.finish(draft)] == [True, False]
    assert drafts.by_token("notification", token) is None


def test_the_key_of_a_sent_form_stays_for_the_record_that_takes_it(begun):
    draft, _ = begun
    sealed = sealing.seal_json(draft.data_key, "notification", ANSWERS)

    drafts.finish(draft)

    key = DataKey.objects.get(pk=draft.data_key_id)
    assert sealing.unseal_json(key, "notification", sealed) == ANSWERS


def expire(*, but: Draft | None = None) -> None:
    Draft.objects.exclude(pk=but and but.pk).update(expires_at=timezone.now())


def test_only_what_is_past_its_time_is_removed_and_its_key_destroyed(begun):
    kept, token = drafts.begin("notification", {"note": "in time"})
    expire(but=kept)

    assert [drafts.remove_expired(), drafts.remove_expired()] == [1, 0]

    assert list(Draft.objects.all()) == [kept]
    assert DataKey.objects.get(pk=begun[0].data_key_id).wrapped is None
    assert drafts.by_token("notification", token).answers == {"note": "in time"}


def test_the_key_of_a_case_outlives_the_drafts_about_it(coordinator):
    case = opened_case()
    drafts.keep(coordinator, "review", f"case:{case.pk}", ANSWERS, case.data_key)
    expire()

    drafts.remove_expired()

    assert DataKey.objects.get(pk=case.data_key_id).wrapped is not None


def test_a_draft_left_behind_after_its_form_was_sent_takes_no_key_with_it(begun):
    """A kill between sending and finishing must not make a case unreadable."""
    case = opened_case()
    Draft.objects.update(data_key=case.data_key)
    expire()

    assert drafts.remove_expired() == 1
    assert DataKey.objects.get(pk=case.data_key_id).wrapped is not None


def test_the_key_of_a_signed_in_persons_draft_is_destroyed_where_nothing_else_uses_it(coordinator):
    key = sealing.new_key()
    drafts.keep(coordinator, "case", "", ANSWERS, key)
    expire()

    drafts.remove_expired()

    assert DataKey.objects.get(pk=key.pk).wrapped is None


def test_a_key_that_two_drafts_share_goes_with_the_last_of_them(coordinator):
    key = sealing.new_key()
    drafts.keep(coordinator, "review", "case:1", ANSWERS, key)
    kept = drafts.keep(coordinator, "review", "case:2", ANSWERS, key)
    expire(but=kept)

    drafts.remove_expired()
    assert drafts.of(coordinator, "review", "case:2").answers == ANSWERS

    expire()
    drafts.remove_expired()
    assert DataKey.objects.get(pk=key.pk).wrapped is None
