"""What a look at the chain found."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from queues.auditing.chain import Anchor


class Trouble(StrEnum):
    """What is wrong with an event or a block, as a sentence goes on."""

    #: `at`, `actor`, `kind`, `item_id`, `subject` or `details`, or several of them.
    CONTENT = "was changed: `at`, `actor`, `kind`, `item_id`, `subject` or `details`"
    #: The digest alone.
    DIGEST = "was changed: `digest`"
    #: The number of the transaction alone.
    TRANSACTION = "was changed: `transaction`"
    #: The id alone.
    ID = "was changed: `id`"
    #: Digest and more: somebody knew how digests are made.
    REWRITTEN = "was rewritten: what it says and its digest"
    #: It is in the chain and not in the table.
    DELETED = "was deleted"
    #: It is in the table and not in the chain, and should be.
    INSERTED = "was inserted after its time was sealed"
    #: A block is gone.
    BLOCK_MISSING = "is missing"
    #: A block is not as it was sealed.
    BLOCK_CHANGED = "was changed; its events were compared with their own digests only"
    #: A block does not continue the one before.
    BLOCK_UNLINKED = "does not continue the block before it"
    #: The chain does not hold a block that was noted elsewhere.
    ANCHOR_LOST = "is not the block that was noted: the chain was made anew or cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, and where."""

    trouble: Trouble
    block: int | None = None
    """The number of the block; None: of no block."""
    event: UUID | None = None
    """None: the block itself is meant."""
    item: str | None = None
    kind: str | None = None
    note: str | None = None
    """What more is known."""

    def __str__(self) -> str:
        if self.event is None:
            told = f"block {self.block} {self.trouble}"
        else:
            about = "" if self.kind is None else f" (`{self.kind}`{self._of_item()})"
            told = f"event {self.event}{about} {self.trouble}"
        return told if self.note is None else f"{told}; {self.note}"

    def _of_item(self) -> str:
        return "" if self.item is None else f" of item {self.item}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Days of events that were dropped when their time was over, and the event that says so."""

    before: date
    event: UUID
    actor: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that was found."""

    blocks: int
    events: int
    """That are there, sealed and not."""
    unsealed: int
    """That no block holds yet; what was done to them is not proven by the chain."""
    unsealed_since: datetime | None
    no_longer_kept: int
    """That blocks hold and whose days were dropped."""
    dropped: Dropped | None
    head: Anchor | None
    """The last block: to be noted elsewhere."""
    wrong: tuple[Finding, ...]
    """In the order in which it was found; not more than `comparing.MOST`."""
    more: int
    """How much more is wrong."""

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong
