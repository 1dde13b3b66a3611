"""Judges rows of a file batch by batch: read, score, count, evaluate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from engine.cli.streams import BadLine, Row
from engine.counting import CounterProvider
from engine.errors import InvalidItem
from engine.item import Item
from engine.rules.context import Context
from engine.rules.items import ItemReader
from engine.rules.release import Release
from engine.scoring import Scorer, Signals, scored
from engine.verdict import Verdict

#: Items judged together: enough that the cost of a call does not count, and few enough to wait for.
BATCH: Final = 2_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A batch of items with their verdicts, and the lines that are no items."""

    items: list[Item]
    signals: list[Signals]
    verdicts: list[Verdict]
    contexts: list[Context]
    """What was found out about each item on the way to its verdict."""
    rejected: list[BadLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What items are judged with."""

    release: Release
    reader: ItemReader
    scorer: Scorer | None
    counters: CounterProvider | None
    now: float

    @property
    def models(self) -> Sequence[str]:
        """The classifiers, with their versions."""
        return self.scorer.names if self.scorer else ()

    def judge(self, rows: Iterable[Row | BadLine]) -> Judged:
        """Judge one batch."""
        items, rejected = self._read(rows)
        if self.scorer is None:
            signals: list[Signals] = [{}] * len(items)
        else:
            signals = self.scorer.score(items)
            items = list(map(scored, items, signals))
        if self.counters is not None:
            observe, now = self.counters.observe, self.now
            items = [observe(item, _moment(item, now)) for item in items]
        found = self.release.evaluate_with_contexts(items, now=self.now)
        return Judged(
            items=items,
            signals=signals,
            verdicts=[verdict for verdict, _ in found],
            contexts=[context for _, context in found],
            rejected=rejected,
        )

    def _read(self, rows: Iterable[Row | BadLine]) -> tuple[list[Item], list[BadLine]]:
        read = self.reader.read
        items: list[Item] = []
        rejected: list[BadLine] = []
        for row in rows:
            if isinstance(row, BadLine):
                rejected.append(row)
                continue
            try:
                items.append(read(row.raw))
            except InvalidItem as problem:
                rejected.append(BadLine(row.number, str(problem), row.written))
        return items, rejected


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Rows in groups of so many."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def _moment(item: Item, now: float) -> float:
    """When an item happened, as far as counters care."""
    created = item.fields.get("item.created_at", now)
    return created if isinstance(created, float | int) else now
