"""What people say about a case beside their votes."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from queues.store.tables.columns import identity, metadata, moment, reference, word

#: How good the machine's suggestion was, in the eyes of who saw it: kept apart from the vote.
ratings = Table(
    "ratings",
    metadata,
    reference("case_id"),
    word("reviewer"),
    reference("verdict_id"),
    word("rating"),  # good, neutral, bad
    moment("at", now=True),
    PrimaryKeyConstraint("case_id", "reviewer"),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
)

#: What colleagues tell each other.
comments = Table(
    "comments",
    metadata,
    identity(),
    reference("case_id"),
    Column("round", SmallInteger, nullable=False),  # in which it was written
    word("author"),
    word("text", optional=True),  # none: erased
    moment("at", now=True),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    Index("ix_comments_case", "case_id"),
)

#: What somebody is about to say of a case they have in hand; nobody else reads it.
drafts = Table(
    "drafts",
    metadata,
    reference("case_id"),
    word("reviewer"),
    word("text"),
    moment("at", now=True),
    Column("choices", Text, nullable=False, server_default=""),  # as the page keeps them
    PrimaryKeyConstraint("case_id", "reviewer"),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    Index("ix_drafts_at", "at"),
)
