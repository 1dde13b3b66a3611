"""Counters count what they say, for whom they say, and forget what is over."""

from engine.counting import SlidingWindow, counters_in_use
from engine.counting.windows import _Times, _Values
from engine.item import Item, Value
from engine.rules.model import Counter, Points, PointsLine, Status
from engine.rules.vocabulary import FieldType
from tests.unit.policies import PLACE, at_least, counter, policy, rule, vocabulary


def always(_: Counter, __: Item) -> bool:
    """Take every `where` for true."""
    return True


def item(**fields: Value) -> Item:
    """An item with these fields, `__` for a dot."""
    return Item("i", {name.replace("__", "."): value for name, value in fields.items()})


def seen(window: SlidingWindow, given: Item, now: float) -> Value | None:
    """What an item sees of the counter `c`."""
    return window.observe(given, now).fields.get("counter.c")


def test_a_window_slides_and_includes_the_item_itself() -> None:
    """An item sees itself and what came after, but not at, the start of its window."""
    window = SlidingWindow({"c": counter(within=10.0)}, always)
    author = item(author__id="u")
    assert [seen(window, author, now) for now in (0.0, 5.0, 10.0, 15.5)] == [1, 2, 2, 2]


def test_keys_are_counted_apart() -> None:
    """One author's items are not another's."""
    window = SlidingWindow({"c": counter()}, always)
    assert [seen(window, item(author__id=name), 0.0) for name in "uvu"] == [1, 1, 2]


def test_without_a_key_the_count_is_unknown() -> None:
    """An item without the `per` value has no count, rather than none."""
    window = SlidingWindow({"c": counter()}, always)
    assert seen(window, item(), 0.0) is None


def test_an_item_that_is_not_counted_sees_the_count() -> None:
    """Kinds and `where` say what is counted, not who may look."""
    counters = {"c": counter(kinds=frozenset({"comment"}), where=at_least("links.count", 1))}
    answers = {0: False, 1: True, 2: None}
    window = SlidingWindow(
        counters, lambda _, given: answers[int(str(given.fields["links.count"]))]
    )
    counted = item(author__id="u", item__kind="comment", links__count=1)
    assert seen(window, counted, 0.0) == 1
    for left_out in (
        item(author__id="u", item__kind="post", links__count=1),
        item(author__id="u", links__count=1),
        item(author__id="u", item__kind="comment", links__count=0),
        item(author__id="u", item__kind="comment", links__count=2),
    ):
        assert seen(window, left_out, 0.0) == 1


def test_each_member_of_a_set_is_a_key() -> None:
    """Of several keys the one seen most often counts, and none at all counts 0."""
    window = SlidingWindow({"c": counter(per="links.domain")}, always)
    assert seen(window, item(links__domain=frozenset({"a", "b"})), 0.0) == 1
    assert seen(window, item(links__domain=frozenset({"b", "c"})), 0.0) == 2
    assert seen(window, item(links__domain=frozenset({"a", "c"})), 0.0) == 2
    assert seen(window, item(links__domain=frozenset()), 0.0) == 0


def test_distinct_counts_values_once() -> None:
    """The same author twice is one author."""
    counters = {"c": counter(per="links.domain", distinct="author.id", within=10.0)}
    window = SlidingWindow(counters, always)

    def post(author: str, now: float) -> Value | None:
        return seen(window, item(author__id=author, links__domain=frozenset({"d"})), now)

    assert [post("u", 0.0), post("u", 1.0), post("v", 2.0)] == [1, 1, 2]
    assert [post("w", 11.5), post("u", 30.0)] == [2, 1]


def test_defaults_stand_in_for_what_does_not_arrive() -> None:
    """The key of an item that brings none is the default of the field."""
    window = SlidingWindow({"c": counter()}, always, defaults={"author.id": "nobody"})
    assert [seen(window, item(), 0.0), seen(window, item(author__id="nobody"), 0.0)] == [1, 2]


def test_a_count_that_the_item_brings_stands() -> None:
    """A value given with the item wins over the one computed."""
    window = SlidingWindow({"c": counter()}, always)
    assert seen(window, item(author__id="u", counter__c=9), 0.0) == 9
    assert seen(window, item(author__id="u"), 0.0) == 2


def test_equal_definitions_are_counted_once() -> None:
    """Two names for one definition share their window; other definitions do not."""
    asked: list[str] = []

    def holds(which: Counter, _: Item) -> bool:
        asked.append(which.name)
        return True

    where = at_least("links.count", 1)
    elsewhere = at_least("links.count", 1)
    counters = {
        "a": counter("a", where=where),
        "b": counter("b", where=elsewhere, about="the same"),
        "c": counter("c", where=at_least("links.count", 2)),
    }
    fields = SlidingWindow(counters, holds).observe(item(author__id="u"), 0.0).fields
    assert asked == ["a", "c"]
    assert {fields["counter.a"], fields["counter.b"], fields["counter.c"]} == {1}


def test_items_out_of_order_are_counted_exactly() -> None:
    """An item sees its own window, also if later ones came before it."""
    window = SlidingWindow({"c": counter(within=10.0)}, always)
    author = item(author__id="u")
    assert [seen(window, author, now) for now in (100.0, 95.0, 93.0, 104.0, 80.0)] == [
        1,
        1,
        1,
        3,
        1,
    ]


def test_what_is_over_is_forgotten() -> None:
    """Memory follows the window, not the length of the stream."""
    counters = {"c": counter(within=10.0), "d": counter("d", within=10.0, distinct="text.hash")}
    window = SlidingWindow(counters, always, lateness=10.0)
    for now in range(5_000):
        window.observe(item(author__id=f"u{now}", text__hash=f"t{now}"), float(now))
    for kept in window._windows:
        assert 0 < len(kept._rows) + len(kept._older) <= 41
    assert window.late == 0
    window.observe(item(author__id="u0"), 4_000.0)
    assert window.late == 1


def test_a_busy_key_forgets_too() -> None:
    """A key that never rests does not keep its whole past."""
    counters = {"c": counter(within=10.0), "d": counter("d", within=10.0, distinct="text.hash")}
    window = SlidingWindow(counters, always, lateness=10.0)
    for now in range(5_000):
        window.observe(item(author__id="u", text__hash=f"t{now}"), float(now))
    plain, distinct = (kept._rows["u"] for kept in window._windows)
    assert isinstance(plain, _Times)
    assert isinstance(distinct, _Values)
    assert len(plain.moments) <= 41
    assert len(distinct._values) == len(distinct._last) <= 41


def test_only_counters_in_use_are_kept() -> None:
    """A counter that no live or shadow rule looks at, directly or not, costs nothing."""
    words = vocabulary(
        links__count=FieldType.COUNT,
        counter__direct=FieldType.COUNT,
        counter__added=FieldType.COUNT,
        counter__draft=FieldType.COUNT,
        counter__inner=FieldType.COUNT,
        points__signs=FieldType.NUMBER,
    )
    line = PointsLine(points=1.0, because="b", when=at_least("counter.added", 1), span=PLACE)
    used = counters_in_use(
        policy(
            words,
            rule("a", at_least("counter.direct", 1)),
            rule("b", at_least("points.signs", 1), status=Status.SHADOW),
            rule("c", at_least("counter.draft", 1), status=Status.DRAFT),
            points={"signs": Points(name="signs", lines=(line,), span=PLACE)},
            counters={
                "direct": counter("direct", where=at_least("counter.inner", 1)),
                **{name: counter(name) for name in ("added", "draft", "inner")},
            },
        )
    )
    assert sorted(used) == ["added", "direct", "inner"]
