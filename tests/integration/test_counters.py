"""Counters in Redis are complete again after whatever happens to Redis."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.counting import counters_in_use, sliding_window
from engine.item import Value
from engine.rules.release import Release
from queues.counters.sharing import SharedCounters
from queues.embedded import EmbeddedValkey
from queues.intake import Intake
from queues.judging import Judge
from queues.store.session import Store
from tests.integration.intakes import accepted, intake_over
from tests.waiting import until

POLICY = """\
file: rules
owner: o@example.org
policy: spam
---
field: author.id
type: text id
---
field: links.domain
type: set of domains
---
field: author.age
type: duration
---
field: item.created_at
type: date
---
queue: general
tier: single
sla: 24 hours
default: yes
---
reason: spam.flood
title: Flood
policy: spam
---
counter: posts
per: author.id
where: { author.age: { below: 1 day } }
within: 1 hour
---
counter: spread
per: links.domain
distinct: author.id
within: 30 minutes
---
rule: flood
status: live
when:
  any:
    - counter.posts: { at_least: 1000 }
    - counter.spread: { at_least: 1000 }
then: { tier: single, reason: spam.flood }
"""
MORE = POLICY.replace("spread: { at", "links: { at").replace(
    "---\nrule: flood", "---\ncounter: links\nper: links.domain\nwithin: 2 hours\n---\nrule: flood"
)

Raw = Mapping[str, object]


class World:
    """A store, a way in, and counters over a Redis."""

    def __init__(self, store: Store, shared: SharedCounters) -> None:
        self.store = store
        self.shared = shared
        self.sent: list[Raw] = []

    def intake(self, release: Release) -> Intake:
        """The way in, under a release."""
        return intake_over(self.store, Judge(release, counters=self.shared.of(release)))

    def send(self, intake: Intake, *raws: Raw) -> None:
        """Have items accepted."""
        accepted(intake, *raws)
        self.sent += raws


def post(number: int, *, moment: float, author: str = "u") -> Raw:
    """An item of an author, a domain and a moment."""
    return {
        "id": f"i{number}",
        "author": {"id": author, "age": 3_600 * (number % 3) * 12},
        "links": {"domain": [f"d{number % 2}.example"]},
        "created_at": moment,
    }


def released(folder: Path, policy: str = POLICY) -> Release:
    """A release of a policy."""
    file = folder / "all.yaml"
    file.write_text(policy, encoding="utf-8")
    return Release.load(file)


def expected(release: Release, raws: list[Raw]) -> Mapping[str, Value]:
    """What the last of some items sees, counted in memory."""
    judge = Judge(release)
    window = sliding_window(release, counters_in_use(release.policy))
    seen: Mapping[str, Value] = {}
    for raw in raws:
        item = judge.reader.read(raw)
        fields = window.observe(item, float(str(item.fields["item.created_at"]))).fields
        seen = {name: value for name, value in fields.items() if name.startswith("counter.")}
    return seen


def found(world: World, release: Release, raw: Raw) -> Mapping[str, Value]:
    """What an item sees in Redis; it is not accepted, and may be looked with again."""
    item = Judge(release).reader.read(raw)
    moment = float(str(item.fields["item.created_at"]))
    [seen] = world.shared.of(release).observe_many([item], [moment])
    return seen


@contextmanager
def shared_over(store: Store, url: str) -> Iterator[SharedCounters]:
    """Counters that wait long enough for a small store."""
    shared = SharedCounters(store, url, lateness=3_600.0, timeout=10.0)
    yield shared
    shared.close()


@pytest.fixture
def world(store: Store, redis_url: str) -> Iterator[World]:
    """A store and an empty Redis."""
    with shared_over(store, redis_url) as shared:
        yield World(store, shared)


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey that a test may stop."""
    with EmbeddedValkey(tmp_path / "valkey", durable=False) as valkey:
        yield valkey


def history(start: float, count: int = 40) -> list[Raw]:
    """Items of two authors over an hour and a half, some out of order."""
    return [
        post(number, moment=start + 150.0 * number - 400.0 * (number % 3), author="uv"[number % 2])
        for number in range(count)
    ]


