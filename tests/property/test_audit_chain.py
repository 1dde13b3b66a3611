"""Whatever is done to a sealed chain of audit events is found, and named."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from queues.auditing.chain import Anchor, Block, Row, chained
from queues.auditing.comparing import Comparison
from queues.auditing.events import Event
from queues.auditing.findings import Findings, Trouble
from queues.ids import id_floor
from queues.store.ledger import digest_of_columns

START = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)
COLUMNS = ("id", "at", "actor", "kind", "item_id", "subject", "details", "digest", "transaction")
BLOCK_COLUMNS = ("until", "events", "digests", "count", "previous", "digest", "sealed_at")
EXPECTED = {
    "id": Trouble.ID,
    "digest": Trouble.DIGEST,
    "transaction": Trouble.TRANSACTION,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A row of the table of events."""

    id: UUID
    at: datetime
    actor: str
    kind: str
    item_id: str
    subject: str | None
    details: str
    transaction: int
    digest: bytes = b""

    @property
    def content(self) -> bytes:
        """The digest of what stands here now."""
        columns = (self.actor, self.kind, self.item_id, self.subject, self.details.encode())
        return digest_of_columns(str(self.id), self.at.timestamp(), *columns)

    def read(self) -> Event:
        """The row as it is compared."""
        return Event(
            self.id.bytes,
            self.at,
            self.actor,
            self.kind,
            self.item_id,
            self.digest,
            self.transaction,
            self.content,
        )


Chain = tuple[list[Block], list[Stored]]


def stored(number: int, transaction: int) -> Stored:
    """The event of a number: each a few hours after the one before."""
    at = START + timedelta(hours=number)
    row = Stored(
        id=UUID(int=id_floor(at).int | number << 8),
        at=at,
        actor="key:sender",
        kind="item.accepted",
        item_id=str(UUID(int=number + 1)),
        subject=None,
        details=f'{{"n":{number}}}',
        transaction=transaction,
    )
    return replace(row, digest=row.content)


def ordered(rows: Sequence[Stored]) -> list[Stored]:
    """As the database gives them."""
    return sorted(rows, key=lambda row: (row.transaction, row.id.bytes))


