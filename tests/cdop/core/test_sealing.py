"""Sealing: nothing is returned that was not sealed with this key, for this purpose, unchanged."""

import base64
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from hypothesis import HealthCheck, example, given
from hypothesis import settings as examined
from hypothesis import strategies as st

from cdop.core import sealing, secrets
from cdop.core.sealing import CannotUnseal, DataKey

CONTENT = b"Aaaa Invented-Child"
KEPT = examined(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def master(letter: str) -> str:
    return base64.b64encode(letter.encode() * 32).decode()


@pytest.fixture
def unsaved_key(settings):
    """A wrapped key that no database has seen, for tests that try many bytes."""
    key_id = uuid.uuid4()
    return DataKey(id=key_id, **sealing._wrapping(key_id, b"k" * 32))


@examined(max_examples=60, deadline=None, suppress_health_check=KEPT.suppress_health_check)
@given(content=st.binary(max_size=3000))
@example(b"")
def test_what_was_sealed_comes_back_whole(unsaved_key, content):
    sealed = sealing.seal(unsaved_key, "identity", content)

    assert sealing.unseal(unsaved_key, "identity", sealed) == content


@KEPT
@given(value=st.dictionaries(st.text(), st.text() | st.none() | st.lists(st.text())))
@example({"family_name": "‏עברית 👶 O’Név\x00"})
def test_every_text_comes_back_as_it_was_typed(unsaved_key, value):
    sealed = sealing.seal_json(unsaved_key, "draft", value)

    assert sealing.unseal_json(unsaved_key, "draft", sealed) == value


@examined(max_examples=150, deadline=None, suppress_health_check=KEPT.suppress_health_check)
@given(data=st.data())
def test_one_changed_bit_at_any_place_is_refused(unsaved_key, data):
    sealed = bytearray(sealing.seal(unsaved_key, "identity", CONTENT))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(CannotUnseal):
        sealing.unseal(unsaved_key, "identity", bytes(sealed))


def test_sealed_bytes_cut_off_anywhere_are_refused(unsaved_key):
    sealed = sealing.seal(unsaved_key, "identity", CONTENT)

    for length in range(len(sealed)):
        with pytest.raises(CannotUnseal):
            sealing.unseal(unsaved_key, "identity", sealed[:length])


def test_sealed_bytes_say_nothing_and_never_repeat(unsaved_key):
    one, other = (sealing.seal(unsaved_key, "identity", CONTENT) for _ in range(2))

    assert one != other
    assert not any(part in one for part in (CONTENT, b"Invented", b"Child"))


def test_another_format_is_named_as_such(unsaved_key):
    sealed = sealing.seal(unsaved_key, "identity", CONTENT)

    with pytest.raises(CannotUnseal, match="unknown format"):
        sealing.unseal(unsaved_key, "identity", b"\x02" + sealed[1:])


def test_bytes_sealed_for_one_purpose_do_not_open_for_another(unsaved_key):
    sealed = sealing.seal(unsaved_key, "contact", CONTENT)

    with pytest.raises(CannotUnseal, match="does not fit"):
        sealing.unseal(unsaved_key, "identity", sealed)


def test_bytes_moved_to_another_case_do_not_open_there(key):
    sealed = sealing.seal(key, "identity", CONTENT)

    with pytest.raises(CannotUnseal, match="does not fit"):
        sealing.unseal(sealing.new_key(), "identity", sealed)


def test_a_wrapped_key_moved_to_another_case_does_not_unwrap_there(key):
    other = sealing.new_key()
    other.wrapped = key.wrapped

    with pytest.raises(CannotUnseal, match="does not fit"):
        sealing.seal(other, "identity", CONTENT)


def test_a_key_stored_and_read_again_opens_what_it_sealed(key):
    sealed = sealing.seal(key, "identity", CONTENT)

    assert sealing.unseal(DataKey.objects.get(pk=key.pk), "identity", sealed) == CONTENT


def test_the_stored_key_is_not_the_key(key):
    stored = bytes(DataKey.objects.get(pk=key.pk).wrapped)

    assert sealing._unwrap(key) not in stored


def test_under_another_master_key_nothing_opens(key, settings):
    sealed = sealing.seal(key, "identity", CONTENT)
    settings.MASTER_KEYS = [master("x")]

    with pytest.raises(CannotUnseal, match="not among MASTER_KEYS"):
        sealing.unseal(key, "identity", sealed)


def test_a_master_key_that_only_claims_to_be_the_right_one_opens_nothing(key, settings):
    settings.MASTER_KEYS = [master("x")]
    key.master = sealing._fingerprint(b"x" * 32)

    with pytest.raises(CannotUnseal, match="does not fit"):
        sealing.seal(key, "identity", CONTENT)


def test_a_destroyed_key_opens_nothing_ever_again(key):
    sealed = sealing.seal(key, "identity", CONTENT)

    sealing.destroy(key)

    stored = DataKey.objects.get(pk=key.pk)
    assert (stored.wrapped, stored.destroyed_at is None) == (None, False)
    with pytest.raises(CannotUnseal, match="destroyed"):
        sealing.unseal(stored, "identity", sealed)


def test_a_key_destroyed_while_it_is_held_in_memory_seals_nothing_more(key):
    sealing.destroy(key)

    with pytest.raises(CannotUnseal, match="destroyed"):
        sealing.seal(key, "identity", CONTENT)


def test_rotation_rewraps_every_key_and_then_the_old_master_key_is_of_no_use(settings, db):
    old, new = settings.MASTER_KEYS[0], master("n")
    sealed = [
        (key, sealing.seal(key, "identity", CONTENT)) for key in (sealing.new_key() for _ in "123")
    ]
    settings.MASTER_KEYS = [new, old]

    assert sealing.rewrap(batch=2) == 3
    assert sealing.rewrap(batch=2) == 0

    settings.MASTER_KEYS = [new]
    assert [open_again(*pair) for pair in sealed] == [CONTENT] * 3
    settings.MASTER_KEYS = [old]
    for key, text in sealed:
        with pytest.raises(CannotUnseal, match="not among MASTER_KEYS"):
            open_again(key, text)


def open_again(key: DataKey, sealed: bytes) -> bytes:
    return sealing.unseal(DataKey.objects.get(pk=key.pk), "identity", sealed)


def test_between_setting_a_new_master_key_and_rewrapping_both_kinds_of_key_open(settings, key):
    sealed = sealing.seal(key, "identity", CONTENT)
    settings.MASTER_KEYS = [master("n"), *settings.MASTER_KEYS]
    made_now = sealing.new_key()

    assert open_again(key, sealed) == CONTENT
    assert made_now.master == sealing._fingerprint(b"n" * 32)


def test_rotation_leaves_a_destroyed_key_destroyed(settings, key):
    sealing.destroy(key)
    settings.MASTER_KEYS = [master("n"), *settings.MASTER_KEYS]

    assert sealing.rewrap() == 0
    assert DataKey.objects.get(pk=key.pk).wrapped is None


def test_rotation_does_not_bring_back_a_key_destroyed_while_it_runs(settings, key, monkeypatch):
    unwrapped = sealing._unwrap

    def destroyed_meanwhile(held):
        opened = unwrapped(held)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE cdop_datakey SET wrapped = NULL")
        return opened

    settings.MASTER_KEYS = [master("n"), *settings.MASTER_KEYS]
    monkeypatch.setattr(sealing, "_unwrap", destroyed_meanwhile)

    assert sealing.rewrap() == 0
    assert DataKey.objects.get(pk=key.pk).wrapped is None


def test_rotation_without_the_old_master_key_stops_and_says_so(settings, key):
    settings.MASTER_KEYS = [master("n")]

    with pytest.raises(CannotUnseal, match="not among MASTER_KEYS"):
        sealing.rewrap()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        base64.b64encode(b"k" * 31).decode(),
        base64.b64encode(b"k" * 33).decode(),
        "k" * 32,
        "!" + base64.b64encode(b"k" * 32).decode()[1:],
        "ключ",
    ],
)
def test_a_key_of_the_wrong_length_or_alphabet_is_refused_with_a_sentence(settings, text):
    settings.AUDIT_KEY = text

    with pytest.raises(ImproperlyConfigured, match=r"^AUDIT_KEY must be 32 bytes in base64\.$"):
        secrets.secret("AUDIT_KEY")


def test_space_around_a_key_does_no_harm(settings):
    settings.MASTER_KEYS = [f" {master('a')} ", f"\n{master('b')}"]

    assert secrets.masters() == [b"a" * 32, b"b" * 32]


@KEPT
@given(st.lists(st.tuples(st.sampled_from(["name", "mother"]), st.text()), min_size=2, max_size=2))
@example([("name", "bbbb"), ("mother", "bbbb")])
@example([("name", "bbbb"), ("name", "bbbb")])
def test_tokens_are_equal_for_equal_values_of_one_kind_and_for_nothing_else(pair):
    one, other = pair

    assert (sealing.token(*one) == sealing.token(*other)) == (one == other)


def test_a_token_under_another_key_is_another_token(settings):
    before = sealing.token("name", "bbbb")
    settings.TOKEN_KEY = master("x")

    assert sealing.token("name", "bbbb") != before
