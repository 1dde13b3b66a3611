"""A stable share of items or authors, the same on every worker and on every day."""

from hashlib import blake2b


def fraction(rule: str, identity: str) -> float:
    """Where an item or author falls in [0, 1) for a rule: uniform, independent between rules."""
    key = f"{rule}\x00{identity}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") / 2**64
