"""What two policies differ in, as values: what changed, and not how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.diagnostics import Span
from engine.diffing.directions import Direction
from engine.rules.model import Rule
from engine.rules.vocabulary import FieldType


class Fate(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    #: It goes by another name; guessed from what it says.
    RENAMED = "renamed"
    CHANGED = "changed"
    #: It says what it said, and something it uses does not.
    TOUCHED = "touched"


class Weight(StrEnum):
    """What a difference can do to people, the gravest first."""

    #: More can happen to somebody's content before, or without, anybody looks.
    ACTS = "acts"
    #: People get more or other work.
    ASKS = "asks"
    #: Less is caught, or what happens is milder.
    LESS = "less"
    #: Nothing happens to anybody: words, tests, owners, rules that are not live.
    QUIET = "quiet"


class Kind(StrEnum):
    """Things that rules share."""

    LIST = "list"
    CONDITION = "condition"
    SETTING = "setting"
    COUNTER = "counter"
    POINTS = "points"
    EXEMPTION = "exemption"
    MESSAGE = "message"
    FIELD = "field"
    REASON = "reason"
    QUEUE = "queue"
    ACTION = "action"
    FIXTURE = "fixture"
    STORY = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different; which of these are there depends on what it is."""

    aspect: str
    """`condition`, or the key under which a rule file has it, such as `tier`."""
    under: tuple[str, ...] = ()
    """Where: `unless`, `any`, `none`, or what a line of points or a text is called."""
    old: object = None
    new: object = None
    added: tuple[object, ...] = ()
    removed: tuple[object, ...] = ()
    direction: Direction = Direction.NONE
    """What it does to the items that match; of an exemption, that are exempt."""
    stricter: bool | None = None
    """Of actions: whether more is done; None: nothing is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """A rule that differs; at least one of `old` and `new` is there."""

    fate: Fate
    old: Rule | None = None
    new: Rule | None = None
    changes: tuple[Change, ...] = ()
    through: tuple[tuple[Kind, str], ...] = ()
    """What it uses and is different."""
    direction: Direction = Direction.NONE
    weight: Weight = Weight.QUIET

    @property
    def rule(self) -> Rule:
        """The rule as it is, or was."""
        found = self.new or self.old
        if found is None:
            message = "a difference has a rule"
            raise ValueError(message)
        return found

    @property
    def name(self) -> str:
        """What it is called, or was."""
        return self.rule.name

    @property
    def was(self) -> str | None:
        """What a renamed rule was called."""
        return self.old.name if self.fate is Fate.RENAMED and self.old is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedDifference:
    """Something rules share, or a part of the vocabulary, that differs."""

    kind: Kind
    name: str
    fate: Fate
    was: str | None = None
    changes: tuple[Change, ...] = ()
    rules: tuple[str, ...] = ()
    """The rules it bears on, directly or through something else; by name."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """Why what is stored may not be understood with the new policy."""

    kind: Kind
    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that two policies differ in: the gravest rules first, the rest by kind and name."""

    rules: tuple[RuleDifference, ...] = ()
    shared: tuple[SharedDifference, ...] = ()
    vocabulary: tuple[SharedDifference, ...] = ()
    breaches: tuple[Breach, ...] = ()
    types: Mapping[str, FieldType] = field(default_factory=dict)
    """Of the fields of both: how their values are written."""

    @property
    def empty(self) -> bool:
        """Whether the two say the same."""
        return not (self.rules or self.shared or self.vocabulary)

    @property
    def compatible(self) -> bool:
        """Whether the new policy understands whatever the old one left in the records."""
        return not self.breaches

    @property
    def counts(self) -> Mapping[Weight, int]:
        """How many rules there are of each weight."""
        return {weight: sum(each.weight is weight for each in self.rules) for weight in Weight}
