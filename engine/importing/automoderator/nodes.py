"""What stands in a document of the source: texts, lists and lines, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml


@dataclass(frozen=True, slots=True)
class Text:
    """A single value; `plain` if it was written without quotes."""

    value: str
    plain: bool
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    values: tuple["Value", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Lines:
    """`key: value` lines, repeated keys among them."""

    pairs: tuple[tuple[Text, "Value"], ...]
    line: int


Value: TypeAlias = Text | Items | Lines

_LONGEST = 60
_NULL = re.compile(r"~|null|Null|NULL|")
_YES = re.compile(r"yes|true|on|y", re.IGNORECASE)
_NO = re.compile(r"no|false|off|n", re.IGNORECASE)


def is_nothing(value: Value) -> bool:
    """Whether the source reads no value here: nothing after the colon, an empty list or text."""
    if isinstance(value, Text):
        return not value.value or (value.plain and _NULL.fullmatch(value.value) is not None)
    return not (value.values if isinstance(value, Items) else value.pairs)


def texts_of(value: Value) -> Iterator[Text]:
    """The single values of a value or a list; what lies deeper is no value of a check."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Items):
        yield from (one for one in value.values if isinstance(one, Text))


def as_yes_no(value: Value) -> bool | None:
    """Whether it says yes or no; None: neither."""
    if not isinstance(value, Text):
        return None
    written = value.value.strip()
    if _YES.fullmatch(written):
        return True
    return False if _NO.fullmatch(written) else None


def as_source_reads(text: Text) -> str:
    """What the source makes of a value: without quotes `no` is `False`, and `010` is `8`."""
    if not text.plain or len(text.value) > _LONGEST or not _may_be_typed(text.value):
        return text.value
    try:
        read = yaml.safe_load(text.value)
    except (yaml.YAMLError, ValueError):
        return text.value
    return text.value if isinstance(read, (dict, list)) else str(read)


def _may_be_typed(value: str) -> bool:
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers.get(value[:1], [])
    return any(pattern.match(value) for _, pattern in resolvers)
