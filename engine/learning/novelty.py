"""Edge cases: the items least like what the classifier has learnt from, as a capped share of all.

Novelty is the signal of the classifier: the share of tokens it does not know (`engine.classify`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import floor, inf, isfinite, isnan

from engine.errors import InvalidCandidates


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many items novelty may send to people."""

    most: float
    """Of all items, from 0 to 1. The cap holds whatever happens: a wave of something new fills it
    and no more, and the rest goes the way it went before."""
    least: float
    """Novelty from which on an item is new enough; the 95th percentile of the model is a choice."""

    def __post_init__(self) -> None:
        """Refuse what is no share.

        Raises:
            InvalidCandidates: A number is out of range.
        """
        for what, value in (("most", self.most), ("least", self.least)):
            if not 0 <= value <= 1:
                raise InvalidCandidates(what, f"{value} is not from 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeCases:
    """Items for people, the most novel first."""

    ids: tuple[str, ...]
    new: int
    """Items that are new enough, whether the cap left room for them or not."""
    unknown: int
    """Items without a novelty, as their classifier failed: none of them is chosen for it."""


def edge_cases(novelty: Mapping[str, float], share: Share, *, seed: int = 0) -> EdgeCases:
    """The most novel of some items, at most the share of them; equal ones by seed and id.

    Args:
        novelty: Id → from 0 to 1; nan is not known.
        share: The cap.
        seed: Breaks ties.

    Raises:
        InvalidCandidates: A novelty is out of range.
    """
    _check(novelty)
    new = [name for name, value in novelty.items() if value >= share.least]
    new.sort(key=lambda name: (-novelty[name], _draw(name, seed)))
    return EdgeCases(
        ids=tuple(new[: _room(len(novelty), share.most)]),
        new=len(new),
        unknown=sum(map(isnan, novelty.values())),
    )


def threshold(novelty: Mapping[str, float], share: Share) -> float:
    """Above which novelty an item goes to people, told from items that came before.

    For items that are judged one by one. Of the items it is told from no more than the share is
    above it, ties at the edge left out; infinite where the share leaves no room.

    Args:
        novelty: Of earlier items, as in `edge_cases`.
        share: The cap.

    Raises:
        InvalidCandidates: A novelty is out of range.
    """
    _check(novelty)
    room = _room(len(novelty), share.most)
    known = sorted((value for value in novelty.values() if not isnan(value)), reverse=True)
    if not room:
        return inf
    return max(share.least, known[room]) if room < len(known) else share.least


def _room(items: int, most: float) -> int:
    """The cap in items. A product that is short of a whole number by its last digits is whole."""
    return floor(round(most * items, 9))


def _check(novelty: Mapping[str, float]) -> None:
    for name, value in novelty.items():
        if not isnan(value) and not (isfinite(value) and 0 <= value <= 1):
            what = "novelty"
            raise InvalidCandidates(what, f"`{name}` has {value}, which is not from 0 to 1")


def _draw(name: str, seed: int) -> bytes:
    return sha256(f"{seed}\0{name}".encode("utf-8", "surrogatepass")).digest()
