"""Tables of what raters said of items: nominal categories, ratings may be missing."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

#: Item → rater → category.
Ratings: TypeAlias = Mapping[Any, Mapping[Any, Hashable]]  # keys of a Mapping are invariant


def in_order(votes: Sequence[tuple[Hashable, Hashable, Hashable]], *, most: int) -> Ratings:
    """A table of (item, rater, category), in the order in which they were given.

    Args:
        votes: The first of a rater on an item counts.
        most: Ratings of an item that count. A third that was asked for only because two differed
            would bias agreement: 2 leaves it out.
    """
    table: dict[Hashable, dict[Hashable, Hashable]] = {}
    for item, rater, category in votes:
        given = table.setdefault(item, {})
        if len(given) < most:
            given.setdefault(rater, category)
    return table


def of_usual_number(ratings: Ratings) -> Ratings:
    """The items that have as many ratings as most have; the larger number where two are as usual.

    Fleiss' own κ is defined on them. They are no sample of all items where further votes were asked
    for because the first ones differed.
    """
    numbers = Counter(len(given) for given in ratings.values() if given)
    usual = max(numbers, key=lambda number: (numbers[number], number), default=0)
    return {item: given for item, given in ratings.items() if given and len(given) == usual}


def by_name(things: Iterable[Any]) -> list[Any]:
    """Things of any kind, in an order that does not depend on how they came."""
    return sorted(things, key=lambda thing: (type(thing).__name__, str(thing)))
