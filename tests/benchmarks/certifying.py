"""`python -m tests.benchmarks.certifying`: how often certificates break a promise, as Markdown."""

import argparse
import sys
from collections.abc import Iterator
from itertools import chain
from typing import Final

from tests.generators.zones import DOUBT, KINDS, LIMIT, kept, looked


def rows(worlds: int, seed: int) -> Iterator[str]:
    """A line for each kind of world."""
    yield f"Error limit {LIMIT:.0%}, doubt {DOUBT:.0%}, {worlds} worlds of each kind, seed {seed}."
    yield ""
    yield "| worlds | something certified | promise broken by the walk | by the observed error |"
    yield "|---|---|---|---|"
    for kind in KINDS:
        found = kept(kind, worlds, seed)
        shares = (found.certified, found.walked, found.naive)
        yield " | ".join([f"| {kind}", *(f"{share / worlds:.1%}" for share in shares)]) + " |"


#: True errors of rules whose labels go on coming; the last is a hair above the limit.
_ERRORS: Final = (0.005, 0.01, 0.02, 0.03, LIMIT * (1 + 1e-9))


def looks(worlds: int, seed: int) -> Iterator[str]:
    """A line for each true error: what repeated looks certify."""
    yield ""
    yield "| true error | certified by some look | labels until then | tested every ten labels |"
    yield "|---|---|---|---|"
    for error in _ERRORS:
        found = looked(error, worlds, seed)
        cells = (f"{found.certified / worlds:.1%}", f"{found.labels:.0f}")
        yield f"| {error:.1%} | {' | '.join(cells)} | {found.eager / worlds:.1%} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.certifying")
    parser.add_argument("--worlds", type=int, default=2_000, help="of each kind")
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same worlds")
    wanted = parser.parse_args()
    for row in chain(rows(wanted.worlds, wanted.seed), looks(wanted.worlds, wanted.seed)):
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
