"""Documents of the rule language written as text, in the usual form."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from engine.rules.formatting import format_text


class Bare(str):
    """A number, a percent, a duration, a date, or `yes` and `no`: written without quotes."""

    __slots__ = ()


class Long(str):
    """A text of several lines, written below its key."""

    __slots__ = ()


#: A document, or a part of one.
Data: TypeAlias = "str | Sequence[Data] | Mapping[str, Data]"

_WIDTH = 96
_PLAIN = re.compile(r"[^\W_](?:[\w./@-]| (?=[\w(]))*")
_KEY = re.compile(r"[\w./-]+")
#: What stands at the start of a plain word and is a value of another kind to a YAML reader.
_ODD = re.compile(r"(?:yes|no|on|off|true|false|null|y|n|[\d.][\d.:_e-]*)$", re.IGNORECASE)


def written(documents: Iterable[Mapping[str, Data]]) -> str:
    """Documents as a file, as `tierwise fmt` leaves it."""
    text = "---\n".join(f"{_block(document, 0)}" for document in documents)
    result = format_text("imported", text)
    return result.text


def clean(text: str) -> str:
    """A text for people without what moves the cursor, cannot be seen, or is no part of YAML."""
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    return "".join(char for char in text if char == "\n" or char.isprintable() or _blank(char))


def one_line(text: str) -> str:
    """The same on a single line, its runs of spaces joined."""
    return " ".join(clean(text).split())


def _blank(char: str) -> bool:
    return unicodedata.category(char) == "Zs" or char in "\u200c\u200d"


def _block(data: Mapping[str, Data], indent: int) -> str:
    lines = []
    for key, value in data.items():
        lines.append(f"{' ' * indent}{key}:{_value(value, indent, len(key) + 2)}")
    return "".join(f"{line}\n" for line in lines)


def _value(value: Data, indent: int, before: int) -> str:
    if isinstance(value, Long):
        return _long(value, indent + 2)
    flow = _flow(value)
    if isinstance(value, str) or (flow is not None and indent + before + len(flow) <= _WIDTH):
        return f" {flow}"
    if isinstance(value, Mapping):
        return "\n" + _block(value, indent + 2).rstrip("\n")
    return "\n" + "\n".join(_item(one, indent + 2) for one in value)


def _item(value: Data, indent: int) -> str:
    flow = _flow(value)
    room = _WIDTH - indent - 2
    if isinstance(value, Mapping) and (flow is None or len(flow) > room or _simple(value)):
        return " " * indent + "- " + _block(value, indent + 2).strip()
    if isinstance(value, str) or (flow is not None and len(flow) <= room):
        return f"{' ' * indent}- {flow}"
    return f"{' ' * indent}-" + "\n" + "\n".join(_item(one, indent + 2) for one in value)


def _simple(value: Mapping[str, Data]) -> bool:
    """Whether braces around it would only be in the way."""
    return len(value) == 1


def _flow(value: Data) -> str | None:
    """A value on one line; None: it cannot stand there."""
    if isinstance(value, str):
        return None if isinstance(value, Long) else _scalar(value)
    if isinstance(value, Mapping):
        parts = [(key, _flow(one)) for key, one in value.items()]
        if any(one is None for _, one in parts):
            return None
        return "{ " + ", ".join(f"{key}: {one}" for key, one in parts) + " }"
    inner = [_flow(one) for one in value]
    if any(
        one is None or isinstance(part, Mapping) for one, part in zip(inner, value, strict=True)
    ):
        return None
    return "[" + ", ".join(str(one) for one in inner) + "]"


def _scalar(text: str) -> str:
    if isinstance(text, Bare) or (_PLAIN.fullmatch(text) and not _ODD.match(text)):
        return str(text)
    return "'" + text.replace("'", "''") + "'"


def _long(text: str, indent: int) -> str:
    lines = [line.rstrip() for line in clean(text).strip("\n").split("\n")]
    if len(lines) == 1 or not lines[0].strip():
        return " " + _scalar(one_line(text))
    # The first line says how far the text is indented.
    lines[0] = lines[0].lstrip()
    return " |\n" + "\n".join(" " * indent + line if line else "" for line in lines)
