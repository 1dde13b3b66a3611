"""A policy as typed, frozen values: what the documents of a folder mean, every name resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.diagnostics import Span
from engine.item import Value
from engine.rules.vocabulary import Operator, Vocabulary
from engine.text.entry import Entry
from engine.verdict import Priority, Severity, Tier


@dataclass(frozen=True, slots=True)
class FieldRef:
    """Another field to compare with: `{ above: { field: author.followers } }`."""

    name: str


@dataclass(frozen=True, slots=True)
class ListRefs:
    """Names of lists, after an operator that ends in `_in`."""

    names: tuple[str, ...]
    exceptions: tuple[Entry, ...] = ()
    """`except:` beside the operator; holds for all entries of the lists."""


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A linear-time regular expression, as written."""

    source: str
    exact: bool = False
    """`spelling: exact`: matched on the text as written, where case counts."""


#: The constant of a leaf; which of these follows from the field's type and the operator:
#: - numeric: float, FieldRef, (low, high) of `between`, or a tuple of floats (`is_any`, `is_none`)
#: - yes/no and `is_missing`: bool
#: - choice and text id: tuple of names (one for `is`), ListRefs, FieldRef
#: - sets: tuple of names, or ListRefs
#: - text: tuple of Entry, tuple of TextPattern, ListRefs, or a float (lengths)
Constant = (
    float
    | bool
    | tuple[float, ...]
    | tuple[str, ...]
    | tuple[Entry, ...]
    | tuple[TextPattern, ...]
    | FieldRef
    | ListRefs
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The smallest condition: (field, operator, constant)."""

    field: str
    operator: Operator
    constant: Constant
    settings: tuple[str, ...] = ()
    """Names of the settings its constant came from."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """True if every part is; also what a mapping of conditions means. Empty is never built."""

    parts: tuple["Condition", ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """True if one part is."""

    parts: tuple["Condition", ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneOf:
    """True if every part is false; unknown where a part is unknown and none is true."""

    parts: tuple["Condition", ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeastOf:
    """True if at least `count` parts are."""

    count: int
    parts: tuple["Condition", ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Meets:
    """A named condition, with its content."""

    name: str
    condition: "Condition"
    span: Span


Condition = Leaf | AllOf | AnyOf | NoneOf | AtLeastOf | Meets


class Status(StrEnum):
    """Where a rule is in its life."""

    #: Written, not evaluated.
    DRAFT = "draft"
    #: Evaluated and recorded as "would have", never acts.
    SHADOW = "shadow"
    #: Acts.
    LIVE = "live"
    #: Kept for the record, not evaluated.
    RETIRED = "retired"


class Stage(StrEnum):
    """What a rule looks at."""

    #: The item.
    ITEM = "item"
    #: The decision already made (fields `decision.*`); may only add a review.
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Portion:
    """A stable share of items or authors: `2% of items`."""

    share: float
    of: str
    """`items` (hash of rule and item id) or `authors` (hash of rule and author.id)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What a rule asks for."""

    tier: Tier
    reason: str
    action: str = "publish"
    """For `tier: auto`: what the machine does."""
    while_waiting: str = "publish"
    """For people's tiers: the action in force until they have decided (`keep` is `publish`)."""
    queue: str | None = None
    priority: Priority = Priority.NORMAL
    sla: float | None = None
    """Seconds; None: the queue's."""
    message: str | None = None
    notify: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    strikes: int = 0
    not_by: str | None = None


class Outcome(StrEnum):
    """What a test expects of the rule it stands in."""

    MATCH = "match"
    NO_MATCH = "no match"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedVerdict:
    """What a test expects of the whole policy; None: not looked at."""

    tier: Tier | None = None
    action: str | None = None
    while_waiting: str | None = None
    queue: str | None = None
    priority: Priority | None = None
    sla: float | None = None
    reasons: tuple[str, ...] | None = None
    message: str | None = None
    labels: tuple[str, ...] | None = None
    notify: tuple[str, ...] | None = None
    strikes: int | None = None
    rules: tuple[str, ...] | None = None
    """Names of the rules that took part, in any order."""
    sampled: bool | None = None
    """Whether a `stage: after` rule (or this rule's sample) takes the item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """An example of what a rule must or must not catch."""

    name: str | None = None
    given: Mapping[str, Value | None] = field(default_factory=dict)
    """Laid over the default fixture; None takes a value away (written `missing`)."""
    fixture: str = "default"
    expect: Outcome | ExpectedVerdict
    known_gap: bool = False
    at: float | None = None
    """The moment it is evaluated; None: today, or inside the rule's own dates."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule, its settings already put in."""

    name: str
    title: str | None = None
    about: str | None = None
    owner: str
    policy: str
    status: Status = Status.DRAFT
    severity: Severity = Severity.MEDIUM
    protected: bool = False
    kinds: frozenset[str] = frozenset()
    """Empty: all kinds."""
    markets: frozenset[str] = frozenset()
    """Empty: all markets. An item without a market is outside."""
    languages: frozenset[str] = frozenset()
    """Empty: all languages. An item without a language is outside."""
    not_markets: frozenset[str] = frozenset()
    """Markets where a variant stands in its place. An item without a market is inside."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """As written, for diffs and explanations."""
    when: Condition
    unless: Condition | None = None
    if_missing: Tier | None = None
    then: Then
    starts: float | None = None
    ends: float | None = None
    """Seconds since 1970; in force while starts <= now < ends."""
    stage: Stage = Stage.ITEM
    sample: Portion | None = None
    rollout: Portion | None = None
    compare_with: str | None = None
    outranks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    tests: tuple[RuleTest, ...] = ()
    variant_of: str | None = None
    because: str | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyList:
    """A list: words and phrases as entries, or domains, ids and hashes as plain names."""

    name: str
    of: str
    """`words`, `phrases`, `domains`, `ids` or `hashes`."""
    title: str | None = None
    about: str | None = None
    owner: str | None = None
    language: str | None = None
    source: str | None = None
    """`from:`: the connector that supplies it."""
    entries: tuple[Entry, ...] = ()
    """Of words and phrases."""
    names: frozenset[str] = frozenset()
    """Of domains, ids and hashes."""
    ends: float | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """How many items (or different values of a field), per key, within a sliding window."""

    name: str
    about: str | None = None
    kinds: frozenset[str] = frozenset()
    """Empty: all kinds."""
    where: Condition | None = None
    per: str
    """The field whose value is the key; of a set's members, the one with the largest count."""
    distinct: str | None = None
    within: float
    """Seconds."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsLine:
    """Points for a condition."""

    points: float
    because: str
    when: Condition
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A table of points; lines that are true are added up, unknown ones add 0."""

    name: str
    title: str | None = None
    lines: tuple[PointsLine, ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """An allow-list from outside the rules it covers; never covers a protected rule."""

    name: str
    title: str | None = None
    owner: str
    approved_by: str | None = None
    because: str
    covers: tuple[str, ...]
    """Names of rules, resolved from patterns such as `nudity-*`, protected ones left out."""
    when: Condition
    starts: float | None = None
    ends: float | None = None
    tests: tuple[RuleTest, ...] = ()
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Text to a person, per language, with `{{field}}` placeholders."""

    name: str
    to: str
    outcome: str | None = None
    """What it answers by itself, such as `upheld`; None: rules name it."""
    text: Mapping[str, str]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a story: an item `after` seconds after the last step, and again every `every`."""

    fields: Mapping[str, Value | None]
    repeat: int = 1
    every: float = 0.0
    after: float = 0.0
    expect: ExpectedVerdict | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A `test:` document: items over time, and what the last of them must get."""

    name: str
    fixture: str = "default"
    events: tuple[Event, ...]
    expect: ExpectedVerdict
    known_gap: bool = False
    at: float | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything the documents of a folder say."""

    vocabulary: Vocabulary
    rules: Mapping[str, Rule]
    """Rules and variants by name; the base of a variant has its `not_markets` filled."""
    lists: Mapping[str, PolicyList] = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    counters: Mapping[str, Counter] = field(default_factory=dict)
    points: Mapping[str, Points] = field(default_factory=dict)
    exemptions: Mapping[str, Exemption] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    fixtures: Mapping[str, Mapping[str, Value | None]] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()
    documents: int = 0
    """How many documents were read."""
    source_hash: str = ""
    """SHA-256 over the paths and bytes of all sources; the name of the release."""
