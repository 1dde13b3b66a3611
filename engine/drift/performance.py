"""How often the machine errs, on the random quality sample alone, and when that is an alarm.

A window alarms nobody by its figure: the lower confidence bound of its weighted error has to be
above the limit, in each of the last several windows. Windows with too little data are passed over;
they neither alarm nor reassure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import ArrayLike

from engine.drift.rates import Rate, rate
from engine.drift.states import Insufficient
from engine.errors import InvalidWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The quality sample of a window."""

    wrong: ArrayLike
    """Of each item, whether the machine was wrong."""
    probabilities: ArrayLike | None = None
    """Inclusion probabilities: above 0, at most 1; None: all are alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """When errors are an alarm."""

    error: float
    """So many may err: 0 to 1."""
    windows: int = 3
    """In so many windows in a row the bound has to be above."""
    confidence: float = 0.95
    """One-sided, of the bound: above 0.5, below 1."""
    least: int = 100
    """The effective size that a window needs."""

    def __post_init__(self) -> None:
        if not 0 <= self.error <= 1:
            what = "limit"
            raise InvalidWindow(what, f"error {self.error:g} is not within 0..1")
        if self.windows < 1:
            what = "limit"
            raise InvalidWindow(what, f"{self.windows} windows; give 1 or more")
        if not 0.5 < self.confidence < 1:  # noqa: PLR2004 - else the bound is above the figure
            what = "limit"
            raise InvalidWindow(what, f"confidence {self.confidence:g} is not within 0.5..1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """How often the machine errs, window by window."""

    windows: tuple[Rate | Insufficient, ...]
    """Of each window; `low` and `high` are one-sided bounds with the confidence of the limit."""
    above: int
    """The last so many windows with enough data have their bound above the limit."""
    alarm: bool | Insufficient
    """Whether that is an alarm."""


def performance(windows: Sequence[Errors], limit: Limit) -> Performance:
    """How often the machine errs, and whether that is an alarm.

    Args:
        windows: From the oldest to the newest.
        limit: When it is one.

    Raises:
        InvalidWindow: Columns cannot be read or are not equally long.
    """
    two_sided = 2 * limit.confidence - 1
    rates = tuple(
        rate(
            window.wrong,
            window.probabilities,
            least=limit.least,
            confidence=two_sided,
            what=f"quality sample {number}",
        )
        for number, window in enumerate(windows)
    )
    told = [each.low > limit.error for each in rates if isinstance(each, Rate)]
    above = next((run for run, is_so in enumerate(reversed(told)) if not is_so), len(told))
    few = Insufficient(of="windows", n=len(told), needs=limit.windows)
    return Performance(
        windows=rates,
        above=above,
        alarm=few if len(told) < limit.windows else above >= limit.windows,
    )
