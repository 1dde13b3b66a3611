"""What figures of drift say, and what they refuse."""

from collections.abc import Callable
from math import nan

import numpy as np
import pytest

from engine.drift import (
    Errors,
    Expected,
    Gap,
    Gates,
    Hint,
    Insufficient,
    LabelDrift,
    Labelled,
    Limit,
    Passed,
    Rate,
    ScoreDrift,
    Size,
    Surprise,
    Telling,
    Undefined,
    changes,
    expected,
    gap,
    label_drift,
    performance,
    rate,
    rule_drift,
    score_drift,
)
from engine.errors import InvalidWindow
from engine.quality.proportions import weighted_share

KINDS = ("fine", "bad")
EVEN = np.linspace(0, 1, 1_000)


def labels(reference: Labelled, current: Labelled, least: int = 100) -> LabelDrift | Insufficient:
    """Our figures of labels."""
    return label_drift(reference, current, categories=KINDS, violations=["bad"], least=least)


# --- scores


def test_a_shift_is_sized_by_gates() -> None:
    """The same shift is what the gates call it."""
    moved = np.clip(EVEN * 0.8 + 0.1, 0, 1)
    usual, strict = (
        score_drift(EVEN, moved, gates=gates) for gates in (Gates(), Gates(large=10.0))
    )
    assert isinstance(usual, ScoreDrift)
    assert isinstance(strict, ScoreDrift)
    assert usual.psi == strict.psi
    assert (usual.size, strict.size) == (Size.LARGE, Size.MODERATE)
    assert usual.ks == pytest.approx(0.1, abs=0.005)


def test_equal_scores_join_bins() -> None:
    """Constant scores tell nothing by PSI, and few values make fewer bins; D sees both move."""
    constant = score_drift([0.5] * 400, [0.9] * 400, gates=Gates())
    assert isinstance(constant, ScoreDrift)
    assert constant.psi is constant.js_distance is constant.size is Undefined.ONE_BIN
    assert (constant.bins, constant.wanted, constant.ks) == (1, 10, 1.0)
    few = score_drift([0.0, 0.5, 1.0, 1.0] * 100, [0.0, 0.5, 0.5, 1.0] * 100, gates=Gates())
    assert isinstance(few, ScoreDrift)
    assert few.bins == 3
    assert few.psi == pytest.approx(0.25 * np.log(2) + 0.25 * np.log(2))


@pytest.mark.parametrize(
    ("reference", "current", "of"), [(EVEN, [], "current"), ([], EVEN, "reference")]
)
def test_few_scores_tell_nothing(reference: list[float], current: list[float], of: str) -> None:
    """A window without decisions is too little data, and so is one in which chance decides PSI."""
    assert score_drift(reference, current, gates=Gates()) == Insufficient(of=of, n=0, needs=360)
    found = score_drift(EVEN, EVEN[:359], gates=Gates())
    assert str(found) == "insufficient data: 359 of 360 (current)"
    assert isinstance(score_drift(EVEN, EVEN[:360], gates=Gates()), ScoreDrift)


# --- rates and labels


def test_weights_undo_selection() -> None:
    """People saw all of what was bad and a tenth of the rest: the population has fewer bad ones."""
    seen, chances = [True] * 100 + [False] * 90, [1.0] * 100 + [0.1] * 90
    found = rate(seen, chances, least=50)
    assert isinstance(found, Rate)
    assert found.value == pytest.approx(0.1)
    assert found.naive == pytest.approx(100 / 190)
    assert found.low < 0.1 < found.high
    assert found.effective == 190


def test_intervals_are_those_of_all_other_figures() -> None:
    """Of 100, none and 10: Wilson's; of weighted samples, those of the same error elsewhere."""
    none, ten = (rate([True] * hits + [False] * (100 - hits)) for hits in (0, 10))
    assert isinstance(none, Rate)
    assert isinstance(ten, Rate)
    assert (none.low, none.high) == pytest.approx((0, 0.0370), abs=1e-4)
    assert (ten.low, ten.high) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    wider = rate([True] * 10 + [False] * 90, confidence=0.99)
    assert isinstance(wider, Rate)
    assert (wider.low, wider.high) == pytest.approx((0.0460, 0.2038), abs=1e-4)
    seen, chances = [True] * 30 + [False] * 170, [0.1, 0.5] * 100
    weighted, told = rate(seen, chances), weighted_share(seen, [1 / each for each in chances])
    assert isinstance(weighted, Rate)
    assert (weighted.value, weighted.low, weighted.high, weighted.effective) == pytest.approx(
        (told.value, told.low, told.high, told.effective)
    )


