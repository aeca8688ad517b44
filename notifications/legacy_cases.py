"""An earlier case, once its row is read and nothing is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cdop.cases.earlier import Found
from cdop.cases.states import UNDER_WAY, CaseState
from cdop.core.organisations import Area
from cdop.editions.schema import Edition
from notifications.legacy_columns import ELSEWHERE
from notifications.legacy_returns import AgencyReturn
from notifications.rules import Times

DONE = (CaseState.REVIEWED, CaseState.CLOSED)


@dataclass(frozen=True)
class EarlierCase:
    """One case as the old system had it, in the codes of the editions it belongs to.

    time_given  whether the row says at what time the panel was told; else ``notified_at`` is made
                up within its day
    """

    line: int
    old_reference: str
    stage: CaseState
    answers: dict[str, Any]
    edition: Edition
    area: Area | None
    in_scope: bool
    confirmed: bool
    times: Times
    notified_at: datetime
    time_given: bool
    found: Found | None
    closed_at: datetime | None
    returns: tuple[AgencyReturn, ...]
    files: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.stage in UNDER_WAY

    @property
    def area_code(self) -> str:
        return self.area.code if self.area else ELSEWHERE
