"""What a change of the rules does to items: a matrix of what differs, and what people say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from engine.quality.proportions import ENOUGH, Share, weighted_share
from engine.verdict import Tier

#: Items of a cell that are named.
MOST_NAMED: Final = 5
_PUBLISH: Final = "publish"
_PEOPLE: Final = (Tier.SINGLE, Tier.SENIOR)


class Treatment(NamedTuple):
    """Who decides an item, and what happens to it now."""

    tier: Tier
    action: str

    def right(self, *, violating: bool) -> bool:
        """Whether what people found bears it out.

        The machine is right to act on what is violating, and to let the rest stand; to ask people
        was right where there was something to find.
        """
        if self.tier in _PEOPLE:
            return violating
        return (self.action != _PUBLISH) is violating


#: Of an item that no rule asks anything about.
UNTOUCHED: Final = Treatment(Tier.NONE, _PUBLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes of one item, without the change and with it."""

    item: str
    before: Treatment
    after: Treatment
    violating: bool | None = None
    """What people decided; None: nobody did."""
    weight: float = 1.0
    """1/π, π the chance at which people had to see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Items that are treated otherwise, in one way."""

    before: Treatment
    after: Treatment
    items: int
    """Of those that were looked at."""
    samples: tuple[str, ...]
    upheld: int
    """Items of which people say what comes after."""
    overturned: int
    """Items of which people say otherwise."""
    precision: Share
    """How often what comes after is right, over all such items: weighted."""


@dataclass(slots=True)
class _Known:
    items: list[str] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def cells(
    found: Iterable[Effect], judged: Iterable[Effect] = (), *, needs: int = ENOUGH
) -> list[Cell]:
    """What differs, the most frequent first; what stays as it is, is left out.

    Args:
        found: Items as they came: they are counted.
        judged: Items that people decided, which were chosen otherwise: they say who is right.
        needs: Of a smaller effective size no precision is told.
    """
    known: dict[tuple[Treatment, Treatment], _Known] = {}
    for each in found:
        if each.before != each.after:
            known.setdefault((each.before, each.after), _Known()).items.append(each.item)
    for each in judged:
        if each.before != each.after and each.violating is not None:
            cell = known.setdefault((each.before, each.after), _Known())
            cell.right.append(each.after.right(violating=each.violating))
            cell.weights.append(each.weight)
    told = [_cell(*way, cell, needs) for way, cell in known.items()]
    return sorted(told, key=lambda cell: (-cell.items, cell.before, cell.after))


def precision_of(judged: Sequence[Effect], *, needs: int = ENOUGH) -> Share:
    """How often what comes after is right, of all items that people decided."""
    known = [each for each in judged if each.violating is not None]
    return weighted_share(
        [each.after.right(violating=bool(each.violating)) for each in known],
        [each.weight for each in known],
        needs=needs,
    )


def _cell(before: Treatment, after: Treatment, known: _Known, needs: int) -> Cell:
    upheld = sum(known.right)
    return Cell(
        before=before,
        after=after,
        items=len(known.items),
        samples=tuple(known.items[:MOST_NAMED]),
        upheld=upheld,
        overturned=len(known.right) - upheld,
        precision=weighted_share(known.right, known.weights, needs=needs),
    )
