"""Which thresholds are tried: quantiles of scores without labels, so labels have no say in them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.certifying.strata import Direction
from engine.errors import CannotCertify

FEWEST: Final = 10
MOST: Final = 20


def candidates(
    scores: Sequence[float] | NDArray[np.float64],
    direction: Direction,
    *,
    count: int = 15,
    widest: float = 0.5,
) -> tuple[float, ...]:
    """Thresholds from strict to loose; each is a score that was seen.

    Zones hold widest/count, 2 widest/count, …, widest of the items, more where scores are tied.
    Equal thresholds are one, so there may be fewer than `count`: constant scores have one.

    Args:
        scores: Of items as they come, without labels; calibrated or not.
        direction: Zones are at or above a threshold (remove), or at or below (allow).
        count: How many to try, 10 to 20. More are not better: a zone must differ from the next.
        widest: The share of items in the loosest zone, above 0 and up to 1.

    Raises:
        CannotCertify: Scores are missing or no numbers, or `count` or `widest` is out of range.
    """
    if not FEWEST <= count <= MOST:
        reason = f"{count} thresholds"
        raise CannotCertify(reason, f"try {FEWEST} to {MOST}")
    if not 0 < widest <= 1:
        reason = f"the loosest zone has {widest:g} of the items"
        raise CannotCertify(reason, "it has to be above 0, and 1 at most")
    known = np.asarray(scores, dtype=np.float64)
    if not known.size or not np.isfinite(known).all():
        reason = "a score is no number" if known.size else "there are no scores"
        raise CannotCertify(reason, "give scores of items without labels, as they came")
    shares = widest * np.arange(1, count + 1) / count
    sign = 1.0 if direction is Direction.ALLOW else -1.0
    found = sign * np.quantile(sign * known, shares, method="inverted_cdf")
    strict_to_loose = np.unique(sign * found) * sign
    return tuple(float(each) for each in strict_to_loose)


def in_zone(
    scores: NDArray[np.float64], threshold: float, direction: Direction
) -> NDArray[np.bool_]:
    """Which scores the machine would decide itself; never one that is no number."""
    found: NDArray[np.bool_] = (
        scores >= threshold if direction is Direction.REMOVE else scores <= threshold
    )
    return found
