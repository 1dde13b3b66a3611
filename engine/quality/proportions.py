"""Shares with their interval of 95 %: of what was seen, weighted for what was not, and differences.

- Without weights the interval is Wilson's (*J. Am. Stat. Assoc.* 22 (1927), 209-212): it stays
  within 0 and 1, and no error among few is not yet none.
- With weights 1/π the share is Hájek's Σ w·e / Σ w. Its interval is Wilson's, with m(1 - m)/V for
  the number of items, V the linearised variance n/(n - 1) · Σ w²(e - m)² / (Σ w)²; it is at most
  the number that was seen, and Kish's (Σ w)² / Σ w² where all are alike.
- The interval of a difference is Newcombe's (*Stat. Med.* 17 (1998), 873-890, method 10).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt
from typing import Final, TypeVar

import numpy as np

from engine.errors import InvalidFigure
from engine.quality.measures import Measure, State

#: Fewest of which a share is told: with 20, one of .9 has an interval of a quarter.
ENOUGH: Final = 20
#: Standard deviations about the mean that hold 95 % of a normal distribution.
_WIDTH: Final = 1.959963984540054
_NO_SPREAD: Final = 1e-24
_Key = TypeVar("_Key", bound=Hashable)


class Method(StrEnum):
    """How an interval is made."""

    WILSON = "wilson"
    #: Wilson's, with the effective size that weights leave.
    WEIGHTED_WILSON = "weighted_wilson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Measure):
    """How many of all, from 0 to 1."""

    hits: int = 0
    """Of those that were seen."""
    effective: float = 0.0
    """That many at random would say as much; `needs` is compared with it."""
    method: Method = Method.WILSON


def share(hits: int, n: int, *, needs: int = ENOUGH) -> Share:
    """How many of all, each counting alike.

    Args:
        hits: How many are so; 0 to n.
        n: Of how many.
        needs: Of fewer no share is told.

    Raises:
        InvalidFigure: There are more hits than there are, or fewer than none.
    """
    if not 0 <= hits <= n:
        what = "hits"
        raise InvalidFigure(what, f"{hits} of {n} cannot be")
    return _share(hits, n, float(n), needs, hits / n if n else 0.0, Method.WILSON)


def weighted_share(
    hits: Sequence[bool], weights: Sequence[float] | None = None, *, needs: int = ENOUGH
) -> Share:
    """How many of all, told from those that were seen.

    Args:
        hits: Of each that was seen, whether it is so.
        weights: 1/π, π the chance at which it had to be seen; 1 or more. None: all 1, and the
            share is that of `share`.
        needs: Of a smaller effective size no share is told.

    Raises:
        InvalidFigure: A weight is below 1 or no number, or there are not as many as hits.
    """
    n, seen = len(hits), sum(map(bool, hits))
    if weights is None:
        return share(seen, n, needs=needs)
    check_weights(weights, n)
    if not n or all(weight == weights[0] for weight in weights):
        return _share(seen, n, float(n), needs, seen / n if n else 0.0, Method.WEIGHTED_WILSON)
    sized, values = np.asarray(weights, float), np.asarray(hits, float)
    mean = float(sized @ values / sized.sum())
    size = _size(values, sized, mean)
    return _share(seen, n, size, needs, mean, Method.WEIGHTED_WILSON)


def check_weights(weights: Sequence[float], n: int) -> None:
    """Raise InvalidFigure where there are not n weights, each 1 or more."""
    what = "weights"
    if len(weights) != n:
        raise InvalidFigure(what, f"there are {len(weights)} for {n}")
    wrong = next((each for each in weights if not (isfinite(each) and each >= 1)), None)
    if wrong is not None:
        raise InvalidFigure(what, f"{wrong} is no 1/π, which is 1 or more")


def wilson(mean: float, size: float) -> tuple[float, float]:
    """The limits of a share of so many; 0 and 1 of none."""
    if size <= 0:
        return 0.0, 1.0
    square = _WIDTH**2 / size
    centre = (mean + square / 2) / (1 + square)
    reach = sqrt(square * (mean * (1 - mean) + square / 4)) / (1 + square)
    low, high = max(0.0, centre - reach), min(1.0, centre + reach)
    return min(low, mean), max(high, mean)  # but for the last digit they hold it anyway


def difference(one: Share, other: Share) -> Measure:
    """By how much one share is larger than another, from -1 to 1.

    It is told where both are; `n` is the number of the smaller one.
    """
    n, needs = min(one.n, other.n), max(one.needs, other.needs)
    if one.value is None or other.value is None:
        return Measure.none(State.INSUFFICIENT_DATA, n, needs)
    value = one.value - other.value
    (low, high), (less, more) = _limits(one), _limits(other)
    down = sqrt((one.value - low) ** 2 + (more - other.value) ** 2)
    up = sqrt((high - one.value) ** 2 + (other.value - less) ** 2)
    known = State.KNOWN
    return Measure(state=known, value=value, low=value - down, high=value + up, n=n, needs=needs)


def by_key(looks: Iterable[tuple[_Key, bool, float]], *, needs: int = ENOUGH) -> dict[_Key, Share]:
    """Shares by key, weighted where any weight is not 1."""
    hits: dict[_Key, list[bool]] = {}
    weights: dict[_Key, list[float]] = {}
    for key, hit, weight in looks:
        hits.setdefault(key, []).append(hit)
        weights.setdefault(key, []).append(weight)
    return {
        key: weighted_share(
            seen, weights[key] if any(each != 1 for each in weights[key]) else None, needs=needs
        )
        for key, seen in hits.items()
    }


def _limits(found: Share) -> tuple[float, float]:
    return found.low or 0.0, 1.0 if found.high is None else found.high


def _size(values: np.ndarray, weights: np.ndarray, mean: float) -> float:
    """How many at random would say as much."""
    total, n = float(weights.sum()), len(values)
    kish = total**2 / float(weights @ weights)
    spread = mean * (1 - mean)
    variance = float((weights * (values - mean)) @ (weights * (values - mean))) / total**2
    variance *= n / (n - 1)
    if spread <= _NO_SPREAD or variance <= _NO_SPREAD:
        return kish
    return min(float(n), spread / variance)


def _share(hits: int, n: int, size: float, needs: int, mean: float, method: Method) -> Share:
    low, high = wilson(mean, size)
    known = n > 0 and size >= needs
    return Share(
        state=State.KNOWN if known else State.INSUFFICIENT_DATA,
        value=mean if known else None,
        low=low if known else None,
        high=high if known else None,
        n=n,
        needs=needs,
        hits=hits,
        effective=size,
        method=method,
    )
