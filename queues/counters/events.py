"""Writes a batch of items as events, the form in which `observe.lua` reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from struct import Struct
from typing import Final

from engine.counting import Measure
from engine.item import Item, Value
from engine.rules.leaves import DEFAULT_KIND
from queues.counters import fingerprints

#: Moment and item; the name of the key follows.
_HEAD: Final = Struct(f"<d{fingerprints.SIZE}s")
#: Definition and number of values; their names follow.
_TAIL: Final = Struct("<HH")
#: In place of the number of values: not counted, sees the count all the same.
_ONLY_LOOKS: Final = 65_535
#: Bytes in one call of the script, some hundred events: a few milliseconds, in which Redis serves
#: nobody else.
_CHUNK: Final = 16_384


@dataclass(slots=True)
class Batch:
    """The events of some items."""

    chunks: list[bytes] = field(default_factory=list)
    """Events, in order, some hundred in each."""
    places: list[tuple[int, int]] = field(default_factory=list)
    """For each event, in order, the places of its item and of its measure."""
    keyless: list[tuple[int, int]] = field(default_factory=list)
    """The same for items with a set of keys that is empty: they see 0."""


class Writer:
    """Writes events of some measures. A writer serves one batch."""

    def __init__(self, measures: Sequence[Measure], names: Sequence[str]) -> None:
        """Prepare for a batch.

        Args:
            measures: What is counted.
            names: The name of each definition, from `fingerprints.of_definition`.
        """
        self._measures = [
            (number, measure.counter.per, measure, bytes.fromhex(name))
            for number, (measure, name) in enumerate(zip(measures, names, strict=True))
        ]
        self._known: dict[tuple[Value, bytes], bytes] = {}
        self._chunk = bytearray()
        self._batch = Batch()

    def write(self, items: Sequence[Item], moments: Sequence[float]) -> Batch:
        """The events of items, each with its moment in seconds since 1970."""
        for place, (item, moment) in enumerate(zip(items, moments, strict=True)):
            self._write_item(place, item, moment)
        if self._chunk:
            self._batch.chunks.append(bytes(self._chunk))
        return self._batch

    def _write_item(self, place: int, item: Item, moment: float) -> None:
        fields = item.fields
        kind = fields.get("item.kind", DEFAULT_KIND)
        head = b""
        for number, per, measure, salt in self._measures:
            key = fields.get(per, measure.default_key)
            if key is None:
                continue
            head = head or _HEAD.pack(moment, fingerprints.of_value(item.id))
            tail = self._tail(number, measure, item, counts=measure.counts(item, kind))
            if type(key) is not frozenset:
                self._add(head + self._name(key, salt) + tail)
                self._batch.places.append((place, number))
                continue
            if not key:
                self._batch.keyless.append((place, number))
            for each in key:
                self._add(head + self._name(each, salt) + tail)
                self._batch.places.append((place, number))

    def _tail(self, number: int, measure: Measure, item: Item, *, counts: bool) -> bytes:
        if not counts:
            return _TAIL.pack(number, _ONLY_LOOKS)
        if measure.counter.distinct is None:
            return _TAIL.pack(number, 0)
        values = [self._name(value) for value in measure.values(item)]
        return b"".join((_TAIL.pack(number, len(values)), *values))

    def _name(self, value: Value, salt: bytes = b"") -> bytes:
        name = self._known.get((value, salt))
        if name is None:
            name = self._known[value, salt] = fingerprints.of_value(value, salt)
        return name

    def _add(self, event: bytes) -> None:
        chunk = self._chunk
        chunk += event
        if len(chunk) >= _CHUNK:
            self._batch.chunks.append(bytes(chunk))
            chunk.clear()
