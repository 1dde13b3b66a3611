"""Pairs of sets that are nearly the same, found without comparing all pairs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import ceil

#: Shared members as a part of all members of two sets, from which they are alike.
ALIKE = 0.8
#: So many sets with the same rare member are compared with one another.
_MOST_NEIGHBOURS = 50


def alike(sets: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of names whose sets are alike but not equal, in order.

    Sets that overlap enough share one of their rarest members: with every set's members in order
    of rarity, it is enough to look at the first (1 - ALIKE) of them.
    """
    rarity = Counter(member for members in sets.values() for member in members)
    seen_with: dict[str, list[str]] = defaultdict(list)
    for name in sorted(sets, key=lambda each: (len(sets[each]), each)):
        members = sets[name]
        first = sorted(members, key=lambda member: (rarity[member], member))
        first = first[: len(members) - ceil(ALIKE * len(members)) + 1]
        candidates: set[str] = set()
        for member in first:
            neighbours = seen_with[member]
            candidates.update(neighbours[-_MOST_NEIGHBOURS:])
            neighbours.append(name)
        for other in sorted(candidates):
            if _alike(members, sets[other]):
                yield (other, name) if other < name else (name, other)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    if one == other or min(len(one), len(other)) < ALIKE * max(len(one), len(other)):
        return False
    shared = len(one & other)
    return shared >= ALIKE * (len(one) + len(other) - shared)
