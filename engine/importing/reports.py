"""What became of each rule that was brought over, as values."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What became of a rule."""

    #: It asks the same and does the same.
    TRANSLATED = "translated"
    #: It is there, and means something a little different; its remarks say what.
    CHANGED = "translated with a changed meaning"
    #: A person has to write it; its remarks say why.
    BY_HAND = "by hand"
    #: It did nothing in the source either.
    DEAD = "dead in the source"


class Topic(StrEnum):
    """What a remark is about."""

    #: The meaning is another one here.
    CHANGED = "changed"
    #: It was without effect in the source.
    LOST = "lost in the source"
    #: It could not be brought over.
    BY_HAND = "by hand"
    #: Something a person may want to do.
    PROPOSED = "proposed"
    #: Left out on purpose, as nothing depends on it here.
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something to know about a line of the source."""

    line: int
    topic: Topic
    message: str
    """Lower case, without a full stop, names in backticks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """What became of one rule."""

    file: str
    line: int
    """Where it begins in the source."""
    title: str
    name: str | None
    """What it is called here; None: it is not here."""
    fate: Fate
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What was read from one file."""

    file: str
    rules: tuple[RuleReport, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """About the file itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was read from all files."""

    files: tuple[FileReport, ...]
    missing: tuple[tuple[str, int], ...] = ()
    """What the vocabulary lacks, such as `field item.title`, and how many rules need it."""

    @property
    def rules(self) -> Sequence[RuleReport]:
        """All rules of the source."""
        return [rule for file in self.files for rule in file.rules]

    @property
    def counts(self) -> Counter[Fate]:
        """How many rules had which fate."""
        return Counter(rule.fate for rule in self.rules)

    @property
    def share(self) -> float | None:
        """The share of all rules that are here now; None: there were none."""
        total = len(self.rules)
        here = self.counts[Fate.TRANSLATED] + self.counts[Fate.CHANGED]
        return here / total if total else None
