"""Turns scores into chances, one at a time or many, to the same last bit.

NumPy has functions of its own for exponentials and logarithms, which round otherwise than those of
`math`, and not on every processor alike. So columns of numbers go through those of `math` too.
"""

from collections.abc import Callable
from math import exp, log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.classify.model import Calibrator

#: Below it a chance is zero. `exp` overflows above 709.
_LEAST: Final = -700.0

_Column = NDArray[np.float64]


def chance(score: float, calibrator: Calibrator) -> float:
    """The chance that a score stands for."""
    bend = (calibrator.upper_slope - calibrator.lower_slope) * log1p(exp(-abs(score)))
    slope = calibrator.upper_slope if score > 0.0 else calibrator.lower_slope
    logit = slope * score + bend + calibrator.offset
    return 1.0 / (1.0 + exp(-logit)) if logit > _LEAST else 0.0


def chances(scores: _Column, calibrator: Calibrator) -> _Column:
    """The chances that scores stand for."""
    bend = calibrator.upper_slope - calibrator.lower_slope
    bends = bend * _each(log1p, _each(exp, -np.abs(scores)))
    slopes = np.where(scores > 0.0, calibrator.upper_slope, calibrator.lower_slope)
    logits = slopes * scores + bends + calibrator.offset
    found = 1.0 / (1.0 + _each(exp, -np.maximum(logits, _LEAST)))
    return np.where(logits > _LEAST, found, 0.0)


def _each(function: Callable[[float], float], column: _Column) -> _Column:
    return np.fromiter(map(function, column.tolist()), np.float64, len(column))
