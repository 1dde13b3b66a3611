"""Counters in Redis against counters in memory: the same numbers, and none counted twice."""

from collections.abc import Iterator, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.counting import SlidingWindow, measures_of
from engine.item import Item, Value
from engine.rules.model import Counter
from queues.counters.link import Link
from queues.counters.refilling import refilling
from queues.counters.windows import RedisCounters
from tests.generators.draws import Draws, built
from tests.services import Servers
from tests.unit.policies import at_least, counter

#: Moments lie around it, so that doubles are as coarse as they are in earnest.
START = 1_790_000_000.0
DEFAULTS: Mapping[str, Value] = {"target.id": "nobody"}

_PER = ("author.id", "links.domain", "target.id", "links.count")
_DISTINCT = (None, "author.id", "links.domain", "target.id")
_WITHIN = (3.0, 0.3, 10.0, 40.0)
_KINDS = (frozenset[str](), frozenset({"comment"}))

Event = tuple[Item, float]


def counters(draws: Draws) -> dict[str, Counter]:
    """A few counters, some of which count the same under several names."""
    return {
        f"c{number}": counter(
            f"c{number}",
            per=draws.pick(_PER),
            distinct=draws.pick(_DISTINCT),
            within=draws.pick(_WITHIN),
            kinds=draws.pick(_KINDS),
            where=at_least("links.count", draws.below(2)) if draws.chance(40) else None,
        )
        for number in range(draws.between(1, 4))
    }


def events(draws: Draws) -> list[Event]:
    """Items whose authors, domains and moments coincide, most of them in order of time."""
    moments = []
    tenths = 0
    for _ in range(draws.between(1, 40)):
        tenths += draws.below(20)
        late = draws.below(80) if draws.chance(50) else 0
        millionths = draws.chance(15)
        moments.append(START + (tenths - late) / 10 + millionths * 1e-6)
    return [(_item(draws, number), moment) for number, moment in enumerate(moments)]


def _item(draws: Draws, number: int) -> Item:
    fields: dict[str, Value] = {"item.kind": draws.pick(("comment", "post"))}
    for name, share in (("author.id", 80), ("target.id", 50)):
        if draws.chance(share):
            fields[name] = draws.pick("uv")
    if draws.chance(70):
        fields["links.domain"] = frozenset(draws.some("ab", 2, least=0))
    if draws.chance(60):
        fields["links.count"] = draws.pick((0, 1, 1.0, 2))
    if draws.chance(5):
        fields["counter.c0"] = 99
    return Item(f"i{number}", fields)


def holds(which: Counter, item: Item) -> bool | None:
    """Decide the only `where` there is: at least so many links."""
    assert which.where is not None
    links = item.fields.get("links.count")
    if links is None:
        return None
    return float(str(links)) >= float(which.where.constant)  # type: ignore[union-attr, arg-type]


def in_memory(which: Mapping[str, Counter], history: Sequence[Event]) -> list[Mapping[str, Value]]:
    """What each item sees, counted one by one; without what it brings itself."""
    window = SlidingWindow(which, holds, defaults=DEFAULTS)
    seen: list[Mapping[str, Value]] = []
    for item, moment in history:
        found = window.observe(item, moment).fields
        seen.append({name: found[name] for name in found.keys() - item.fields.keys()})
    return seen


def in_batches(shared: RedisCounters, history: Sequence[Event], size: int) -> list[object]:
    """What each item sees, counted some at a time."""
    seen: list[object] = []
    for start in range(0, len(history), size):
        batch = history[start : start + size]
        seen += shared.observe_many([item for item, _ in batch], [moment for _, moment in batch])
    return seen


@pytest.fixture(scope="module")
def link(servers: Servers) -> Iterator[Link]:
    """The way to the Valkey of the tests."""
    link = Link(servers.valkey.url, timeout=5.0)
    yield link
    link.close()


def fresh(link: Link, which: Mapping[str, Counter], lateness: float = 40.0) -> RedisCounters:
    """Counters in a Valkey that holds nothing and knows that it lacks nothing."""
    link.client.flushall()
    shared = RedisCounters(link, measures_of(which, holds, DEFAULTS), lateness)
    with refilling(shared, patience=0.0) as refill:
        assert refill is not None
    return shared


@given(built(counters), built(events), st.integers(1, 40))
def test_shared_counts_are_those_in_memory(
    link: Link, which: dict[str, Counter], history: list[Event], size: int
) -> None:
    """In batches of any size, in any order of time, items see what they see in one process."""
    shared = fresh(link, which)
    assert in_batches(shared, history, size) == in_memory(which, history)


@given(built(counters), built(events), st.integers(1, 40))
def test_counting_again_changes_nothing(
    link: Link, which: dict[str, Counter], history: list[Event], size: int
) -> None:
    """Batches that are sent twice, as after a lost answer, count once."""
    shared = fresh(link, which)
    expected = in_memory(which, history)
    for start in range(0, len(history), size):
        batch = history[start : start + size]
        in_batches(shared, batch, size)
        again = in_batches(shared, batch, size)
        if len(batch) == 1:
            assert again == [expected[start]]
    last = history[-1][0]
    newest = max(moment for _, moment in history)
    final = Item("last", {**last.fields, "item.kind": "neither"})
    assert in_batches(shared, [(final, newest)], 1) == [
        in_memory(which, [*history, (final, newest)])[-1]
    ]


@given(
    st.lists(st.tuples(st.sampled_from("uvw"), st.integers(0, 100)), min_size=20, max_size=60),
    st.sampled_from((20, 30)),
)
def test_late_items_see_different_values_exactly(
    link: Link, visits: list[tuple[str, int]], within: int
) -> None:
    """Of moments of a value that lie close together few are kept, and no window misses one."""
    which = {"c0": counter("c0", per="target.id", distinct="author.id", within=within / 10)}
    history = [
        (Item(f"i{number}", {"author.id": author}), START + tenths / 10)
        for number, (author, tenths) in enumerate(visits)
    ]
    assert in_batches(fresh(link, which), history, 60) == in_memory(which, history)
