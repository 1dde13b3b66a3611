"""Sums up a run: what was decided, by which rules, and what a person should know of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from engine.cli.streams import BadLine
from engine.verdict import HitStatus, Tier, Verdict

_MOST_RULES = 12
_MOST_NAMES = 8
_MOST_LINES = 3
_WIDEST_BAR = 24


class Summary:
    """Counts verdicts as they are made."""

    def __init__(self) -> None:
        self.judged = 0
        self.rejected = 0
        self.tiers: Counter[Tier] = Counter()
        self.actions: Counter[str] = Counter()
        self.queues: Counter[str] = Counter()
        self.rules: Counter[tuple[str, HitStatus]] = Counter()
        self._first_lines: list[BadLine] = []

    def add(self, verdicts: Sequence[Verdict], rejected: Sequence[BadLine]) -> None:
        """Count a batch."""
        self.judged += len(verdicts)
        self.rejected += len(rejected)
        self._first_lines += rejected[: _MOST_LINES - len(self._first_lines)]
        for verdict in verdicts:
            self.tiers[verdict.tier] += 1
            self.actions[verdict.action] += 1
            if verdict.review is not None:
                self.queues[verdict.review.queue] += 1
            for sample in verdict.samples:
                self.queues[f"{sample.queue} (sample)"] += 1
            for hit in verdict.hits:
                self.rules[hit.rule, hit.status] += 1

    @property
    def automation(self) -> float | None:
        """The share of items that no person has to decide; None of no items."""
        if not self.judged:
            return None
        return (self.tiers[Tier.NONE] + self.tiers[Tier.AUTO]) / self.judged

    def lines(self, *, seconds: float, unknown: Counter[str]) -> Iterator[str]:
        """The summary as a person reads it."""
        rate = f" in {seconds:.1f} s ({self.judged / seconds:,.0f} a second)" if seconds else ""
        yield f"{self.judged:,} items judged{rate}"
        if self.automation is not None:
            yield f"{self.automation:.1%} need no person"
        yield from _table("tier", [(tier.value, self.tiers[tier]) for tier in Tier], self.judged)
        yield from _table("action now", self.actions.most_common(), self.judged)
        yield from _table("queue", self.queues.most_common(), self.judged)
        yield from self._rule_lines()
        if unknown:
            yield ""
            yield f"ignored, as the vocabulary has no such fields: {_names(unknown)}"
        yield from self._rejected_lines()

    def _rule_lines(self) -> Iterator[str]:
        counts = [
            (f"{rule} ({status.value.replace('_', ' ')})", count)
            for (rule, status), count in sorted(
                self.rules.items(), key=lambda entry: (-entry[1], entry[0])
            )
        ]
        yield from _table("rule", counts[:_MOST_RULES], self.judged)
        if len(counts) > _MOST_RULES:
            yield f"  and {len(counts) - _MOST_RULES} more"
        missing = sum(n for (_, status), n in self.rules.items() if status is HitStatus.MISSING)
        if missing:
            yield f"{missing:,} times a rule asked for people, as a value it needs was missing"

    def _rejected_lines(self) -> Iterator[str]:
        if not self.rejected:
            return
        yield ""
        lines = "lines were" if self.rejected > 1 else "line was"
        yield f"warning: {self.rejected:,} {lines} rejected"
        for line in self._first_lines:
            yield f"  line {line.number}: {line.error}"
        if self.rejected > len(self._first_lines):
            yield f"  and {self.rejected - len(self._first_lines):,} more"


def _table(title: str, counts: Iterable[tuple[str, int]], total: int) -> Iterator[str]:
    """Counts with their shares of all items, the names left and the numbers right."""
    rows = [(name, count) for name, count in counts if count]
    if not rows:
        return
    width = max(len(title), *(len(name) for name, _ in rows))
    digits = max(5, *(len(f"{count:,}") for _, count in rows))
    yield ""
    yield f"{title:<{width}}  {'items':>{digits}}"
    for name, count in rows:
        share = count / total
        bar = "█" * round(share * _WIDEST_BAR)
        yield f"{name:<{width}}  {count:>{digits},}  {share:6.1%}  {bar}".rstrip()


def _names(unknown: Counter[str]) -> str:
    shown = [f"`{name}` ({count:,})" for name, count in unknown.most_common(_MOST_NAMES)]
    rest = len(unknown) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")
