"""How long until a certificate: labels that are missing, at the pace and error seen so far."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.certifying.binomial import MOST_LABELS, all_labels_needed, errors_allowed
from engine.certifying.looks import look
from engine.certifying.walk import Terms
from engine.errors import CannotCertify

#: How many more errors are looked at, few first; what takes more is told to be out of reach.
_FURTHER: Final = (100, 2_000)

_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is missing, if labels go on as they did; an expectation without an interval."""

    missing: int | None
    """Labels; 0 where those that are there are enough, None where it is out of reach."""
    days: float | None
    """Until they are there; None where it is out of reach, or nobody labels."""
    why: str
    """In words where there are no days."""


def progress(labels: int, errors: int, terms: Terms, *, per_day: float) -> Progress:
    """How many labels and days it takes from here.

    Further labels are expected to be wrong as often as those so far; without any, none are. It is
    the fewest labels at which the errors expected by then are still allowed, so about half of all
    samples take longer.

    Args:
        labels: In the zone, so far.
        errors: Of these.
        terms: What is to be promised.
        per_day: Labels in the zone that come in a day; 0 or more.

    Raises:
        CannotCertify: The numbers make no sense, or no number of labels is enough.
    """
    _check(labels, errors, per_day)
    tries = (_missing(labels, errors, terms, further) for further in _FURTHER)
    missing = next((found for found in tries if found is not None), None)
    return _progress(missing, labels, errors, terms, per_day)


def progress_by_looks(
    labels: int, errors: int, terms: Terms, *, spent: int, before: int, per_day: float
) -> Progress:
    """As `progress`, where labels are tested at planned numbers alone, each time at a part of δ.

    It is the first of the looks to come at which the errors expected by then are still allowed.

    Args:
        labels: So far.
        errors: Of these.
        terms: What is to be promised, with the whole δ.
        spent: Looks that were made, on these labels or on earlier ones of the same thing.
        before: Labels that the last look at these labels had; 0 for none.
        per_day: Labels that come in a day; 0 or more.

    Raises:
        CannotCertify: As `progress`.
    """
    _check(labels, errors, per_day)
    rate = errors / labels if labels else 0.0
    missing = None
    while missing is None and before < MOST_LABELS // 2:
        due = look(terms, spent=spent, before=before)
        allowed = errors_allowed(due.labels, due.terms.limit, due.terms.doubt)
        if allowed is not None and rate * due.labels <= allowed + _ROUNDING:
            missing = max(0, due.labels - labels)
        spent, before = due.number, due.labels
    return _progress(missing, labels, errors, terms, per_day)


def _check(labels: int, errors: int, per_day: float) -> None:
    """Refuse numbers that make no sense."""
    if not 0 <= errors <= labels or not 0 <= per_day < float("inf"):
        reason = f"{errors} errors in {labels} labels, {per_day:g} a day"
        raise CannotCertify(reason, "errors are labels too, and the pace is 0 or more")


def _progress(
    missing: int | None, labels: int, errors: int, terms: Terms, per_day: float
) -> Progress:
    """What is told of so many missing labels."""
    if missing is None:
        rate = errors / labels
        why = f"the error seen is {rate:.3g}, too near the limit of {terms.limit:.3g} or above it"
        return Progress(missing=None, days=None, why=why)
    if missing and not per_day:
        return Progress(missing=missing, days=None, why="nobody labels in this zone")
    return Progress(missing=missing, days=missing / per_day if missing else 0.0, why="")


def _missing(labels: int, errors: int, terms: Terms, further: int) -> int | None:
    """How many more labels are enough; None where that takes so many more errors, or no end."""
    rate = errors / labels if labels else 0.0
    ks = np.arange(errors, errors + further, dtype=np.int64)
    least = max(labels, terms.start)
    needed = np.maximum(all_labels_needed(ks, terms.limit, terms.doubt), least)
    allowed = errors + rate * (needed - labels) <= ks + _ROUNDING
    return int(needed[int(np.argmax(allowed))]) - labels if allowed.any() else None