def test_what_was_lost_is_filled_from_postgres(world: World, tmp_path: Path) -> None:
    """After FLUSHALL the next item sees all that was accepted before."""
    release = released(tmp_path)
    intake = world.intake(release)
    items = history(1_790_000_000.0)
    world.send(intake, *items[:15])
    world.send(intake, *items[15:])
    probe = post(40, moment=1_790_005_900.0)
    want = expected(release, [*items, probe])
    assert found(world, release, probe) == want
    assert want["counter.posts"] != want["counter.spread"]
    world.shared._link.client.flushall()
    assert found(world, release, probe) == want


def test_what_was_missed_while_redis_was_away_is_filled(
    store: Store, own_valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    """Items are accepted without counts while Redis is down, and counted when it is back."""
    release = released(tmp_path)
    items = history(1_790_000_000.0)
    probe = post(40, moment=1_790_005_900.0)
    with shared_over(store, own_valkey.url) as shared:
        world = World(store, shared)
        intake = world.intake(release)
        world.send(intake, *items[:20])
        own_valkey.kill()
        world.send(intake, *items[20:])
        assert found(world, release, probe) == {}
        own_valkey.start()
        want = expected(release, [*items, probe])
        until(lambda: found(world, release, probe) == want)


def test_a_new_definition_has_its_history(world: World, tmp_path: Path) -> None:
    """A counter of a new release counts what happened before the release."""
    old, new = released(tmp_path), released(tmp_path, MORE)
    items = history(1_790_000_000.0)
    world.send(world.intake(old), *items)
    probe = post(40, moment=1_790_005_900.0)
    seen = found(world, new, probe)
    assert seen == expected(new, [*items, probe])
    assert "counter.links" in seen


def test_items_counted_under_another_release_are_not_forgotten(
    world: World, tmp_path: Path
) -> None:
    """While processes change releases, each sees what the other accepted."""
    old, new = released(tmp_path), released(tmp_path, MORE)
    items = history(1_790_000_000.0)
    for place in range(0, len(items), 20):
        world.send(world.intake(old), *items[place : place + 10])
        world.send(world.intake(new), *items[place + 10 : place + 20])
    probe = post(40, moment=1_790_005_900.0)
    assert found(world, new, probe) == expected(new, [*items, probe])
    assert found(world, old, probe) == expected(old, [*items, probe])


def test_a_gap_in_one_process_is_a_gap_for_all(
    store: Store, own_valkey: EmbeddedValkey, tmp_path: Path
) -> None:
    """A process that missed items tells the others, which never noticed."""
    release = released(tmp_path)
    items = history(1_790_000_000.0)
    probe = post(40, moment=1_790_005_900.0)
    with shared_over(store, own_valkey.url) as one, shared_over(store, own_valkey.url) as other:
        world, elsewhere = World(store, one), World(store, other)
        world.send(world.intake(release), *items[:20])
        found(elsewhere, release, post(0, moment=1_790_000_000.0))
        one._link.missed()
        accepted(intake_over(store, Judge(release)), *items[20:])
        found(world, release, post(0, moment=1_790_000_000.0))
        assert found(elsewhere, release, probe) == expected(release, [*items, probe])


def test_items_that_no_counter_saw_are_not_forgotten(
    store: Store, redis_url: str, tmp_path: Path
) -> None:
    """A process whose release has no counters leaves a gap, which is filled."""
    release = released(tmp_path)
    none = released(tmp_path, POLICY.replace("status: live", "status: retired"))
    items = history(1_790_000_000.0)
    probe = post(40, moment=1_790_005_900.0)
    with shared_over(store, redis_url) as one, shared_over(store, redis_url) as other:
        world, elsewhere = World(store, one), World(store, other)
        world.send(world.intake(release), *items[:20])
        elsewhere.send(elsewhere.intake(none), *items[20:])
        assert found(world, release, probe) == expected(release, [*items, probe])