def looked_at(
    blocks: Sequence[Block], rows: Sequence[Stored], anchor: Anchor | None = None
) -> Findings:
    """One look."""
    return Comparison(anchor).compare(blocks, [row.read() for row in ordered(rows)])


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """A sealed chain and its events, of transactions that wrote some events each; some unsealed."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=12))
    gaps = draw(st.lists(st.integers(1, 5), min_size=len(sizes), max_size=len(sizes)))
    rows: list[Stored] = []
    transaction = 700
    for size, gap in zip(sizes, gaps, strict=True):
        transaction += gap
        # The younger an event, the smaller its id need not be: transactions overlap.
        rows += [stored(len(rows) + place, transaction) for place in range(size)]
    horizon = transaction + 1
    now = START + timedelta(days=9)
    listed: list[Row] = [(row.id.bytes, row.digest, row.transaction) for row in ordered(rows)]
    size = draw(st.integers(1, 5))
    blocks = list(chained(listed, None, horizon, now, size=size))
    tail = [stored(len(rows) + place, horizon + place) for place in range(draw(st.integers(0, 3)))]
    return blocks, rows + tail


@given(chains(), st.data())
def test_an_intact_chain_is_intact(chain: Chain, data: st.DataObject) -> None:
    """Nothing is found where nothing was done; what no block holds yet is counted."""
    blocks, rows = chain
    found = looked_at(blocks, rows)
    sealed = sum(block.count for block in blocks)
    assert found.intact
    assert (found.events, found.unsealed) == (len(rows), len(rows) - sealed)
    noted = data.draw(st.sampled_from(blocks))
    assert looked_at(blocks, rows, Anchor(number=noted.number, digest=noted.digest)).intact
    assert found.head == Anchor(number=blocks[-1].number, digest=blocks[-1].digest)


@given(chains(), st.one_of(st.sampled_from(COLUMNS), st.just("transaction")), st.data())
def test_an_edited_event_is_named(chain: Chain, column: str, data: st.DataObject) -> None:
    """Any column of any sealed event, changed as little as can be: this event, nothing else."""
    blocks, rows = chain
    place = data.draw(st.integers(0, sum(block.count for block in blocks) - 1))
    was = rows[place]
    rows[place] = now = edited(was, column, data.draw(st.integers(1, 2**20)))
    found = looked_at(blocks, rows)
    assert [(finding.event, finding.trouble) for finding in found.wrong] == [
        (now.id, EXPECTED.get(column, Trouble.CONTENT))
    ]
    assert found.more == 0
    assert found.wrong[0].item == now.item_id


@given(chains(), st.data())
def test_an_event_rewritten_with_its_digest_is_named(chain: Chain, data: st.DataObject) -> None:
    """Whoever makes the digest of a changed event fit still meets the chain."""
    blocks, rows = chain
    place = data.draw(st.integers(0, sum(block.count for block in blocks) - 1))
    now = replace(rows[place], actor="key:nobody")
    rows[place] = replace(now, digest=now.content)
    found = looked_at(blocks, rows)
    assert [(finding.event, finding.trouble) for finding in found.wrong] == [
        (now.id, Trouble.REWRITTEN)
    ]


@given(chains(), st.data())
def test_a_deleted_event_is_named(chain: Chain, data: st.DataObject) -> None:
    """An event that the chain holds and the table does not."""
    blocks, rows = chain
    gone = rows.pop(data.draw(st.integers(0, sum(block.count for block in blocks) - 1)))
    found = looked_at(blocks, rows)
    assert [(finding.event, finding.trouble) for finding in found.wrong] == [
        (gone.id, Trouble.DELETED)
    ]


@given(chains(), st.data())
def test_an_inserted_event_is_named(chain: Chain, data: st.DataObject) -> None:
    """An event of a time that was sealed, however well it is made."""
    blocks, rows = chain
    new = stored(1_000, data.draw(st.integers(1, blocks[-1].until - 1)))
    found = looked_at(blocks, [*rows, new])
    assert [(finding.event, finding.trouble) for finding in found.wrong] == [
        (new.id, Trouble.INSERTED)
    ]


@given(chains(), st.sampled_from(BLOCK_COLUMNS), st.data())
def test_an_edited_block_is_named(chain: Chain, column: str, data: st.DataObject) -> None:
    """Any column of any block: this block, and no event of it or of another."""
    blocks, rows = chain
    place = data.draw(st.integers(0, len(blocks) - 1))
    blocks[place] = edited_block(blocks[place], column, data.draw(st.integers(1, 2**20)))
    found = looked_at(blocks, rows)
    assert [(finding.block, finding.trouble) for finding in found.wrong] == [
        (blocks[place].number, Trouble.BLOCK_CHANGED)
    ]


@given(chains(), st.data())
def test_a_missing_block_is_named(chain: Chain, data: st.DataObject) -> None:
    """A gap is named; the end of the chain is missed by whoever noted it."""
    blocks, rows = chain
    gone = blocks.pop(data.draw(st.integers(0, len(blocks) - 1)))
    noted = Anchor(number=gone.number, digest=gone.digest)
    last = not blocks or gone.number > blocks[-1].number
    found = looked_at(blocks, rows)
    named = [(finding.block, finding.trouble) for finding in found.wrong]
    assert named == ([] if last else [(gone.number, Trouble.BLOCK_MISSING)])
    assert looked_at(blocks, rows, noted).wrong[-1].trouble is Trouble.ANCHOR_LOST


@given(chains(), st.data())
def test_blocks_and_events_in_another_order_are_found(chain: Chain, data: st.DataObject) -> None:
    """Two events that swap their transactions, and two events that swap their places in a block."""
    blocks, rows = chain
    sealed = sum(block.count for block in blocks)
    one, other = data.draw(st.tuples(st.integers(0, sealed - 1), st.integers(0, sealed - 1)))
    if rows[one].transaction != rows[other].transaction:
        swapped = list(rows)
        swapped[one] = replace(rows[one], transaction=rows[other].transaction)
        swapped[other] = replace(rows[other], transaction=rows[one].transaction)
        found = looked_at(blocks, swapped)
        assert {finding.event for finding in found.wrong} == {rows[one].id, rows[other].id}
    for place, block in enumerate(blocks):
        if block.count > 1:
            turned = replace(
                block,
                events=block.events[16:32] + block.events[:16] + block.events[32:],
                digests=block.digests[32:64] + block.digests[:32] + block.digests[64:],
            )
            found = looked_at([*blocks[:place], turned, *blocks[place + 1 :]], rows)
            assert [finding.block for finding in found.wrong] == [block.number]


@given(chains(), st.integers(0, 4))
def test_days_that_were_dropped_are_no_longer_kept(chain: Chain, days: int) -> None:
    """Whole days go when an event says so, and the chain holds; without it they are deleted."""
    blocks, rows = chain
    before = (START + timedelta(days=days)).date()
    sealed = rows[: sum(block.count for block in blocks)]
    gone = {row.id for row in sealed if row.at.date() < before}
    kept = [row.read() for row in ordered(rows) if row.id not in gone]
    told = stored(500, blocks[-1].until + 500).read()._replace(dropped=before)
    found = Comparison().compare(blocks, [*kept, told])
    assert found.intact
    assert found.no_longer_kept == len(gone)
    assert found.dropped is not None
    assert found.dropped.before == before
    untold = Comparison().compare(blocks, kept)
    assert {finding.event for finding in untold.wrong} == gone


def edited(row: Stored, column: str, by: int) -> Stored:
    """A row with one column changed a little."""
    item = UUID(int=UUID(row.item_id).int ^ by)
    values: dict[str, object] = {
        "id": UUID(int=row.id.int ^ 1 << by % 16),
        "at": row.at + timedelta(microseconds=by),
        "actor": row.actor + "s",
        "kind": "item.rejected",
        "item_id": str(item),
        "subject": "",
        "details": row.details + " ",
        "digest": flipped(row.digest, by),
        "transaction": row.transaction + nudge(by),
    }
    return replace(row, **{column: values[column]})  # type: ignore[arg-type]  # as the fields


def edited_block(block: Block, column: str, by: int) -> Block:
    """A block with one column changed a little."""
    values: dict[str, object] = {
        "until": block.until + nudge(by),
        "events": flipped(block.events, by),
        "digests": flipped(block.digests, by),
        "count": block.count + nudge(by),
        "previous": flipped(block.previous, by),
        "digest": flipped(block.digest, by),
        "sealed_at": START,
    }
    return replace(block, **{column: values[column]})  # type: ignore[arg-type]  # as the fields


def nudge(by: int) -> int:
    """A small step up or down."""
    return by % 20 + 1 if by & 64 else -(by % 20 + 1)


def flipped(written: bytes, by: int) -> bytes:
    """The same bytes with one bit changed."""
    place = by % len(written)
    return written[:place] + bytes([written[place] ^ 1 << by % 8]) + written[place + 1 :]
