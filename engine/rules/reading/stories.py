"""`test` documents: items over time, and what the last of them must get."""

from engine.rules import quantities
from engine.rules.documents import Node, Sequence
from engine.rules.limits import TESTS
from engine.rules.model import Event, Story
from engine.rules.reading.expectations import verdict
from engine.rules.reading.givens import given
from engine.rules.reading.mistakes import Mistakes
from engine.rules.reading.names import Names
from engine.rules.reading.reader import Reader
from engine.rules.reading.references import known
from engine.rules.reading.scalars import quantity, whole, yes
from engine.rules.reading.shapes import is_empty, keys_of, report_empty, require

_KEYS = ("test", "title", "about", "events", "expect", "fixture", "known_gap", "at")
_EVENT_KEYS = ("item", "repeat", "every", "after", "expect")


def read_stories(names: Names, mistakes: Mistakes) -> tuple[Story, ...]:
    """All stories."""
    found = [_story(Reader(one, names, mistakes)) for one in names.all_of("test")]
    return tuple(one for one in found if one is not None)


def _story(reader: Reader) -> Story | None:
    document = reader.document
    keys = keys_of(reader, document.node, _KEYS)
    if keys is None:
        return None
    require(reader, keys, ("events", "expect"), document.node)
    events = _events(reader, keys.get("events"))
    expected = verdict(reader, keys.get("expect"))
    fixture = known(reader, "fixture", keys["fixture"]) if keys.get("fixture") else None
    at = quantity(reader, keys.get("at"), quantities.moment)
    gap = yes(reader, keys.get("known_gap"))
    if expected is None or not events:
        return None
    return Story(
        name=document.name,
        fixture=fixture or "default",
        events=events,
        expect=expected,
        known_gap=gap,
        at=at,
        span=document.span,
    )


def _events(reader: Reader, node: Node | None) -> tuple[Event, ...]:
    if node is None:
        return ()
    if not isinstance(node, Sequence) or not node.value:
        hint = "begin each event with `-`: `- item: { … }`"
        reader.error("shape", "`events:` takes a list", node, hint)
        return ()
    found: list[Event] = []
    for item in node.value:
        if is_empty(item):
            report_empty(reader, item, None)
            continue
        event = _event(reader, item)
        if event is not None:
            found.append(event)
    return tuple(found)


def _event(reader: Reader, node: Node) -> Event | None:
    keys = keys_of(reader, node, _EVENT_KEYS)
    if keys is None:
        return None
    require(reader, keys, ("item",), node)
    repeat = whole(reader, keys.get("repeat"), 1, TESTS)
    every = quantity(reader, keys.get("every"), quantities.duration)
    if "every" in keys and "repeat" not in keys:
        reader.warn("no-effect", "`every` does nothing without `repeat`", node)
    return Event(
        fields=given(reader, keys.get("item")),
        repeat=repeat or 1,
        every=every or 0.0,
        after=quantity(reader, keys.get("after"), quantities.duration) or 0.0,
        expect=verdict(reader, keys.get("expect")),
        span=reader.span(node),
    )
