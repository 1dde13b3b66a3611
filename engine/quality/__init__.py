"""Figures about how well people decide: agreement, and time to a decision. See the README."""

from engine.quality.agreement import (
    Agreement,
    Interval,
    Undefined,
    agreement,
    cohen,
    in_order,
    intervals,
)
from engine.quality.survival import Quantile, Waited, quantile

__all__ = [
    "Agreement",
    "Interval",
    "Quantile",
    "Undefined",
    "Waited",
    "agreement",
    "cohen",
    "in_order",
    "intervals",
    "quantile",
]
