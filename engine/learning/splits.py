"""Parts rows into training and hold-out by time and by duplicates, so that nothing leaks.

The hold-out is the newest. Duplicates are on one side all of them: a group counts as new as its
newest row, so one that straddles the cut is held out, and nothing that is trained on came after
the cut. Texts with the same words are duplicates, whether somebody grouped them or not.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from engine.classify.tokens import tokenise
from engine.errors import CannotTrain
from engine.learning.rows import Rows, TrainingRow

_SIDES: Final = (True, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is held out."""

    share: float = 0.2
    """Of the rows, at least; above 0, up to `most`."""
    most: float = 0.5
    """Of the rows, where it takes more than `share` to have enough; below 1."""
    least: int = 50
    """Groups with each answer to each label that a judgement takes, of those with a known π."""

    def __post_init__(self) -> None:
        """Refuse sizes that leave nothing on one side.

        Raises:
            CannotTrain: A share is out of range, or `least` is below 1.
        """
        if not (isfinite(self.share) and 0 < self.share <= self.most < 1 and self.least >= 1):
            reason = f"a hold-out of {self.share} to {self.most} of the rows, {self.least} or more"
            raise CannotTrain(reason, "shares are above 0 and below 1, in order, and 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Rows on two sides of a moment, each in the order of `Rows`."""

    labels: tuple[str, ...]
    training: tuple[TrainingRow, ...]
    held_out: tuple[TrainingRow, ...]
    units: tuple[str, ...]
    """What each row that is held out stands or falls with: duplicates share a name."""
    cut: float
    """All training rows were answered before, in seconds since 1970."""
    straddling: int
    """Rows from before the cut that are held out, as a duplicate came after it."""


def split(rows: Rows, sizes: Sizes | None = None) -> Split:
    """Training rows and hold-out.

    Raises:
        CannotTrain: There is nothing to part, or not enough to judge by in the newest rows.
    """
    sizes = sizes or Sizes()
    if not rows.rows:
        reason = "there are no rows to learn from"
        raise CannotTrain(reason, "decide some items first")
    units = units_of(rows.rows)
    members: dict[str, list[TrainingRow]] = {}
    for row, unit in zip(rows.rows, units, strict=True):
        members.setdefault(unit, []).append(row)
    newest = {unit: max(row.at for row in its) for unit, its in members.items()}
    cut = _cut(rows, members, newest, sizes)
    held = [newest[unit] >= cut for unit in units]
    pairs = list(zip(rows.rows, held, units, strict=True))
    return Split(
        labels=rows.labels,
        training=tuple(row for row, out, _ in pairs if not out),
        held_out=tuple(row for row, out, _ in pairs if out),
        units=tuple(unit for _, out, unit in pairs if out),
        cut=cut,
        straddling=sum(out and row.at < cut for row, out, _ in pairs),
    )


def units_of(rows: Sequence[TrainingRow]) -> tuple[str, ...]:
    """What each row stands or falls with: the first id of all that share a group or their words."""
    parent = list(range(len(rows)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    seen: dict[tuple[str, ...] | str, int] = {}
    for place, row in enumerate(rows):
        for key in (row.group, tuple(tokenise(row.text))):
            if key is not None:
                one, other = sorted((root(place), root(seen.setdefault(key, place))))
                parent[other] = one
    return tuple(rows[root(place)].id for place in range(len(rows)))


def _cut(
    rows: Rows,
    members: dict[str, list[TrainingRow]],
    newest: dict[str, float],
    sizes: Sizes,
) -> float:
    """The moment from which on units are held out: as late as leaves enough to judge by."""
    counts = Counter[tuple[str, bool]]()
    held, total = 0, len(rows.rows)
    by_time: dict[float, list[str]] = {}
    for unit, at in newest.items():
        by_time.setdefault(at, []).append(unit)
    for at in sorted(by_time, reverse=True):
        for unit in by_time[at]:
            held += len(members[unit])
            counts.update(_says(members[unit]))
        if held > sizes.most * total:
            break
        if held >= sizes.share * total and not _lacking(rows.labels, counts, sizes.least):
            return at
    label, answer = (_lacking(rows.labels, counts, sizes.least) or [("", True)])[0]
    if not label:
        reason = f"the newest rows are {held} of {total} at the same moment, or of one group"
        raise CannotTrain(reason, f"at most {sizes.most:.0%} can be held out: decide more items")
    found = counts[label, answer]
    said = f"`{label}` {'yes' if answer else 'no'}"
    reason = f"of the newest {held} of {total} rows {found} distinct ones with a known π say {said}"
    raise CannotTrain(reason, f"a hold-out takes {sizes.least}: decide more items")


def _says(unit: Sequence[TrainingRow]) -> set[tuple[str, bool]]:
    """The answers in a unit that a judgement can rest on."""
    return {pair for row in unit if row.inclusion is not None for pair in row.answers.items()}


def _lacking(
    labels: Sequence[str], counts: Counter[tuple[str, bool]], least: int
) -> list[tuple[str, bool]]:
    return [(label, side) for label in labels for side in _SIDES if counts[label, side] < least]
