"""What a backtest counts: whole numbers alone, so that sums of parts are the same in any order."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, NamedTuple, TypeVar

from engine.verdict import Tier

Key = TypeVar("Key", bound=Hashable)

#: Items that are shown of each cell, and of each reason why items cannot be read.
SHOWN: Final = 5
#: Golden items that are shown.
SHOWN_GOLDEN: Final = 50

#: What stands for a side of a golden item: right, wrong, or people decide.
RIGHT: Final = "right"
WRONG: Final = "wrong"
PEOPLE: Final = "people"


class Side(NamedTuple):
    """What one policy makes of an item, as far as work and action go."""

    tier: Tier
    action: str
    single: int
    """Reviews by one reviewer that stage `after` adds."""
    senior: int
    """Reviews by a panel that it adds."""

    @property
    def cell(self) -> tuple[Tier, str]:
        """Its row or column of the matrix."""
        return self.tier, self.action

    def reviews(self, tier: Tier) -> int:
        """How many cases it makes for a tier of people."""
        added = self.single if tier is Tier.SINGLE else self.senior
        return added + (self.tier is tier)


class Moved(NamedTuple):
    """Items of one hour that both policies treat alike; hours count from 1970."""

    hour: int
    old: Side
    new: Side


class Rule(NamedTuple):
    """A rule, apart by whether it has a say."""

    name: str
    shadow: bool


class Found(NamedTuple):
    """How a rule stands to an item."""

    rule: Rule
    old: bool
    new: bool


class Led(NamedTuple):
    """A rule that made a case for people, under the new policy or the old one."""

    rule: str
    tier: Tier
    new: bool


class Due(NamedTuple):
    """A deadline that cases of a tier have, under the new policy or the old one."""

    tier: Tier
    seconds: float
    new: bool


class Label(NamedTuple):
    """What people decided, beside what each policy does."""

    inclusion: float
    violating: bool
    old: str
    """`restricts`, `publishes` or `people`."""
    new: str


class Labelled(NamedTuple):
    """An item with a label that a rule matched, or its other version did."""

    rule: Rule
    inclusion: float
    violating: bool
    old: bool
    new: bool


class Cell(NamedTuple):
    """A cell of the matrix."""

    old: tuple[Tier, str]
    new: tuple[Tier, str]


class Shown(NamedTuple):
    """Something that is shown of many, chosen by a hash of its id."""

    hash: int
    id: str
    told: str


@dataclass(slots=True)
class Sums:
    """Everything that was counted over a part of the log.

    Adding is associative and commutative, and nothing is rounded on the way.
    """

    moved: Counter[Moved] = field(default_factory=Counter)
    undated: int = 0
    """Items whose moment is not known."""
    span: tuple[float, float] | None = None
    """The first moment of an item, and the last; None: of none."""
    found: Counter[Found] = field(default_factory=Counter)
    led: Counter[Led] = field(default_factory=Counter)
    due: Counter[Due] = field(default_factory=Counter)
    labels: Counter[Label] = field(default_factory=Counter)
    labelled: Counter[Labelled] = field(default_factory=Counter)
    unweighted: int = 0
    """Labels of items that nobody had to be shown (π is 0), or of an unknown action: left out."""
    unseen: int = 0
    """Items that the new policy decides otherwise by itself, and that nobody had to be shown."""
    golden: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Golden items by what becomes of them: old, new."""
    unreadable: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By who cannot read them (`old`, `new`, or `log`) and the field it fails at."""
    cells: dict[Cell, tuple[Shown, ...]] = field(default_factory=dict)
    reasons: dict[tuple[str, str], tuple[Shown, ...]] = field(default_factory=dict)
    regressions: tuple[Shown, ...] = ()

    @property
    def items(self) -> int:
        """Items that both policies judged."""
        return self.moved.total()

    def add(self, other: "Sums") -> None:
        """Add another part of the log."""
        for mine, theirs in zip(self.counters(), other.counters(), strict=True):
            mine.update(theirs)
        self.undated += other.undated
        self.reach(other.span)
        self.unweighted += other.unweighted
        self.unseen += other.unseen
        show(self.cells, other.cells)
        show(self.reasons, other.reasons)
        self.regressions = first((*self.regressions, *other.regressions), SHOWN_GOLDEN)

    def reach(self, other: tuple[float, float] | None) -> None:
        """Have the span hold another one."""
        if other is not None:
            mine = self.span or other
            self.span = min(mine[0], other[0]), max(mine[1], other[1])

    def counters(self) -> Iterator[Counter]:  # type: ignore[type-arg]  # each has its own keys
        """What is counted by keys."""
        yield from (self.moved, self.found, self.led, self.due)
        yield from (self.labels, self.labelled, self.golden, self.unreadable)


def show(into: dict[Key, tuple[Shown, ...]], more: Mapping[Key, tuple[Shown, ...]]) -> None:
    """Keep of each key the first few of both."""
    for key, shown in more.items():
        into[key] = first((*into.get(key, ()), *shown), SHOWN)


def first(shown: Iterable[Shown], most: int = SHOWN) -> tuple[Shown, ...]:
    """The first few by their hashes: whatever the order, the same."""
    return tuple(sorted(set(shown))[:most])


def place(identity: str) -> int:
    """Where something stands among others that may be shown; stable and even."""
    digest = blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big")
