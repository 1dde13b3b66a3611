"""`python -m tests.benchmarks.certifying`: how often certificates break a promise, as Markdown."""

import argparse
import sys
from collections.abc import Iterator

from tests.generators.zones import DOUBT, KINDS, LIMIT, kept


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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.certifying")
    parser.add_argument("--worlds", type=int, default=2_000, help="of each kind")
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same worlds")
    wanted = parser.parse_args()
    for row in rows(wanted.worlds, wanted.seed):
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
