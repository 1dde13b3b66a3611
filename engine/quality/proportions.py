"""Shares with their interval of 95 %: of what was seen, weighted for what was not, and differences.

- Without weights the interval is Wilson's.
- With weights 1/π the share is Hájek's, as in `weighting`, and the naive share stands beside it.
- The interval of a difference is Newcombe's (*Stat. Med.* 17 (1998), 873-890, method 10).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt
from typing import Final, TypeVar

from engine.errors import InvalidFigure
from engine.quality.measures import Measure, State
from engine.quality.weighting import weighted_mean
from engine.quality.wilson import wilson
from engine.sufficiency import is_enough, needed

#: Fewest of which a share is told: with 20, one of .9 has an interval of a quarter.
ENOUGH: Final = 20
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
    """That many at random would say as much. `needs` says how many like those seen it takes for
    this to be enough."""
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
    hits: Sequence[bool],
    weights: Sequence[float] | None = None,
    *,
    times: Sequence[int] | None = None,
    needs: int = ENOUGH,
) -> Share:
    """How many of all, told from those that were seen.

    Args:
        hits: Of each that was seen, whether it is so.
        weights: 1/π, π the chance at which it had to be seen; 1 or more. None: all 1, and the
            share is that of `share`.
        times: How many were seen that are alike, of each; None: 1.
        needs: Of a smaller effective size no share is told.

    Raises:
        InvalidFigure: A weight is below 1 or no number, or there are not as many as hits.
    """
    alike = [1] * len(hits) if times is None else times
    n, seen = sum(alike), sum(each for hit, each in zip(hits, alike, strict=True) if hit)
    if weights is None:
        return share(seen, n, needs=needs)
    check_weights(weights, len(hits))
    naive = seen / n if n else 0.0
    if not n or all(weight == weights[0] for weight in weights):
        return _share(seen, n, float(n), needs, naive, Method.WEIGHTED_WILSON)
    found = weighted_mean(
        list(map(float, hits)), [1 / weight for weight in weights], times=alike
    ).weighted
    assert isinstance(found.value, float)  # noqa: S101 - there are items
    assert found.size is not None  # noqa: S101 - two at least, as weights differ
    return _share(seen, n, found.size, needs, found.value, Method.WEIGHTED_WILSON)


def check_weights(weights: Sequence[float], n: int) -> None:
    """Raise InvalidFigure where there are not n weights, each 1 or more."""
    what = "weights"
    if len(weights) != n:
        raise InvalidFigure(what, f"there are {len(weights)} for {n}")
    wrong = next((each for each in weights if not (isfinite(each) and each >= 1)), None)
    if wrong is not None:
        raise InvalidFigure(what, f"{wrong} is no 1/π, which is 1 or more")


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


def _share(hits: int, n: int, size: float, needs: int, mean: float, method: Method) -> Share:
    low, high = wilson(mean, size)
    known = is_enough(needs, size)
    return Share(
        state=State.KNOWN if known else State.INSUFFICIENT_DATA,
        value=mean if known else None,
        low=low if known else None,
        high=high if known else None,
        n=n,
        needs=needs if known else needed(needs, n, size),
        naive=hits / n if known and method is Method.WEIGHTED_WILSON else None,
        hits=hits,
        effective=size,
        method=method,
    )
