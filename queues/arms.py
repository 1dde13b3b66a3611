"""Which release judges an item: the one in force, or a canary that has a share of the traffic."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from engine.sampling import fraction
from queues.judging import Judge
from queues.store.trials import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A release that judges a share of the traffic."""

    judge: Judge
    share: float
    unit: Unit
    salt: str
    """What the share is drawn by, so that the next canary falls on others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """The judges of one moment."""

    control: Judge
    """With the release in force."""
    canary: Canary | None = None

    def of(self, raw: object) -> Judge:
        """Who judges an item as it was sent: always the same, as long as the canary goes on.

        What names neither itself nor its author cannot be drawn, and falls to the control.
        """
        canary = self.canary
        if canary is None:
            return self.control
        name = _name(raw, canary.unit)
        drawn = name is not None and fraction(canary.salt, name) < canary.share
        return canary.judge if drawn else self.control


Work = TypeVar("Work")
#: What is in force, ready to judge; raises Unavailable where there is no release.
Judging = Callable[[], Arms]


def by_judge(judges: Iterable[tuple[Judge, Work]]) -> Iterator[tuple[Judge, Sequence[Work]]]:
    """What each judge has to do, in the order in which it was given."""
    found: dict[int, tuple[Judge, list[Work]]] = {}
    for judge, work in judges:
        found.setdefault(id(judge), (judge, []))[1].append(work)
    yield from found.values()


def _name(raw: object, unit: Unit) -> str | None:
    if not isinstance(raw, Mapping):
        return None
    whole, plain = ("item.id", "id") if unit is Unit.ITEM else ("author.id", None)
    found = raw.get(whole, raw.get(plain) if plain else None)
    author = raw.get("author")
    if found is None and unit is Unit.AUTHOR and isinstance(author, Mapping):
        found = author.get("id")
    return None if found is None else str(found)
