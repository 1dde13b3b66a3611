"""Scores become chances, one at a time or many."""

import random
from math import inf

import numpy as np
import pytest

from engine.classify.calibration import chance, chances
from engine.classify.evaluation import chances as fitted_chances
from engine.classify.model import Calibrator

BENT = Calibrator(lower_slope=0.7, upper_slope=1.9, offset=-0.4)


@pytest.mark.parametrize(
    "calibrator", [BENT, Calibrator(lower_slope=1.0, upper_slope=1.0, offset=0.0)]
)
def test_many_scores_get_the_chances_that_each_gets(calibrator: Calibrator) -> None:
    """To the last bit, whatever the processor."""
    draw = random.Random(11)
    scores = [draw.gauss(0, 1) * 10 ** draw.randrange(-3, 3) for _ in range(5_000)]
    scores += [0.0, -0.0, 1e-300, 400.0, -400.0, -1e4, 1e4, -1e300, 1e300, inf, -inf]
    found = chances(np.array(scores), calibrator).tolist()
    assert found == [chance(score, calibrator) for score in scores]
    assert all(0.0 <= each <= 1.0 for each in found)


def test_chances_are_those_that_figures_are_made_of() -> None:
    """Training computes them with NumPy, which may round the last digits otherwise."""
    scores = np.linspace(-30, 30, 501)
    assert np.abs(chances(scores, BENT) - fitted_chances(BENT, scores)).max() < 1e-12
