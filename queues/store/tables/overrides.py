"""What was decided about content, for whatever comes again."""

from sqlalchemy import Column, Index, LargeBinary, Table, text

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: One row each time; one a content is in force. Those that are over stay for the audit.
overrides = Table(
    "overrides",
    metadata,
    identity(),
    Column("content", LargeBinary, nullable=False),  # a hash, as that of cases
    word("action"),
    words("reasons"),
    word("policy"),
    word("comment", optional=True),
    reference("item_id", optional=True),  # the content of which it was; not once that is erased
    word("made_by"),
    moment("made_at", now=True),
    moment("expires_at"),
    moment("ended_at", optional=True),  # when it was withdrawn, or was noticed to have expired
    word("ended_by", optional=True),  # who withdrew it; none: it expired
    Index(
        "ix_overrides_content", "content", unique=True, postgresql_where=text("ended_at IS NULL")
    ),
    Index("ix_overrides_item_id", "item_id", postgresql_where=text("item_id IS NOT NULL")),
)
