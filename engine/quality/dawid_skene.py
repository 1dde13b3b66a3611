"""What is true and how people err, told from votes alone where nobody knows what is right.

Dawid and Skene, *Appl. Stat.* 28 (1979), 20-28: each item has one true label, and each rater a
table of how often they say what where something is true. Expectation maximisation alternates
between the two, beginning with the shares of votes. `CONFUSION` has a whole table for each rater;
`ONE_COIN` one accuracy, with errors even over the other labels, which few votes can tell.

Smoothing counts like so many votes of each rater spread over the labels, so that what was never
seen is not impossible; 0 is the estimate of the article. What is maximised is the likelihood times
that, and it never falls.

Two raters who differ do not tell who is right, so three are the fewest. Votes are taken to err
independently where the truth is given: if people err together, all seem better than they are.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, xlogy

from engine.errors import InvalidFigure
from engine.quality.measures import State

_Floats: TypeAlias = NDArray[np.float64]
_Numbers: TypeAlias = NDArray[np.intp]
#: (item, rater, label)
Vote: TypeAlias = tuple[Hashable, Hashable, Hashable]

FEWEST_RATERS: Final = 3
_FEWEST_LABELS: Final = 2


class Model(StrEnum):
    """How raters err."""

    CONFUSION = "confusion"
    ONE_COIN = "one_coin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rater:
    """How one rater errs."""

    n: int
    """Votes."""
    confusion: tuple[tuple[float, ...], ...]
    """Row by what is true, column by what is said; a row sums to 1."""
    accuracy: float
    """How probable it is that they say what is true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was estimated; labels are in one order in all of it."""

    labels: tuple[Hashable, ...]
    """That were given, in the order of the taxonomy."""
    prevalence: tuple[float, ...]
    items: Mapping[Hashable, tuple[float, ...]]
    """How probable each label is."""
    raters: Mapping[Hashable, Rater]
    rounds: int
    converged: bool
    """False: the rounds ran out."""
    log_likelihood: float
    """Of the votes, without smoothing."""
    unknown: int
    """Votes with labels that the taxonomy does not know: left out."""

    def rates(self, rater: Hashable, label: Hashable) -> tuple[float, float]:
        """Sensitivity and specificity of a rater for one label against all others."""
        place, found = self.labels.index(label), self.raters[rater].confusion
        rest = 1 - self.prevalence[place]
        wrong = sum(
            share * row[place]
            for number, (share, row) in enumerate(zip(self.prevalence, found, strict=True))
            if number != place
        )
        return found[place][place], 1 - wrong / rest if rest > 0 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTruth:
    """Why nothing was estimated."""

    state: State
    """Too few raters, or all votes are for one label."""
    n: int
    """Raters there are."""
    needs: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How it is estimated."""

    model: Model = Model.CONFUSION
    smoothing: float = 0.01
    """Votes of each rater, for each label that is true and each that is said; 0 or more."""
    rounds: int = 500
    """At most; 1 or more."""
    tolerance: float = 1e-9
    """It is over when what is maximised grows by less, for each vote."""


_USUAL: Final = Fit()


@dataclass(frozen=True, slots=True)
class _Table:
    """Votes as numbers; those that are alike in one row."""

    item: _Numbers
    rater: _Numbers
    label: _Numbers
    times: _Floats
    items: int
    raters: int
    labels: int

    def shares(self) -> _Floats:
        """Of the votes on an item: item by label."""
        size, place = self.items * self.labels, self.item * self.labels + self.label
        flat = np.bincount(place, self.times, minlength=size).astype(np.float64)
        found = flat.reshape(self.items, self.labels)
        shares: _Floats = found / found.sum(axis=1, keepdims=True)
        return shares


def estimate(
    votes: Sequence[Vote], *, taxonomy: Collection[Hashable] | None = None, fit: Fit = _USUAL
) -> Truth | NoTruth:
    """What is true of each item, and how each rater errs.

    Args:
        votes: Any number for each item; a rater may vote more than once on it.
        taxonomy: Labels there are, in the order in which they are shown; None: those that occur.
        fit: How.

    Raises:
        InvalidFigure: A setting is out of range.
    """
    _check(fit)
    known = [vote for vote in votes if taxonomy is None or vote[2] in taxonomy]
    unknown = len(votes) - len(known)
    given = dict.fromkeys(vote[2] for vote in known)
    labels = tuple(given) if taxonomy is None else tuple(each for each in taxonomy if each in given)
    items = tuple(dict.fromkeys(vote[0] for vote in known))
    raters = tuple(dict.fromkeys(vote[1] for vote in known))
    if len(raters) < FEWEST_RATERS or len(labels) < _FEWEST_LABELS:
        few = len(raters) < FEWEST_RATERS
        state = State.INSUFFICIENT_DATA if few else State.ONE_CATEGORY
        return NoTruth(state=state, n=len(raters), needs=FEWEST_RATERS, unknown=unknown)
    return _told(_numbered(known, (items, raters, labels)), (items, raters, labels), fit, unknown)


