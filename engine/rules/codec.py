"""Policy values to bytes and back, without pickle: JSON in which every class names itself.

Only the classes listed here can come back, so a damaged or hostile file yields an error, not code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from hashlib import blake2b

import orjson

from engine import verdict
from engine.diagnostics import Span
from engine.errors import InvalidRelease
from engine.rules import model, targets, vocabulary
from engine.text import entry

#: What an error is about where only a piece of a file is known.
_VALUE = "value"
_MODULES = (model, targets, vocabulary, entry, verdict)


def _classes() -> Iterator[tuple[str, type]]:
    yield "Span", Span
    for module in _MODULES:
        for name, found in vars(module).items():
            if not isinstance(found, type) or found.__module__ != module.__name__:
                continue
            if is_dataclass(found) or issubclass(found, StrEnum):
                yield name, found


_CLASSES: Mapping[str, type] = dict(_classes())
_FIELDS: Mapping[type, tuple[str, ...]] = {
    found: tuple(field.name for field in fields(found))
    for found in _CLASSES.values()
    if is_dataclass(found)
}


def encode(value: object) -> bytes:
    """A value of the policy model as bytes."""
    return orjson.dumps(_plain(value))


def probe_key(field: str, target: object) -> str:
    """A short name of a probe, the same in every process."""
    return blake2b(field.encode() + b"\x00" + encode(target), digest_size=12).hexdigest()


def decode(stored: bytes) -> object:
    """The value again; raises InvalidRelease if these are not bytes of `encode`."""
    try:
        return _rich(orjson.loads(stored))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        reason = f"it cannot be read ({error})"
        raise InvalidRelease(_VALUE, reason) from error


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return {"e": type(value).__name__, "v": value.value}
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, frozenset):
        return {"s": sorted((_plain(part) for part in value), key=str)}
    if isinstance(value, Mapping):
        return {"m": [[_plain(key), _plain(part)] for key, part in value.items()]}
    names = _FIELDS[type(value)]
    return {"c": type(value).__name__, "v": [_plain(getattr(value, name)) for name in names]}


def _rich(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(_rich, value))
    if not isinstance(value, dict):
        return value
    if "c" in value:
        found = _CLASSES[value["c"]]
        return found(**dict(zip(_FIELDS[found], map(_rich, value["v"]), strict=True)))
    if "e" in value:
        return _CLASSES[value["e"]](value["v"])
    if "s" in value:
        return frozenset(map(_rich, value["s"]))
    return {_rich(key): _rich(part) for key, part in value["m"]}
