"""Counts the answers to posted items, and says what was decided."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.verdict import Tier


@dataclass(slots=True)
class Tally:
    """What a sender was told."""

    posted: int = 0
    refused: int = 0
    duplicates: int = 0
    retried: int = 0
    tiers: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    queues: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, answer: Mapping[str, Any]) -> None:
        """Count one answer."""
        self.posted += 1
        if "tier" not in answer:
            self.refused += 1
            self.problems[str(answer.get("detail") or answer.get("title"))] += 1
            return
        self.duplicates += bool(answer.get("duplicate"))
        self.tiers[answer["tier"]] += 1
        self.actions[answer["action"]] += 1
        if answer.get("case"):
            self.queues[answer["case"]["queue"]] += 1

    def lines(self, seconds: float) -> Iterator[str]:
        """As a person reads it."""
        rate = f" in {seconds:.1f} s ({self.posted / seconds:,.0f} a second)" if seconds else ""
        yield f"{self.posted:,} items posted{rate}"
        if self.duplicates:
            yield f"{self.duplicates:,} were known already and got the answer they had"
        if self.retried:
            yield f"{self.retried:,} requests were made once more"
        order = [tier.value for tier in Tier]
        yield from table("tier", [(tier, self.tiers[tier]) for tier in order])
        yield from table("action now", self.actions.most_common())
        yield from table("queue", self.queues.most_common())
        yield from table("refused, as", self.problems.most_common(5))


def table(title: str, counts: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Counts behind their names, under a title; nothing where all are zero."""
    rows = [(name, count) for name, count in counts if count]
    if rows:
        width = max(len(title), *(len(name) for name, _ in rows))
        yield ""
        yield f"{title:<{width}}  {'items':>7}"
        for name, count in rows:
            yield f"{name:<{width}}  {count:>7,}"
