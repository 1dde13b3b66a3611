"""What is promised of waits comes true in queues of people, who do not work as the theory says."""

from collections.abc import Iterator
from statistics import median

import pytest

from engine.waiting import Wait, expected_wait
from tests.generators.queueing import Arrival, Site, arrivals

_SEEDS = (1, 2, 3)
_DAY = (24, 3_600.0)

_SITES = {
    "one reviewer, busy": Site(reviewers=1, load=0.8),
    "three, half idle": Site(reviewers=3, load=0.5),
    "three, busy": Site(reviewers=3, load=0.95),
    "eight, busy": Site(reviewers=8, load=0.8, hours=12),
    "eight, falling behind": Site(reviewers=8, load=1.1, hours=12),
    "four, urgent ones age past": Site(reviewers=4, load=1.1, ageing=900.0, hours=12),
    "eight, each case as urgent as it is": Site(reviewers=8, load=1.1, spread=3.0, hours=12),
    "four, none as urgent as others": Site(reviewers=4, load=1.1, spread=3.0, ageing=1_800.0),
    "four, shifts of eight hours": Site(reviewers=4, load=0.25, shift=8.0, hours=24 * 4, bins=_DAY),
}


@pytest.mark.parametrize("site", _SITES.values(), ids=_SITES)
def test_waits_are_as_long_as_promised(site: Site) -> None:
    """Of all cases 85 % at least are decided within the time of nine in ten.

    And that is no idle promise: some do wait longer, and the median is within a factor of 2 of what
    was waited, or 2.5 above it where people wait for work.
    """
    pairs = [pair for seed in _SEEDS for pair in _promises(site, seed)]
    kept = sum(arrival.waited <= wait.p90 for arrival, wait in pairs) / len(pairs)
    halves = sum(arrival.waited <= wait.p50 for arrival, wait in pairs) / len(pairs)
    assert 0.85 <= kept < 1.0
    assert 0.35 <= halves <= 0.85
    assert 0.5 <= median(wait.p50 / arrival.waited for arrival, wait in pairs) <= 2.5


def _promises(site: Site, seed: int) -> Iterator[tuple[Arrival, Wait]]:
    for arrival in arrivals(site, seed, every=20):
        wait = expected_wait(
            arrival.ahead,
            arrival.pace,
            overtaking=arrival.overtaking,
            handling=arrival.handling,
        )
        if wait is not None:
            yield arrival, wait
