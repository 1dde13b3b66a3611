"""Thresholds from scores without labels, and the walk along them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import binom

from engine.certifying import (
    Direction,
    Sample,
    Stratum,
    Terms,
    Walk,
    candidates,
    share_doubt,
    walk,
)
from engine.errors import CannotCertify

TERMS = Terms(limit=0.05, doubt=0.05)
_SCORES = some.lists(some.integers(0, 30).map(lambda tenths: tenths / 30), min_size=1, max_size=300)
_DIRECTIONS = some.sampled_from(Direction)


def _sample(scores: list[float], wrong: list[bool]) -> Sample:
    return Sample(
        ids=tuple(map(str, range(len(scores)))),
        scores=np.array(scores, dtype=np.float64),
        wrong=np.array(wrong, dtype=np.bool_),
    )


def _even(labels: int, wrong: int) -> Walk:
    """Labels at one score, the first of them wrong."""
    sample = _sample([0.9] * labels, [place < wrong for place in range(labels)])
    return walk(sample, (0.9,), Direction.REMOVE, TERMS)


@given(_SCORES, _DIRECTIONS, some.integers(10, 20), some.sampled_from((0.1, 0.5, 1.0)))
def test_thresholds_are_scores_from_strict_to_loose(
    scores: list[float], direction: Direction, count: int, widest: float
) -> None:
    """Each was seen, each zone is wider than the one before, and the last has its share."""
    found = candidates(scores, direction, count=count, widest=widest)
    assert set(found) <= set(scores)
    assert 1 <= len(found) <= count
    sign = 1 if direction is Direction.ALLOW else -1
    assert list(found) == sorted(set(found), key=lambda each: sign * each)
    inside = sum(sign * each <= sign * found[-1] for each in scores)
    strictly = sum(sign * each < sign * found[-1] for each in scores)
    assert strictly < widest * len(scores) + 1e-6
    assert inside >= widest * len(scores) - 1e-6


def test_constant_scores_have_one_threshold() -> None:
    """Ties are no reason to fail, and make no thresholds that differ by nothing."""
    assert candidates([0.5] * 50, Direction.REMOVE) == (0.5,)


@pytest.mark.parametrize(
    ("scores", "count", "widest", "match"),
    [
        ([], 15, 0.5, "no scores"),
        ([0.1, float("nan")], 15, 0.5, "no number"),
        ([0.1], 9, 0.5, "10 to 20"),
        ([0.1], 21, 0.5, "10 to 20"),
        ([0.1], 15, 0, "above 0"),
    ],
)
def test_thresholds_of_nothing_are_refused(
    scores: list[float], count: int, widest: float, match: str
) -> None:
    """With what is wrong and what to give."""
    with pytest.raises(CannotCertify, match=match):
        candidates(scores, Direction.ALLOW, count=count, widest=widest)


def _naive(
    sample: Sample, thresholds: tuple[float, ...], direction: Direction, terms: Terms
) -> float | None:
    """The walk as it is told, one threshold after the other."""
    passed, begun = None, False
    for threshold in thresholds:
        inside = [
            bool(wrong)
            for score, wrong in zip(sample.scores, sample.wrong, strict=True)
            if (score >= threshold if direction is Direction.REMOVE else score <= threshold)
        ]
        begun = begun or len(inside) >= terms.start
        if begun:
            if binom.cdf(sum(inside), len(inside), terms.limit) > terms.doubt:
                return passed
            passed = threshold
    return passed


@given(
    some.lists(some.tuples(some.integers(0, 20), some.integers(0, 9)), max_size=400),
    _DIRECTIONS,
    some.integers(0, 120),
    some.sampled_from((0.05, 0.2, 0.3)),
)
def test_the_walk_is_that_of_the_naive_reference(
    rows: list[tuple[int, int]], direction: Direction, fewest: int, limit: float
) -> None:
    """The loosest that passed before the first failure, or none, and why."""
    sample = _sample([score / 20 for score, _ in rows], [digit == 0 for _, digit in rows])
    thresholds = candidates([place / 20 for place in range(21)], direction, widest=1.0)
    terms = Terms(limit=limit, doubt=0.1, fewest=fewest)
    found = walk(sample, thresholds, direction, terms)
    wanted = _naive(sample, thresholds, direction, terms)
    assert (found.certified and found.certified.threshold) == wanted
    passed = [step.threshold for step in found.steps if step.passed]
    assert (passed[-1] if passed else None) == wanted
    assert all(step.tested for step in found.steps if step.passed)
    assert sum(step.tested and not step.passed for step in found.steps) <= 1
    assert found.why


def test_the_walk_stops_at_the_first_failure() -> None:
    """A zone behind it that would pass by itself is not certified."""
    scores = [0.9] * 100 + [0.8] * 20 + [0.7] * 900
    wrong = [False] * 100 + [True] * 20 + [False] * 900
    found = walk(_sample(scores, wrong), (0.9, 0.8, 0.7), Direction.REMOVE, TERMS)
    assert [step.passed for step in found.steps] == [True, False, False]
    assert [step.tested for step in found.steps] == [True, True, False]
    assert found.steps[2].p_value < TERMS.doubt
    assert found.certified is found.steps[0]


def test_too_few_labels_are_told_with_how_many_are_needed() -> None:
    """58 labels without an error do not do at 5 %, 59 do."""
    assert _even(58, 0).certified is None
    assert _even(58, 0).why == "too few labels: 58, and 59 are needed in a zone to begin with"
    assert _even(59, 0).certified is not None


def test_too_many_errors_are_told_with_how_many_are_allowed() -> None:
    """And how many labels so many errors would take."""
    assert _even(208, 5).certified is not None
    assert _even(208, 6).certified is None
    assert _even(208, 6).why == (
        "too many errors: 6 in 208 labels, where 5 at most show an error below 0.05; "
        "6 would in 234 labels"
    )


def test_no_labels_at_all_certify_nothing() -> None:
    """An empty sample is too few, and no error."""
    assert "too few labels: 0" in _even(0, 0).why


@pytest.mark.parametrize("thresholds", [(), (0.1, 0.2), (0.2, 0.2)])
def test_thresholds_in_no_order_are_refused(thresholds: tuple[float, ...]) -> None:
    """To remove, they have to fall."""
    with pytest.raises(CannotCertify):
        walk(_sample([0.5], [False]), thresholds, Direction.REMOVE, TERMS)


def _stratum(language: str) -> Stratum:
    return Stratum(policy="hate", language=language, direction=Direction.REMOVE)


@given(some.lists(some.floats(0.1, 100), min_size=1, max_size=9))
def test_shares_of_the_doubt_add_up_to_the_whole(weights: list[float]) -> None:
    """In proportion to their weights."""
    strata = [_stratum(str(place)) for place in range(len(weights))]
    shares = share_doubt(0.05, strata, dict(zip(strata, weights, strict=True)))
    assert sum(shares.values()) == pytest.approx(0.05)
    assert shares[strata[0]] == pytest.approx(0.05 * weights[0] / sum(weights))
    assert share_doubt(0.05, strata)[strata[0]] == pytest.approx(0.05 / len(strata))


def test_strata_named_twice_and_weights_of_nothing_are_refused() -> None:
    """A doubt that is shared wrongly would be more than it says."""
    german = _stratum("de")
    for strata, weights in (([], None), ([german, german], None), ([german], {german: 0.0})):
        with pytest.raises(CannotCertify):
            share_doubt(0.05, strata, weights)
