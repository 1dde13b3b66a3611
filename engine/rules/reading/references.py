"""Names of things that other documents declare."""

from engine.rules.documents import Node
from engine.rules.reading.reader import Reader
from engine.rules.reading.scalars import scalar


def known(reader: Reader, kind: str, node: Node | None) -> str | None:
    """A name that some document of this kind declares; another one is noted."""
    found = scalar(reader, node)
    if found is None:
        return None
    if reader.names.declared(kind, found.value):
        return found.value
    reader.unknown(kind, found, reader.names.of(kind))
    return None
