"""What is told of rules: figures of each, what a change would do, and when it changed last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.quality.measures import Measure
from engine.quality.slices import Count
from queues.measurement.rules.changes import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What figures are told from."""

    since: datetime
    """What came before does not count."""
    until: datetime
    release: str
    """The one in force."""
    items: Count
    """Whose verdict in force came in this time."""
    whole: bool
    """Whether all of these were read; else hits are told from a sample."""
    simulated: bool
    """Whether simulated reviewers voted: figures of people say nothing about people then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFigures:
    """How a rule does."""

    name: str
    title: str | None
    owner: str
    policy: str
    status: str
    tier: str
    tests: int
    """Examples beside it."""
    ends: datetime | None
    ends_soon: bool
    """Within two weeks, or over already."""
    changed: Step | None
    """The last release that came into force with another meaning of it; None: long ago."""
    hits: Count
    """Items that it matches, whatever became of the match."""
    statuses: Mapping[str, int]
    """What became of it, of those that were read; `sample`: it asked for a second look."""
    alone: Measure
    """Of its hits, what nothing else caught."""
    precision: Measure
    """Of what it matches, how often it is right, over all items; by blind first answers."""
    overturned_by_samples: Measure
    """Of items with it that the machine decided alone, where the quality sample says otherwise."""
    overturned_on_appeal: Measure
    """Of answered appeals against what it took part in."""
    cases: Count
    """That it asked people to decide."""
    minutes: float
    """Of people, on these."""
    cost: float
    """Of these minutes."""
    untimed: int
    """Votes that tell no time: they cost nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What two rules both match."""

    rule: str
    other: str
    both: int
    """Of those that were read."""
    share: Measure
    """Of the hits of `rule`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleList:
    """How all rules do."""

    reading: Reading
    rules: tuple[RuleFigures, ...]
    """By name."""
    overlaps: tuple[Shared, ...]
    """Pairs of rules, first those of which one has most of the other's hits."""
    silent_rules: tuple[str, ...]
    """Evaluated, and not seen to match; where all was read, they matched nothing."""
    silent_lists: tuple[str, ...]
    """Looked for by a rule, and not seen to be found."""
    untold_lists: tuple[str, ...]
    """Of which traces tell nothing: they stand in exceptions, counters or points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Items that would be treated otherwise, in one way."""

    tier_before: str
    action_before: str
    tier: str
    action: str
    items: int
    """Of those that were looked at."""
    samples: tuple[str, ...]
    """The first of them."""
    upheld: int
    """Items that people decided as it would be."""
    overturned: int
    """Items that they decided otherwise."""
    precision: Measure
    """How often it would be right, over all such items: weighted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What would be treated otherwise."""

    looked_at: int
    """Items that the rule matched, and that were looked at; a sample where there are many."""
    unreadable: int
    """More of them: erased, or of another vocabulary."""
    same: int
    """Items that would be treated as they are."""
    judged: int
    """Items that people decided and that would be treated otherwise: a sample of its own."""
    precision: Measure
    """How often what would be done with such items is right, by what people decided; weighted."""
    cells: tuple[Cell, ...]
    """The most frequent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """All about one rule."""

    reading: Reading
    rule: RuleFigures
    overlaps: tuple[Shared, ...]
    """Rules that match what it matches."""
    without: Matrix | None
    """What changes if it is removed; None: it is not live, so nothing does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowPage:
    """What a shadow rule would have done."""

    reading: Reading
    rule: str
    compare_with: str | None
    """The rule it is compared with; None: the verdicts that were given."""
    ends: datetime | None
    hits: Count
    """Items that it matches."""
    precision: Measure
    """Of what it matches, how often it is right; by blind first answers."""
    precision_of_other: Measure | None
    """The same of the rule it is compared with."""
    matrix: Matrix
