"""Sliding windows against counting by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from engine.counting import SlidingWindow
from engine.item import Item, Value
from engine.rules.model import Counter
from tests.unit.policies import counter

WITHIN = 10.0


@dataclass(frozen=True, slots=True)
class Step:
    """An item and its moment."""

    item: Item
    now: float


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Few authors, domains and moments, so that much coincides."""
    fields: dict[str, Value] = {"item.kind": draw(st.sampled_from(["post", "comment"]))}
    author = draw(st.sampled_from([None, "u", "v", "w"]))
    if author is not None:
        fields["author.id"] = author
    domains = draw(st.none() | st.frozensets(st.sampled_from("abc"), max_size=3))
    if domains is not None:
        fields["links.domain"] = domains
    tenths = draw(st.integers(min_value=0, max_value=400))
    return Step(Item("i", fields), tenths / 10)


COUNTERS = {
    "all": counter("all", within=WITHIN),
    "comments": counter("comments", kinds=frozenset({"comment"}), within=WITHIN),
    "domains": counter("domains", per="links.domain", within=WITHIN),
    "authors": counter("authors", per="links.domain", distinct="author.id", within=WITHIN),
    "spread": counter("spread", distinct="links.domain", within=WITHIN),
}


def always(_: Counter, __: Item) -> bool:
    """Take every `where` for true."""
    return True


def members(item: Item, field: str) -> frozenset[Value] | None:
    """The keys or values of a field; None: it did not arrive."""
    value = item.fields.get(field)
    if value is None:
        return None
    return frozenset(value) if isinstance(value, frozenset) else frozenset((value,))


def by_hand(which: Counter, so_far: Sequence[Step]) -> int | None:
    """The count that the last of these sees, by looking at each of them."""
    last = so_far[-1]
    keys = members(last.item, which.per)
    if keys is None:
        return None
    inside = [
        step
        for step in so_far
        if last.now - which.within < step.now <= last.now
        and (not which.kinds or step.item.kind in which.kinds)
    ]
    return max((amount(which, key, inside) for key in keys), default=0)


def amount(which: Counter, key: Value, inside: Iterable[Step]) -> int:
    """How many of these items, or of their values, belong to a key."""
    items = [step.item for step in inside if key in (members(step.item, which.per) or ())]
    if which.distinct is None:
        return len(items)
    values: set[Value] = set()
    for item in items:
        values |= members(item, which.distinct) or set()
    return len(values)


@given(st.lists(steps(), max_size=40))
def test_counts_are_those_counted_by_hand(history: list[Step]) -> None:
    """In whatever order items come, each sees exactly what lies in its window."""
    window = SlidingWindow(COUNTERS, always)
    for place, step in enumerate(history):
        fields = window.observe(step.item, step.now).fields
        for name, which in COUNTERS.items():
            assert fields.get(f"counter.{name}") == by_hand(which, history[: place + 1])


@given(st.lists(steps(), max_size=60))
def test_forgetting_changes_no_count_within_the_lateness(history: list[Step]) -> None:
    """With the shortest memory, items in order of time still see exact counts."""
    window = SlidingWindow(COUNTERS, always, lateness=0.0)
    in_order = sorted(history, key=lambda step: step.now)
    for place, step in enumerate(in_order):
        fields = window.observe(step.item, step.now).fields
        for name, which in COUNTERS.items():
            assert fields.get(f"counter.{name}") == by_hand(which, in_order[: place + 1])


@given(st.lists(st.tuples(steps(), st.floats(0.0, 5.0)), max_size=60))
def test_items_that_come_a_little_late_are_counted_exactly(
    history: list[tuple[Step, float]],
) -> None:
    """What is no later than allowed is counted exactly, whatever was forgotten meanwhile."""
    window = SlidingWindow(COUNTERS, always, lateness=5.0)
    ordered = sorted(history, key=lambda entry: entry[0].now)
    late = [Step(step.item, step.now - delay) for step, delay in ordered]
    for place, step in enumerate(late):
        fields = window.observe(step.item, step.now).fields
        for name, which in COUNTERS.items():
            assert fields.get(f"counter.{name}") == by_hand(which, late[: place + 1])
    assert window.late == 0
