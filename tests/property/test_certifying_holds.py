"""Promises of certificates, counted in worlds in which the true error is known.

A promise may be broken in 5 % of worlds. Of W worlds, as many broken ones are let pass as a rate of
just 5 % would exceed once in a thousand runs; seeds are fixed, so a run that passes always does.
"""

import pytest
from scipy.stats import binom

from tests.generators.zones import DOUBT, LIMIT, kept, looked


@pytest.mark.parametrize(
    ("kind", "worlds", "seed"),
    [
        ("just above the limit", 700, 1),
        ("errors grow", 300, 2),
        ("few labels", 300, 3),
        ("ties", 300, 4),
        ("four strata", 100, 5),
        ("four strata, just above", 300, 6),
    ],
)
def test_promises_are_kept(kind: str, worlds: int, seed: int) -> None:
    """The walk breaks few enough; taking what looks good breaks more than twice the share."""
    found = kept(kind, worlds, seed)
    assert found.walked <= binom.ppf(0.999, worlds, DOUBT)
    assert found.certified > 0
    assert found.naive > 2 * DOUBT * worlds


def test_looking_again_and_again_keeps_the_promise() -> None:
    """Labels go on coming at an error just above the limit; a test with each ten breaks it."""
    worlds = 700
    found = looked(LIMIT * (1 + 1e-9), worlds, 8, most=1_200)
    assert 0 < found.certified <= binom.ppf(0.999, worlds, DOUBT)
    assert found.eager > 3 * DOUBT * worlds
    assert looked(0.01, 200, 9, most=1_200).certified > 190
