"""What a certificate is about, and how the doubt is shared among several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, isfinite

from engine.certifying.binomial import check_share
from engine.errors import CannotCertify


class Direction(StrEnum):
    """What the machine would do by itself in a zone of scores."""

    #: At or above a threshold; an error is an item that breaks no rule.
    REMOVE = "remove"
    #: At or below a threshold; an error is an item that breaks one.
    ALLOW = "allow"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stratum:
    """What is certified by itself: its errors are not averaged with those of others."""

    policy: str
    language: str
    direction: Direction


def share_doubt(
    doubt: float, strata: Sequence[Stratum], weights: Mapping[Stratum, float] | None = None
) -> dict[Stratum, float]:
    """δ of each stratum. They add up to the whole, so all certificates hold together (Bonferroni).

    Args:
        doubt: δ of all of them together, above 0 and below 1.
        strata: Each once.
        weights: How much of it each gets, any positive numbers; alike where None.

    Raises:
        CannotCertify: Strata are missing or named twice, or a weight is not positive.
    """
    check_share("the doubt", doubt)
    twice = sorted({str(each) for each in strata if strata.count(each) > 1})
    if not strata or twice:
        reason = f"strata named twice: {', '.join(twice)}" if twice else "there are no strata"
        raise CannotCertify(reason, "name each stratum once")
    shares = {each: 1.0 if weights is None else weights.get(each, 0.0) for each in strata}
    for each, weight in shares.items():
        if not (isfinite(weight) and weight > 0):
            reason = f"the weight of {each} is {weight:g}"
            raise CannotCertify(reason, "give a positive number")
    whole = fsum(shares.values())
    return {each: doubt * weight / whole for each, weight in shares.items()}
