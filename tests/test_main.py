"""What a build server is told at the end of a run."""

import subprocess
import sys

from tests import __main__ as runner

A_FAILURE = """
def test_that_fails():
    assert 1 + 1 == 3, "this is what it said"


def test_that_passes():
    assert 1 + 1 == 2
"""


def test_a_test_that_fails_is_told_at_the_end_with_the_end_of_what_it_said(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "RESULTS", tmp_path)
    (tmp_path / "test_sums.py").write_text(A_FAILURE)
    pytest = (sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-c", "/dev/null")
    subprocess.run(
        [*pytest, "--rootdir", tmp_path, runner._results("sqlite"), tmp_path / "test_sums.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    (told,) = runner._said_by_failures()
    assert "FAILURE on sqlite: test_sums::test_that_fails" in told
    assert "this is what it said" in told
    assert "test_that_passes" not in told


def test_a_run_without_a_failure_tells_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(runner, "RESULTS", tmp_path)
    assert list(runner._said_by_failures()) == []
