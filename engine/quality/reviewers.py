"""How each reviewer decides: beside their panels, beside the machine, and how quickly.

- Beside a panel their own vote is left out: with it, everybody agrees with themselves. Where the
  others are split nothing can be told, and that is counted; it leaves out the hardest cases, for
  which `dawid_skene` is there.
- Cases that were escalated are harder, so shares are told by stratum of difficulty, and beside each
  reviewer stands what all would reach on the same mix of strata (indirect standardisation).
- The anchoring meter is how much more often people agree with the machine where they see what it
  says. It means something where chance alone decided who sees it.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from engine.quality.measures import Measure, State
from engine.quality.proportions import ENOUGH, Share, difference, share

_HOUR: Final = 3_600.0
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """A vote of a panel."""

    case: Hashable
    reviewer: str
    label: Hashable
    stratum: Hashable = None
    """How hard cases like this are; of all ballots of a case the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidePanel:
    """How often a reviewer votes as the others do."""

    accuracy: Share
    by_stratum: Mapping[Hashable, Share]
    expected: float | None
    """What all reach on the same mix of strata; None: nothing can be compared."""
    split: int
    """Votes where no label had more of the others than any other, or nobody else voted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """How much what the machine says leads people."""

    shown: Share
    """Agreement with the machine where people saw what it says."""
    blind: Share
    """Where they did not."""
    gap: Measure
    """Shown - blind; above 0, people follow the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How quickly a reviewer decides."""

    per_hour: Measure
    """Cases in an hour of active time."""
    odd: int
    """Votes with no time, or one below 0: left out."""


def beside_panels(ballots: Sequence[Ballot], *, needs: int = ENOUGH) -> dict[str, BesidePanel]:
    """How often each reviewer votes as the others of the panel do.

    Args:
        ballots: Of a reviewer on a case the first one counts.
        needs: Of fewer votes no share is told.
    """
    first = {(each.case, each.reviewer): each for each in reversed(ballots)}
    votes = list(first.values())
    agrees, told = _beside_others(votes)
    strata = _sums([(each.stratum, ok) for each, ok, known in _rows(votes, agrees, told) if known])
    rates = {stratum: hits / n for stratum, (hits, n) in strata.items()}
    by_reviewer: dict[str, list[tuple[Hashable, bool, bool]]] = {}
    for each, ok, known in _rows(votes, agrees, told):
        by_reviewer.setdefault(each.reviewer, []).append((each.stratum, ok, known))
    return {name: _one(rows, rates, needs) for name, rows in sorted(by_reviewer.items())}


def anchoring(shown: tuple[int, int], blind: tuple[int, int], *, needs: int = ENOUGH) -> Anchoring:
    """How much what the machine says leads people.

    Args:
        shown: Votes as the machine said, and all, where people saw it.
        blind: The same where they did not.
        needs: Of fewer no share is told.
    """
    one, other = share(*shown, needs=needs), share(*blind, needs=needs)
    return Anchoring(shown=one, blind=other, gap=difference(one, other))


def pace(seconds: Sequence[float], *, needs: int = ENOUGH) -> Pace:
    """How many cases somebody decides in an hour: 3,600 by the mean.

    The interval is that of the mean, by Student's t, turned round.

    Args:
        seconds: Active time of each vote.
        needs: Of fewer no pace is told.
    """
    timed = np.array([each for each in seconds if isfinite(each) and each > 0], float)
    n = len(timed)
    odd = len(seconds) - n
    if n < max(2, needs):
        return Pace(per_hour=Measure.none(State.INSUFFICIENT_DATA, n, max(2, needs)), odd=odd)
    mean = float(timed.mean())
    reach = -float(stdtrit(n - 1, _TAIL)) * float(timed.std(ddof=1)) / sqrt(n)
    told = Measure(
        state=State.KNOWN,
        value=_HOUR / mean,
        low=_HOUR / (mean + reach),
        high=_HOUR / (mean - reach) if reach < mean else None,
        n=n,
        needs=max(2, needs),
    )
    return Pace(per_hour=told, odd=odd)


def _rows(
    votes: Sequence[Ballot], agrees: NDArray[np.bool_], told: NDArray[np.bool_]
) -> list[tuple[Ballot, bool, bool]]:
    return list(zip(votes, agrees.tolist(), told.tolist(), strict=True))


def _beside_others(votes: Sequence[Ballot]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each vote is what most others say, and whether most others say one thing."""
    if not votes:
        return np.zeros(0, bool), np.zeros(0, bool)
    cases, labels = (
        {name: number for number, name in enumerate(dict.fromkeys(names))}
        for names in ((each.case for each in votes), (each.label for each in votes))
    )
    rows = np.array([cases[each.case] for each in votes])
    columns = np.array([labels[each.label] for each in votes])
    counts = np.zeros((len(cases), len(labels) + 1), np.intp)  # of a single label, too, a second
    np.add.at(counts, (rows, columns), 1)
    others = counts[rows]
    others[np.arange(len(votes)), columns] -= 1
    ordered = np.sort(others, axis=1)
    most: NDArray[np.bool_] = others[np.arange(len(votes)), columns] == ordered[:, -1]
    told: NDArray[np.bool_] = ordered[:, -1] > ordered[:, -2]
    return most & told, told


def _sums(rows: Sequence[tuple[Hashable, bool]]) -> dict[Hashable, tuple[int, int]]:
    found: dict[Hashable, tuple[int, int]] = {}
    for key, hit in rows:
        hits, n = found.get(key, (0, 0))
        found[key] = hits + hit, n + 1
    return found


def _one(
    rows: Sequence[tuple[Hashable, bool, bool]], rates: Mapping[Hashable, float], needs: int
) -> BesidePanel:
    told = [(stratum, ok) for stratum, ok, known in rows if known]
    strata = _sums(told)
    return BesidePanel(
        accuracy=share(sum(ok for _, ok in told), len(told), needs=needs),
        by_stratum={key: share(*counts, needs=needs) for key, counts in strata.items()},
        expected=sum(rates[key] for key, _ in told) / len(told) if told else None,
        split=len(rows) - len(told),
    )
