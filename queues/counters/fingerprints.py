"""Names in Redis of definitions, keys, values and items: short, and silent about people."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from engine.item import Value

#: Bytes of a name: two of 10^9 names are the same with a chance of 10^-11.
SIZE: Final = 12

_DEFINITION_SIZE: Final = 8
#: Keeps numbers apart from texts; it stands in no UTF-8.
_NUMBER: Final = b"\xff"


def of_definition(definition: Sequence[object]) -> str:
    """The name of a definition, the same in every process and release: 16 hexadecimal digits."""
    return blake2b(_written(definition).encode(), digest_size=_DEFINITION_SIZE).hexdigest()


def of_value(value: Value, salt: bytes = b"") -> bytes:
    """The name of a key, value or item; equal values have the same, 1 and 1.0 too.

    Args:
        value: Not a set.
        salt: Up to 16 bytes; names of the same value differ where it differs.
    """
    if isinstance(value, str):
        written = value.encode("utf-8", "surrogatepass")
    else:
        assert not isinstance(value, frozenset)  # noqa: S101 - its members have names
        # Adding 0.0 makes -0.0 what it is equal to.
        written = _NUMBER + repr(float(value) + 0.0).encode()
    return blake2b(written, digest_size=SIZE, person=salt).digest()


def _written(part: object) -> str:
    """A definition as text in one way only: sets have no order of their own."""
    if isinstance(part, frozenset):
        return "{" + ",".join(sorted(map(_written, part))) + "}"
    if isinstance(part, tuple):
        return "(" + ",".join(map(_written, part)) + ")"
    if isinstance(part, type):
        return part.__name__
    return repr(str(part)) if isinstance(part, str) else repr(part)
