"""Windows in Redis: with many at once, over a long time, and while something is missing."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.counting import SlidingWindow, measures_of
from engine.item import Item, Value
from engine.rules.model import Counter
from queues.counters.link import Link
from queues.counters.refilling import refilling
from queues.counters.windows import RedisCounters
from tests.unit.policies import counter
from tests.waiting import until

START = 1_790_000_000.0
POSTS = {"posts": counter("posts", within=60.0)}
Connect = Callable[..., RedisCounters]


def always(_: Counter, __: Item) -> bool:
    """Take every `where` for true."""
    return True


@pytest.fixture
def connect(redis_url: str) -> Iterator[Connect]:
    """Makes counters, each as in a process of its own."""
    links: list[Link] = []

    def connect(
        which: Mapping[str, Counter] = POSTS, lateness: float = 3_600.0, timeout: float = 10.0
    ) -> RedisCounters:
        links.append(Link(redis_url, timeout=timeout))
        return RedisCounters(links[-1], measures_of(which, always), lateness)

    yield connect
    for link in links:
        link.close()


def complete(counters: RedisCounters) -> RedisCounters:
    """Say that nothing is missing."""
    with refilling(counters, patience=0.0) as refill:
        assert refill is not None
    return counters


def seen(counters: RedisCounters, name: str, moment: float = START) -> Mapping[str, Value]:
    """What an item of the author `u` sees."""
    [counts] = counters.observe_many([Item(name, {"author.id": "u"})], [moment])
    return counts


def mark(counters: RedisCounters) -> str | None:
    """What stands in Redis about whether the only definition is complete."""
    found = counters.link.client.hget("tw:counters", counters.names[0])
    return None if found is None else found.decode()  # type: ignore[union-attr]  # not asynchronous


def test_counts_are_unknown_until_they_are_complete(connect: Connect) -> None:
    """Too few would be taken for the truth; what came meanwhile counts afterwards."""
    counters = connect()
    assert seen(counters, "a") == {}
    assert counters.observe([Item("a", {"author.id": "u"})], [START]).lacking
    assert seen(complete(counters), "b") == {"counter.posts": 2}


def test_one_fills_at_a_time(connect: Connect) -> None:
    """Another process that wants to fill is told to wait, and then that nothing is missing."""
    with refilling(connect(), patience=0.0) as one, refilling(connect(), patience=0.0) as other:
        assert one is not None
        assert other is None
    with refilling(connect(), patience=0.0) as again:
        assert again is None


def test_a_gap_that_opens_while_another_is_filled_stays(connect: Connect) -> None:
    """What is missed during a filling is not lost with its end."""
    one, other = connect(), connect()
    with refilling(one, patience=0.0) as refill:
        assert refill is not None
        other.link.missed()
        seen(other, "a")
    assert seen(one, "b") == {}
    with refilling(one, patience=0.0) as refill:
        assert refill is not None
        assert refill.age == 3_660.0  # as it was before, since it did not come to an end


def test_a_filling_that_fails_leaves_all_as_it_was(connect: Connect) -> None:
    """What was not filled to the end is not taken for complete, and another may begin."""
    counters = connect()
    with pytest.raises(ZeroDivisionError), refilling(counters, patience=0.0):
        raise ZeroDivisionError
    assert seen(counters, "a") == {}
    assert seen(complete(counters), "b") == {"counter.posts": 2}


def test_whoever_missed_something_says_so(connect: Connect) -> None:
    """Items that came while Redis was silent are missing for everybody, as soon as it answers."""
    hasty, patient = complete(connect(timeout=0.2)), connect()
    assert seen(hasty, "a") == {"counter.posts": 1}
    patient.link.client.client_pause(400)
    assert seen(hasty, "b") == seen(hasty, "c") == {}
    until(lambda: hasty.observe([Item("d", {"author.id": "u"})], [START]).lacking)
    assert seen(patient, "e") == {}
    with refilling(patient, patience=0.0) as refill:
        assert refill is not None
        assert 0.2 < refill.age < 60.0


@pytest.mark.parametrize(("log", "least"), [("yes", 1.0), ("no", 0.0)])
def test_another_server_is_not_trusted(connect: Connect, log: str, least: float) -> None:
    """A server that was started again may have lost everything, or what came last."""
    counters = complete(connect())
    client = counters.link.client
    client.config_set("appendonly", log)
    assert seen(counters, "a") == {"counter.posts": 1}
    client.hset("tw:counters", "server", "another")
    assert seen(counters, "a") == {"counter.posts": 1}
    assert seen(connect(), "b") == {}
    assert min(1.0, float(mark(counters) or -1.0)) == least
    assert seen(complete(connect()), "c") == {"counter.posts": 3}
    client.config_set("appendonly", "yes")


def test_the_first_moment_of_an_item_stands(connect: Connect) -> None:
    """An item that is tried again later, after a transaction that failed, is where it was."""
    counters = complete(connect())
    found = [seen(counters, name, START + age) for name, age in (("a", 0), ("a", 10), ("b", 60))]
    assert found == [{"counter.posts": 1}] * 3


def test_what_is_over_is_forgotten(connect: Connect) -> None:
    """Windows of keys that never rest keep what late items may see, and little more."""
    which = {
        "posts": counter("posts", within=10.0),
        "spread": counter("spread", within=10.0, distinct="target.id"),
    }
    counters, window = complete(connect(which, 20.0)), SlidingWindow(which, always, lateness=20.0)
    found: list[Mapping[str, Value]] = []
    want: list[Mapping[str, Value]] = []
    for start in range(0, 1_200, 100):
        items = [
            Item(f"i{n}", {"author.id": "u", "target.id": f"t{n % 500}"})
            for n in range(start, start + 100)
        ]
        moments = [START + n / 4 - (20.0 if n % 7 == 0 else 0.0) for n in range(start, start + 100)]
        found += counters.observe_many(items, moments)
        for item, moment in zip(items, moments, strict=True):
            fields = window.observe(item, moment).fields
            want.append({name: fields[name] for name in fields.keys() - item.fields.keys()})
    assert found == want
    client = counters.link.client
    windows = list(client.scan_iter("tw:w:*"))
    kept = (10 + 20 + 60) * 4
    assert all(kept < client.zcard(key) < kept + 2 * 40 for key in windows)


def test_keys_live_as_long_as_they_are_needed(connect: Connect) -> None:
    """A key that is used lives on, and one that is not goes by itself."""
    counters = complete(connect())
    client = counters.link.client
    seen(counters, "a")
    [key] = client.scan_iter("tw:w:*")
    kept = (60 + 3_600 + 60) * 1_000
    assert kept < client.pttl(key) <= kept * 1.25
    client.pexpire(key, kept - 1_000)
    assert seen(counters, "b") == {"counter.posts": 2}
    assert kept < client.pttl(key) <= kept * 1.25


def test_many_at_once_count_each_item_once(connect: Connect) -> None:
    """Two processes send the same and different items at the same time; none counts twice."""
    which = {"posts": counter("posts"), "spread": counter("spread", distinct="target.id")}
    counters = [connect(which), connect(which)]
    complete(counters[0])

    def send(place: int) -> None:
        own = [
            Item(f"{place}-{number}", {"author.id": "u", "target.id": f"{place}-{number}"})
            for number in range(300)
        ]
        both = [Item(f"{number}", {"author.id": "u", "target.id": "t"}) for number in range(300)]
        for some in (own[:150], both[:200], own[150:], both[100:]):
            counters[place].observe_many(some, [START + place] * len(some))

    with ThreadPoolExecutor() as pool:
        list(pool.map(send, range(2)))
    assert seen(counters[1], "last", START + 1.0) == {"counter.posts": 901, "counter.spread": 601}