def test_intervals_cover_the_population() -> None:
    """Of 400 weighted samples, about 95 % of the intervals hold what they estimate."""
    dice = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        risky = dice.random(3_000) < 0.1
        wrong = dice.random(3_000) < np.where(risky, 0.4, 0.05)
        chances = np.where(risky, 1.0, 0.1)
        drawn = dice.random(3_000) < chances
        found = rate(wrong[drawn], chances[drawn])
        assert isinstance(found, Rate)
        held += found.low <= 0.085 <= found.high
    assert held >= 371  # two standard deviations below


def test_needs_are_told_at_the_weights_seen() -> None:
    """Unequal chances take more items."""
    found = rate([True] * 50 + [False] * 50, [1.0] * 50 + [0.1] * 50)
    assert found == Insufficient(of="sample", n=100, needs=167)


def test_one_category_has_no_chi_square() -> None:
    """Distances are 0, and chi-square says why it is none; rare ones have no p-value."""
    fine = Labelled(labels=["fine"] * 100)
    found = labels(fine, fine)
    assert isinstance(found, LabelDrift)
    assert found.chi_square is found.p_value is found.cramers_v is Undefined.ONE_CATEGORY
    assert found.js_distance == found.total_variation == found.psi == 0
    rare = labels(fine, Labelled(labels=["fine"] * 99 + ["bad"]))
    assert isinstance(rare, LabelDrift)
    assert rare.p_value is Undefined.RARE_CATEGORY


def test_windows_without_labels_tell_nothing() -> None:
    """Whichever it is."""
    some = Labelled(labels=["bad"] * 100)
    nothing = Labelled(labels=[])
    assert labels(some, nothing) == Insufficient(of="current", n=0, needs=100)
    assert labels(nothing, some) == Insufficient(of="reference", n=0, needs=100)


# --- performance


def errors(hits: int, items: int = 400) -> Errors:
    """A window of the quality sample."""
    return Errors(wrong=[True] * hits + [False] * (items - hits))


@pytest.mark.parametrize(
    ("hits", "above", "alarm"),
    [
        ((30, 30, 30), 0, False),  # 7.5 % each, but the bound is below .06
        ((60, 60, 60), 3, True),
        ((60, 60, 10), 0, False),
        ((60, 10, 60, 60), 2, False),
        ((10, 60, 60, 60), 3, True),
    ],
)
def test_an_alarm_holds_over_windows(hits: tuple[int, ...], above: int, alarm: bool) -> None:  # noqa: FBT001 - a value
    """Only a bound that stays above the limit is one."""
    found = performance([errors(each) for each in hits], Limit(error=0.06))
    assert (found.above, found.alarm) == (above, alarm)


def test_empty_windows_neither_alarm_nor_reassure() -> None:
    """They are passed over; too few others are too little data."""
    empty = Errors(wrong=[])
    bad = errors(60)
    found = performance([bad, empty, bad, bad, empty], Limit(error=0.06))
    assert found.alarm is True
    assert found.windows[1] == Insufficient(of="quality sample 1", n=0, needs=100)
    few = performance([bad, empty, bad], Limit(error=0.06))
    assert few.alarm == Insufficient(of="windows", n=2, needs=3)


def test_a_bound_is_one_sided() -> None:
    """With 95 %, 20 of 400 have the lower bound .0349 of Wilson."""
    (found,) = performance([errors(20)], Limit(error=0.06)).windows
    assert isinstance(found, Rate)
    assert found.low == pytest.approx(0.0349, abs=1e-4)


def test_a_change_is_hinted_at() -> None:
    """From 5 % to 30 % is noticed within 300 values, and what lies before is forgotten."""
    dice = np.random.default_rng(1)
    found = changes(np.concatenate((dice.random(2_000) < 0.05, dice.random(1_000) < 0.3)))
    assert isinstance(found, Hint)
    assert found.changes
    assert 2_000 < found.changes[0] <= 2_300
    assert found.width < 1_300
    assert found.mean == pytest.approx(0.3, abs=0.05)


def test_still_streams_give_few_hints() -> None:
    """At most one of 20 streams of 2,000 values has a hint."""
    dice = np.random.default_rng(2)
    found = [changes(dice.random(2_000) < 0.1) for _ in range(20)]
    assert sum(isinstance(each, Hint) and bool(each.changes) for each in found) <= 1
    assert changes([0.0] * 99) == Insufficient(of="stream", n=99, needs=100)


# --- estimation


