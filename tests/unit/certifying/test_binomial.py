"""How probable so few errors are, and how many labels it takes."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.certifying import errors_allowed, labels_needed, p_values, upper_limit
from engine.errors import CannotCertify

_COUNTS = some.integers(0, 150).flatmap(lambda n: some.tuples(some.just(n), some.integers(0, n)))
_LIMITS = some.sampled_from((0.005, 0.01, 0.02, 0.05, 0.1, 0.3))
_DOUBTS = some.sampled_from((0.001, 0.0125, 0.05, 0.1))


@pytest.mark.parametrize(
    ("limit", "needed"),
    [
        (0.05, (59, 93, 153, 208)),
        (0.02, (149, 236, 386, 523)),
        (0.01, (299, 473, 773, 1_049)),
        (0.005, (598, 947, 1_549, 2_100)),
    ],
)
def test_labels_needed_at_95_percent(limit: float, needed: tuple[int, ...]) -> None:
    """The table that operators plan with: labels for 0, 1, 3 and 5 errors."""
    assert tuple(labels_needed(errors, limit, 0.05) for errors in (0, 1, 3, 5)) == needed


@given(_COUNTS, _LIMITS)
def test_p_values_are_sums_of_the_binomial(counts: tuple[int, int], limit: float) -> None:
    """P(Bin(n, limit) <= k), term by term."""
    n, k = counts
    naive = sum(comb(n, i) * limit**i * (1 - limit) ** (n - i) for i in range(k + 1))
    assert float(p_values(n, k, limit)) == pytest.approx(naive, rel=1e-9, abs=1e-300)


@given(some.integers(0, 30), _LIMITS, _DOUBTS)
def test_one_label_less_is_not_enough(errors: int, limit: float, doubt: float) -> None:
    """Labels needed are the fewest that pass, and allow just so many errors."""
    needed = labels_needed(errors, limit, doubt)
    assert float(p_values(needed, errors, limit)) <= doubt
    assert float(p_values(needed - 1, errors, limit)) > doubt
    assert errors_allowed(needed, limit, doubt) == errors
    assert errors_allowed(needed - 1, limit, doubt) == (errors - 1 if errors else None)


@given(_COUNTS, _LIMITS, _DOUBTS)
def test_the_upper_limit_says_the_same_as_the_test(
    counts: tuple[int, int], limit: float, doubt: float
) -> None:
    """The test passes where the Clopper-Pearson limit is not above the error limit."""
    n, k = counts
    bound, found = upper_limit(n, k, doubt), float(p_values(n, k, limit))
    if abs(found - doubt) > 1e-9:
        assert (bound < limit) == (found < doubt)
    if k < n:
        assert float(p_values(n, k, bound)) == pytest.approx(doubt, rel=1e-6)
    else:
        assert bound == 1


@pytest.mark.parametrize(("limit", "doubt"), [(0, 0.05), (1, 0.05), (0.05, 0), (float("nan"), 0.1)])
def test_limits_that_promise_nothing_are_refused(limit: float, doubt: float) -> None:
    """An error limit or doubt of 0, 1 or no number has no answer."""
    with pytest.raises(CannotCertify, match="above 0 and below 1"):
        labels_needed(0, limit, doubt)


def test_what_takes_more_labels_than_there_can_be_is_said() -> None:
    """Instead of going on for ever."""
    with pytest.raises(CannotCertify, match="too many labels"):
        labels_needed(0, 1e-12, 0.05)
