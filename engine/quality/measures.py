"""A figure with what it rests on, or the reason why there is none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class State(StrEnum):
    """Whether there is a figure."""

    #: There is.
    KNOWN = "known"
    #: Fewer than `needs` were seen.
    INSUFFICIENT_DATA = "insufficient_data"
    #: All votes were for one action: agreement beyond chance is 0/0.
    ONE_CATEGORY = "one_category"
    #: The reference falls into a single bin: whatever comes falls into it, too.
    ONE_BIN = "one_bin"
    #: Fewer than five are expected in a cell, so chi-square cannot be read.
    RARE_CATEGORY = "rare_category"
    #: No text has a word.
    NO_WORDS = "no_words"
    #: Half of all still wait, so nobody knows yet.
    NOT_REACHED = "not_reached"


def lacking(n: int, needs: int) -> str:
    """That there is no figure, in words: `insufficient data (5 of 20)`.

    Args:
        n: How many there are; weighted ones may be worth fewer (Kish), and too few all the same.
        needs: How many it takes.
    """
    told = f"{n:,} of {needs:,}" if n < needs else f"{n:,}, worth fewer than {needs:,}"
    return f"insufficient data ({told})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure."""

    state: State
    value: float | None
    """None unless it is known."""
    low: float | None
    """The interval of 95 %, where it can be told."""
    high: float | None
    n: int
    """How many it is told from."""
    needs: int
    """How many like these it takes: see `engine.sufficiency`."""
    naive: float | None = None
    """Of those that were seen, where the value is weighted for those that were not."""

    @classmethod
    def none(cls, state: State, n: int, needs: int) -> Self:
        """There is no figure."""
        return cls(state=state, value=None, low=None, high=None, n=n, needs=needs)