def test_the_gap_shows_concept_drift() -> None:
    """As expected where scores mean what they meant; a signal where they do not."""
    dice = np.random.default_rng(7)
    chances = dice.beta(0.5, 0.5, 20_000)
    said = chances > 0.5
    own = expected(chances, said)
    assert isinstance(own, Expected)
    assert own.error == pytest.approx(float(np.minimum(chances, 1 - chances).mean()))
    assert own.accuracy + own.error == pytest.approx(1)
    drawn = slice(0, 2_000)
    truth = dice.random(2_000) < chances[drawn]
    turned = np.where(dice.random(2_000) < 0.1, ~truth, truth)
    calm, moved = (gap(own, rate(each != said[drawn])) for each in (truth, turned))
    assert isinstance(calm, Gap)
    assert isinstance(moved, Gap)
    assert not calm.signal
    assert calm.interval.low < 0 < calm.interval.high
    assert moved.signal
    assert moved.value == pytest.approx(0.1 * (1 - 2 * own.error), abs=0.03)
    tolerant = gap(own, rate(turned != said[drawn]), tolerance=0.2)
    assert isinstance(tolerant, Gap)
    assert not tolerant.signal


def test_a_gap_has_the_doubts_of_both() -> None:
    """Fewer errors than expected are a signal, too; no error at all leaves doubt on one side."""
    found = gap(expected([0.0, 0.5] * 50, [False] * 100), rate([False] * 100))
    assert isinstance(found, Gap)
    assert found.signal
    assert found.value == pytest.approx(-0.25)
    assert found.interval.low == pytest.approx(-0.25 - 0.049, abs=1e-4)
    assert found.interval.high == pytest.approx(-0.25 + (0.0370**2 + 0.049**2) ** 0.5, abs=1e-4)


def test_a_gap_needs_both() -> None:
    """Too little data of either is that of the gap."""
    own, none = expected([0.2] * 100, [False] * 100), expected([], [])
    assert none == Insufficient(of="decisions", n=0, needs=100)
    assert gap(own, rate([])) == Insufficient(of="sample", n=0, needs=100)
    assert gap(none, rate([True] * 100)) is none


# --- what is refused


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (
            lambda: score_drift([0.5, nan], EVEN, gates=Gates()),
            "reference: row 1 (nan) is not finite",
        ),
        (
            lambda: score_drift(EVEN, [0.5, 1.5], gates=Gates()),
            "current: row 1 (1.5) is not within 0..1",
        ),
        (lambda: score_drift(EVEN, ["high"], gates=Gates()), "holds something that is no number"),
        (lambda: score_drift(EVEN, [[0.5]], gates=Gates()), "has 2 dimensions"),
        (lambda: score_drift(EVEN, EVEN, gates=Gates(), bins=1), "ask for two or more"),
        (lambda: Gates(moderate=0.3), "moderate (0.3)"),
        (
            lambda: rate([True], [0.5, 0.5]),
            "sample, inclusion probabilities: has 2 rows where the others have 1",
        ),
        (lambda: rate([True], [0.0]), "cannot be drawn"),
        (lambda: rate([True], [2.0]), "is not within 0..1"),
        (lambda: rate([0.5]), "is neither true nor false"),
        (lambda: rate([True], confidence=1.0), "confidence: 1 is not between"),
        (
            lambda: labels(Labelled(labels=["odd"]), Labelled(labels=[])),
            "unknown labels 'odd'; known are fine, bad",
        ),
        (
            lambda: label_drift(
                Labelled(labels=[]), Labelled(labels=[]), categories=KINDS, violations=["x"]
            ),
            "x: no such category",
        ),
        (lambda: expected([0.5], [True, False]), "verdicts: has 2 rows"),
        (lambda: changes([0.5], delta=0.0), "delta: 0 is not between"),
        (lambda: Limit(error=2.0), "error 2 is not within 0..1"),
        (lambda: Limit(error=0.1, windows=0), "0 windows"),
        (lambda: Limit(error=0.1, confidence=0.4), "confidence 0.4"),
        (lambda: Telling(folds=1), "does not hold"),
        (lambda: Surprise(alpha=0.0), "alpha 0"),
        (lambda: Surprise(ratio=1.0), "ratio is above 1"),
        (
            lambda: rule_drift({}, {"r": Passed(hits=2, items=1)}, surprise=Surprise()),
            "current of rule r: 2 hits of 1 items",
        ),
    ],
)
def test_bad_input_is_refused(ask: Callable[[], object], told: str) -> None:
    """What, where and why."""
    with pytest.raises(InvalidWindow) as caught:
        ask()
    assert told in str(caught.value)
