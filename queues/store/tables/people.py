"""How authors stand."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, text

from queues.store.tables.columns import metadata, moment, reference, word

#: Strikes of an author under a policy, by the decision that gave them; they expire.
strikes = Table(
    "strikes",
    metadata,
    reference("decision_id"),
    word("policy"),
    word("author_id"),
    reference("item_id"),
    Column("strikes", Integer, nullable=False),
    moment("at", now=True),
    moment("expires_at"),
    moment("taken_back_at", optional=True),
    PrimaryKeyConstraint("decision_id", "policy"),
    Index(
        "ix_strikes_author",
        "author_id",
        "expires_at",
        postgresql_where=text("taken_back_at IS NULL"),
    ),
)
