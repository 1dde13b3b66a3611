"""Champion and challenger on the same rows, against definitions and simulated worlds."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import f1_score, log_loss

from engine.errors import InvalidFigure
from engine.learning import (
    Criterion,
    HeldOut,
    Resampling,
    TrainingRow,
    calibration,
    compare,
    held_out,
    train_challenger,
)
from tests.generators.decided import LABEL, SIGNAL, decided, judged, plan, row, small_challenger

Floats = NDArray[np.float64]
FEW, FEWER = Resampling(resamples=400), Resampling(resamples=200)


def test_figures_are_those_of_scikit_learn() -> None:
    """Weighted by 1/π; better is more, for both criteria."""
    held = judged(300, champion=0.3, challenger=0.9)
    assert held.champion is not None
    for criterion, theirs in ((Criterion.LOG_LOSS, _less_loss), (Criterion.MACRO_F1, _f1)):
        found = compare(held, criterion, FEW)
        gain = theirs(held, held.challenger) - theirs(held, held.champion)
        assert found.gain == pytest.approx(gain)
        assert abs(found.challenger) == pytest.approx(abs(theirs(held, held.challenger)))
        assert found.low < found.gain < found.high
        assert (found.rows, found.units, found.against_base_rate) == (300, 300, False)


def test_what_differs_in_a_group_is_added_up() -> None:
    """A figure is about rows, whoever shares a group."""
    held = judged(300, champion=0.3)
    pairs = replace(held, units=tuple(f"u{place // 2}" for place in range(300)))
    for criterion in Criterion:
        alone, paired = (compare(each, criterion, FEW) for each in (held, pairs))
        assert paired.gain == pytest.approx(alone.gain)
        assert (paired.units, paired.rows) == (150, 300)
    assert calibration(pairs, FEW).error == pytest.approx(calibration(held, FEW).error)


def _less_loss(held: HeldOut, chances: Floats) -> float:
    return -float(log_loss(held.truth, chances, sample_weight=held.weights))


def _f1(held: HeldOut, chances: Floats) -> float:
    says = chances >= 0.5
    return float(f1_score(held.truth, says, average="macro", sample_weight=held.weights))


def test_without_a_champion_the_base_rate_stands_in() -> None:
    """The constant chance that fits best, weighted."""
    held = judged(300, champion=None)
    found = compare(held, Criterion.LOG_LOSS, FEW)
    rate = held.weights @ held.truth / held.weights.sum()
    assert found.champion == pytest.approx(-rate * np.log(rate) - (1 - rate) * np.log(1 - rate))
    assert found.against_base_rate
    assert found.low > 0
    useless = judged(300, champion=None, challenger=0.0)
    assert compare(useless, Criterion.LOG_LOSS, FEW).low < 0


def test_copies_are_no_evidence() -> None:
    """Intervals of ten copies of each row are those of the rows alone."""
    for criterion in Criterion:
        alone = compare(judged(200, champion=0.5), criterion, FEW)
        copied = compare(judged(200, champion=0.5, copies=10), criterion, FEW)
        assert (copied.rows, copied.units) == (2_000, 200)
        assert (copied.low, copied.high) == pytest.approx((alone.low, alone.high))


def test_the_order_of_rows_has_no_say() -> None:
    """Resamples are drawn of names."""
    held = judged(100, champion=0.5)
    assert held.champion is not None
    back = HeldOut(
        label=LABEL,
        truth=held.truth[::-1],
        weights=held.weights[::-1],
        units=held.units[::-1],
        challenger=held.challenger[::-1],
        champion=held.champion[::-1],
    )
    one, other = (compare(each, Criterion.LOG_LOSS, FEW) for each in (held, back))
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize("criterion", Criterion)
def test_intervals_hold_the_true_gain(criterion: Criterion) -> None:
    """In about 95 % of worlds, and on both sides: few rows and uneven weights do not help."""
    many = judged(100_000, seed=99, champion=0.8, challenger=0.9)
    truth = compare(many, criterion, Resampling(resamples=2)).gain
    worlds = [
        compare(judged(150, seed=seed, champion=0.8, challenger=0.9), criterion, FEWER)
        for seed in range(150)
    ]
    assert sum(each.low > truth for each in worlds) <= 11
    assert sum(each.high < truth for each in worlds) <= 11


def test_calibration_error_is_that_of_its_definition() -> None:
    """Bins of as many rows each; far from frequencies it is large, and known to be."""
    held = judged(100, bent=3.0)
    found = calibration(held, FEW)
    order = np.argsort(held.challenger, kind="stable")
    gaps = [
        abs(held.weights[rows] @ (held.challenger[rows] - held.truth[rows]))
        for rows in np.array_split(order, 5)
    ]
    assert found.error == pytest.approx(sum(gaps) / held.weights.sum())
    assert (found.bins, found.rows) == (5, 100)
    fine, bent = (calibration(judged(1_500, bent=bend), FEW) for bend in (1.0, 4.0))
    assert fine.low == 0.0
    assert fine.high < 0.08
    assert bent.low > 0.06
    assert fine.bins == 15


def test_the_limits_of_calibration_hold() -> None:
    """Chances that are off by .1 are seldom shown to be off by less, or by more."""
    found = []
    for seed in range(60):
        dice = np.random.default_rng(seed)
        chances = dice.uniform(0.2, 0.8, 400)
        off = replace(
            judged(400, seed=seed), challenger=chances, truth=dice.random(400) < chances - 0.1
        )
        found.append(calibration(off, FEWER))
    assert sum(each.high < 0.1 for each in found) <= 4
    assert sum(each.low > 0.1 for each in found) <= 4
    assert sum(each.low > 0 for each in found) >= 20


def test_one_row_is_enough_for_a_figure() -> None:
    """It says little, and does not fail."""
    held = judged(1)
    for criterion in Criterion:
        assert np.isfinite(compare(held, criterion, FEW).high)
    assert calibration(held, FEW).bins == 1


def test_the_hold_out_is_what_neither_has_seen() -> None:
    """Rows without π, and duplicates of what the champion learnt from, do not count."""
    challenger, parts = small_challenger()
    champion, _ = train_challenger(decided(200, seed=5), plan())
    all_of_it, fewer = (
        held_out(
            parts,
            {LABEL: SIGNAL},
            challenger=challenger.classifier,
            champion=champion.classifier,
            seen=seen,
        )[0]
        for seen in ((), (parts.held_out[0].id,))
    )
    unknown = sum(each.inclusion is None for each in parts.held_out)
    assert all_of_it.left_out == unknown > 0
    assert len(all_of_it.truth) == len(parts.held_out) - unknown
    assert fewer.left_out == unknown + 1
    assert all_of_it.champion is not None
    scores = champion.classifier.score([each.text for each in parts.held_out])[SIGNAL]
    known = [each.inclusion is not None for each in parts.held_out]
    assert np.array_equal(all_of_it.champion, scores[known])


def test_duplicates_of_what_was_seen_are_left_out() -> None:
    """The champion knows them as well as the row itself."""
    challenger, parts = small_challenger()
    held: tuple[TrainingRow, ...] = tuple(row(name, 1.0) for name in "abc")
    copied = replace(parts, held_out=held, units=("a", "a", "c"))
    found = held_out(
        copied, {LABEL: SIGNAL}, challenger=challenger.classifier, champion=None, seen=("b",)
    )
    assert (found[0].units, found[0].left_out, found[0].champion) == (("c",), 2, None)
    with pytest.raises(InvalidFigure, match="hold-out of unkind"):
        held_out(
            copied,
            {LABEL: SIGNAL},
            challenger=challenger.classifier,
            champion=None,
            seen=("b", "c"),
        )


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"challenger": np.array([np.nan, 0.5])}, "a chance is missing"),
        ({"champion": np.array([0.1, 1.1])}, "a chance is missing"),
        ({"weights": np.array([0.0, 1.0])}, "a weight is no 1/π"),
        ({"units": ("a",)}, "1 to 2 values"),
    ],
)
def test_what_cannot_be_compared_is_refused(wrong: dict[str, object], reason: str) -> None:
    """A score that is missing, a weight that is none, columns of different lengths."""
    with pytest.raises(InvalidFigure, match=reason):
        replace(judged(2), **wrong)  # type: ignore[arg-type]  # fields of the hold-out
