"""The drill of calls at a size that every run of the tests can bear."""

import pytest

from tests.drills import api_calls


@pytest.mark.django_db
def test_no_call_is_answered_by_a_fault_of_ours():
    outcome = api_calls.counted(200, seed=7)

    assert outcome.holds, str(outcome)
    assert sum(counts.total() for counts in outcome.seen.values()) == 200


@pytest.mark.parametrize(
    ("seen", "kept"),
    [
        ({"hostile": {500: 1}}, 0),
        ({"valid": {422: 1}}, 0),
        ({"broken": {202: 1}}, 1),
        ({"valid": {202: 2}}, 1),
    ],
)
def test_a_drill_that_does_not_hold_says_so(seen, kept):
    counts = {kind: api_calls.Counter(statuses) for kind, statuses in seen.items()}
    acknowledged = sum(statuses.get(202, 0) for statuses in seen.values())

    assert not api_calls.Outcome(counts, kept, acknowledged).holds
