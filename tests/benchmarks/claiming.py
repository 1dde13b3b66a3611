"""Measures how long a claim takes with many open cases and people: by hand, no part of the tests.

`python -m tests.benchmarks.claiming --cases 100000 --people 200`
"""

import argparse
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Final

from engine.verdict import Tier
from queues.embedded import EmbeddedPostgres
from queues.review import Review
from queues.sections import Wellness
from queues.store.migrating import migrate
from queues.store.session import Store
from tests.integration.crowds import copy_cases, moment, shift
from tests.integration.desks import Desk
from tests.integration.staff import Staff

#: What people read; nobody else reads Finnish, which no case is in.
_READS: Final[tuple[tuple[str, ...], ...]] = ((), ("de",), ("en", "fr"), ("pt",))
_QUEUES: Final = ("general", "goods", "qa")


def main() -> None:
    """Fill a database, have people claim, and print percentiles."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=100_000)
    asked.add_argument("--people", type=int, default=200)
    asked.add_argument("--claims", type=int, default=10, help="of each person")
    given = asked.parse_args()
    with _desk() as desk:
        copy_cases(desk.store, given.cases - 1, queues=_QUEUES)
        _hire(desk.store, given.people)
        for at_once in (1, 4):
            names = [f"r{number}" for number in range(given.people)]
            print(f"{at_once} at once: {_shown(_measured(desk, names, given.claims, at_once))}")  # noqa: T201 - a command prints
        Staff(desk.store).add("finn", languages=("fi",), policies=("hate",))
        print(f"nothing fits: {_shown(_measured(desk, ['finn'], 50, 1))}")  # noqa: T201 - a command prints


@contextmanager
def _desk() -> Iterator[Desk]:
    """An installation with one case, on a server of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres(Path(folder, "postgres"), durable=True) as postgres,
    ):
        migrate(postgres.url)
        desk = Desk(Store(postgres.url, connections=8), Path(folder))
        desk.send("odd")
        desk.work()
        yield desk
        desk.store.close()


def _hire(store: Store, people: int) -> None:
    at = moment(store)
    for number in range(people):
        Staff(store).add(
            f"r{number}",
            languages=_READS[number % len(_READS)],
            policies=[(), ("hate",), ("self-harm", "spam")][number % 3],
            opted_out=[(), ("spam",)][number % 2],
            shifts=(shift(at, begins=-1, ends=3),),
        )


def _measured(desk: Desk, names: list[str], claims: int, at_once: int) -> list[float]:
    """Milliseconds of each claim."""
    limits = Wellness(exposure=100_000)
    review = Review(store=desk.store, policy=lambda: desk.policy, wellness=limits)

    def work(name: str) -> list[float]:
        took: list[float] = []
        for _ in range(claims):
            begun = perf_counter()
            review.hand_out(name, Tier.SINGLE)
            took.append((perf_counter() - begun) * 1_000)
        return took

    with ThreadPoolExecutor(at_once) as pool:
        return list(chain.from_iterable(pool.map(work, names)))


def _shown(took: list[float]) -> str:
    cuts = quantiles(took, n=100)
    return (
        f"{len(took)} claims, p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms"
    )


if __name__ == "__main__":
    main()
