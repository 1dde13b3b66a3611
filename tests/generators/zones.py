"""Worlds in which the true error of every zone is known: scores in cells, each with its error."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.certifying import (
    Direction,
    Sample,
    Stratum,
    Terms,
    candidates,
    errors_allowed,
    look,
    share_doubt,
    walk,
)
from engine.certifying.thresholds import in_zone

Floats = NDArray[np.float64]

LIMIT, DOUBT = 0.05, 0.05
_UNLABELLED = 1_000
_ABOVE = 1 + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Scores of one stratum, and how often the machine is wrong at each."""

    scores: Floats
    """From low to high, one for each cell."""
    masses: Floats
    """Share of the items in each cell."""
    errors: Floats
    """The error in each cell, for the direction."""
    direction: Direction
    labels: int

    def true_error(self, threshold: float) -> float:
        """Of the zone at this threshold."""
        zone = in_zone(self.scores, threshold, self.direction)
        return float(self.masses[zone] @ self.errors[zone] / self.masses[zone].sum())

    def thresholds(self, dice: np.random.Generator) -> tuple[float, ...]:
        """Candidates from items without labels."""
        drawn = np.repeat(self.scores, dice.multinomial(_UNLABELLED, self.masses))
        return candidates(drawn, self.direction)

    def sample(self, loosest: float, dice: np.random.Generator) -> Sample:
        """Labels, drawn alike inside the loosest zone."""
        zone = in_zone(self.scores, loosest, self.direction)
        masses = np.where(zone, self.masses, 0.0)
        cells = np.repeat(
            np.arange(len(masses)), dice.multinomial(self.labels, masses / masses.sum())
        )
        return Sample(
            ids=tuple(map(str, range(len(cells)))),
            scores=self.scores[cells],
            wrong=dice.random(len(cells)) < self.errors[cells],
        )


Maker = Callable[[np.random.Generator], World]


def _world(dice: np.random.Generator, cells: int, labels: tuple[int, int], steep: float) -> World:
    """Errors grow from the strict end; that of the loosest zone, half of the items, is too high."""
    direction = Direction.REMOVE if dice.random() < 0.5 else Direction.ALLOW
    strictness = (np.arange(cells) + 0.5) / cells
    errors = LIMIT * dice.uniform(1.0, 2.0) * (1 + steep) * (2 * strictness) ** steep
    if direction is Direction.REMOVE:
        errors = errors[::-1]
    return World(
        scores=np.round((np.arange(cells) + 0.5) / cells, 6),
        masses=dice.dirichlet(np.full(cells, 5.0)),
        errors=np.minimum(errors, 1.0),
        direction=direction,
        labels=int(dice.integers(*labels)),
    )


def smooth(dice: np.random.Generator) -> World:
    """Errors grow from none, and cross the limit somewhere."""
    return _world(dice, 100, (150, 600), 1.0)


def small(dice: np.random.Generator) -> World:
    """Hardly any labels."""
    return _world(dice, 100, (60, 150), 1.0)


def tied(dice: np.random.Generator) -> World:
    """Scores take eight values."""
    return _world(dice, 8, (100, 600), 1.0)


def level(dice: np.random.Generator) -> World:
    """Every zone errs a hair more than the limit: whatever is certified breaks the promise."""
    world = _world(dice, 100, (60, 600), 0.0)
    return World(
        scores=world.scores,
        masses=world.masses,
        errors=np.full(100, LIMIT * _ABOVE),
        direction=world.direction,
        labels=world.labels,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How often a promise was broken, over all worlds of a kind."""

    kind: str
    worlds: int
    walked: int
    """Worlds in which some zone that the walk certified errs more than the limit."""
    naive: int
    """The same for the loosest zone whose observed error is below the limit."""
    certified: int
    """Worlds in which the walk certified something."""


#: Kind of world → how many strata, and what each is.
KINDS: dict[str, tuple[int, Maker]] = {
    "errors grow": (1, smooth),
    "few labels": (1, small),
    "ties": (1, tied),
    "just above the limit": (1, level),
    "four strata": (4, smooth),
    "four strata, just above": (4, level),
}


def kept(kind: str, worlds: int, seed: int) -> Kept:
    """Certify in many worlds, and see which promises held."""
    strata, maker = KINDS[kind]
    dice = np.random.default_rng(seed)
    found = [_broken([maker(dice) for _ in range(strata)], dice) for _ in range(worlds)]
    certified, walked, naive = (sum(each) for each in zip(*found, strict=True))
    return Kept(kind=kind, worlds=worlds, walked=walked, naive=naive, certified=certified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What came of labels that went on coming, over all worlds of one error."""

    error: float
    worlds: int
    certified: int
    """Worlds in which some look passed."""
    labels: float
    """Of the look that passed, where one did: the median."""
    eager: int
    """Worlds in which a test at the whole δ passed that was made again with every ten labels."""


def looked(error: float, worlds: int, seed: int, *, most: int = 2_400) -> Looked:
    """Let labels come one by one, up to so many, and look as the schedule says."""
    dice = np.random.default_rng(seed)
    errors = np.cumsum(dice.random((worlds, most)) < error, axis=1, dtype=np.int64)
    first = np.zeros(worlds, dtype=np.int64)
    planned = look(Terms(limit=LIMIT, doubt=DOUBT))
    while planned.labels <= most:
        allowed = errors_allowed(planned.labels, LIMIT, planned.terms.doubt)
        passed = errors[:, planned.labels - 1] <= (-1 if allowed is None else allowed)
        first[passed & (first == 0)] = planned.labels
        planned = look(Terms(limit=LIMIT, doubt=DOUBT), spent=planned.number, before=planned.labels)
    tries = np.arange(60, most + 1, 10)
    allowed_at = np.array([errors_allowed(int(each), LIMIT, DOUBT) for each in tries])
    eager = (errors[:, tries - 1] <= allowed_at).any(axis=1)
    found = first[first > 0]
    return Looked(
        error=error,
        worlds=worlds,
        certified=len(found),
        labels=float(np.median(found)) if len(found) else float("nan"),
        eager=int(eager.sum()),
    )


def _broken(strata: Sequence[World], dice: np.random.Generator) -> tuple[bool, bool, bool]:
    """Whether anything was certified, and whether walk and naive choice broke the promise."""
    names = [
        Stratum(policy="hate", language=str(place), direction=world.direction)
        for place, world in enumerate(strata)
    ]
    doubts = share_doubt(DOUBT, names)
    certified = walked = naive = False
    for name, world in zip(names, strata, strict=True):
        thresholds = world.thresholds(dice)
        sample = world.sample(thresholds[-1], dice)
        terms = Terms(limit=LIMIT, doubt=doubts[name])
        if (last := walk(sample, thresholds, world.direction, terms).certified) is not None:
            certified = True
            walked |= world.true_error(last.threshold) > LIMIT
        if below := list(_below(sample, thresholds, world.direction)):
            naive |= world.true_error(below[-1]) > LIMIT
    return certified, walked, naive


def _below(sample: Sample, thresholds: Sequence[float], direction: Direction) -> Iterator[float]:
    """Thresholds whose observed error is below the limit, from strict to loose."""
    for threshold in thresholds:
        zone = in_zone(sample.scores, threshold, direction)
        labels = np.count_nonzero(zone)
        if labels and np.count_nonzero(zone & sample.wrong) < LIMIT * labels:
            yield threshold
