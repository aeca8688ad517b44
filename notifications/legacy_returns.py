"""What the old system knew of the agencies' returns on a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cdop.editions.schema import Edition
from notifications import legacy_values as values


@dataclass(frozen=True)
class AgencyReturn:
    """What the old system knew of one agency's answer."""

    agency: str
    asked_on: date | None
    returned_on: date | None
    nil: bool

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON keeps it."""
        days = {"asked_on": self.asked_on, "returned_on": self.returned_on}
        said = {name: on.isoformat() if on else "" for name, on in days.items()}
        return {"agency": self.agency, **said, "nil": self.nil}

    def in_words(self, edition: Edition) -> str:
        """As a sentence."""
        words = [f"{edition.vocabularies['agencies'].label(self.agency)}:"]
        if self.asked_on:
            words.append(f"asked on {values.said(self.asked_on)};")
        if self.returned_on:
            words.append(f"returned on {values.said(self.returned_on)}")
        else:
            words.append("no return recorded")
        return " ".join(words) + (", nothing to report" if self.nil else "")
