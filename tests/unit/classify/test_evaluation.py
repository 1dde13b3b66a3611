"""Folds, calibration and figures."""

import numpy as np
import pytest

from engine.classify.evaluation import calibrate, calibration_error, chances, fold_numbers, quality


def test_duplicates_share_a_fold() -> None:
    """No text is trained on and judged on at once."""
    groups = np.arange(300) // 3
    folds = fold_numbers(groups, [True] * 300, 5, 0)
    assert all(len(set(folds[groups == group])) == 1 for group in range(100))


def test_strata_are_spread_evenly() -> None:
    """Every fold has its share of a rare label."""
    strata = [number % 20 == 0 for number in range(1_000)]
    folds = fold_numbers(np.arange(1_000), strata, 5, 0)
    assert np.bincount(folds).tolist() == [200] * 5
    assert np.bincount(folds[np.array(strata)]).tolist() == [10] * 5


def test_the_seed_draws_the_folds() -> None:
    """The same seed gives the same folds, another one others."""
    first, again, other = (
        fold_numbers(np.arange(100), [True] * 100, 5, seed).tolist() for seed in (1, 1, 2)
    )
    assert first == again != other


def test_calibration_error_of_known_chances() -> None:
    """It is the mean distance of chance and frequency, bin by bin."""
    labels = np.arange(300) % 2 == 0
    assert calibration_error(np.full(300, 0.5), labels) == pytest.approx(0.0)
    assert calibration_error(np.full(300, 0.8), labels) == pytest.approx(0.3)
    halves = np.repeat((0.1, 0.9), (160, 140))
    assert calibration_error(halves, halves > 0.5) == pytest.approx(0.1)


def test_calibration_finds_the_curve() -> None:
    """Scores that are too sure become chances, also where the two sides differ."""
    draw = np.random.default_rng(0)
    logits = draw.normal(0, 2, 20_000)
    labels = draw.random(20_000) < 1 / (1 + np.exp(-logits))
    scores = np.where(logits > 0, 2 * logits, 0.8 * logits)
    found = chances(calibrate(scores, labels), scores)
    assert calibration_error(1 / (1 + np.exp(-scores)), labels) > 0.03
    assert calibration_error(found, labels) < 0.02


def test_calibration_keeps_the_order() -> None:
    """A higher score is never a lower chance, even where one side has noise alone."""
    draw = np.random.default_rng(1)
    scores = draw.normal(0, 1, 500)
    labels = np.where(scores > 0, draw.random(500) < 0.6 - scores / 10, scores > -0.3)
    found = chances(calibrate(scores, labels), np.linspace(-50, 50, 1_000))
    assert (np.diff(found) >= 0).all()


def test_calibration_survives_perfect_scores() -> None:
    """Scores that part the classes without an error give finite chances."""
    scores = np.linspace(-1, 1, 100)
    found = chances(calibrate(scores, scores > 0), np.array([-1e9, 0.0, 1e9]))
    assert np.isfinite(found).all()


def test_figures_of_known_scores() -> None:
    """Scores that are always right have full marks, scores without a meaning half of them."""
    labels = np.arange(400) % 2 == 0
    folds = np.arange(400) // 100
    best = quality(np.where(labels, 3.0, -3.0), labels, folds)
    assert (best.accuracy.mean, best.macro_f1.mean, best.auroc.mean) == (1.0, 1.0, 1.0)
    assert (best.rows, best.positives, best.base_rate) == (400, 200, 0.5)
    chance = quality(np.random.default_rng(0).normal(size=400), labels, folds)
    assert 0.4 < chance.auroc.mean < 0.6
