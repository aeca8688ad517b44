"""What a statistic can be computed from. Every function raises ValueError for anything else."""

from collections.abc import Sequence
from math import isfinite

from scipy.special import ndtri


def must_be_count(name: str, number: float) -> None:
    if not isfinite(number) or number < 0:
        raise ValueError(f"The {name} must be 0 or more, not {number}.")


def must_be_counts(name: str, numbers: Sequence[float]) -> None:
    for number in numbers:
        must_be_count(name, number)


def must_be_above_nought(name: str, number: float) -> None:
    if not isfinite(number) or number <= 0:
        raise ValueError(f"The {name} must be above 0, not {number}.")


def must_be_alike(**columns: Sequence[float]) -> int:
    """How many rows the columns have, which is the same for each and at least one."""
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        told = ", ".join(f"{len(column)} {name}" for name, column in columns.items())
        raise ValueError(f"Each row has one of each, and there are {told}.")
    (length,) = lengths
    if not length:
        raise ValueError(f"There are no {' and no '.join(columns)}.")
    return length


def tail(confidence: float) -> float:
    """What a two-sided interval of this confidence leaves on each side."""
    if not 0 < confidence < 1:
        raise ValueError(f"The confidence must lie between 0 and 1, not {confidence}.")
    return (1 - confidence) / 2


def normal_quantile(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to each side."""
    return float(-ndtri(tail(confidence)))
