"""How fast `tierwise backtest` is: what each stage costs an item, and a million of them at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from os import cpu_count
from pathlib import Path
from time import perf_counter
from typing import Final

from engine.backtesting.comparing import Comparer
from engine.backtesting.entries import Entry
from engine.backtesting.report import report_of
from engine.backtesting.terms import Terms
from engine.bench.evaluation import NOW
from engine.bench.figures import Figure
from engine.bench.measure import MICROSECONDS, seconds
from engine.cli.backtesting import FileLog, compare_file
from engine.cli.streams import Row, form_of, opened, rows
from engine.cli.throughput import lines_of
from engine.item import Item
from engine.rules.items import ItemReader
from engine.rules.model import Policy, Status
from engine.rules.release import Release

#: Seconds for a million items, on the cores there are.
AT_MOST: Final = 60.0
_MILLION: Final = 1_000_000
#: How often the items are run through as a whole, and how many each stage is measured with.
_TIMES: Final = 10
_STAGE: Final = 10_000
#: One rule in so many is not in the new policy.
_FEWER: Final = 10


def pace(policy: Policy, items: Sequence[Item], folder: Path) -> Iterator[Figure]:
    """A backtest of two policies that differ in a tenth of their rules."""
    rules = {
        name: replace(rule, status=Status.RETIRED) if number % _FEWER == 0 else rule
        for number, (name, rule) in enumerate(policy.rules.items())
    }
    old = Release.of(policy)
    new = Release.of(replace(policy, rules=rules, source_hash=policy.source_hash[::-1]))
    old.warm()
    new.warm()
    path = folder / "backtest.jsonl"
    path.write_bytes(b"".join(lines_of(items, without=None)) * _TIMES)
    yield from _stages(old, new, path)
    yield _whole(old, new, path)


def _stages(old: Release, new: Release, path: Path) -> Iterator[Figure]:
    """Reading a line, typing an item, judging it by both policies and counting, in microseconds."""

    def read() -> list[dict[str, object]]:
        with opened(path) as source:
            found = islice(rows(source, form_of(path)), _STAGE)
            return [row.raw for row in found if isinstance(row, Row)]

    raws, reader = read(), ItemReader(old.policy.vocabulary)
    entries = [Entry(id=str(raw["id"]), moment=NOW, raw=raw) for raw in raws]
    typed = [reader.read(raw) for raw in raws]
    comparer = Comparer(old, new)
    spent = {
        "reading lines": seconds(read),
        "typing items": seconds(lambda: [reader.read(raw) for raw in raws]),
        "judging by two policies": seconds(
            lambda: [each.evaluate_batch(typed, now=NOW) for each in (old, new)]
        ),
    }
    whole = seconds(lambda: comparer.compare(entries))
    typing, judging = spent["typing items"], spent["judging by two policies"]
    spent["counting"] = max(0.0, whole - typing - judging)
    for stage, taken in spent.items():
        yield Figure(name=f"backtest, {stage}", value=taken / len(raws) * MICROSECONDS, unit="µs")


def _whole(old: Release, new: Release, path: Path) -> Figure:
    """A file through all of it, in a process for each core, with the report."""
    cores = cpu_count() or 1
    log = FileLog(items=path, now=NOW)
    started = perf_counter()
    sums, _ = compare_file(old, new, log, processes=cores, progress=lambda _: None)
    report_of(sums, old.name, new.name, Terms(hours=24.0))
    taken = perf_counter() - started
    return Figure(
        name=f"`tierwise backtest` of a million items, {len(old.policy.rules):,} rules, "
        f"{cores} cores",
        value=taken / sums.items * _MILLION,
        unit="s",
        at_most=AT_MOST,
        note=f"measured on {sums.items:,}",
    )
