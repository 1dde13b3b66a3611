"""Times all engines on the same rules and items, in one run, once they agree."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from engine.bench.descriptions import Description
from engine.bench.evaluation import BATCH, Judge, ready
from engine.bench.measure import each, in_batches
from engine.bench.policies import policy_of
from engine.bench.stock import frequencies
from engine.bench.texts import fair
from engine.bench.workload import Recipe, descriptions, items_of
from engine.item import Item
from tests.benchmarks.agreement import compare, of_oracle, of_peer, of_release, telling
from tests.benchmarks.limit import prepared, scan_of
from tests.benchmarks.peers.catalogue import PEERS
from tests.benchmarks.peers.peer import Peer

SIZES: Final = (10, 100, 1_000, 10_000)
ONE: Final = "**Tierwise**, one item at a time"
BATCHES: Final = f"**Tierwise**, in batches of {BATCH:,}"
LIMIT: Final = "limit: Hyperscan alone, for the same words, literals and patterns"
#: Seconds an item; an engine that would take longer is left out.
SLOWEST: Final = 0.05
#: Seconds that an engine is timed, items that are enough, and those it needs.
_PATIENCE: Final = 2.0
_ENOUGH: Final = 4_000
_LEAST: Final = 20
#: Seconds that engines are compared, and items that are enough.
_COMPARED: Final = 2.0
_COMPARED_ITEMS: Final = 400
#: Items on which the naive interpreter is asked, by number of rules: it takes its time.
_ASKED: Final = {10: 300, 100: 300, 1_000: 20}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Microseconds an item, by engine and number of rules; None: left out for taking long."""

    sizes: Sequence[int]
    costs: dict[str, dict[int, float | None]] = field(default_factory=dict)
    matches: dict[int, float] = field(default_factory=dict)
    """How many rules match an item, on average, by number of rules."""

    def note(self, name: str, size: int, cost: float | None) -> None:
        """Write down what an engine takes."""
        self.costs.setdefault(name, {})[size] = cost

    def ratio(self, name: str, size: int) -> float | None:
        """How many times as long as ours another engine takes for one item."""
        theirs, ours = (self.costs.get(each, {}).get(size) for each in (name, ONE))
        return None if theirs is None or not ours else theirs / ours


def compared(
    texts: Sequence[str], sizes: Sequence[int], seed: int, progress: Callable[[str], None]
) -> Comparison:
    """Compare all engines on texts that all of them read alike."""
    usable = fair(texts)
    items = items_of(usable, seed)
    all_rules = descriptions(frequencies(usable), max(sizes), Recipe(seed=seed))
    comparison = Comparison(sizes)
    for size in sizes:
        rules = all_rules[:size]
        progress(f"{size:,} rules")
        _size(comparison, rules, items, progress)
    return comparison


def _size(
    comparison: Comparison,
    rules: Sequence[Description],
    items: Sequence[Item],
    progress: Callable[[str], None],
) -> None:
    size = len(rules)
    half = len(items) // 2
    release = ready(policy_of(rules), items)
    comparison.note(ONE, size, each(Judge(release).one, items[:half]))
    comparison.note(BATCHES, size, in_batches(Judge(release).many, items[half:], BATCH))
    expected = of_release(release, items)
    comparison.matches[size] = sum(map(len, expected)) / len(items)
    asked = telling(expected, items, _ASKED.get(size, 0))
    some = [items[place] for place in asked]
    compare(
        "the naive interpreter", of_oracle(rules, some), [expected[place] for place in asked], some
    )
    for peer in PEERS:
        if _too_slow(comparison, peer, size):
            progress(f"  {peer.name}: left out")
            comparison.note(peer.name, size, None)
            continue
        progress(f"  {peer.name}")
        judge = peer.build(rules)
        cost = _seconds(judge, items[:3])
        places = telling(expected, items, _within(_COMPARED, cost, _COMPARED_ITEMS))
        chosen = [items[place] for place in places]
        compare(
            peer.name, of_peer(judge, rules, chosen), [expected[place] for place in places], chosen
        )
        timed = items[: _within(_PATIENCE, cost, _ENOUGH)]
        comparison.note(peer.name, size, each(judge, timed))
    scan = scan_of(rules)
    if scan is not None:
        comparison.note(LIMIT, size, each(scan, list(map(prepared, items))))


def _too_slow(comparison: Comparison, peer: Peer, size: int) -> bool:
    """Whether an engine that grows with the rules would take too long, by what it took before."""
    known = [
        (before, cost)
        for before, cost in comparison.costs.get(peer.name, {}).items()
        if cost is not None
    ]
    if not known:
        return False
    before, cost = max(known)
    return cost * size / before > SLOWEST * 1e6


def _within(patience: float, cost: float, most: int) -> int:
    return max(_LEAST, min(most, int(patience / cost)))


def _seconds(judge: Callable[[Item], object], items: Sequence[Item]) -> float:
    judge(items[0])
    started = perf_counter()
    for item in items:
        judge(item)
    return (perf_counter() - started) / len(items)


def rows(comparison: Comparison) -> Iterator[str]:
    """The lines of a Markdown table: an engine a line, a number of rules a column."""
    yield f"| µs an item | {' | '.join(f'{size:,} rules' for size in comparison.sizes)} |"
    yield f"|---|{'---:|' * len(comparison.sizes)}"
    for name, costs in comparison.costs.items():
        cells = [_shown(costs.get(size)) for size in comparison.sizes]
        yield f"| {name} | {' | '.join(cells)} |"
    matches = [f"{comparison.matches[size]:.3g}" for size in comparison.sizes]
    yield f"| *rules that match an item* | {' | '.join(matches)} |"


def _shown(cost: float | None) -> str:
    if cost is None:
        return "—"
    return f"{cost:,.0f}" if cost >= 20 else f"{cost:.1f}" if cost >= 2 else f"{cost:.2f}"
