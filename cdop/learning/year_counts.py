"""What became of recommendations and actions in a year, as numbers that add up."""

from __future__ import annotations

from dataclasses import dataclass

from cdop.core.counts import Counts, DoesNotAddUp


@dataclass(frozen=True)
class Recommended(Counts):
    """What became of the recommendations of one row in a year.

    carried     made in earlier years, and not ended when the year began
    accepted    accepted in the year, whatever came later
    in_time     of those done, by the last day of their actions; ``late`` after it, ``no_day``
                without any action
    overdue     of those open at the end, those whose last action was due before it
    """

    carried: int = 0
    made: int = 0
    accepted: int = 0
    declined: int = 0
    superseded: int = 0
    done: int = 0
    in_time: int = 0
    late: int = 0
    no_day: int = 0
    open: int = 0
    overdue: int = 0

    def checked(self) -> Recommended:
        """The same; raises DoesNotAddUp where what became of them does not make up all of them."""
        of = self.carried + self.made
        if of != self.declined + self.superseded + self.done + self.open:
            raise DoesNotAddUp(f"What became of them does not make up all of them: {self}")
        if self.in_time + self.late + self.no_day != self.done:
            raise DoesNotAddUp(f"In time and late do not make up what is done: {self}")
        if self.overdue > self.open or self.accepted > of:
            raise DoesNotAddUp(f"A part is more than its whole: {self}")
        return self


@dataclass(frozen=True)
class Agreed(Counts):
    """What became of the actions of one row in a year; ``done`` is in time and late together."""

    carried: int = 0
    agreed: int = 0
    dropped: int = 0
    done: int = 0
    in_time: int = 0
    late: int = 0
    open: int = 0
    overdue: int = 0

    def checked(self) -> Agreed:
        """The same; raises DoesNotAddUp where what became of them does not make up all of them."""
        if self.carried + self.agreed != self.dropped + self.done + self.open:
            raise DoesNotAddUp(f"What became of them does not make up all of them: {self}")
        if self.in_time + self.late != self.done or self.overdue > self.open:
            raise DoesNotAddUp(f"A part is more than its whole: {self}")
        return self


RECOMMENDED = (
    "From earlier years",
    "Made",
    "Accepted",
    "Declined",
    "Superseded",
    "Done",
    "Done in time",
    "Done late",
    "Done, no day set",
    "Still open",
    "Of these, overdue",
)
AGREED = (
    "From earlier years",
    "Agreed",
    "Not to be done",
    "Done",
    "Done in time",
    "Done late",
    "Still open",
    "Of these, overdue",
)
