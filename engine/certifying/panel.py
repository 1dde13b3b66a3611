"""How often the majority of a panel is right, if its members err together.

Errors follow the one-factor Gaussian copula, as those of simulated reviewers do: each member errs
where sqrt(r) * the item's difficulty + sqrt(1 - r) * their own part exceeds Φ⁻¹(accuracy), all of
them standard normal. r is the correlation of these sums between two members (the tetrachoric one);
that of the errors themselves is smaller, .12 at r = .3 and accuracy .92. A beta-binomial whose
errors correlate by r is another model, with fewer panels right: .943 instead of .964.
"""

from math import sqrt
from typing import Final

import numpy as np
from scipy.special import bdtr, ndtr, ndtri

from engine.certifying.binomial import check_share
from engine.errors import CannotCertify

_POINTS: Final = np.linspace(-9.0, 9.0, 20_001)
_DENSITY: Final = np.exp(-(_POINTS**2) / 2)
_MASS: Final = _DENSITY / _DENSITY.sum()


def panel_accuracy(size: int, accuracy: float, correlation: float) -> float:
    """The chance that the majority is right, to 1e-6 for correlations up to .99.

    Args:
        size: Members, an odd number: an even panel can be split.
        accuracy: Of each, above 0 and below 1.
        correlation: r, 0 to 1.

    Raises:
        CannotCertify: One of them is out of range.
    """
    check_share("the accuracy", accuracy)
    if size < 1 or size % 2 == 0:
        reason = f"a panel of {size}"
        raise CannotCertify(reason, "give an odd number of members")
    if not 0 <= correlation <= 1:
        reason = f"a correlation of {correlation:g}"
        raise CannotCertify(reason, "it has to be 0 to 1")
    minority = size // 2
    if correlation == 1:
        return accuracy
    threshold = ndtri(accuracy)
    own = (sqrt(correlation) * _POINTS - threshold) / sqrt(1 - correlation)
    return float(_MASS @ bdtr(minority, size, ndtr(own)))
