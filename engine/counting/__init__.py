"""Counts items per key within sliding windows, and gives the counts to the items as fields."""

from engine.counting.measures import (
    Holds,
    Measure,
    counters_in_use,
    defaults_of,
    holds_of,
    measures_of,
)
from engine.counting.windows import LATENESS, CounterProvider, SlidingWindow, sliding_window

__all__ = [
    "LATENESS",
    "CounterProvider",
    "Holds",
    "Measure",
    "SlidingWindow",
    "counters_in_use",
    "defaults_of",
    "holds_of",
    "measures_of",
    "sliding_window",
]
