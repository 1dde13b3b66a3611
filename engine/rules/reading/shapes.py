"""Mappings and lists of a document: keys that are known, given once, and not left empty."""

import re
from collections.abc import Collection, Iterator
from collections.abc import Mapping as Table
from types import MappingProxyType

from engine.rules.documents import Mapping, Node, Scalar, Sequence
from engine.rules.reading.reader import Reader
from engine.rules.suggestions import quoted, shown

#: The values of a mapping by key; None: the key is there, and its mistake is noted.
Keys = dict[str, Node | None]
#: Keys that have no meaning at a place, and what to do about each.
Hints = Table[str, str]

_QUOTES = ("'", '"')
_COMMENT_AT_ONCE = re.compile(r"[ \t]*(#[^\s#][^\n]*)")
#: What people write in other rule languages.
_OTHER_WORDS = {
    "id": "rule",
    "condition": "when",
    "conditions": "when",
    "if": "when",
    "description": "about",
    "desc": "about",
    "comment": "about",
    "exceptions": "unless",
    "exception": "unless",
    "type": "for",
    "kinds": "for",
    "items": "entries",
    "words": "entries",
    "values": "entries",
    "expires": "ends",
    "until": "ends",
    "name": "title",
    "window": "within",
    "timeframe": "within",
    "group_by": "per",
    "labels": "label",
}


def is_empty(node: Node) -> bool:
    """Whether nothing was written; `''` is something."""
    return isinstance(node, Scalar) and not node.value and node.style not in _QUOTES


def report_empty(reader: Reader, node: Node, key: Scalar | None) -> None:
    """Say what became of the value."""
    text = reader.document.text
    swallowed = _COMMENT_AT_ONCE.match(text, node.start_mark.index)
    if swallowed is not None:
        start = swallowed.start(1)
        span = reader.document.span_at(start, len(swallowed[1].rstrip()))
        message = "everything after `#` is a comment, so there is no value here"
        reader.mistakes.add("comment", message, span, f"write `'{shown(swallowed[1].rstrip())}'`")
    elif key is None:
        reader.error("empty", "there is nothing after `-`", node)
    elif isinstance(node, Scalar) and node.style in (">", "|"):
        message = f"`{node.style}` begins a text on the lines below, and there is none"
        reader.error("empty", message, node, "for a threshold write `{ above: 5 }`")
    elif ":" in key.value and not key.style:
        hint = f"put a space after the colon: `{shown(key.value.replace(':', ': ', 1))}`"
        reader.error("empty", f"`{shown(key.value)}` has no value", key, hint)
    else:
        message = f"there is nothing under `{shown(key.value)}:`"
        reader.error("empty", message, key, "give it a value, or delete the line")


def keys_of(
    reader: Reader,
    node: Node,
    allowed: Collection[str],
    elsewhere: Hints = MappingProxyType({}),
) -> Keys | None:
    """The keys of a mapping; unknown, repeated and empty ones are noted.

    Args:
        reader: The document.
        node: The mapping; something else is noted, and the result is None.
        allowed: The keys that may stand here.
        elsewhere: Keys that a person may expect here, and what to do about them.
    """
    if not isinstance(node, Mapping):
        message = f"`key: value` lines should stand here, such as `{next(iter(allowed))}: …`"
        reader.error("shape", message, node)
        return None
    keys: Keys = {}
    guessed: Keys = {}
    for key, value in node.value:
        if (
            isinstance(key, Scalar)
            and key.value in allowed
            and key.value not in keys
            and value.value
        ):
            keys[key.value] = value
            continue
        word = key_of(reader, key)
        if word is None or repeated(reader, node, word):
            continue
        if word.value not in allowed:
            guessed.update(_unknown_key(reader, word, value, allowed, elsewhere))
        elif is_empty(value):
            report_empty(reader, value, word)
            keys[word.value] = None
        else:
            keys[word.value] = value
    return {**guessed, **keys} if guessed else keys


def lines_of(reader: Reader, node: Mapping) -> Iterator[tuple[Scalar, Node]]:
    """The keys of a mapping with their values; repeated and empty ones are noted and left out."""
    seen: set[str] = set()
    for key, value in node.value:
        word = key_of(reader, key)
        if word is None or (word.value in seen and repeated(reader, node, word)):
            continue
        seen.add(word.value)
        if is_empty(value):
            report_empty(reader, value, word)
        else:
            yield word, value


def key_of(reader: Reader, key: Node) -> Scalar | None:
    """A key; a list or a mapping in its place is noted."""
    if isinstance(key, Scalar) and key.value:
        return key
    reader.error("shape", "a key is a single word", key)
    return None


def repeated(reader: Reader, node: Mapping, key: Scalar) -> bool:
    """Whether the key stood in the mapping before, which is noted."""
    before = next(one for one, _ in node.value if one.value == key.value)
    if before is key:
        return False
    place = reader.span(before)
    reader.mistakes.add(
        "duplicate-key",
        f"`{shown(key.value)}` is already set on line {place.line}",
        reader.span(key),
        "keep one of the two; nothing is overwritten silently",
        related=(place,),
    )
    return True


def _unknown_key(
    reader: Reader, key: Scalar, value: Node, allowed: Collection[str], elsewhere: Hints
) -> Keys:
    """Note the key; the result is what was probably meant, so that it is not missed as well."""
    name = key.value
    if name == "<<":
        hint = "what is shared goes into `list:`, `condition:` or the settings of the file"
        reader.error("anchor", "`<<` merges nothing here", key, hint)
        return dict.fromkeys(allowed)
    message = f"there is no key `{shown(name)}` here"
    if name in elsewhere:
        reader.error("unknown-key", message, key, elsewhere[name])
        return {"then": None} if "`then:`" in elsewhere[name] else {}
    meant = _OTHER_WORDS.get(name)
    if meant in allowed:
        reader.error("unknown-key", message, key, f"did you mean `{meant}`?")
        return {str(meant): None}
    near = reader.mistakes.near(name, allowed)
    if near is None:
        reader.error("unknown-key", message, key, f"possible here: {quoted(allowed)}")
        return {}
    reader.error("unknown-key", message, key, f"did you mean `{near}`?")
    return {near: None if is_empty(value) else value}


def require(reader: Reader, keys: Keys, names: Collection[str], node: Node) -> None:
    """Note the keys that have to be there and are not."""
    missing = [name for name in names if name not in keys]
    if missing and (keys or not node.value):
        verb = "is" if len(missing) == 1 else "are"
        document = reader.document
        place = document.span if node is document.node else document.span_of(node)
        reader.mistakes.add("missing-key", f"{quoted(missing)} {verb} missing here", place)


def items_of(reader: Reader, node: Node, *, may_be_empty: bool = False) -> list[Node]:
    """The values of a list, or the single value that stands in its place; empty ones are noted."""
    if not isinstance(node, Sequence):
        return [node]
    if not node.value and not may_be_empty:
        reader.error("empty-list", "the list is empty", node)
    items: list[Node] = []
    for item in node.value:
        if is_empty(item):
            report_empty(reader, item, None)
        else:
            items.append(item)
    return items
