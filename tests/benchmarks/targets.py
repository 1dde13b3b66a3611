"""How many times faster than others we mean to be."""

from collections.abc import Iterator
from typing import Final

from engine.bench.figures import Figure
from tests.benchmarks.comparison import Comparison
from tests.benchmarks.peers.catalogue import CEL, IF_CHAIN, ZEN

TARGETS: Final = (
    (IF_CHAIN, 1_000, 25.0),
    (CEL, 1_000, 100.0),
    (ZEN, 1_000, 1_000.0),
    (IF_CHAIN, 10_000, 80.0),
)


def ratios(comparison: Comparison) -> Iterator[Figure]:
    """What others take over what we take, as far as they were measured."""
    for peer, size, least in TARGETS:
        ratio = comparison.ratio(peer.name, size)
        if ratio is not None:
            yield Figure(
                name=f"{size:,} rules, one item: {peer.name} over ours",
                value=ratio,
                unit="times",
                at_least=least,
            )
