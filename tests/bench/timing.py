"""Timing: rounds in which everything is called once, so that a busy moment meets all alike."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

WARM_UP = 5
ROUNDS = 41


def milliseconds(calls: Mapping[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each call over all rounds, after some that are not counted."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(WARM_UP + ROUNDS):
        for name, call in _rotated(calls, number):
            started = perf_counter()
            call()
            passed = perf_counter() - started
            if number >= WARM_UP:
                taken[name].append(passed * 1000)
    return {name: median(times) for name, times in taken.items()}


def _rotated(calls: Mapping[str, Callable[[], object]], by: int) -> list:
    """The calls in an order that differs from round to round."""
    order = list(calls.items())
    at = by % len(order)
    return order[at:] + order[:at]
