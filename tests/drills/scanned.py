"""The scan of the papers, measured: what it finds of what was planted, and what needlessly.

A plant counts as found only where every word of it that tells something lies within a place that
the scan marked. The same sentences with harmless words show the needless places.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cdop.panel.scan import places_in
from tests.cdop.panel.narratives import missed, narratives

LEAST_RECALL = 0.99
MOST_NEEDLESS = 5.0
"""Places in a thousand words of texts that name nobody."""
EXAMPLES = 12


@dataclass
class Outcome:
    """By kind, how many identifiers were planted and missed; needless places and the words."""

    planted: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    needless: Counter[str] = field(default_factory=Counter)
    words: int = 0

    @property
    def recall(self) -> float:
        return 1 - self.lost.total() / self.planted.total()

    @property
    def needless_rate(self) -> float:
        return 1000 * self.needless.total() / self.words

    @property
    def holds(self) -> bool:
        return self.recall >= LEAST_RECALL and self.needless_rate <= MOST_NEEDLESS

    def __str__(self) -> str:
        kinds = [
            f"  {kind}: {count - self.lost[kind]} of {count}, {1 - self.lost[kind] / count:.4f}"
            for kind, count in sorted(self.planted.items())
        ]
        return "\n".join(
            [
                f"recall {self.recall:.4f} of {self.planted.total()} identifiers, "
                f"{self.needless_rate:.2f} needless places in 1,000 words",
                *kinds,
                f"  missed: {'; '.join(self.examples[:EXAMPLES]) or 'none'}",
                f"  needless: {'; '.join(f'{w} {n}' for w, n in self.needless.most_common(8))}",
            ]
        )


def run(narratives: int, seed: int) -> Outcome:
    """Measure at full size."""
    return measured(narratives, seed=seed, harmless_of=narratives)


def measured(number: int, *, seed: int, harmless_of: int) -> Outcome:
    """Scan so many reports, and of the first of them the harmless version too."""
    outcome = Outcome()
    for order, each in enumerate(narratives(number, seed)):
        outcome.planted.update(plant.kind for plant in each.plants)
        spans = [(place.start, place.end) for place in places_in(each.text, each.sought)]
        for plant in missed(each, spans):
            outcome.lost[plant.kind] += 1
            outcome.examples.append(f"{plant.words} ({plant.kind})")
        if order < harmless_of:
            outcome.needless.update(p.words for p in places_in(each.harmless, each.sought))
            outcome.words += len(each.harmless.split())
    return outcome
