"""Labels and days until a certificate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.certifying import (
    Progress,
    Terms,
    errors_allowed,
    labels_needed,
    look,
    p_values,
    progress,
    progress_by_looks,
)
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


@pytest.mark.parametrize(
    ("labels", "errors", "spent", "before", "at"),
    [
        (0, 0, 0, 0, 72),  # not 59: each look has a part of the doubt
        (60, 0, 0, 0, 72),
        (72, 0, 1, 72, 144),
        (50, 1, 0, 0, 576),  # 2 % are too many for the looks before
        (10, 0, 3, 0, 117),  # looks that were made before, at labels that count no more
    ],
)
def test_where_looks_are_planned_the_next_that_would_pass_counts(
    labels: int, errors: int, spent: int, before: int, at: int
) -> None:
    """Days are those until that look."""
    found = progress_by_looks(labels, errors, TERMS, spent=spent, before=before, per_day=4)
    assert found == Progress(missing=at - labels, days=(at - labels) / 4, why="")


@settings(max_examples=30)
@given(some.integers(0, 300), some.integers(0, 9), some.integers(0, 5))
def test_no_look_before_would_pass(labels: int, errors: int, spent: int) -> None:
    """Each is tried as the certifier makes it."""
    errors = min(errors, labels)
    found = progress_by_looks(labels, errors, TERMS, spent=spent, before=0, per_day=1)
    rate = errors / labels if labels else 0.0
    due = look(TERMS, spent=spent)
    while rate * due.labels > (errors_allowed(due.labels, 0.05, due.terms.doubt) or 0) + 1e-9:
        if found.missing is None and due.labels > 100_000:
            assert rate > 0.045
            return
        due = look(TERMS, spent=due.number, before=due.labels)
    assert found.missing == max(0, due.labels - labels)


def test_planned_looks_never_certify_an_error_at_the_limit() -> None:
    """And that is said; without a pace there are no days."""
    found = progress_by_looks(40, 2, TERMS, spent=0, before=0, per_day=1)
    assert (found.missing, found.days) == (None, None)
    assert "near the limit" in found.why
    assert progress_by_looks(0, 0, TERMS, spent=0, before=0, per_day=0).days is None
    with pytest.raises(CannotCertify):
        progress_by_looks(1, 2, TERMS, spent=0, before=0, per_day=1)
