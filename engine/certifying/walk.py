"""The walk from strict to loose thresholds: fixed-sequence testing, each at the whole δ.

Hypotheses in an order that labels have no say in may each be tested at the whole level, as long as
the first failure ends it (Maurer, Hothorn and Lehmacher 1995; for error limits of predictors:
Angelopoulos, Bates, Candès, Jordan and Lei, *Learn then Test*, 2021). To certify a zone that is too
bad, the first such zone on the way must have passed by chance, and that has probability δ at most.
Where the walk starts depends on the numbers of labels only, and not on what they say.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.certifying.binomial import check_share, errors_allowed, labels_needed, p_values
from engine.certifying.sample import Sample
from engine.certifying.strata import Direction
from engine.certifying.thresholds import in_zone
from engine.errors import CannotCertify


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is promised: P(error <= limit) >= 1 - doubt."""

    limit: float
    """alpha: the share of wrong decisions in the zone, above 0 and below 1."""
    doubt: float
    """δ of this stratum, above 0 and below 1."""
    fewest: int = 0
    """n_min: labels a zone needs for the walk to start there. Zones in which not even 0 errors
    would pass are left out whatever this is; more makes an early stop by bad luck rarer."""

    def __post_init__(self) -> None:
        """Refuse limits that promise nothing.

        Raises:
            CannotCertify: A share is not between 0 and 1.
        """
        check_share("the error limit", self.limit)
        check_share("the doubt", self.doubt)

    @property
    def start(self) -> int:
        """Labels of the first zone that is tested."""
        return max(self.fewest, labels_needed(0, self.limit, self.doubt))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A zone on the way."""

    threshold: float
    labels: int
    errors: int
    p_value: float
    """The chance of so few errors, were the error just the limit."""
    tested: bool
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Where the walk came to."""

    steps: tuple[Step, ...]
    """All zones, from strict to loose."""
    certified: Step | None
    """The loosest that passed."""
    why: str
    """In words: what was certified, or why nothing was and what it takes."""


def walk(sample: Sample, thresholds: tuple[float, ...], direction: Direction, terms: Terms) -> Walk:
    """The loosest zone that is shown to hold the limit, or why there is none.

    Args:
        sample: Labels inside the loosest zone; those outside count nowhere.
        thresholds: From strict to loose, as `candidates` gives them.
        direction: On which side the zones are.
        terms: What is promised.

    Raises:
        CannotCertify: The thresholds are not in order from strict to loose.
    """
    _check_order(thresholds, direction)
    zones = [in_zone(sample.scores, each, direction) for each in thresholds]
    labels = np.array([zone.sum() for zone in zones], dtype=np.int64)
    errors = np.array([(zone & sample.wrong).sum() for zone in zones], dtype=np.int64)
    found = p_values(labels, errors, terms.limit)
    first, last = reach(labels, errors, terms)
    tested = (np.arange(len(labels)) >= first) & (np.arange(len(labels)) <= last + 1)
    steps = tuple(
        Step(
            threshold=threshold,
            labels=int(labels[j]),
            errors=int(errors[j]),
            p_value=float(found[j]),
            tested=bool(tested[j]),
            passed=bool(first <= j <= last),
        )
        for j, threshold in enumerate(thresholds)
    )
    certified = steps[last] if last >= first else None
    start = steps[first] if first < len(steps) else None
    return Walk(steps=steps, certified=certified, why=_why(certified, start, steps, terms))


def reach(labels: NDArray[np.int64], errors: NDArray[np.int64], terms: Terms) -> tuple[int, int]:
    """The places of the first zone that is tested, and of the loosest that passed.

    The first is the number of zones where none has enough labels; the last is one before the first
    where none passed.

    Args:
        labels: n of each zone, from strict to loose; never falling, as zones hold one another.
        errors: k of each.
        terms: What is promised.
    """
    first = int(np.searchsorted(labels, terms.start))
    passes = p_values(labels[first:], errors[first:], terms.limit) <= terms.doubt
    return first, first + int(np.argmin([*passes, False])) - 1


def reason_for(labels: int, errors: int, terms: Terms) -> str:
    """Why so many errors in so many labels do not pass, and what it takes, in words."""
    if labels < terms.start:
        return f"too few labels: {labels}, and {terms.start} are needed in a zone to begin with"
    allowed = errors_allowed(labels, terms.limit, terms.doubt)
    needed = labels_needed(errors, terms.limit, terms.doubt)
    return (
        f"too many errors: {errors} in {labels} labels, where {allowed} at most show an error "
        f"below {terms.limit:.4g}; {errors} would in {needed} labels"
    )


def _why(certified: Step | None, start: Step | None, steps: tuple[Step, ...], terms: Terms) -> str:
    if certified is not None:
        return (
            f"{certified.errors} errors in {certified.labels} labels show an error below "
            f"{terms.limit:.4g} with confidence {1 - terms.doubt:.6g}"
        )
    if start is not None:
        return reason_for(start.labels, start.errors, terms)
    return reason_for(max((step.labels for step in steps), default=0), 0, terms)


def _check_order(thresholds: tuple[float, ...], direction: Direction) -> None:
    sign = 1 if direction is Direction.ALLOW else -1
    if not thresholds or any(sign * one >= sign * other for one, other in pairwise(thresholds)):
        reason = "thresholds are not in order from strict to loose"
        raise CannotCertify(reason if thresholds else "there are no thresholds", "use `candidates`")
