"""A backup comes back whole on either database, or not at all, and says why."""

import os
import tarfile
import zipfile
from base64 import b64encode

import pyrage
import pytest
from django.core.management import call_command
from django.db import connection

from cdop.core import backup, documents, restoring
from cdop.core.audit import AuditEntry, verify
from cdop.core.backup import BackupFailed
from cdop.core.documents import Document
from cdop.core.uploads import Accepted
from cdop.core.users import User
from tests.cast import give, person
from tests.databases import fresh_database, in_use
from tests.makers import opened_case

PASSPHRASE = "a long one of several words"


@pytest.fixture
def full(committed_database, store):
    """A system with people, a case, its history, and a document."""
    user = person("coordinator")
    give(user, "member")
    case = opened_case()
    content = b"%PDF-1.4 invented"
    accepted = Accepted(name="letter.pdf", media_type="application/pdf", content=content)
    documents.keep(accepted, key=case.data_key, by=user)
    return user


def prints() -> dict:
    return backup.fingerprints()


def written(tmp_path, name="one.backup"):
    path = tmp_path / name
    backup.write(path, PASSPHRASE)
    return path


def files(store) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in store.iterdir()} if store.exists() else {}


def emptied(store) -> None:
    for path in store.iterdir():
        path.unlink()


def test_everything_comes_back_and_the_chain_still_holds(full, store, tmp_path):
    path = written(tmp_path)
    before, kept = prints(), files(store)
    assert before["cdop_case"][0] == 1 and len(kept) == 1
    emptied(store)

    with fresh_database() as url, in_use(url):
        found = restoring.restore(path, PASSPHRASE)

        assert prints() == before
        assert found.documents.keys() == kept.keys()
        assert files(store) == kept
        assert verify().broken == ""
        person("member", "Somebody New")
        assert User.objects.count() == before["cdop_user"][0] + 1


def test_the_file_shows_nothing_of_what_is_in_it(full, tmp_path):
    content = written(tmp_path).read_bytes()

    assert full.email.encode() not in content
    assert b"cdop_case" not in content
    assert b"Invented" not in content


def test_it_opens_with_the_tools_of_the_format_and_no_code_of_ours(full, tmp_path):
    with zipfile.ZipFile(written(tmp_path)) as whole:
        text = pyrage.passphrase.decrypt(whole.read("key.age"), PASSPHRASE).decode()
        content = pyrage.decrypt(whole.read("content.age"), [pyrage.x25519.Identity.from_str(text)])
    plain = tmp_path / "content.tar"
    plain.write_bytes(content)

    with tarfile.open(plain) as tar:
        names = tar.getnames()
    assert (names[0], names[-1]) == ("format.json", "fingerprints.json")
    assert "tables/cdop_case/000000.json" in names


def refused(path, passphrase=PASSPHRASE, *, says: str, store) -> None:
    """Restoring is refused with a sentence and leaves neither row nor file behind."""
    emptied(store)
    with fresh_database() as url, in_use(url):
        before = prints()
        with pytest.raises(BackupFailed, match=says):
            restoring.restore(path, passphrase)
        assert prints() == before
    assert files(store) == {}


def test_a_wrong_passphrase_restores_nothing(full, store, tmp_path):
    refused(written(tmp_path), "another of several words", says="passphrase is wrong", store=store)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_restores_nothing(full, store, tmp_path, share):
    path = written(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    refused(path, says="no backup|damaged", store=store)


def test_a_file_of_which_a_byte_was_changed_restores_nothing(full, store, tmp_path):
    path = written(tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    refused(path, says="damaged|no backup", store=store)


def test_what_is_no_backup_is_told_so(full, store, tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.4")

    refused(path, says="This is no backup", store=store)


def test_a_backup_of_another_version_is_refused_by_name(full, store, tmp_path, monkeypatch):
    here = backup.migrations()
    with monkeypatch.context() as newer:
        newer.setattr(backup, "migrations", lambda: [*here, "cdop.9999_later"])
        path = written(tmp_path)

    refused(path, says="a newer version", store=store)


def test_other_keys_are_noticed_before_anything_is_restored(full, store, tmp_path, settings):
    path = written(tmp_path)
    settings.MASTER_KEYS = [b64encode(os.urandom(32)).decode()]

    refused(path, says="keys of this system are others", store=store)


def test_another_audit_key_is_noticed(full, store, tmp_path, settings):
    path = written(tmp_path)
    settings.AUDIT_KEY = b64encode(os.urandom(32)).decode()

    refused(path, says="Is AUDIT_KEY the same", store=store)


def test_a_system_in_use_takes_no_backup(full, tmp_path):
    path, before = written(tmp_path), prints()

    with pytest.raises(BackupFailed, match="not empty"):
        restoring.restore(path, PASSPHRASE)
    assert prints() == before


def test_a_short_passphrase_or_a_name_that_is_taken_writes_nothing(full, tmp_path):
    path = written(tmp_path)
    content = path.read_bytes()

    with pytest.raises(BackupFailed, match="there already"):
        backup.write(path, PASSPHRASE)
    with pytest.raises(BackupFailed, match="12 characters"):
        backup.write(tmp_path / "two.backup", "short")
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.glob("*.backup*")] == ["one.backup"]


def test_a_full_disk_leaves_no_half_backup(full, tmp_path, monkeypatch):
    def full_disk(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_fill", full_disk)
    with pytest.raises(BackupFailed, match="No space left on device"):
        backup.write(tmp_path / "one.backup", PASSPHRASE)
    assert list(tmp_path.glob("*.backup*")) == []


def test_a_document_whose_file_is_gone_is_named_and_does_not_stop_the_backup(full, store, tmp_path):
    emptied(store)

    found = backup.write(tmp_path / "one.backup", PASSPHRASE)

    assert found.missing == [Document.objects.get().pk.hex]


def test_sessions_are_not_kept(full, tmp_path):
    assert "django_session" not in backup.write(tmp_path / "one.backup", PASSPHRASE).tables


def test_every_table_that_holds_anything_is_kept(full):
    kept = {model._meta.db_table for model in backup.tables()} | backup.NOT_KEPT
    beside = {"django_migrations", "cdop_cache", "sqlite_sequence"}

    assert set(connection.introspection.table_names()) - kept - beside == set()


def test_the_commands_write_and_say_what_they_did(full, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BACKUP_PASSPHRASE", PASSPHRASE)
    call_command("backup", str(tmp_path / "one.backup"))

    assert capsys.readouterr().out.startswith("Written: ")
    assert AuditEntry.objects.latest("number").action == "backup.written"
    assert oct((tmp_path / "one.backup").stat().st_mode)[-3:] == "600"
