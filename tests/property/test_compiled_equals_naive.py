"""The compiled engine against the naive interpreter, over random policies and items."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given

from engine.item import Item
from engine.rules.model import Policy
from engine.rules.release import Release
from engine.verdict import Verdict
from tests.generators.draws import Draws, built, seeded
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy
from tests.oracle.differences import reproduction, same
from tests.oracle.shrinking import smallest
from tests.oracle.verdicts import evaluate

BACKENDS = ("hyperscan", "ahocorasick")
ITEMS = 40
PARTS = 10


def _one_by_one(release: Release, items: Sequence[Item]) -> list[Verdict]:
    return [release.evaluate(each, now=NOW) for each in items]


def _all_at_once(release: Release, items: Sequence[Item]) -> list[Verdict]:
    return release.evaluate_batch(items, now=NOW)


DOORS: dict[str, Callable[[Release, Sequence[Item]], list[Verdict]]] = {
    "evaluate": _one_by_one,
    "evaluate_batch": _all_at_once,
}


def _policy_and_items(draws: Draws, number: int) -> tuple[Policy, list[Item]]:
    made = policy(draws)
    found = bait(made)
    return made, [item(draws, made, found) for _ in range(number)]


def _few(draws: Draws) -> tuple[Policy, list[Item]]:
    return _policy_and_items(draws, draws.between(1, 3))


def _check(made: Policy, items: list[Item], label: str) -> None:
    expected = [evaluate(made, each, now=NOW) for each in items]
    for backend in BACKENDS:
        release = Release.of(made, backend=backend)
        for door, judge in DOORS.items():
            found = judge(release, items)
            assert len(found) == len(items)
            for each, right, verdict in zip(items, expected, found, strict=True):
                if not same(right, verdict):
                    pytest.fail(
                        f"{label}, {backend}, {door}{_explained(made, each, backend, door)}"
                    )


def _explained(made: Policy, judged: Item, backend: str, door: str) -> str:
    def differs(smaller: Policy, item: Item) -> bool:
        try:
            found = DOORS[door](Release.of(smaller, backend=backend), [item])[0]
            return not same(evaluate(smaller, item, now=NOW), found)
        except (LookupError, ValueError):  # no policy any more, such as one without a rule it names
            return False

    if not differs(made, judged):
        return ": only together with other items of the batch"
    made, judged = smallest(made, judged, differs)
    found = DOORS[door](Release.of(made, backend=backend), [judged])[0]
    return reproduction(made, judged, evaluate(made, judged, now=NOW), found)


@pytest.mark.parametrize("part", range(PARTS))
def test_seeded_pairs(part: int, pairs: int, first_seed: int) -> None:
    """Every seeded pair of a policy and an item gets the same verdict from both, at both doors."""
    policies = max(1, pairs // (ITEMS * PARTS))
    for place in range(policies):
        seed = first_seed + part * policies + place
        _check(*_policy_and_items(seeded(seed), ITEMS), f"seed {seed}")


def test_saved_releases(pairs: int, first_seed: int, tmp_path: Path) -> None:
    """A release that was saved and opened again gives the same verdicts."""
    saved = tmp_path / "release"
    for backend in BACKENDS:
        for seed in range(first_seed, first_seed + max(1, pairs // (ITEMS * 25))):
            made, items = _policy_and_items(seeded(seed, 2), ITEMS)
            Release.of(made, backend=backend).save(saved)
            opened = Release.open(saved)
            for judge in DOORS.values():
                for each, verdict in zip(items, judge(opened, items), strict=True):
                    expected = evaluate(made, each, now=NOW)
                    case = f"seed {seed}{reproduction(made, each, expected, verdict)}"
                    assert same(expected, verdict), case


@given(built(_few))
def test_invented_pairs(example: tuple[Policy, list[Item]]) -> None:
    """So does every pair that hypothesis invents."""
    _check(*example, "invented")
