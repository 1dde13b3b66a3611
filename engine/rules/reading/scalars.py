"""Single values of a document: texts, words of a fixed choice, numbers, durations, dates."""

import re
from collections.abc import Callable, Collection
from enum import StrEnum
from functools import cache
from typing import TypeVar

from engine.rules import quantities
from engine.rules.documents import Mapping, Node, Scalar, Sequence
from engine.rules.quantities import NotAQuantity
from engine.rules.reading.reader import Reader
from engine.rules.reading.shapes import Keys, items_of
from engine.rules.suggestions import quoted, shown

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_Enum = TypeVar("_Enum", bound=StrEnum)
_Quantity = TypeVar("_Quantity", float, bool)


def scalar(reader: Reader, node: Node | None) -> Scalar | None:
    """A single value; a list, a mapping or an empty text in its place is noted."""
    if isinstance(node, Scalar):
        if node.value.strip() or node.style not in ("'", '"'):
            return node
        reader.error("empty", "the text between the quotes is empty", node)
    elif isinstance(node, Sequence):
        reader.error("shape", "one value should stand here, not a list", node)
    elif isinstance(node, Mapping):
        reader.error("shape", "one value should stand here, not `key: value` lines", node)
    return None


def text(reader: Reader, node: Node | None) -> str | None:
    """A text that is not empty and holds no control character."""
    found = scalar(reader, node)
    if found is None or control_character(reader, found):
        return None
    return found.value.strip()


def control_character(reader: Reader, node: Scalar) -> bool:
    """Whether an escape in double quotes has become a control character, which is noted."""
    if node.style != '"' or node.value.isprintable():
        return False
    for char in node.value:
        if (char < " " and char not in "\n\t") or "\x7f" <= char <= "\x9f":
            code_point = f"U+{ord(char):04X}"
            message = f"an escape in double quotes makes a control character ({code_point}) here"
            reader.error("control-character", message, node, "use single quotes")
            return True
    return False


def texts(reader: Reader, node: Node | None) -> tuple[str, ...]:
    """A list of texts; one text alone is a list of one."""
    if node is None:
        return ()
    found = [text(reader, item) for item in items_of(reader, node)]
    return tuple(one for one in found if one is not None)


def names(reader: Reader, node: Node | None) -> list[Scalar]:
    """A list of names with their places; repetitions are noted."""
    if node is None:
        return []
    found: list[Scalar] = []
    seen: set[str] = set()
    for item in items_of(reader, node):
        one = scalar(reader, item)
        if one is None:
            continue
        if one.value in seen:
            reader.warn("duplicate-entry", f"`{shown(one.value)}` stands here twice", one)
        else:
            seen.add(one.value)
            found.append(one)
    return found


def choice(reader: Reader, node: Node | None, choices: Collection[str]) -> str | None:
    """One of a few fixed words."""
    found = scalar(reader, node)
    if found is None:
        return None
    if found.value in choices:
        return found.value
    hint = reader.mistakes.suggestion(found.value, choices)
    message = f"`{shown(found.value)}` is not possible here"
    reader.error("choice", message, found, hint or f"write one of {quoted(choices)}")
    return None


def enum(reader: Reader, node: Node | None, kind: type[_Enum]) -> _Enum | None:
    """One of the words of an enumeration."""
    if node is None:
        return None
    found = choice(reader, node, _words(kind))
    return kind(found) if found is not None else None


@cache
def _words(kind: type[StrEnum]) -> dict[str, None]:
    return dict.fromkeys(str(one) for one in kind)


def quantity(
    reader: Reader, node: Node | None, read: Callable[[str], _Quantity]
) -> _Quantity | None:
    """What one of the functions of `quantities` reads from the value, or from its setting."""
    if node is None:
        return None
    place = reader.resolved(node)
    if place is None:
        return None
    reader, node = place
    found = scalar(reader, node)
    if found is None:
        return None
    try:
        return read(found.value)
    except NotAQuantity as problem:
        reader.error(problem.code, problem.message, found, problem.hint)
        return None


def duration(reader: Reader, node: Node | None) -> float | None:
    """A duration above zero."""
    found = quantity(reader, node, quantities.duration)
    if found == 0 and node is not None:
        reader.error("range", "a duration of zero makes no sense here", node)
        return None
    return found


def whole(reader: Reader, node: Node | None, least: int, most: int) -> int | None:
    """A whole number within bounds."""
    found = quantity(reader, node, quantities.number)
    if found is None or node is None:
        return None
    if found != int(found) or not least <= found <= most:
        message = f"a whole number from {least:,} to {most:,} should stand here"
        reader.error("range", message, node)
        return None
    return int(found)


def yes(reader: Reader, node: Node | None) -> bool:
    """Whether `yes` was written."""
    return bool(quantity(reader, node, quantities.yes_no))


def optional(reader: Reader, keys: Keys, name: str) -> str | None:
    """The text of a key that may be left out."""
    node = keys.get(name)
    return text(reader, node) if node is not None else None


def language(reader: Reader, node: Node | None) -> str | None:
    """A language such as `en` or `pt-BR`."""
    found = scalar(reader, node)
    if found is None or _LANGUAGE.fullmatch(found.value):
        return found.value if found is not None else None
    lowered = found.value.lower()
    hint = f"did you mean `{lowered}`?" if _LANGUAGE.fullmatch(lowered) else "write `en` or `pt-BR`"
    reader.error("language", f"`{shown(found.value)}` is not a language", found, hint)
    return None