def _told(table: _Table, names: tuple[tuple[Hashable, ...], ...], fit: Fit, unknown: int) -> Truth:
    items, raters, labels = names
    posterior, prevalence, confusion, rounds, converged = _maximise(table, fit)
    counts = np.bincount(table.rater, table.times, minlength=len(raters))
    return Truth(
        labels=labels,
        prevalence=tuple(prevalence.tolist()),
        items=dict(zip(items, map(tuple, posterior.tolist()), strict=True)),
        raters={
            name: Rater(
                n=int(counts[number]),
                confusion=tuple(map(tuple, confusion[number].tolist())),
                accuracy=float(prevalence @ np.diagonal(confusion[number])),
            )
            for number, name in enumerate(raters)
        },
        rounds=rounds,
        converged=converged,
        log_likelihood=_expect(table, prevalence, confusion)[1],
        unknown=unknown,
    )


def _numbered(votes: Sequence[Vote], names: tuple[tuple[Hashable, ...], ...]) -> _Table:
    places = [{name: number for number, name in enumerate(each)} for each in names]
    rows = np.array(
        [[place[part] for place, part in zip(places, vote, strict=True)] for vote in votes],
        dtype=np.intp,
    )
    alike, times = np.unique(rows, axis=0, return_counts=True)
    item, rater, label = alike.T
    return _Table(item, rater, label, times.astype(float), *map(len, names))


def _maximise(table: _Table, fit: Fit) -> tuple[_Floats, _Floats, _Floats, int, bool]:
    """Posterior, prevalence and confusion; the rounds it took, and whether they were enough."""
    posterior = table.shares()
    before, least = -np.inf, fit.tolerance * float(table.times.sum())
    number = 0
    while True:
        number += 1
        prevalence = posterior.mean(axis=0)
        confusion = _erring(table, posterior, fit)
        posterior, likelihood = _expect(table, prevalence, confusion)
        reached = likelihood + float(xlogy(fit.smoothing, confusion).sum())
        converged = reached - before < least
        if converged or number == fit.rounds:
            return posterior, prevalence, confusion, number, converged
        before = reached


def _erring(table: _Table, posterior: _Floats, fit: Fit) -> _Floats:
    """How raters err if items are as the posterior says: rater by true by said."""
    size = table.raters * table.labels
    place = table.rater * table.labels + table.label
    by_truth = [
        np.bincount(place, table.times * posterior[table.item, true], minlength=size)
        for true in range(table.labels)
    ]
    stacked = np.stack(by_truth).reshape(table.labels, table.raters, table.labels)
    counts: _Floats = (stacked.transpose(1, 0, 2) + fit.smoothing).astype(np.float64)
    if fit.model is Model.ONE_COIN:
        return _one_coin(counts)
    totals = counts.sum(axis=2, keepdims=True)
    even: _Floats = np.full(
        counts.shape, 1 / table.labels
    )  # of what is never true nothing is known
    np.divide(counts, totals, out=even, where=totals > 0)
    return even


def _one_coin(counts: _Floats) -> _Floats:
    labels = counts.shape[1]
    right: _Floats = np.einsum("rkk->r", counts) / counts.sum(axis=(1, 2))
    wrong = (1 - right) / (labels - 1)
    place = np.eye(labels, dtype=bool)
    found: _Floats = np.where(place, right[:, None, None], wrong[:, None, None]).astype(np.float64)
    return found


def _expect(table: _Table, prevalence: _Floats, confusion: _Floats) -> tuple[_Floats, float]:
    """How probable each label is of each item, and the log likelihood of all votes."""
    with np.errstate(divide="ignore"):  # what cannot be has a logarithm of -inf, as is meant
        log_confusion, joint = np.log(confusion), np.tile(np.log(prevalence), (table.items, 1))
    for true in range(table.labels):
        said = table.times * log_confusion[table.rater, true, table.label]
        joint[:, true] += np.bincount(table.item, said, minlength=table.items)
    each = logsumexp(joint, axis=1, keepdims=True)
    return np.exp(joint - each), float(each.sum())


def _check(fit: Fit) -> None:
    for what, value, fits in (
        ("smoothing", fit.smoothing, fit.smoothing >= 0),
        ("rounds", fit.rounds, fit.rounds >= 1),
        ("tolerance", fit.tolerance, fit.tolerance >= 0),
    ):
        if not fits:
            raise InvalidFigure(what, f"{value} is out of range")
