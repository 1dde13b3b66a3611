"""What happened, in order, so that nobody can change it unseen."""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, text
from sqlalchemy.dialects.postgresql import JSON

from queues.store.tables.columns import BY_DAY, identity, metadata, moment, reference, word

#: Who did what to what. Rows are only ever added; a trigger refuses the rest.
audit_events = Table(
    "audit_events",
    metadata,
    identity(),
    moment("at"),
    word("actor"),
    word("kind"),
    reference("item_id", optional=True),
    word("subject", optional=True),  # what else it was about: a case, a release, a key
    Column("details", JSON, nullable=False),
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of all the above
    # The transaction, so that sealing can tell what is complete. Numbers of 64 bits never wrap;
    # `audit_offset` is zero until the database is restored into another server.
    Column(
        "transaction",
        BigInteger,
        nullable=False,
        server_default=text("pg_current_xact_id()::text::bigint + audit_offset()"),
    ),
    Index("ix_audit_events_item", "item_id"),
    Index("ix_audit_events_transaction", "transaction"),
    postgresql_partition_by=BY_DAY,
)

#: The chain: each block holds the digests of the events of some transactions, and the block before.
audit_blocks = Table(
    "audit_blocks",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),  # events of transactions below this are sealed
    # In the order of their transactions: 16 bytes each for ids, 32 each for digests.
    Column("events", LargeBinary, nullable=False),
    Column("digests", LargeBinary, nullable=False),
    Column("count", Integer, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    moment("sealed_at", now=True),
)
