"""Labels and days until a certificate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.certifying import Progress, Terms, labels_needed, p_values, progress
from engine.errors import CannotCertify

TERMS = Terms(limit=0.05, doubt=0.05)


def test_without_labels_it_takes_those_of_no_error() -> None:
    """59 at 5 %, in three days at 20 a day."""
    assert progress(0, 0, TERMS, per_day=20) == Progress(missing=59, days=2.95, why="")


def test_what_is_enough_takes_no_day() -> None:
    """Also where nobody labels any more."""
    assert progress(208, 5, TERMS, per_day=0) == Progress(missing=0, days=0.0, why="")


def test_where_nobody_labels_there_are_no_days() -> None:
    """But what is missing is known."""
    found = progress(0, 0, TERMS, per_day=0)
    assert (found.missing, found.days) == (59, None)
    assert found.why == "nobody labels in this zone"


@pytest.mark.parametrize(("labels", "errors"), [(40, 2), (40, 10), (10, 10), (100_000, 4_990)])
def test_an_error_at_the_limit_is_never_certified(labels: int, errors: int) -> None:
    """And that is said, not a number of days in some century."""
    found = progress(labels, errors, TERMS, per_day=100)
    assert (found.missing, found.days) == (None, None)
    assert "near the limit" in found.why


@settings(max_examples=30)  # each looks at thousands of numbers
@given(some.integers(1, 300), some.integers(0, 9))
def test_what_is_missing_is_the_fewest_that_would_do(labels: int, errors: int) -> None:
    """Counted up one label after the other, where they go on as they did."""
    errors = min(errors, labels)
    found = progress(labels, errors, TERMS, per_day=1)
    rate = errors / labels
    if found.missing is None or found.missing > 2_000:
        assert rate > 0.02
        return
    more = np.arange(found.missing + 1)
    most = np.ceil(errors + rate * more - 1e-9).astype(np.int64)
    passes = (labels + more >= 59) & (p_values(labels + more, most, 0.05) <= 0.05)
    assert np.flatnonzero(passes).tolist() == [found.missing]


@pytest.mark.parametrize(("errors", "per_day"), [(2, 1.0), (-1, 1.0), (0, -1.0), (0, float("nan"))])
def test_numbers_that_make_no_sense_are_refused(errors: int, per_day: float) -> None:
    """More errors than labels, or less than none."""
    with pytest.raises(CannotCertify):
        progress(1, errors, TERMS, per_day=per_day)


def test_the_fewest_labels_of_the_terms_count() -> None:
    """Who asks for more to begin with waits longer."""
    more = Terms(limit=0.05, doubt=0.05, fewest=100)
    assert progress(0, 0, more, per_day=1).missing == 100
    assert labels_needed(0, 0.05, 0.05) == 59
