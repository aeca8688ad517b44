"""Signals and urgent notices, as tests put them down."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cdop.cases import signals, urgent
from cdop.cases.signals import Signal
from cdop.cases.urgent import UrgentNotice
from tests.cdop.cases.holding_up import in_days


def raised(case, by, **said: Any) -> Signal:
    told = {"kind": "unit", "about": "Two deaths in one unit.", "owner": by, "due_on": in_days(14)}
    return signals.raise_signal(case, by=by, **(told | said))


def called_for(case, by, **said: Any) -> UrgentNotice:
    known_at = timezone.now() - timedelta(hours=2)
    told = {"kind": "serious_incident", "about": "Neglect.", "owner": by, "known_at": known_at}
    return urgent.call_for(case, by=by, **(told | said))
