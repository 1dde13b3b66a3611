"""One release, many threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.rules.release import Release
from tests.generators.draws import seeded
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy


@pytest.mark.parametrize("seed", range(5))
def test_threads_share_a_release(seed: int) -> None:
    """Threads that meet in a release fresh from compiling get what one thread alone gets."""
    draws = seeded(seed)
    made = policy(draws, least=10, most=20)
    found = bait(made)
    items = [item(draws, made, found) for _ in range(60)]
    alone = Release.of(made)
    expected = [alone.evaluate(each, now=NOW) for each in items]
    shared = Release.of(made)

    def judge(turn: int) -> bool:
        if turn % 2:
            return shared.evaluate_batch(items, now=NOW) == expected
        return [shared.evaluate(each, now=NOW) for each in items] == expected

    with ThreadPoolExecutor(max_workers=6) as pool:
        assert all(pool.map(judge, range(24)))
