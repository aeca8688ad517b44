"""The commands of core: what they say, with what they end, and what they leave as it was."""

import json
import signal
import stat
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from cdop import keys
from cdop.core import audit, drafts, reminders, sealing, secrets
from cdop.core.audit import AuditEntry, AuditHead, Job, record, verify
from cdop.core.drafts import Draft
from cdop.core.reminders import DueJob
from tests.cdop.core.test_audit import without_triggers
from tests.cdop.core.test_sealing import master
from tests.databases import environment, manage

BY = Job("tests")


def said(*command: str, **options) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def chain(db):
    for number in range(1, 4):
        record("thing.done", f"thing {number}", by=BY)


# verify_audit


def test_verify_audit_says_how_many_entries_hold(chain):
    assert said("verify_audit") == "3 audit entries hold.\n"


def test_verify_audit_names_the_first_broken_entry(chain):
    without_triggers("UPDATE cdop_auditentry SET job = 'x' WHERE number > 1")

    with pytest.raises(CommandError, match=r"^Entry 2 was changed, inserted or moved\."):
        said("verify_audit")


def test_verify_audit_names_the_table_whose_trigger_is_gone(chain):
    on = " ON cdop_historicalcase" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER cdop_historicalcase_no_update{on}")

    with pytest.raises(CommandError, match=r"^No trigger guards cdop_historicalcase\.$"):
        said("verify_audit")


def test_a_removed_head_is_named(chain):
    AuditHead.objects.all().delete()

    assert verify().broken == "The row that says where the chain ends is gone."


def test_a_head_turned_back_is_found_although_every_entry_is_there(chain):
    AuditHead.objects.update(number=2, mac=AuditEntry.objects.get(number=2).mac)

    assert verify().broken == "The chain ends at entry 3, but its head says 2."


def test_a_chain_emptied_with_its_head_is_found_against_the_anchor(chain, anchors):
    audit.write_anchor()
    without_triggers("DELETE FROM cdop_auditentry")
    AuditHead.objects.update(number=0, mac=audit.NOTHING_BEFORE)

    assert "Entry 3 was anchored" in verify().broken


def test_entries_written_while_the_chain_is_verified_do_not_break_it(chain, monkeypatch):
    expected, others = AuditEntry.expected_mac, ["somebody else"]

    def while_others_write(entry, before):
        if others:
            record("thing.done", others.pop(), by=BY)
        return expected(entry, before)

    monkeypatch.setattr(AuditEntry, "expected_mac", while_others_write)

    assert verify().broken == ""
    assert AuditEntry.objects.count() == 4


@pytest.mark.parametrize("line", ['{"number": 3, "ma', "5", "[]", "{}", '{"number": "x"}', "\x00"])
def test_an_anchor_that_cannot_be_read_is_named_and_not_passed_over(chain, anchors, line):
    audit.write_anchor()
    anchors.write_text(anchors.read_text() + line)

    assert verify().broken == "Line 2 of the anchors cannot be read."


@pytest.mark.database
def test_verify_audit_ends_with_1_where_the_chain_is_broken(committed_database):
    assert said("verify_audit") == "0 audit entries hold.\n"
    AuditHead.objects.all().delete()

    ended = manage("verify_audit", url=committed_database)

    assert (ended.returncode, ended.stdout) == (1, "0 audit entries hold.\n")
    assert ended.stderr == "CommandError: The row that says where the chain ends is gone.\n"


# remind

TIDYING = [
    "audit anchor",
    "expired drafts",
    "expired sessions",
    "files of documents",
    "ended limits",
    "unused accounts",
]
SENDING = ["messages", "addresses of messages"]
STARTED = "Every 0.2 seconds, until told to stop.\n"


@pytest.fixture
def only_core(settings):
    """No stage adds a job."""
    settings.CASEWORK = []


def test_remind_does_what_is_due_and_then_nothing_is(chain, only_core):
    drafts.begin("notification", {})
    Draft.objects.update(expires_at=timezone.now())

    assert said("remind") == (
        "audit anchor: Anchored the audit chain at entry 3.\n"
        "expired drafts: Removed 1 expired draft.\n"
    )
    assert said("remind") == ""


