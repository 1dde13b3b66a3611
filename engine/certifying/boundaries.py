"""Where each way to decide costs least, by the probability that an item breaks a rule.

With calibrated p, losses L_FN of what is missed and L_FP of what is wrongly removed, impact v, h
the cost of a review and what it misses and wrongly removes:

    allow   v L_FN p
    remove  v L_FP (1 - p)
    single  h1 + v E1(p)      E(p) = misses L_FN p + wrongly L_FP (1 - p)
    panel   hP + v EP(p)

All four are lines in p, so the least of them is found exactly: it changes only where two lines
cross. What would be decided by the machine outside of its certified zone goes to people instead, to
whichever of single and panel costs less. Of equal costs people go before the machine.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.errors import CannotCertify


class Way(StrEnum):
    """How an item is decided."""

    SINGLE = "single"
    PANEL = "panel"
    ALLOW = "allow"
    REMOVE = "remove"


#: In the order in which equal costs are decided.
WAYS: Final = (Way.SINGLE, Way.PANEL, Way.ALLOW, Way.REMOVE)
_SINGLE, _PANEL, _ALLOW, _REMOVE = range(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What it takes to have people decide, and what they get wrong."""

    cost: float
    """h, in the unit of the losses; a panel sums its votes."""
    seconds: float
    """Of work; a panel sums its votes."""
    misses: float
    """The share of what breaks a rule that they allow, 0 to 1."""
    wrongly: float
    """The share of what breaks none that they remove, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What mistakes and reviews cost, in one unit; checked when made."""

    missed: float
    """L_FN."""
    wrongly_removed: float
    """L_FP."""
    single: Review
    panel: Review
    impact: float = 1.0
    """v: reach and severity, as a factor of both losses."""

    def __post_init__(self) -> None:
        """Refuse what no cost can be worked out from.

        Raises:
            CannotCertify: A number is negative or none, or a share is above 1.
        """
        reviews = (self.single, self.panel)
        shares = [share for each in reviews for share in (each.misses, each.wrongly)]
        costs = [cost for each in reviews for cost in (each.cost, each.seconds)]
        amounts = np.array([self.missed, self.wrongly_removed, self.impact, *costs, *shares])
        if not (np.isfinite(amounts).all() and (amounts >= 0).all()) or max(shares) > 1:
            reason = "a loss, cost or share is negative, no number, or a share above 1"
            raise CannotCertify(reason, "give losses and costs of 0 or more, shares of 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Zones:
    """Where the machine may decide; nowhere by default."""

    allow_up_to: float | None = None
    """p at or below; None where nothing is certified."""
    remove_from: float | None = None
    """p at or above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of p that is decided in one way."""

    low: float
    high: float
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What it would come to over the items that were looked at, if p is calibrated."""

    items: int
    shares: dict[Way, float]
    """Of items by way."""
    cost: float
    """Of reviews and expected losses, per item, in the unit of the losses."""
    seconds: float
    """Of people's work, all items together."""
    error: float
    """The expected share of items that are decided wrongly."""


def pieces(losses: Losses, zones: Zones | None = None) -> tuple[Piece, ...]:
    """How p from 0 to 1 is divided.

    At a boundary itself the way is that of `choose`: a threshold belongs to its certified zone.

    Args:
        losses: What is weighed.
        zones: Where the machine may decide; everywhere where None.
    """
    at_ends = _costs(losses, np.array([0.0, 1.0]))
    start, slope = at_ends[:, 0], at_ends[:, 1] - at_ends[:, 0]
    cuts = {0.0, 1.0}
    for one, other in combinations(range(len(WAYS)), 2):
        apart, nearing = start[other] - start[one], slope[one] - slope[other]
        if 0 < abs(apart) < abs(nearing):  # else they cross outside, and the quotient may overflow
            cuts.add(float(apart / nearing))
    if zones is not None:
        cuts |= {each for each in (zones.allow_up_to, zones.remove_from) if each is not None}
    edges = np.array(sorted(each for each in cuts if 0 <= each <= 1))
    chosen = choose((edges[1:] + edges[:-1]) / 2, losses, zones)
    first = [0, *(np.flatnonzero(np.diff(chosen)) + 1)]
    ends = [*first[1:], len(chosen)]
    return tuple(
        Piece(low=float(edges[low]), high=float(edges[high]), way=WAYS[chosen[low]])
        for low, high in zip(first, ends, strict=True)
    )


def choose(
    chances: NDArray[np.float64], losses: Losses, zones: Zones | None = None
) -> NDArray[np.int64]:
    """The way of each item, as places in `WAYS`.

    Args:
        chances: Calibrated p, 0 to 1.
        losses: As of `pieces`.
        zones: As of `pieces`.

    Raises:
        CannotCertify: A p is no probability.
    """
    _check(chances)
    costs = _costs(losses, chances)
    best: NDArray[np.int64] = np.argmin(costs, axis=0)
    if zones is None:
        return best
    people: NDArray[np.int64] = np.argmin(costs[[_SINGLE, _PANEL]], axis=0)
    allowed, removed = zones.allow_up_to, zones.remove_from
    barred = (best == _ALLOW) & ~(chances <= (-np.inf if allowed is None else allowed))
    barred |= (best == _REMOVE) & ~(chances >= (np.inf if removed is None else removed))
    return np.where(barred, people, best)


def effect_of(chances: NDArray[np.float64], ways: NDArray[np.int64], losses: Losses) -> Effect:
    """What it comes to if items are decided so: for a suggestion, or for how it is now.

    Args:
        chances: Calibrated p of items that stand for the traffic.
        ways: Of each, as `choose` gives them.
        losses: What is weighed.

    Raises:
        CannotCertify: There are no items, or a p is no probability.
    """
    _check(chances)
    if not len(chances):
        reason = "there are no items"
        raise CannotCertify(reason, "give scores of items as they came")
    places = np.arange(len(chances))
    single, panel = losses.single, losses.panel
    by_people = [each.misses * chances + each.wrongly * (1 - chances) for each in (single, panel)]
    errors = np.stack([*by_people, chances, 1 - chances])
    shares = np.bincount(ways, minlength=len(WAYS)) / len(ways)
    seconds = np.array([single.seconds, panel.seconds, 0.0, 0.0])
    return Effect(
        items=len(chances),
        shares={way: float(share) for way, share in zip(WAYS, shares, strict=True)},
        cost=float(_costs(losses, chances)[ways, places].mean()),
        seconds=float(seconds[ways].sum()),
        error=float(errors[ways, places].mean()),
    )


def _costs(losses: Losses, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Expected cost, way by item."""
    missed = losses.impact * losses.missed * chances
    wrong = losses.impact * losses.wrongly_removed * (1 - chances)
    reviews = (
        each.cost + each.misses * missed + each.wrongly * wrong
        for each in (losses.single, losses.panel)
    )
    return np.stack([*reviews, missed, wrong])


def _check(chances: NDArray[np.float64]) -> None:
    if not ((chances >= 0) & (chances <= 1)).all():
        reason = "a score is no probability"
        raise CannotCertify(reason, "give calibrated scores, 0 to 1")
