"""Whether all engines say the same: what differs is not worth timing."""

from collections.abc import Sequence

from engine.bench.descriptions import Description
from engine.bench.evaluation import NOW
from engine.bench.evaluation import Judge as OwnJudge
from engine.bench.policies import policy_of
from engine.item import Item
from engine.rules.release import Release
from tests.benchmarks.peers.peer import Judge
from tests.oracle.verdicts import evaluate

Matches = list[frozenset[str]]


class Disagreement(AssertionError):
    """Two engines find different rules for an item."""


def of_release(release: Release, items: Sequence[Item]) -> Matches:
    """The rules that match, by item, one at a time and in a batch."""
    judge = OwnJudge(release)
    alone = [frozenset(hit.rule for hit in judge.one(item).hits) for item in items]
    together = [frozenset(hit.rule for hit in verdict.hits) for verdict in judge.many(items)]
    compare("our batches", together, alone, items)
    return alone


def of_oracle(rules: Sequence[Description], items: Sequence[Item]) -> Matches:
    """The same by the naive interpreter."""
    policy = policy_of(rules)
    verdicts = (evaluate(policy, item, now=NOW) for item in items)
    return [frozenset(hit.rule for hit in verdict.hits) for verdict in verdicts]


def of_peer(judge: Judge, rules: Sequence[Description], items: Sequence[Item]) -> Matches:
    """The same by another engine."""
    return [frozenset(rules[number].name for number in judge(item)) for item in items]


def compare(name: str, found: Matches, expected: Matches, items: Sequence[Item]) -> None:
    """Raise where an engine finds other rules than ours; the text of the item stays out of it."""
    for item, has, wanted in zip(items, found, expected, strict=True):
        if has != wanted:
            message = (
                f"{name}, item {item.id}: too many {sorted(has - wanted)}, "
                f"too few {sorted(wanted - has)}"
            )
            raise Disagreement(message)


def telling(matches: Matches, items: Sequence[Item], most: int) -> list[int]:
    """Places of items to compare on: half of them with matches, where there are so many."""
    matched = [place for place, found in enumerate(matches) if found][: most // 2]
    others = [place for place in range(len(items)) if place not in set(matched)]
    return sorted([*matched, *others[: most - len(matched)]])
