"""How often each reviewer acts where a rule is broken, and lets stand what breaks none.

Sensitivity and specificity by the tables of Dawid and Skene: what is true of a case is estimated
from all votes on it. Unlike a comparison with the others it says in which direction somebody errs,
and uses cases on which the others are split. Votes are taken to err independently.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from engine.quality.dawid_skene import FEWEST_RATERS, NoTruth, Truth, estimate
from engine.quality.measures import Measure, State
from engine.quality.proportions import ENOUGH
from engine.quality.reviewers import Ballot
from engine.quality.wilson import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class Erring:
    """In which direction a reviewer errs; limits of 95 % take what is true as known."""

    sensitivity: Measure
    """Of the cases that break a rule, the share on which they act."""
    specificity: Measure
    """Of the cases that break none, the share that they let stand."""

    @classmethod
    def none(cls, state: State, n: int, needs: int) -> Self:
        """Nothing can be told."""
        missing = Measure.none(state, n, needs)
        return cls(sensitivity=missing, specificity=missing)


@dataclass(slots=True)
class _Counts:
    """So many cases that are probably so, and of how many of them it was said."""

    of: float = 0.0
    right: float = 0.0

    def measure(self, needs: int) -> Measure:
        """The share, if there are enough."""
        seen = round(self.of)
        if self.of < needs:
            return Measure.none(State.INSUFFICIENT_DATA, seen, needs)
        value = self.right / self.of
        low, high = wilson(value, self.of)
        return Measure(state=State.KNOWN, value=value, low=low, high=high, n=seen, needs=needs)


def erring(
    ballots: Sequence[Ballot], acts: Callable[[Hashable], bool], *, needs: int = ENOUGH
) -> Mapping[str, Erring]:
    """In which direction everybody errs who looked at something with others.

    Args:
        ballots: Blind first votes. Where fewer than three people voted nobody can tell who is
            right.
        acts: Whether a label says that a rule is broken.
        needs: So many cases that break a rule, or none, it takes for a share.
    """
    said = {(each.case, each.reviewer): acts(each.label) for each in ballots}
    names = sorted({reviewer for _, reviewer in said})
    told = estimate([(case, reviewer, yes) for (case, reviewer), yes in said.items()])
    if isinstance(told, NoTruth):
        needed = FEWEST_RATERS if told.state is State.INSUFFICIENT_DATA else needs
        return dict.fromkeys(names, Erring.none(told.state, told.n, needed))
    return _by_reviewer(said, told, names, needs)


def _by_reviewer(
    said: Mapping[tuple[Hashable, str], bool], told: Truth, names: Sequence[str], needs: int
) -> Mapping[str, Erring]:
    broken, fine = ({name: _Counts() for name in names} for _ in range(2))
    place = told.labels.index(True)
    for (case, reviewer), yes in said.items():
        chance = told.items[case][place]
        broken[reviewer].of += chance
        broken[reviewer].right += chance * yes
        fine[reviewer].of += 1 - chance
        fine[reviewer].right += (1 - chance) * (not yes)
    return {
        name: Erring(sensitivity=broken[name].measure(needs), specificity=fine[name].measure(needs))
        for name in names
    }
