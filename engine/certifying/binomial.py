"""How probable so few errors are, and how many labels it takes to show that errors are rare.

Errors of n labels, drawn alike from one zone, are binomial. With error limit alpha and doubt δ, k
errors in n show that the error is below alpha where P(Bin(n, alpha) <= k) <= δ: were it alpha or
more, so few would be seen in δ of all samples at most. That is the exact one-sided test; the limit
of Clopper and Pearson (*Biometrika* 26 (1934), 404-413) is the error at which it just passes.
"""

from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv

from engine.errors import CannotCertify

_Counts: TypeAlias = NDArray[np.int64] | int

#: Zones that need more labels than this cannot be certified.
MOST_LABELS: Final = 2**31


def p_values(labels: _Counts, errors: _Counts, limit: float) -> NDArray[np.float64]:
    """P(Bin(n, alpha) <= k), elementwise; 1 where there are no labels.

    Args:
        labels: n, whole numbers.
        errors: k, 0 to n.
        limit: alpha, above 0 and below 1.
    """
    n, k = np.asarray(labels, dtype=np.float64), np.asarray(errors, dtype=np.float64)
    some = k < n
    left = np.where(some, n - k, 1.0)
    found: NDArray[np.float64] = np.where(some, betainc(left, k + 1, 1 - limit), 1.0)
    return found


def upper_limit(labels: int, errors: int, doubt: float) -> float:
    """The error that is exceeded with probability δ at most (Clopper-Pearson, one-sided).

    Args:
        labels: n.
        errors: k, 0 to n.
        doubt: δ.
    """
    if errors >= labels:
        return 1.0
    return float(betaincinv(errors + 1, labels - errors, 1 - doubt))


def lower_limit(labels: int, errors: int, doubt: float) -> float:
    """The error that is undercut with probability δ at most (Clopper-Pearson, one-sided).

    Args:
        labels: n.
        errors: k, 0 to n.
        doubt: δ.
    """
    if errors == 0:
        return 0.0
    return float(betaincinv(errors, labels - errors + 1, doubt))


@lru_cache(maxsize=4_096)  # walks ask the same again and again
def labels_needed(errors: int, limit: float, doubt: float) -> int:
    """The fewest labels in which so many errors still show that the error is below alpha.

    Args:
        errors: k, 0 or more.
        limit: alpha, above 0 and below 1.
        doubt: δ, above 0 and below 1.

    Raises:
        CannotCertify: No number of labels that could ever be had is enough.
    """
    return int(all_labels_needed(np.array([errors]), limit, doubt)[0])


def all_labels_needed(errors: NDArray[np.int64], limit: float, doubt: float) -> NDArray[np.int64]:
    """As `labels_needed`, for many numbers of errors at once.

    Raises:
        CannotCertify: As `labels_needed`.
    """
    check_share("the error limit", limit)
    check_share("the doubt", doubt)
    low = errors.astype(np.int64)  # never enough: all of them are errors
    high = low + 1
    while (short := p_values(high, errors, limit) > doubt).any():
        if high.max() > MOST_LABELS:
            reason = f"an error limit of {limit:g} at a doubt of {doubt:g} takes too many labels"
            raise CannotCertify(reason, "take a larger limit, or share the doubt among fewer")
        low, high = np.where(short, high, low), np.where(short, 2 * high, high)
    while ((high - low) > 1).any():
        middle = (low + high) // 2
        enough = p_values(middle, errors, limit) <= doubt
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def errors_allowed(labels: int, limit: float, doubt: float) -> int | None:
    """The most errors in so many labels that still pass; None where not even 0 do.

    Args:
        labels: n, 0 or more.
        limit: alpha.
        doubt: δ.
    """
    if float(p_values(labels, 0, limit)) > doubt:
        return None
    low, high = 0, labels  # passes, does not pass
    while high - low > 1:
        middle = (low + high) // 2
        passes = float(p_values(labels, middle, limit)) <= doubt
        low, high = (middle, high) if passes else (low, middle)
    return low


def check_share(name: str, value: float) -> None:
    """Refuse what is not above 0 and below 1.

    Raises:
        CannotCertify: It is not.
    """
    if not 0 < value < 1:
        reason = f"{name} is {value:g}"
        raise CannotCertify(reason, "it has to be above 0 and below 1")