def test_sessions_that_ended_are_removed_and_those_that_run_are_not(
    client, only_core, coordinator, governance_lead
):
    client.force_login(coordinator)
    ended = client.session.session_key
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    client.cookies.clear()
    client.force_login(governance_lead)

    assert reminders.remove_sessions() == "Removed 1 expired session."
    assert Session.objects.get().session_key == client.session.session_key != ended
    assert reminders.remove_sessions() == ""


def test_an_anchor_is_written_at_most_once_an_hour_and_only_for_a_longer_chain(chain, anchors):
    assert reminders.write_anchor() != ""
    record("thing.done", "thing 4", by=BY)
    assert reminders.write_anchor() == ""

    [line] = audit.read_anchors()
    old = line | {"at": (timezone.now() - timedelta(hours=2)).isoformat()}
    anchors.write_text(json.dumps(old) + "\n")

    assert reminders.write_anchor() == "Anchored the audit chain at entry 4."
    assert [anchor["number"] for anchor in audit.read_anchors()] == [3, 4]
    assert verify().broken == ""


def test_an_empty_chain_needs_no_anchor(db, anchors):
    assert reminders.write_anchor() == ""
    assert not anchors.exists()


def test_a_stage_adds_its_jobs_in_its_module_of_work(db, monkeypatch):
    stage = SimpleNamespace(due_jobs=lambda: [DueJob("letters", lambda: "Sent 2 letters.")])
    monkeypatch.setattr(reminders, "stages", lambda: [SimpleNamespace(), stage])

    assert [job.name for job in reminders.jobs()] == [*TIDYING, "letters", *SENDING]
    assert said("remind") == "letters: Sent 2 letters.\n"


def test_every_stage_of_the_system_can_be_asked_for_its_jobs():
    names = [job.name for job in reminders.jobs()]

    assert names[: len(TIDYING)] == TIDYING
    assert names[-len(SENDING) :] == SENDING


def failing() -> str:
    raise DatabaseError("the database went away")


def test_one_job_that_fails_keeps_no_other_from_its_work(db, monkeypatch):
    run = []
    both = [DueJob("first", failing), DueJob("second", lambda: run.append("second") or "")]
    monkeypatch.setattr(reminders, "jobs", lambda: both)

    with pytest.raises(CommandError, match=r"^Not done: first\. The log says why\.$"):
        said("remind", stderr=StringIO())

    assert run == ["second"]


def test_anchors_that_cannot_be_read_are_told_and_not_written_over(chain, only_core, anchors):
    anchors.parent.mkdir(parents=True)
    anchors.write_text("torn")

    with pytest.raises(CommandError, match="Not done: audit anchor"):
        said("remind", stderr=StringIO())

    assert anchors.read_text() == "torn"


@pytest.mark.parametrize("every", ["0", "-1"])
def test_a_pause_of_no_length_is_refused(every):
    with pytest.raises(CommandError, match="above 0"):
        said("remind", "--loop", f"--every={every}")


@pytest.mark.database
def test_the_loop_works_round_after_round_and_stops_cleanly_when_told(committed_database):
    """Two of them side by side, as two machines would run them."""
    make_expired_draft()
    loops = [loop_process(committed_database) for _ in range(2)]
    try:
        assert [process.stdout.readline() for process in loops] == [STARTED, STARTED]
        wait_until(lambda: not Draft.objects.exists())
        make_expired_draft()
        wait_until(lambda: not Draft.objects.exists())
    finally:
        for process, how in zip(loops, (signal.SIGTERM, signal.SIGINT), strict=True):
            process.send_signal(how)
        # Not communicate(): it would pass over what readline() has already taken in.
        said_by_each = [process.stdout.read() for process in loops]

    assert [process.wait(timeout=300) for process in loops] == [0, 0], said_by_each
    assert [words.splitlines()[-1] for words in said_by_each] == ["Stopped.", "Stopped."]
    assert "".join(said_by_each).count("Removed 1 expired draft.") == 2


def make_expired_draft() -> None:
    drafts.begin("notification", {})
    Draft.objects.update(expires_at=timezone.now())


def loop_process(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "manage.py", "remind", "--loop", "--every", "0.2"],
        cwd=site.BASE_DIR,
        env=environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until(done, seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.1)


# rotate_master_key


