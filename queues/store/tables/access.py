"""Who may call."""

from sqlalchemy import Column, Integer, LargeBinary, Table, UniqueConstraint

from queues.store.tables.columns import identity, metadata, moment, word, words

#: Keys of programs. The key itself is shown once and never stored.
api_keys = Table(
    "api_keys",
    metadata,
    identity(),
    word("name"),
    word("prefix"),  # the start of the key, for people to tell keys apart
    Column("digest", LargeBinary, nullable=False),  # SHA-256 of the key, which is 256 random bits
    words("scopes"),
    Column("rate", Integer, nullable=True),  # requests a minute; none: the default
    word("created_by"),
    moment("created_at", now=True),
    moment("expires_at", optional=True),
    moment("revoked_at", optional=True),
    moment("last_used_at", optional=True),
    UniqueConstraint("digest"),
)
