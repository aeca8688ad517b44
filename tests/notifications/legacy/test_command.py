"""Bringing earlier cases in by the command, also killed in the middle."""

import re
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cdop.cases.models import Case
from cdop.core.audit import AuditEntry, verify
from notifications import legacy_actions, legacy_checks
from notifications.legacy_models import LegacyCase, LegacyImport
from tests.cast import TESTS, person
from tests.databases import environment
from tests.notifications.legacy import sheets
from tests.notifications.legacy.importing import everything
from tests.notifications.legacy.sheets import ALL, CLOSED, REVIEWED


def command(tmp_path, rows=ALL, *arguments, content=None):
    file = tmp_path / "cases.csv"
    file.write_bytes(content if content is not None else sheets.as_csv(rows))
    call_command("import_cases", str(file), *arguments)


def test_the_command_brings_cases_in_by_name(tmp_path, coordinator, capsys):
    command(tmp_path, ALL, "--by", coordinator.email)

    said = capsys.readouterr().out
    batch = LegacyImport.objects.get()
    assert f"4 cases were brought in: import {batch}." in said
    assert re.search(r"2012-13 +Halton +closed +1\n", said)
    assert re.search(r"[0-9.]+ seconds, at most [0-9]+ megabytes", said)
    assert (batch.read_by, batch.decided_by) == (coordinator, coordinator)
    assert "Invented" not in said


def test_the_command_by_itself_is_a_job(tmp_path, db):
    command(tmp_path)

    assert LegacyImport.objects.get().decided_by is None
    assert AuditEntry.objects.latest("number").job == "import_cases"


def test_a_dry_run_writes_nothing(tmp_path, db, capsys):
    before = everything()

    command(tmp_path, ALL, "--dry-run")

    assert everything() == before
    assert LegacyImport.objects.count() == 0
    assert "Nothing was written." in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [(), ("--dry-run",)])
def test_the_command_names_every_bad_row_and_fails(tmp_path, db, capsys, arguments):
    bad = CLOSED | {"old_reference": "5", "sex": "?", "nhs_number": "", "date_of_birth": "1/2/12"}

    with pytest.raises(CommandError, match="something is wrong with 1 row"):
        command(tmp_path, [REVIEWED, bad], *arguments)

    said = capsys.readouterr().out
    assert "Line 3, Date of birth: Write the year in four figures" in said
    assert "Line 3, Sex: This word is not known here." in said
    assert Case.objects.count() == 0


def test_the_command_is_told_what_to_do_with_likely_duplicates(tmp_path, db, capsys):
    form = CLOSED | {"old_reference": "form", "given_names": "Baby", "nhs_number": ""}
    twice = [CLOSED, form, CLOSED | {"old_reference": "again"}]

    with pytest.raises(CommandError, match="2 rows look like another child.* or --leave-out: 3, 4"):
        command(tmp_path, twice)
    assert "Line 3 looks like line 2: " in capsys.readouterr().out
    command(tmp_path, twice, "--import", "3", "--leave-out", "4")

    assert sorted(LegacyCase.objects.values_list("line", flat=True)) == [2, 3]


def test_a_line_with_a_mistake_is_not_compared_yet_so_what_was_said_of_it_waits(tmp_path, db):
    twice = [CLOSED, CLOSED | {"old_reference": "again", "sex": "boy"}]

    with pytest.raises(CommandError, match="something is wrong with 1 row"):
        command(tmp_path, twice, "--leave-out", "3")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--by", "nobody@example.org"), "Nobody here has the e-mail address"),
        (("--import", "3;4"), "Write lines as numbers"),
        (("--import", "3", "--leave-out", "4,3"), "Line 3 stands in --import and in --leave-out"),
        (("--leave-out", "3,4,3"), "Line 3 stands twice in one list"),
        (("--leave-out", "99"), "There is no case on line 99. The headings are line 1."),
        (("--leave-out", "1"), "There is no case on line 1. The headings are line 1."),
        (("--leave-out", "3"), "Line 3 looks like no other child, so it is neither for --import"),
        (("--import", "3", "--dry-run"), "Line 3 looks like no other child"),
    ],
)
def test_the_command_refuses_what_it_does_not_understand(tmp_path, db, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        command(tmp_path, ALL, *arguments)

    assert Case.objects.count() == 0


def test_the_command_refuses_a_person_whose_role_does_not(tmp_path, chair):
    with pytest.raises(CommandError, match="Your role does not bring in earlier cases"):
        command(tmp_path, ALL, "--by", chair.email)

    assert Case.objects.count() == 0


def test_the_command_says_that_a_file_is_not_there(tmp_path, db):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_cases", str(tmp_path / "none.csv"))


def test_killed_in_the_middle_nothing_of_it_is_there(committed_database, tmp_path):
    person("coordinator")
    before, file = everything(), tmp_path / "cases.csv"
    file.write_bytes(sheets.as_csv(sheets.many(120)))

    with subprocess.Popen(
        [sys.executable, "manage.py", "import_cases", str(file)],
        cwd=settings.BASE_DIR,
        env=environment(committed_database),
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert "50 of 120" in running.stdout.readline()
        running.send_signal(signal.SIGKILL)

    connection.close()
    assert running.returncode == -signal.SIGKILL
    assert everything() == before
    assert LegacyImport.objects.count() == 0
    legacy_actions.bring_in_at_once(*checked(sheets.as_csv(ALL)), {}, by=TESTS)
    assert Case.objects.count() == 4
    assert verify().broken == ""


def checked(content):
    return content, legacy_checks.check(content, timezone.now(), by=TESTS)
