"""The month in which returns are asked for and answered."""

from datetime import timedelta

import pytest

from notifications.assurance import returns
from tests.notifications.assurance.makers import FIRST_WORKING_DAY


@pytest.fixture
def in_november(monkeypatch):
    """Returns are asked for in November 2026 and answered a week later."""
    monkeypatch.setattr(returns.timezone, "now", lambda: FIRST_WORKING_DAY + timedelta(days=7))
