"""How fast `tierwise backtest` is: what each stage costs an item, and a million of them at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from os import cpu_count
from pathlib import Path
from time import perf_counter
from typing import Final

from engine.backtesting.comparing import BATCH, Comparer
from engine.backtesting.entries import Entry
from engine.backtesting.report import report_of
from engine.backtesting.terms import Terms
from engine.bench.evaluation import NOW
from engine.bench.figures import Figure
from engine.bench.measure import MICROSECONDS, seconds, settle
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
#: How much longer the longer of two files is, and what each stage is measured with.
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
    lines = b"".join(lines_of(items, without=None))
    few, many = folder / "few.jsonl", folder / "many.jsonl"
    few.write_bytes(lines)
    many.write_bytes(lines * _TIMES)
    yield from _stages(old, new, few)
    yield _whole(old, new, few, many)


def _stages(old: Release, new: Release, path: Path) -> Iterator[Figure]:
    """Reading a line, typing an item, judging it twice, and all but reading; microseconds."""

    def read() -> list[dict[str, object]]:
        with opened(path) as source:
            found = islice(rows(source, form_of(path)), _STAGE)
            return [row.raw for row in found if isinstance(row, Row)]

    raws, reader = read(), ItemReader(old.policy.vocabulary)
    entries = [Entry(id=str(raw["id"]), moment=NOW, raw=raw) for raw in raws]
    typed = [reader.read(raw) for raw in raws]
    comparer = Comparer(old, new)
    judges = [partial(each.evaluate_batch, now=NOW) for each in (old, new)]
    settle()
    batches = [typed[start : start + BATCH] for start in range(0, len(typed), BATCH)]
    for stage, work in (
        ("reading lines", read),
        ("typing items", lambda: [reader.read(raw) for raw in raws]),
        (
            "judging by two policies",
            lambda: [judge(batch) for batch in batches for judge in judges],
        ),
        ("typing, judging and counting", lambda: comparer.compare(entries)),
    ):
        taken = seconds(work) / len(raws) * MICROSECONDS
        yield Figure(name=f"backtest, {stage}", value=taken, unit="µs")


def _whole(old: Release, new: Release, few: Path, many: Path) -> Figure:
    """Files through all of it, in a process for each core: what starting takes is there once."""
    cores = cpu_count() or 1

    def run(path: Path) -> tuple[float, int]:
        started = perf_counter()
        log = FileLog(items=path, now=NOW)
        sums, _ = compare_file(old, new, log, processes=cores, progress=lambda _: None)
        report_of(sums, old.name, new.name, Terms(hours=24.0))
        return perf_counter() - started, sums.items

    (start, less), (taken, more) = run(few), run(many)
    rules = len(old.policy.rules)
    return Figure(
        name=f"`tierwise backtest` of a million items, {rules:,} rules, {cores} cores",
        value=start + (taken - start) / (more - less) * (_MILLION - less),
        unit="s",
        at_most=AT_MOST,
        note=f"from {less:,} and {more:,} items",
    )
