"""Conditions of the guidance: ``all``, ``any`` and ``not`` over one kind of fact, nothing else.

Two-valued on purpose. A field that nobody has answered is in no list, so ``Chosen`` does not hold
for it and ``Not(Chosen(...))`` does. "Unless we were told that the death was expected" is
therefore written with ``Not``, and silence falls on the safe side.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Answered = str | Sequence[str]


class Condition(ABC):
    """Something that holds, or does not, for a set of answers (field code to chosen codes)."""

    @abstractmethod
    def holds(self, answers: Mapping[str, Answered]) -> bool:
        """Whether the condition holds; an unanswered field is simply not chosen."""

    @abstractmethod
    def fields(self) -> frozenset[str]:
        """The codes of all fields that the condition looks at."""


@dataclass(frozen=True)
class Chosen(Condition):
    """The answer to ``field`` is one of ``codes``; of several answers, at least one is."""

    field: str
    codes: frozenset[str]

    def holds(self, answers: Mapping[str, Answered]) -> bool:
        answer = answers.get(self.field) or ()
        given = (answer,) if isinstance(answer, str) else answer
        return not self.codes.isdisjoint(given)

    def fields(self) -> frozenset[str]:
        return frozenset([self.field])


@dataclass(frozen=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, Answered]) -> bool:
        return all(part.holds(answers) for part in self.parts)

    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields() for part in self.parts))


@dataclass(frozen=True)
class AnyOf(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, Answered]) -> bool:
        return any(part.holds(answers) for part in self.parts)

    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields() for part in self.parts))


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def holds(self, answers: Mapping[str, Answered]) -> bool:
        return not self.part.holds(answers)

    def fields(self) -> frozenset[str]:
        return self.part.fields()