def test_rotation_says_how_many_keys_were_wrapped_anew_and_is_recorded(settings, db):
    for _ in range(3):
        sealing.new_key()
    settings.MASTER_KEYS = [master("n"), *settings.MASTER_KEYS]

    assert said("rotate_master_key").startswith("3 data keys were wrapped anew.")
    assert said("rotate_master_key").startswith("0 data keys were wrapped anew.")
    entries = AuditEntry.objects.values_list("action", "job", "detail")
    assert list(entries) == [("keys.rewrapped", "rotate_master_key", '{"after": {"count": 3}}')]


def test_rotation_without_the_former_key_says_what_to_do(settings, db):
    sealing.new_key()
    settings.MASTER_KEYS = [master("n")]

    with pytest.raises(CommandError, match="Put the former first key behind the new one"):
        said("rotate_master_key")

    assert AuditEntry.objects.count() == 0


# describe_data


def test_describe_data_writes_the_page_and_check_only_looks(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    page = tmp_path / "docs" / "data.md"
    page.parent.mkdir()

    with pytest.raises(CommandError, match="not current"):
        said("describe_data", "--check")
    assert not page.exists()

    said("describe_data")
    said("describe_data", "--check")
    page.write_text(page.read_text() + "x")
    with pytest.raises(CommandError, match="not current"):
        said("describe_data", "--check")


# The keys


def values(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text().splitlines() if "=" in line and line[0] != "#"]
    return dict(line.split("=", 1) for line in lines)


def test_every_key_is_written_once_readable_to_its_owner_alone(tmp_path):
    file = tmp_path / ".env"

    added = keys.write(file)
    first = file.read_bytes()

    assert added == ["SECRET_KEY", "MASTER_KEYS", "TOKEN_KEY", "AUDIT_KEY", "DEMONSTRATION"]
    assert list(values(file)) == added
    assert len(set(values(file).values())) == 5
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (keys.write(file), file.read_bytes()) == ([], first)
    assert list(tmp_path.iterdir()) == [file]


def test_the_keys_are_what_the_settings_ask_for(tmp_path, settings):
    keys.write(tmp_path / ".env")
    written = values(tmp_path / ".env")

    assert len(written["SECRET_KEY"]) >= 50
    settings.MASTER_KEYS = [written["MASTER_KEYS"]]
    assert [len(key) for key in secrets.masters()] == [32]
    for name in ("TOKEN_KEY", "AUDIT_KEY"):
        setattr(settings, name, written[name])
        assert len(secrets.secret(name)) == 32


def test_what_is_set_stays_and_what_lacks_is_filled_in_where_it_stands(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# ours\nTOKEN_KEY=\nexport AUDIT_KEY=kept\nDEMONSTRATION=false\nPORT=9")
    file.chmod(0o644)

    added = keys.write(file)

    assert added == ["SECRET_KEY", "MASTER_KEYS", "TOKEN_KEY"]
    lines = file.read_text().splitlines()
    assert lines[0] == "# ours" and lines[1].startswith("TOKEN_KEY=") and len(lines[1]) > 40
    assert lines[2:5] == ["export AUDIT_KEY=kept", "DEMONSTRATION=false", "PORT=9"]
    assert [line.split("=")[0] for line in lines[5:]] == ["SECRET_KEY", "MASTER_KEYS"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_name_that_only_ends_or_is_remarked_alike_is_not_taken_for_the_key(tmp_path):
    file = tmp_path / ".env"
    file.write_text("# AUDIT_KEY=x\nOLD_AUDIT_KEY=x\n")

    assert "AUDIT_KEY" in keys.write(file)
    assert file.read_text().startswith("# AUDIT_KEY=x\nOLD_AUDIT_KEY=x\n")


def test_the_keys_are_made_before_anything_is_installed(tmp_path):
    """The standard library alone, isolated from every package; and no key is shown."""
    module = tmp_path / "cdop" / "keys.py"
    module.parent.mkdir()
    module.write_text(Path(keys.__file__).read_text())

    run = [
        subprocess.run([sys.executable, "-I", module], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]

    assert run[0].stdout == (
        "Wrote SECRET_KEY, MASTER_KEYS, TOKEN_KEY, AUDIT_KEY, DEMONSTRATION to .env.\n"
    )
    assert run[1].stdout == "Every key is set.\n"
    assert len(values(tmp_path / ".env")) == 5
