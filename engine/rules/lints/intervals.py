"""Stretches of a line of numbers, with open and closed ends, met, joined and turned inside out."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, inf

#: A place between two numbers: just before the number (0) or just after it (1).
Cut = tuple[float, int]

BEGIN: Cut = (-inf, 0)
END: Cut = (inf, 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """All numbers between two cuts; never empty once it stands in `Numbers`."""

    low: Cut
    high: Cut


@dataclass(frozen=True, slots=True)
class Numbers:
    """Disjoint stretches in order; two of them never touch."""

    stretches: tuple[Stretch, ...] = (Stretch(BEGIN, END),)

    @property
    def empty(self) -> bool:
        """Whether no number is left."""
        return not self.stretches

    def meet(self, other: "Numbers") -> "Numbers":
        """The numbers in both."""
        if len(self.stretches) == 1 and len(other.stretches) == 1:
            mine, theirs = self.stretches[0], other.stretches[0]
            low, high = max(mine.low, theirs.low), min(mine.high, theirs.high)
            return Numbers((Stretch(low, high),) if low < high else ())
        found = []
        for mine in self.stretches:
            for theirs in other.stretches:
                low, high = max(mine.low, theirs.low), min(mine.high, theirs.high)
                if low < high:
                    found.append(Stretch(low, high))
        return Numbers(tuple(found))

    def within(self, other: "Numbers") -> bool:
        """Whether every number of this is in the other."""
        return all(
            any(theirs.low <= mine.low and mine.high <= theirs.high for theirs in other.stretches)
            for mine in self.stretches
        )

    def outside(self) -> "Numbers":
        """All other numbers."""
        found = []
        start = BEGIN
        for stretch in self.stretches:
            if start < stretch.low:
                found.append(Stretch(start, stretch.low))
            start = stretch.high
        if start < END:
            found.append(Stretch(start, END))
        return Numbers(tuple(found))


EVERY_NUMBER = Numbers()
NO_NUMBER = Numbers(())


def between(low: Cut, high: Cut) -> Numbers:
    """One stretch, or none if the cuts stand the wrong way round."""
    return Numbers((Stretch(low, high),)) if low < high else NO_NUMBER


def points(values: Iterable[float]) -> Numbers:
    """These numbers alone."""
    return join(Stretch((value, 0), (value, 1)) for value in values)


def join(stretches: Iterable[Stretch]) -> Numbers:
    """The numbers in any of the stretches."""
    found: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: (one.low, one.high)):
        if found and stretch.low <= found[-1].high:
            found[-1] = Stretch(found[-1].low, max(found[-1].high, stretch.high))
        else:
            found.append(stretch)
    return Numbers(tuple(found))


def whole(numbers: Numbers) -> Numbers:
    """The same whole numbers with ends moved onto whole numbers, so that 4 and 5 are neighbours."""
    moved = (Stretch(_whole(each.low), _whole(each.high)) for each in numbers.stretches)
    return join(each for each in moved if each.low < each.high)


def _whole(cut: Cut) -> Cut:
    value, side = cut
    if value in (-inf, inf):
        return cut
    return (float(floor(value) + 1), 0) if side else (float(ceil(value)), 0)
