"""Numbers that belong together and are added together, such as those of one area to the whole."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Counts:
    """Every field is a whole number; the sum of two has the sum of each field."""

    def __add__(self, other: Self) -> Self:
        names = [field.name for field in fields(self)]
        return type(self)(*(getattr(self, name) + getattr(other, name) for name in names))


class DoesNotAddUp(Exception):
    """Parts that do not make up their whole: nothing is shown rather than something wrong."""
