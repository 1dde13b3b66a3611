"""Compares events with the chain, block by block: pure, and in constant memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import UUID

from queues.auditing.chain import GENESIS, Anchor, Block, digest_of_block, sealed_digest
from queues.auditing.events import Event, Stream, about, day_of
from queues.auditing.findings import Dropped, Finding, Findings, Trouble

if TYPE_CHECKING:
    from datetime import date, datetime

#: Findings that are listed; the rest is counted.
MOST: Final = 1_000
#: Events of one day that are looked for by name where the chain holds them and the table does not.
_MOST_OF_A_DAY: Final = 1_000
#: Transactions tried to find the one whose number was changed.
_MOST_TRIED: Final = 100_000


@dataclass(slots=True)
class _Day:
    """Events of one day that the chain holds and the table does not."""

    count: int = 0
    named: dict[bytes, int] = field(default_factory=dict)
    """The block of each, of so many as are kept."""


class Comparison:
    """One look at the whole chain."""

    def __init__(self, anchor: Anchor | None = None) -> None:
        """Begin; `anchor`: a block that was noted elsewhere, which the chain has to hold."""
        self._anchor = anchor
        self._anchored = anchor is None
        self._wrong: list[Finding] = []
        self._more = 0
        self._lost: dict[date, _Day] = {}
        self._extra: dict[bytes, tuple[int, Event]] = {}
        self._dropped: Dropped | None = None
        self._last: Block | None = None
        self._since = 0
        """Where the events of the next block begin."""
        self._loose = False
        """Whether a block before the next one cannot be believed, so that its events are free."""
        self.blocks = 0
        self.events = 0
        self._unsealed = 0
        self._unsealed_since: datetime | None = None

    def compare(self, blocks: Iterable[Block], events: Iterable[Event]) -> Findings:
        """Compare all blocks, by number, with all events, by transaction and id."""
        stream = Stream(events)
        for block in blocks:
            self.blocks += 1
            if self._linked(block):
                self._compare(block, list(stream.below(block.until)))
                self._since, self._loose = block.until, False
            else:
                self._loose = True
            self._last = block
        for event in stream.rest():
            self._see_unsealed(event)
        return self._findings()

    def _linked(self, block: Block) -> bool:
        """Whether a block is as it was sealed, and follows the one before."""
        before = 0 if self._last is None else self._last.number
        for number in range(before + 1, min(block.number, before + MOST)):
            self._add(Finding(trouble=Trouble.BLOCK_MISSING, block=number))
        gap = block.number != before + 1
        self._loose = self._loose or gap
        digest = digest_of_block(block)
        if (block.number, block.digest) == self._noted:
            self._anchored = True
        if digest != block.digest:
            self._add(Finding(trouble=Trouble.BLOCK_CHANGED, block=block.number))
            return False
        if not gap and block.previous not in self._ends():
            self._add(Finding(trouble=Trouble.BLOCK_UNLINKED, block=block.number))
        return True

    @property
    def _noted(self) -> tuple[int, bytes] | None:
        return None if self._anchor is None else (self._anchor.number, self._anchor.digest)

    def _ends(self) -> set[bytes]:
        """What the next block may name as the one before: its digest, or what that should be."""
        last = self._last
        return {GENESIS} if last is None else {last.digest, digest_of_block(last)}

    def _compare(self, block: Block, events: list[Event]) -> None:
        """Compare a block that can be believed with the events of its transactions."""
        sealed = [sealed_digest(event.digest, event.transaction) for event in events]
        if self._same(block, events, sealed):
            return
        listed = block.listed()
        extra: list[Event] = []
        for event, digest in zip(events, sealed, strict=True):
            moved = self._see(event)
            expected = listed.pop(event.id, None)
            if moved:
                continue
            if expected is None:
                extra.append(event)
            elif expected != digest or event.content != event.digest:
                self._tell(event, block, self._trouble(event, expected, block.until))
            else:
                self._note_dropped(event)
        for event in extra:
            self._place(event, block, listed)
        for identity in listed:
            self._lose(identity, block)

    def _same(self, block: Block, events: list[Event], sealed: list[bytes]) -> bool:
        """Whether these are the events of a block and nothing else, which is nearly always so."""
        same = (
            not self._lost
            and b"".join(sealed) == block.digests
            and b"".join([event.id for event in events]) == block.events
            and [event.content for event in events] == [event.digest for event in events]
        )
        if same:
            self.events += len(events)
            for event in events:
                if event.dropped is not None:
                    self._note_dropped(event)
        return same

    def _place(self, event: Event, block: Block, listed: dict[bytes, bytes]) -> None:
        """Find out about an event that its block does not hold, perhaps only under this id."""
        digest = sealed_digest(event.digest, event.transaction)
        was = next((identity for identity, sealed in listed.items() if sealed == digest), None)
        if was is not None:
            del listed[was]
            self._tell(event, block, Trouble.ID, f"it was `{UUID(bytes=was)}`")
        elif self._loose:
            # It may be in the block that cannot be believed: its own digest is all there is.
            self._check_alone(event, block.number)
        elif len(self._extra) < MOST:
            self._extra[event.id] = (block.number, event)
        else:
            self._more += 1

    def _trouble(self, event: Event, sealed: bytes, until: int) -> Trouble:
        """What was changed about an event that is in its block."""
        stands = sealed_digest(event.digest, event.transaction) == sealed
        if stands:
            return Trouble.CONTENT
        if sealed_digest(event.content, event.transaction) == sealed:
            return Trouble.DIGEST
        tried = range(self._since, min(until, self._since + _MOST_TRIED))
        same = event.content == event.digest
        if same and any(sealed_digest(event.digest, number) == sealed for number in tried):
            return Trouble.TRANSACTION
        return Trouble.REWRITTEN

    def _see(self, event: Event) -> bool:
        """Count an event; says whether it was missed before, and is now told of."""
        self.events += 1
        if not self._lost:
            return False
        lost = self._lost.get(day_of(event.id))
        if lost is None or event.id not in lost.named:
            return False
        block = lost.named.pop(event.id)
        lost.count -= 1
        self._add(about(event, block, Trouble.TRANSACTION))
        return True

    def _see_unsealed(self, event: Event) -> None:
        if self._see(event):
            return
        self._unsealed += 1
        if event.at is not None:
            self._unsealed_since = min(self._unsealed_since or event.at, event.at)
        self._check_alone(event, None)

    def _check_alone(self, event: Event, block: int | None) -> None:
        if event.content != event.digest:
            self._add(about(event, block, Trouble.CONTENT, "or its digest"))
        else:
            self._note_dropped(event)

    def _note_dropped(self, event: Event) -> None:
        before = event.dropped
        if before is not None and (self._dropped is None or before > self._dropped.before):
            self._dropped = Dropped(
                before=before, event=UUID(bytes=event.id), actor=event.actor, at=event.at
            )

    def _lose(self, identity: bytes, block: Block) -> None:
        extra = self._extra.pop(identity, None)
        if extra is not None:
            self._add(about(extra[1], block.number, Trouble.TRANSACTION))
            return
        day = self._lost.setdefault(day_of(identity), _Day())
        day.count += 1
        if len(day.named) < _MOST_OF_A_DAY:
            day.named[identity] = block.number

    def _tell(self, event: Event, block: Block, trouble: Trouble, note: str | None = None) -> None:
        self._add(about(event, block.number, trouble, note))

    def _add(self, finding: Finding) -> None:
        if len(self._wrong) < MOST:
            self._wrong.append(finding)
        else:
            self._more += 1

    def _findings(self) -> Findings:
        for number, event in self._extra.values():
            self._add(about(event, number, Trouble.INSERTED))
        no_longer_kept = 0
        for day, lost in sorted(self._lost.items()):
            if self._dropped is not None and day < self._dropped.before:
                no_longer_kept += lost.count
                continue
            for identity, number in lost.named.items():
                self._add(
                    Finding(trouble=Trouble.DELETED, block=number, event=UUID(bytes=identity))
                )
            self._more += lost.count - len(lost.named)
        if not self._anchored and self._anchor is not None:
            self._add(Finding(trouble=Trouble.ANCHOR_LOST, block=self._anchor.number))
        return Findings(
            blocks=self.blocks,
            events=self.events,
            unsealed=self._unsealed,
            unsealed_since=self._unsealed_since,
            no_longer_kept=no_longer_kept,
            dropped=self._dropped,
            head=self._head(),
            wrong=tuple(self._wrong),
            more=self._more,
        )

    def _head(self) -> Anchor | None:
        last = self._last
        return None if last is None else Anchor(number=last.number, digest=last.digest)
