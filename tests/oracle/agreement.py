"""Agreement a second time: exact fractions over every pair of ratings, written to be read."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from itertools import permutations
from typing import Any

Table = Mapping[Any, Mapping[Any, Hashable]]


def observed(table: Table) -> Fraction | None:
    """p_a; None where no item has two ratings."""
    return _mean([_agreeing(list(given.values())) for given in table.values() if len(given) > 1])


def fleiss(table: Table) -> Fraction | None:
    """Generalised κ; None where it cannot be told."""
    shares = _shares(table)
    return _beyond(observed(table), sum((share**2 for share in shares), Fraction(0)))


def ac1(table: Table) -> Fraction | None:
    """Gwet's AC1; None where it cannot be told."""
    shares = _shares(table)
    if len(shares) == 1:
        return None
    spread = sum((share * (1 - share) for share in shares), Fraction(0))
    return _beyond(observed(table), spread / max(1, len(shares) - 1))


def _agreeing(said: list[Hashable]) -> Fraction:
    """The share of pairs of ratings of an item that are equal."""
    pairs = list(permutations(said, 2))
    return Fraction(sum(one == other for one, other in pairs), len(pairs))


def _shares(table: Table) -> list[Fraction]:
    """The mean share of each category, over items with a rating."""
    rated = [list(given.values()) for given in table.values() if given]
    kinds = {category for said in rated for category in said}
    shares = [[Fraction(said.count(kind), len(said)) for said in rated] for kind in kinds]
    return [sum(each, Fraction(0)) / len(rated) for each in shares]


def _beyond(found: Fraction | None, by_chance: Fraction) -> Fraction | None:
    return None if found is None or by_chance == 1 else (found - by_chance) / (1 - by_chance)


def _mean(values: list[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None
