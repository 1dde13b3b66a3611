"""What compiling a policy leaves behind: plain tables of numbers and names, ready to be stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.rules.targets import Target
from engine.rules.thresholds import FieldCells

#: Numbers that match at once, and numbers that have to be looked at.
Listeners = tuple[Sequence[int], Sequence[int]]
#: A probe that has to look for itself, with its listeners.
Confirm = tuple[int, Sequence[int], Sequence[int]]
#: What an event means: match at once, look at, probes to confirm.
Signal = tuple[Sequence[int], Sequence[int], Sequence[Confirm]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The names that some rule looks for in a set field, each with its event."""

    field: str
    covers: bool
    """A name stands for its sub-domains too."""
    events: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The literals of one lane of one text field, each with its event."""

    field: str
    lane: str
    literals: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A compiled set of conditions. Numbers are places in `subjects`."""

    subjects: Sequence[str]
    """Rules of stage `item`, the winner of any two first; then exemptions by name."""
    rules: int
    """How many of the subjects are rules."""
    plain: Sequence[bool]
    """By rule: live, and nothing can set its match aside."""
    after: Sequence[str]
    """Live rules of stage `after`, by name."""
    lanes: Sequence[Lane]
    phrases: Mapping[str, int]
    """Per text field, the words of the longest phrase."""
    spaced: Sequence[str]
    """Text fields with a literal of the word lane that spans a space."""
    patterns: Mapping[str, Sequence[int]]
    """Per text field, the events of patterns that must contain no literal."""
    members: Sequence[Members]
    signals: Sequence[Signal]
    """By event."""
    blind: Mapping[str, Sequence[Confirm]]
    """Probes that no literal announces, per text field."""
    cells: Sequence[FieldCells]
    clauses: Sequence[Listeners]
    """By bit of the masks."""
    probe_fields: Sequence[str]
    """By number of the probe."""
    probe_targets: Sequence[Target]
    probe_keys: Mapping[str, int]
    """`codec.probe_key` → number."""
    signs: Mapping[int, tuple[Sequence[int], bool]]
    """Probe → its events, and whether one of them is proof."""
    words: Mapping[int, Sequence[int]]
    """Probe → its events that are proof in an ASCII text without `_`."""
    besides: Mapping[int, Sequence[Sequence[int]]]
    """Probe → more sets of events; one of each is there wherever it is found."""
    watched: Mapping[int, Sequence[str]]
    """Rules with `if_missing` → the fields they need."""
