"""The chain over audit events: blocks of their digests, each holding the digest of the one before.

- The digest of an event (`store.ledger`) is SHA-256 over its columns.
- In a block, an event stands with SHA-256 over that digest and the number of its transaction.
- The digest of a block is SHA-256 over the digest before, its number, until which transaction it
  reaches, when it was sealed, how many events it has, and their ids and digests in order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from struct import Struct
from typing import Final

#: What stands before the first block.
GENESIS: Final = bytes(32)

#: Events of one block.
SIZE: Final = 1_000
#: An event: its id, its digest, its transaction.
Row = tuple[bytes, bytes, int]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_HEAD: Final = Struct(">qqqq")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A link of the chain, as it is stored."""

    number: int
    """From 1, without a gap."""
    until: int
    """Events of transactions below this are in this block, or in one before."""
    events: bytes
    """The ids, 16 bytes each, in the order of their transactions, and within one of the ids."""
    digests: bytes
    """What `sealed_digest` makes of each, 32 bytes."""
    count: int
    previous: bytes
    digest: bytes
    sealed_at: datetime | None
    """None: a moment that nothing was sealed at."""

    def listed(self) -> dict[bytes, bytes]:
        """The digest of each event, by id."""
        return {
            self.events[16 * place : 16 * place + 16]: self.digests[32 * place : 32 * place + 32]
            for place in range(self.count)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A block by number and digest: kept elsewhere, it shows that the chain was not made anew."""

    number: int
    digest: bytes


def sealed_digest(digest: bytes, transaction: int) -> bytes:
    """An event as it stands in a block."""
    return sha256(digest + transaction.to_bytes(8, "big", signed=True)).digest()


def chained(
    rows: Iterable[Row], last: Block | None, horizon: int, now: datetime, *, size: int = SIZE
) -> Iterator[Block]:
    """Events as blocks, each with the digest of the one before.

    Args:
        rows: The events, by transaction and id, from where the last block ends.
        last: The last block; None: there is none yet.
        horizon: All transactions below this have ended, and their events are in the rows.
        now: The moment.
        size: Events of one block at most, unless one transaction has more.
    """
    number, previous = (0, GENESIS) if last is None else (last.number, last.digest)
    for until, group in _groups(rows, horizon, size):
        number += 1
        block = Block(
            number=number,
            until=until,
            events=b"".join([identity for identity, _, _ in group]),
            digests=b"".join([sealed_digest(*row[1:]) for row in group]),
            count=len(group),
            previous=previous,
            digest=b"",
            sealed_at=now,
        )
        block = replace(block, digest=digest_of_block(block))
        previous = block.digest
        yield block


def digest_of_block(block: Block) -> bytes:
    """The digest that a block should have; none, if nothing was ever sealed like this."""
    if block.sealed_at is None:
        return b""
    sealed_at = (block.sealed_at - _EPOCH) // _MICROSECOND
    found = sha256(block.previous)
    found.update(_HEAD.pack(block.number, block.until, sealed_at, block.count))
    for part in (block.events, block.digests):
        found.update(len(part).to_bytes(8, "big") + part)
    return found.digest()


def _groups(rows: Iterable[Row], horizon: int, size: int) -> Iterator[tuple[int, list[Row]]]:
    """Rows in groups that end between transactions, and where each ends."""
    group: list[Row] = []
    for row in rows:
        if len(group) >= size and row[2] != group[-1][2]:
            yield group[-1][2] + 1, group
            group = []
        group.append(row)
    if group:
        yield horizon, group
