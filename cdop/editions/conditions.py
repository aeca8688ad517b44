"""Conditions of the guidance: ``all``, ``any`` and ``not`` over one kind of fact, nothing else.

Two-valued on purpose. A field that nobody has answered is in no list, so ``Chosen`` does not hold
for it and ``Not(Chosen(...))`` does. "Unless we were told that the death was expected" is
therefore written with ``Not``, and silence falls on the safe side.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

Answered = str | Sequence[str]


class Condition(ABC):
    """Something that holds, or does not, for a set of answers (field code to chosen codes)."""

    @abstractmethod
    def holds(self, answers: Mapping[str, Answered]) -> bool:
        """Whether the condition holds; an unanswered field is simply not chosen."""

    @abstractmethod
    def fields(self) -> frozenset[str]:
        """The codes of all fields that the condition looks at."""

    @abstractmethod
    def given(
        self, answers: Mapping[str, Answered], unsettled: Collection[str]
    ) -> "Condition | bool":
        """What is left of the condition once every field but the ``unsettled`` ones has its answer.

        True or False where nothing is left to wait for.
        """


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

    def given(
        self, answers: Mapping[str, Answered], unsettled: Collection[str]
    ) -> Condition | bool:
        return self if self.field in unsettled else self.holds(answers)


@dataclass(frozen=True)
class Parts(Condition):
    """Several conditions, of which one that turns out as ``settles`` settles the whole."""

    parts: tuple[Condition, ...]
    settles: ClassVar[bool]

    def holds(self, answers: Mapping[str, Answered]) -> bool:
        settled = any(part.holds(answers) == self.settles for part in self.parts)
        return self.settles if settled else not self.settles

    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields() for part in self.parts))

    def given(
        self, answers: Mapping[str, Answered], unsettled: Collection[str]
    ) -> Condition | bool:
        found = [part.given(answers, unsettled) for part in self.parts]
        left = tuple(part for part in found if isinstance(part, Condition))
        if self.settles in found or not left:
            return self.settles if self.settles in found else not self.settles
        return left[0] if len(left) == 1 else type(self)(left)


class All(Parts):
    """Every part holds."""

    settles = False


class AnyOf(Parts):
    """At least one part holds."""

    settles = True


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def holds(self, answers: Mapping[str, Answered]) -> bool:
        return not self.part.holds(answers)

    def fields(self) -> frozenset[str]:
        return self.part.fields()

    def given(
        self, answers: Mapping[str, Answered], unsettled: Collection[str]
    ) -> Condition | bool:
        left = self.part.given(answers, unsettled)
        return Not(left) if isinstance(left, Condition) else not left
