"""The vocabulary rules may use: typed fields, reasons, queues and actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.diagnostics import Span
from engine.item import Value
from engine.verdict import Tier

if TYPE_CHECKING:
    from engine.rules.model import Condition


class FieldType(StrEnum):
    """What a field holds, and so which operators work on it and how constants are read."""

    NUMBER = "number"
    SCORE = "score"
    SHARE = "share"
    COUNT = "count"
    DURATION = "duration"
    DATE = "date"
    YES_NO = "yes/no"
    CHOICE = "choice"
    TEXT_ID = "text id"
    SET = "set"
    DOMAINS = "set of domains"
    TEXT = "text"

    @property
    def numeric(self) -> bool:
        """Whether values are points on a line."""
        return self in NUMERIC_TYPES

    @property
    def is_set(self) -> bool:
        """Whether values are sets."""
        return self in (FieldType.SET, FieldType.DOMAINS)


NUMERIC_TYPES = frozenset(
    {
        FieldType.NUMBER,
        FieldType.SCORE,
        FieldType.SHARE,
        FieldType.COUNT,
        FieldType.DURATION,
        FieldType.DATE,
    }
)


class Operator(StrEnum):
    """Verb + any/all/none; `_in` at the end: the names that follow are lists."""

    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    BETWEEN = "between"
    IS = "is"
    IS_NOT = "is_not"
    IS_MISSING = "is_missing"
    IS_ANY = "is_any"
    IS_NONE = "is_none"
    IS_ANY_IN = "is_any_in"
    IS_NONE_IN = "is_none_in"
    INCLUDES_ANY = "includes_any"
    INCLUDES_ALL = "includes_all"
    INCLUDES_NONE = "includes_none"
    INCLUDES_ANY_IN = "includes_any_in"
    ALL_IN = "all_in"
    NONE_IN = "none_in"
    HAS_ANY = "has_any"
    HAS_ALL = "has_all"
    HAS_NONE = "has_none"
    HAS_ANY_IN = "has_any_in"
    HAS_NONE_IN = "has_none_in"
    MATCHES = "matches"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    EXACTLY = "exactly"
    LONGER_THAN = "longer_than"
    SHORTER_THAN = "shorter_than"


_NUMERIC_OPERATORS = (
    Operator.ABOVE,
    Operator.AT_LEAST,
    Operator.BELOW,
    Operator.AT_MOST,
    Operator.BETWEEN,
    Operator.IS,
    Operator.IS_NOT,
    Operator.IS_ANY,
    Operator.IS_NONE,
    Operator.IS_MISSING,
)
_NAME_OPERATORS = (
    Operator.IS,
    Operator.IS_NOT,
    Operator.IS_ANY,
    Operator.IS_NONE,
    Operator.IS_ANY_IN,
    Operator.IS_NONE_IN,
    Operator.IS_MISSING,
)
_SET_OPERATORS = (
    Operator.INCLUDES_ANY,
    Operator.INCLUDES_ALL,
    Operator.INCLUDES_NONE,
    Operator.INCLUDES_ANY_IN,
    Operator.ALL_IN,
    Operator.NONE_IN,
    Operator.IS_MISSING,
)
_TEXT_OPERATORS = (
    Operator.HAS_ANY,
    Operator.HAS_ALL,
    Operator.HAS_NONE,
    Operator.HAS_ANY_IN,
    Operator.HAS_NONE_IN,
    Operator.MATCHES,
    Operator.STARTS_WITH,
    Operator.ENDS_WITH,
    Operator.EXACTLY,
    Operator.LONGER_THAN,
    Operator.SHORTER_THAN,
    Operator.IS_MISSING,
)


def operators_of(kind: FieldType) -> tuple[Operator, ...]:
    """The operators that work on a field of this type, the most used first."""
    if kind.numeric:
        return _NUMERIC_OPERATORS
    if kind is FieldType.YES_NO:
        return (Operator.IS, Operator.IS_NOT, Operator.IS_MISSING)
    if kind in (FieldType.CHOICE, FieldType.TEXT_ID):
        return _NAME_OPERATORS
    if kind.is_set:
        return _SET_OPERATORS
    return _TEXT_OPERATORS


def bare_operator(kind: FieldType, *, many: bool) -> Operator:
    """The operator meant by `field: constant` or `field: [constant, …]`."""
    if kind.is_set:
        return Operator.INCLUDES_ANY
    if kind is FieldType.TEXT:
        return Operator.HAS_ANY
    return Operator.IS_ANY if many else Operator.IS


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that rules may name."""

    name: str
    type: FieldType
    about: str | None = None
    choices: tuple[str, ...] = ()
    missing: Value | None = None
    """The value of an item that brings none; None: then it is unknown."""
    present_when: "Condition | None" = None
    """Where this is false, the field cannot apply, and a condition on an absent value is false."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why something was done, as the author is told."""

    name: str
    title: str
    policy: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """Items with a known answer, mixed into a queue: one in `one_in`, from the list `source`."""

    source: str
    one_in: int
    blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """How many decide together, and how they agree: `majority`, `unanimous` or `two_plus_one`."""

    reviewers: int
    decide: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue of one tier of people."""

    name: str
    tier: Tier
    sla: float
    """Seconds to the deadline where the rule names none."""
    default: bool = False
    """Takes the reviews of its tier for which the rule names no queue."""
    blind: bool = False
    gold: Gold | None = None
    panel: Panel | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that is done to an item."""

    name: str
    strictness: float
    """Place in the order of strictness; of several the strictest is taken."""
    held_as: str
    """What stands in its place while people decide."""
    about: str | None = None
    span: Span | None = None


_BUILT_IN = ("publish", "warn", "label", "age_gate", "limit", "hide", "remove")

#: publish < warn < label < age_gate < limit < hide < remove; only `remove` cannot be taken back.
BUILT_IN_ACTIONS: Mapping[str, Action] = {
    name: Action(name=name, strictness=float(place), held_as="hide" if name == "remove" else name)
    for place, name in enumerate(_BUILT_IN)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All names a policy may use."""

    fields: Mapping[str, Field] = field(default_factory=dict)
    """Declared fields, and `counter.<name>` (count) and `points.<name>` (number) of the policy."""
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=lambda: dict(BUILT_IN_ACTIONS))
