"""A backtest against a naive loop over the oracle, and parts of it in any order."""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.backtesting.comparing import Comparer, with_facts
from engine.backtesting.entries import Entry, Unreadable
from engine.backtesting.report import record_of, report_of
from engine.backtesting.sums import Cell, Sums
from engine.backtesting.terms import Terms
from engine.errors import InvalidItem
from engine.item import Item, Value
from engine.rules.items import ItemReader
from engine.rules.model import Policy, Status
from engine.rules.release import Release
from engine.verdict import HitStatus, Verdict
from tests.generators.draws import Draws, seeded
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy
from tests.oracle.verdicts import evaluate

FIRST, POLICIES, ITEMS = 27, 8, 60
SAYS = (HitStatus.LIVE, HitStatus.MISSING)


def changed(draws: Draws, old: Policy) -> Policy:
    """A policy with other rules in force."""
    rules = {
        name: replace(rule, status=draws.pick((Status.LIVE, Status.SHADOW, Status.RETIRED)))
        if draws.chance(40)
        else rule
        for name, rule in old.rules.items()
    }
    return replace(old, rules=rules, source_hash=f"changed {old.source_hash}")


def entry_of(judged: Item, number: int, reader: ItemReader) -> Entry:
    """An item as a platform would send it; what none would send is known to the service."""
    raw: dict[str, object] = {"id": f"i{number}"}
    facts: dict[str, Value] = {}
    for name, value in judged.fields.items():
        sent = {name: sorted(value) if isinstance(value, frozenset) else value}
        try:
            reader.read({"id": "0", "text": "", **sent})
        except InvalidItem:
            facts[name] = value
        else:
            raw |= sent
    return Entry(id=f"i{number}", moment=NOW, raw=raw, facts=facts)


def world(seed: int) -> tuple[Policy, Policy, list[Entry]]:
    """Two policies, and items that both can read."""
    draws = seeded(seed)
    old = policy(draws)
    found, reader = bait(old), ItemReader(old.vocabulary)
    made = [entry_of(item(draws, old, found), number, reader) for number in range(ITEMS)]
    readable = [
        entry for entry in made if "text" in entry.raw or "text" not in old.vocabulary.fields
    ]
    return old, changed(draws, old), readable


def says(verdict: Verdict) -> set[str]:
    """Rules that take part in a verdict."""
    return {hit.rule for hit in verdict.hits if hit.status in SAYS}


@dataclass
class Naive:
    """What a loop over the oracle counts."""

    cells: Counter[Cell] = field(default_factory=Counter)
    rules: Counter[tuple[str, bool, bool]] = field(default_factory=Counter)
    cases: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def add(self, was: Verdict, now: Verdict) -> None:
        """Count an item."""
        self.cells[Cell((was.tier, was.action), (now.tier, now.action))] += 1
        for name in says(was) | says(now):
            self.rules[name, name in says(was), name in says(now)] += 1
        for verdict, new in ((was, False), (now, True)):
            for review in (verdict.review, *verdict.samples):
                if review is not None:
                    self.cases[review.tier, new] += 1


def counted(sums: Sums) -> Naive:
    """The same of a backtest."""
    found = Naive()
    for moved, count in sums.moved.items():
        found.cells[Cell(moved.old.cell, moved.new.cell)] += count
    for each, count in sums.found.items():
        if not each.rule.shadow:
            found.rules[each.rule.name, each.old, each.new] += count
    for led, count in sums.led.items():
        found.cases[led.tier, led.new] += count
    return found


def test_the_matrix_is_that_of_a_naive_loop() -> None:
    """Every cell, every rule and all work are counted as the oracle counts them."""
    differing = judged = 0
    for seed in range(FIRST, FIRST + POLICIES):
        old, new, entries = world(seed)
        reader = ItemReader(old.vocabulary)
        expected = Naive()
        for entry in entries:
            read = with_facts(reader.read(entry.raw), {}, entry.facts)
            expected.add(evaluate(old, read, now=NOW), evaluate(new, read, now=NOW))
        sums = Comparer(Release.of(old), Release.of(new)).compare(entries)
        assert counted(sums) == expected
        judged += len(entries)
        differing += sum(count for cell, count in expected.cells.items() if cell.old != cell.new)
    assert judged > POLICIES * ITEMS // 2
    assert differing > judged // 20


OLD, NEW, MADE = world(34)
COMPARER = Comparer(Release.of(OLD), Release.of(NEW))
LABELS = ("remove", "publish", None, "no-such-action")
ENTRIES: list[Entry | Unreadable] = [
    replace(entry, label=LABELS[number % 4], inclusion=(1.0, 0.05, 0.3, 0.0)[number // 4 % 4])
    for number, entry in enumerate(MADE)
]
ENTRIES += [Unreadable(id=f"line {n}", reason="no JSON") for n in range(9)]
ENTRIES += [Entry(id=f"bad {n}", moment=NOW, raw={"id": f"bad {n}", "author": n}) for n in range(9)]


def as_bytes(sums: Sums) -> bytes:
    """The report of sums."""
    return orjson.dumps(record_of(report_of(sums, "old", "new", Terms(hours=48.0))))


ALL = COMPARER.compare(ENTRIES)
WHOLE = as_bytes(ALL)


def test_all_that_is_counted_is_there() -> None:
    """What the test below adds up is not nothing."""
    assert all(counter for counter in ALL.counters() if counter is not ALL.golden)
    assert min(ALL.unweighted, ALL.unseen, len(ALL.cells), len(ALL.reasons)) > 0


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, len(ENTRIES)), max_size=6),
    st.randoms(use_true_random=False),
)
def test_parts_in_any_order_are_the_whole(cuts: list[int], chance: object) -> None:
    """However the log is cut, and in whatever order its parts are added, bytes are the same."""
    edges = [0, *sorted(cuts), len(ENTRIES)]
    parts = [COMPARER.compare(ENTRIES[start:end]) for start, end in pairwise(edges)]
    chance.shuffle(parts)  # type: ignore[attr-defined]  # a random.Random, which is banned by name
    half = len(parts) // 2
    left, right = Sums(), Sums()
    for part in parts[:half]:
        left.add(part)
    for part in parts[half:]:
        right.add(part)
    left.add(right)
    assert as_bytes(left) == WHOLE
