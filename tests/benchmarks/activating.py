"""How long another release takes to every process, while items come in."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from engine.bench.figures import Figure
from queues.policies import releases
from queues.policies.sources import files_of
from queues.presence import present, stragglers
from queues.store.session import Store
from tests.faults.load import Sender
from tests.faults.site import Site
from tests.waiting import until

Tell = Callable[[str], None]

ROOT: Final = Path(__file__).parents[2]
_TIMES: Final = 10
_ITEMS: Final = 2_000
_SECONDS: Final = 5.0
#: Two of the API, and two workers of each tier.
_JUDGING: Final = 8

ABOUT: Final = (
    "A site of real processes with the shipped rules: two of the API, six workers, relay, courier "
    f"and beat, on the same cores as {_ITEMS:,} items at a time that come in. {_TIMES} times "
    "another release is brought into force, and it is asked which processes do not use it yet."
)


def figures(tell: Tell) -> Iterator[Figure]:
    """Seconds until the last process judges with it, and requests that failed meanwhile."""
    tell("a release to every process")
    with tempfile.TemporaryDirectory(prefix="tierwise-bench-") as name:
        folder = Path(name)
        with Site(folder, ROOT / "rules") as site:
            until(lambda: _ready(site.store), within=60)
            names = _published(site.store)
            seconds, answered = [], 0
            for turn in range(_TIMES):
                sender = Sender(site, _items(turn), batch=20)
                seconds.append(_activated(site.store, names[turn % 2]))
                answered += len(sender.finish().answers)
    what = f"a release to the last of {_JUDGING} processes"
    for name, value in (("median", median(seconds)), ("longest", max(seconds))):
        yield Figure(name=f"{what}, {name}", value=value, unit="s", at_most=_SECONDS)
    lost = _TIMES * _ITEMS - answered
    yield Figure(name="items that got no answer meanwhile", value=lost, unit="items", at_most=0)


def _ready(store: Store) -> bool:
    judging = [each for each in present(store) if each.kind in {"api", "worker"}]
    return len(judging) >= _JUDGING and not stragglers(store)


def _published(store: Store) -> list[str]:
    """Two releases that differ in a rule more."""
    shipped = files_of(ROOT / "rules")
    rule = (
        b"file: more\nowner: o@example.org\npolicy: hate\n---\nrule: bench-only\nstatus: live\n"
        b"when: { text: { has_any: [zorblings] } }\n"
        b"then: { tier: single, reason: hate.attack }\n"
    )
    more = {**shipped, "policies/bench.yaml": rule}
    return [
        releases.publish(store, files, by="bench", message="bench").name
        for files in (more, shipped)
    ]


def _activated(store: Store, name: str) -> float:
    """Seconds from bringing it into force until nobody judges with another."""
    began = perf_counter()
    releases.activate(store, name, by="bench")
    until(lambda: not stragglers(store), within=60)
    return perf_counter() - began


def _items(turn: int) -> list[Mapping[str, Any]]:
    return [{"id": f"b{turn}-{number}", "text": f"hello {number}"} for number in range(_ITEMS)]
