"""All measurements of people's work, each beside what is to be reached, at several sizes."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import text

from engine.bench.figures import Figure
from engine.verdict import Tier
from queues.casework import caseload
from queues.casework.opening import Opening
from queues.casework.selection import CaseState, Selection, Wanted
from queues.casework.waits import Waits
from queues.embedded import EmbeddedPostgres
from queues.review import Review
from queues.sections import Review as Settings
from queues.sections import Wellness
from queues.store.migrating import migrate
from queues.store.session import Store
from tests.benchmarks.people.filling import (
    NOTHING_FITS,
    QUEUES,
    RARE_READER,
    VETERAN,
    fill,
)
from tests.benchmarks.people.working import People, Times
from tests.integration.desks import Desk

Tell = Callable[[str], None]

ABOUT: Final = (
    "People's work on the same machine, PostgreSQL (fsync on) beside the services on the same "
    "cores: 200 people (40 where there are 1,000 cases) with languages, policies, opt-outs, shifts "
    "and limits, who hold three cases each; 20 queues, 10 policies and 10 languages; a fifth as "
    "many cases of the past. Times are those of the services, without HTTP."
)
SIZES: Final = (1_000, 100_000, 1_000_000)

#: So many, and so many cases for each at least, as what they hold and decide is gone.
_PEOPLE: Final = 200
_CASES_EACH: Final = 25
#: Cases that each decides, one at a time and at once.
_EACH: Final = 2
_AT_ONCE: Final = 4
_TIMES: Final = 50
_P95_MS: Final = 20.0
#: Seconds that filling may take, at any size.
_FILLING: Final = 120.0
_UNLIMITED: Final = Wellness(exposure=10**6, severe_in_a_row=10**6)


def figures(tell: Tell, sizes: Sequence[int] = SIZES) -> Iterator[Figure]:
    """Measure at each size; only the largest is measured at its extremes."""
    for size in sizes:
        tell(f"people's work with {size:,} open cases")
        with _desk() as desk:
            people = min(_PEOPLE, size // _CASES_EACH)
            begun = perf_counter()
            fill(desk.store, size, people)
            took = perf_counter() - begun
            where = f"{size:,} open cases"
            yield Figure(name=f"{where}: filling", value=took, unit="s", at_most=_FILLING)
            yield from _everyday(desk, where, people)
            if size == max(sizes):
                yield from _extremes(desk, where)
                yield from _upkeep(desk, where)


@contextmanager
def _desk() -> Iterator[Desk]:
    """An installation with one case, on a server of its own, as it is set up for production."""
    with (
        tempfile.TemporaryDirectory(prefix="tierwise-bench-") as folder,
        EmbeddedPostgres(Path(folder, "postgres"), durable=True) as postgres,
    ):
        migrate(postgres.url)
        desk = Desk(Store(postgres.url, connections=8), Path(folder))
        desk.send("odd")
        desk.work()
        yield desk
        desk.store.close()


def _review(desk: Desk, grace: float = 10.0) -> Review:
    return Review(
        store=desk.store,
        policy=lambda: desk.policy,
        settings=Settings(grace=grace),
        wellness=_UNLIMITED,
    )


def _everyday(desk: Desk, where: str, count: int) -> Iterator[Figure]:
    names = [f"r{number}" for number in range(count)]
    people = People(review=_review(desk), names=names)
    ahead = Times()
    People(review=people.review, names=names[:20]).work(_AT_ONCE, 1)  # plans are made
    people.claim_ahead(ahead)
    yield from _shown(f"{where}: claim three at once", ahead)
    for at_once, how in ((1, "one at a time"), (_AT_ONCE, f"{_AT_ONCE} at once")):
        day = people.work(at_once, _EACH)
        yield from _shown(f"{where}: claim, {how}", day.claim)
        yield from _shown(f"{where}: vote, {how}", day.vote)
        yield from _shown(f"{where}: undo, {how}", day.undo)
    panel = people.work(1, 1, Tier.SENIOR)
    yield from _shown(f"{where}: claim a seat of a panel", panel.claim)
    yield from _shown(f"{where}: vote on a panel", panel.vote)
    hasty = People(review=_review(desk, grace=0), names=names).work(1, 1)
    yield from _shown(f"{where}: decide without a time to think again", hasty.vote)
    yield _committed(desk, where)


def _committed(desk: Desk, where: str) -> Figure:
    """All votes count now, as if the time to take them back had passed."""
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET commit_at = now() WHERE commit_at IS NOT NULL"))
    review, made = _review(desk), 0
    begun = perf_counter()
    while some := review.commit_due():
        made += len(some)
    each = (perf_counter() - begun) * 1_000 / made
    return Figure(name=f"{where}: a decision that is due counts", value=each, unit="ms", at_most=20)


def _extremes(desk: Desk, where: str) -> Iterator[Figure]:
    """People who are hard to serve."""
    review = _review(desk)
    last = f"queue-{QUEUES - 1}"
    for who, name, tier, queues in (
        ("who knows nothing but a rare language", RARE_READER, Tier.SINGLE, None),
        ("whom nothing fits", NOTHING_FITS, Tier.SINGLE, None),
        ("who skipped a thousand and voted on thousands", VETERAN, Tier.SINGLE, None),
        ("of one queue alone", VETERAN, Tier.SINGLE, [last]),
        ("of the panel, who voted on thousands", VETERAN, Tier.SENIOR, None),
        ("without an account", "somebody", Tier.SINGLE, None),
    ):
        times = Times()
        for _ in range(_TIMES):
            times.of(partial(review.claim, name, tier, queues=queues))
        yield from _shown(f"{where}: claim of somebody {who}", times)


def _upkeep(desk: Desk, where: str) -> Iterator[Figure]:
    """What is asked of all cases, once each: for information."""
    store = desk.store
    opening = Opening(store=store, policy=lambda: desk.policy, ageing=14_400.0)
    review = _review(desk)
    for name, run in (
        ("leases expire", review.expire_leases),
        ("all ranks are seen to", opening.rank),
        ("all queues are looked at", lambda: Waits(store, ageing=14_400.0).current()),
        ("a page of all cases", lambda: _listed(store, Wanted())),
        ("a page of open ones", lambda: _listed(store, Wanted(state=CaseState.OPEN))),
        ("a page of overdue ones", lambda: _listed(store, Wanted(overdue=True))),
    ):
        times = Times()
        for _ in range(3):
            times.of(run)
        yield Figure(name=f"{where}: {name}", value=times.p50, unit="ms")


def _listed(store: Store, wanted: Wanted) -> None:
    caseload.listed(store, Selection(wanted=wanted))


def _shown(name: str, times: Times) -> Iterator[Figure]:
    note = f"p50 {times.p50:.1f} ms, p99 {times.p99:.1f} ms"
    yield Figure(name=f"{name}, p95", value=times.p95, unit="ms", at_most=_P95_MS, note=note)
