"""Domains, as lists and conditions name them."""

import re

from engine.rules.documents import Scalar
from engine.rules.reading.reader import Reader
from engine.rules.suggestions import shown

_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,62}")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?([^/:?#\s]+)[/:?#]?\S*", re.IGNORECASE
)


def domain(reader: Reader, node: Scalar) -> str | None:
    """A domain in lower case; an address, a wildcard or anything else is noted."""
    written = node.value.strip().lower().removesuffix(".")
    if _DOMAIN.fullmatch(written):
        return written
    if written.startswith(("*.", ".")):
        rest = written.lstrip("*.")
        message = f"`{shown(written)}`: a domain covers its sub-domains by itself"
        reader.error("domain", message, node, f"write `{shown(rest)}`")
        return None
    address = _ADDRESS.fullmatch(written)
    hint = None
    if address is not None and _DOMAIN.fullmatch(address[1]) and address[1] != written:
        hint = f"write `{shown(address[1])}`"
    reader.error("domain", f"`{shown(written)}` is not a domain", node, hint)
    return None
