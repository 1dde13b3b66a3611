"""The text of one document as values, without recursion and within bounds."""

from dataclasses import dataclass, field

import yaml
from yaml import CSafeLoader

from engine.importing.automoderator.nodes import Items, Lines, Text, Value
from engine.rules.limits import DOCUMENT_DEPTH
from engine.rules.suggestions import shown

#: Values of one document, what stands behind aliases counted each time.
MOST_VALUES = 50_000

_TOO_DEEP = f"nothing may stand more than {DOCUMENT_DEPTH} levels deep"
#: What the parser says at a depth of its own.
_DEEPER_THAN_READ = "exceeded maximum nesting depth"


class Unreadable(Exception):
    """A document is no YAML that the source would read, or too large."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line = line
        self.message = message


class TooLarge(Unreadable):
    """A document that the source may read is larger than is read here."""


def composed(text: str) -> tuple[Value | None, frozenset[int]]:
    """The value of a document, and the lines that longer texts cover."""
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=CSafeLoader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        what = shown((error.problem or "it cannot be read").lower())
        if what == _DEEPER_THAN_READ:
            raise TooLarge(line, _TOO_DEEP) from None
        raise Unreadable(line, f"this is no YAML: {what}") from None
    except yaml.YAMLError:
        raise Unreadable(1, "this is no YAML: there is a control character in it") from None
    return builder.result, frozenset(builder.covered)


@dataclass(slots=True)
class _Open:
    """A list or lines that have begun."""

    line: int
    anchor: str | None
    keyed: bool
    values: list[Value] = field(default_factory=list)
    size: int = 1


@dataclass(slots=True)
class _Builder:
    """Puts values together from events, without recursion, within bounds."""

    result: Value | None = None
    covered: set[int] = field(default_factory=set)
    _open: list[_Open] = field(default_factory=list)
    _named: dict[str, tuple[Value, int, int]] = field(default_factory=dict)
    """Anchor → its value, how many values that is, and how deep."""
    _documents: int = 0
    _values: int = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event."""
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise Unreadable(line, "a new document begins here without a line `---`")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self._open) >= DOCUMENT_DEPTH:
                raise TooLarge(line, _TOO_DEEP)
            keyed = isinstance(event, yaml.MappingStartEvent)
            self._open.append(_Open(line, event.anchor, keyed))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        end = event.end_mark
        if end is not None and end.line + 1 > line:
            self.covered.update(range(line, end.line + 1 + (end.column > 0)))
        text = Text(event.value, not event.style, line)
        if event.anchor is not None:
            self._named[event.anchor] = (text, 1, 0)
        self._add(text, 1, line)

    def _alias(self, anchor: str, line: int) -> None:
        known = self._named.get(anchor)
        if known is None:
            raise Unreadable(line, f"this is no YAML: nothing is called `{shown(anchor)}`")
        value, size, depth = known
        if len(self._open) + depth > DOCUMENT_DEPTH:
            raise TooLarge(line, _TOO_DEEP)
        self._add(value, size, line)

    def _add(self, value: Value, size: int, line: int) -> None:
        self._values += size
        if self._values > MOST_VALUES:
            raise TooLarge(line, f"a document has at most {MOST_VALUES:,} values")
        if self._open:
            self._open[-1].values.append(value)
            self._open[-1].size += size
        else:
            self.result = value

    def _close(self) -> None:
        done = self._open.pop()
        value: Value
        if done.keyed:
            value = Lines(_pairs(done.values), done.line)
        else:
            value = Items(tuple(done.values), done.line)
        self._values -= done.size - 1
        if done.anchor is not None:
            self._named[done.anchor] = (value, done.size, _depth(value))
        self._add(value, done.size, done.line)


def _depth(value: Value) -> int:
    if isinstance(value, Text):
        return 0
    inner = value.values if isinstance(value, Items) else [one for _, one in value.pairs]
    return 1 + max((_depth(one) for one in inner), default=0)


def _pairs(values: list[Value]) -> tuple[tuple[Text, Value], ...]:
    """Keys with their values; what `<<` names is put in where the document says nothing itself."""
    pairs: list[tuple[Text, Value]] = []
    merged: list[tuple[Text, Value]] = []
    for key, value in zip(values[::2], values[1::2], strict=True):
        if not isinstance(key, Text):
            raise Unreadable(key.line, "a list or `key: value` lines cannot be a key")
        if key.plain and key.value == "<<" and isinstance(value, Lines):
            merged += value.pairs
        else:
            pairs.append((key, value))
    own = {key.value for key, _ in pairs}
    return (*(pair for pair in merged if pair[0].value not in own), *pairs)
