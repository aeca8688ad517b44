"""Random years of deaths, released and attacked: no hidden count may be worked out.

As sparse as a panel's: four areas, 40 to 60 deaths a year, one to five years together, under one
guidance or two. Most are protected by the first safe pattern, some by the fewest cells there can
be: both must be safe.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from random import Random

from analytics import auditor, checks, disclosure, release_json
from analytics.disclosure import Policy, Reason
from analytics.solver import Effort
from tests.analytics.invented import children, heading, tabulate

QUICK = Effort(rounds=0)
EDITIONS = (("lscb-2015",), ("lscb-2015",), ("lscb-2015", "cdr-2018"))


@dataclass(frozen=True)
class Outcome:
    """What was counted.

    breaches  hidden counts that a reader could work out, in words
    proven    releases of which it is proven that nothing less would do
    """

    releases: int
    counts: int
    primary: int
    secondary: int
    proven: int
    breaches: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.breaches

    def __str__(self) -> str:
        found = f"{len(self.breaches)} breaches" + "".join(f"\n  {b}" for b in self.breaches[:10])
        return (
            f"{self.releases} releases of {self.counts} counts: {self.primary} hidden for being "
            f"small, {self.secondary} more with them "
            f"({self.secondary / max(1, self.primary):.2f} for each); proven to be the fewest in "
            f"{self.proven} of {self.releases}. {found}"
        )


def run(*, releases: int, seed: int = 0) -> Outcome:
    """Release and attack so many random periods."""
    found: Counter[str] = Counter()
    breaches: list[str] = []
    for number in range(seed, seed + releases):
        counted, told = _released(number)
        found.update(counted)
        breaches += [f"seed {number}: {breach}" for breach in told]
    return Outcome(
        releases,
        found["counts"],
        found["primary"],
        found["secondary"],
        found["proven"],
        tuple(breaches),
    )


def _released(seed: int) -> tuple[dict[str, int], list[str]]:
    random = Random(seed)
    years = random.choice([1, 1, 1, 2, 3, 5])
    codes, threshold = random.choice(EDITIONS), random.choice([3, 5, 5, 5, 7, 10])
    deaths = sum(random.randint(40, 60) for _ in range(years))
    tables = tabulate(children(seed, deaths, codes), codes)
    effort = random.choice([QUICK, QUICK, QUICK, QUICK, Effort()])
    protected = disclosure.protect(tables, Policy(threshold, effort))
    said = heading(threshold=threshold, editions=codes)
    release = release_json.build(said, protected, checks.verify(tables))
    read = json.loads(release_json.dumps(release))
    reasons = Counter(protected.hidden.values())
    return {
        "counts": len(protected.counts),
        "primary": reasons[Reason.PRIMARY],
        "secondary": reasons[Reason.SECONDARY],
        "proven": int(protected.optimal),
    }, [str(breach) for breach in auditor.audit(read)]
