"""What an engine is to the comparison."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.bench.descriptions import Description
from engine.item import Item

#: Takes an item and gives the numbers of the rules that match.
Judge = Callable[[Item], list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """An engine."""

    name: str
    """What the table calls it."""
    build: Callable[[Sequence[Description]], Judge]
    """Compiles rules."""
    module: str | None = None
    """What has to be installed for it."""
