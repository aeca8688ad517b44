"""The drill of releases at a size that every run of the tests can bear."""

from analytics import auditor
from analytics.auditor import Breach
from tests.drills import released


def test_no_hidden_count_of_random_releases_can_be_worked_out():
    outcome = released.run(releases=3)

    assert outcome.holds, str(outcome)
    assert (outcome.releases, min(outcome.primary, outcome.secondary) > 0) == (3, True)


def test_a_breach_is_told_with_the_seed_that_leads_to_it(monkeypatch):
    monkeypatch.setattr(auditor, "audit", lambda release: [Breach("a table", "it is given away.")])

    outcome = released.run(releases=1, seed=8)

    assert not outcome.holds
    assert "seed 8: a table: it is given away." in str(outcome)
