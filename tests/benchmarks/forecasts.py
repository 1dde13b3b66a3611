"""How often forecasts hold, on the sample stream: `python -m tests.benchmarks.forecasts`.

For each of so many seeded changes of the shipped policy, the earlier half of a stream is what a
backtest is told from, and the later half, judged by the new policy, is what then happened.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from engine.backtesting.comparing import Comparer, moment_of
from engine.backtesting.counters import Replay, stale_counters
from engine.backtesting.entries import Entry
from engine.backtesting.forecasts import Scored, forecasts_of, scored
from engine.backtesting.report import report_of
from engine.backtesting.terms import HOURS_A_DAY, Terms
from engine.rules.items import ItemReader
from engine.rules.model import Policy, Rule, Stage, Status
from engine.rules.reading import read_folder
from engine.rules.release import Release
from engine.samples import generate
from engine.verdict import Tier
from tests.generators.draws import Draws, seeded

_RULES: Final = Path(__file__).resolve().parents[2] / "rules"
_PERCENT: Final = 15


def changed(policy: Policy, draws: Draws) -> Policy:
    """Of the rules in force some ask a reviewer instead of acting, or are gone."""
    rules = {name: _changed(rule, draws) for name, rule in sorted(policy.rules.items())}
    return replace(policy, rules=rules, source_hash="changed " * 8)


def _changed(rule: Rule, draws: Draws) -> Rule:
    if rule.status is not Status.LIVE or rule.stage is not Stage.ITEM or not draws.chance(_PERCENT):
        return rule
    if rule.then.tier is Tier.AUTO:
        return replace(rule, then=replace(rule.then, tier=Tier.SINGLE, action="publish"))
    return replace(rule, status=Status.RETIRED)


def trial(policy: Policy, seed: int, count: int) -> Sequence[Scored]:
    """A change, what was forecast of it, and what happened."""
    old, new = Release.of(policy), Release.of(changed(policy, seeded(seed)))
    replays = [Replay(each, stale_counters(each, ())) for each in (old, new)]
    entries = list(_entries(policy, replays, seed, count))
    comparer = Comparer(old, new, (replays[0].names, replays[1].names))
    middle = len(entries) // 2
    before, after = (comparer.compare(part) for part in (entries[:middle], entries[middle:]))
    assert after.span is not None
    days = (after.span[1] - after.span[0]) / 3_600 / HOURS_A_DAY
    told = report_of(before, "old", "new", Terms(horizon=days))
    happened = report_of(after, "old", "new", Terms())
    values = {each.name: each.new for each in happened.figures if each.new is not None}
    return scored(forecasts_of(told.figures), values)


def _entries(policy: Policy, replays: Sequence[Replay], seed: int, count: int) -> Iterator[Entry]:
    reader = ItemReader(policy.vocabulary)
    for raw in generate(count, seed):
        item = reader.read(raw)
        old, new = (replay.count(item, moment_of(item) or 0.0) for replay in replays)
        yield Entry(id=item.id, moment=None, raw=raw, counts=(old, new))


def main() -> None:
    """Try changes, and show how often each figure held."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--changes", type=int, default=20)
    given.add_argument("--items", type=int, default=4_000)
    wanted = given.parse_args()
    policy, _ = read_folder([_RULES])
    assert policy is not None
    held: defaultdict[str, list[bool]] = defaultdict(list)
    for seed in range(wanted.changes):
        for each in trial(policy, 100 + seed, wanted.items):
            held[each.forecast.name].append(each.held)
    for name, found in held.items():
        print(f"{name:<24}{sum(found):>4} of {len(found)}")  # noqa: T201  # a program


if __name__ == "__main__":
    main()
