"""Items, and everything that was ever judged about them."""

from sqlalchemy import (
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB, UUID
from sqlalchemy.types import Text

from queues.store.tables.columns import (
    BY_DAY,
    identity,
    metadata,
    moment,
    reference,
    word,
    words,
)

#: One row an item, kept narrow: where it stands now. What was sent stands with its verdicts.
items = Table(
    "items",
    metadata,
    identity(),
    word("sender_id"),  # the sender's own id: the same again gets the same answer
    Column("digest", LargeBinary, nullable=False),  # BLAKE2b-128 of what was sent
    word("kind"),
    word("author_id", optional=True),
    word("language", optional=True),
    moment("received_at", now=True),
    word("state"),  # waiting_for_signals, in_review, decided, erased
    word("tier"),  # of the verdict in force
    word("action"),  # in force now
    reference("verdict_id"),  # in force
    reference("decision_id", optional=True),  # in force, if anybody acted
    moment("decided_at", optional=True),
    Column("content", LargeBinary, nullable=True),  # the same for exact duplicates
    UniqueConstraint("sender_id"),
    Index("ix_items_author", "author_id", "id", postgresql_where=text("author_id IS NOT NULL")),
    # Counted for every new item of the author.
    Index(
        "ix_items_removed", "author_id", "decided_at", postgresql_where=text("action = 'remove'")
    ),
    Index(
        "ix_items_unfinished",
        "state",
        "id",
        postgresql_where=text("state IN ('waiting_for_signals', 'in_review')"),
    ),
)

#: A verdict with all it was made from; judging `input` again gives `trace`, byte for byte.
verdicts = Table(
    "verdicts",
    metadata,
    identity(),
    reference("item_id"),
    moment("at"),  # the moment it was judged at, which is an input too
    word("cause"),  # received, signals, reports
    word("release"),
    Column("models", ARRAY(Text), nullable=False),
    word("tier"),
    word("action"),
    Column("inclusion_probability", Double, nullable=False),
    Column("input", JSON, nullable=False),  # json keeps bytes as they are, jsonb would not
    Column("trace", JSON, nullable=False),
    Index("ix_verdicts_item", "item_id"),
    Index("ix_verdicts_at", "at", postgresql_using="brin", postgresql_with={"autosummarize": "on"}),
    # One in so many, by a hash: what is told of a sample of days is read without the rest of them.
    *(
        Index(
            f"ix_verdicts_in_{share}",
            "id",
            postgresql_include=["at"],
            postgresql_where=text(f"cause = 'received' AND (uuid_hash(id) & {share - 1}) = 0"),
        )
        for share in (8, 128)
    ),
    postgresql_partition_by=BY_DAY,
)

#: Signals that were ordered from elsewhere and have not arrived, or have.
signal_orders = Table(
    "signal_orders",
    metadata,
    Column(
        "item_id", UUID(as_uuid=True), ForeignKey("items.id", ondelete="CASCADE"), nullable=False
    ),
    word("name"),
    moment("ordered_at", now=True),
    moment("deadline_at"),
    moment("arrived_at", optional=True),
    Column("found", JSONB, nullable=True),  # field → score
    word("failure", optional=True),  # why it will not come
    PrimaryKeyConstraint("item_id", "name"),
    Index(
        "ix_signal_orders_deadline",
        "deadline_at",
        postgresql_where=text("arrived_at IS NULL AND failure IS NULL"),
    ),
)

#: What users said about an item; one report a person.
reports = Table(
    "reports",
    metadata,
    identity(),
    Column(
        "item_id", UUID(as_uuid=True), ForeignKey("items.id", ondelete="CASCADE"), nullable=False
    ),
    word("reporter"),
    words("reasons"),
    word("comment", optional=True),
    moment("at", now=True),
    word("found", optional=True),  # the action that held then; none: not known
    word("outcome", optional=True),  # right, wrong; none: it shows nothing, or not yet
    moment("told_at", optional=True),  # when the reporter was told what became of it
    UniqueConstraint("item_id", "reporter"),
    Index("ix_reports_reporter", "reporter"),
)

#: How often people who report were right and wrong: see `engine.reliability`.
reporters = Table(
    "reporters",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("upheld", Integer, nullable=False),
    Column("dismissed", Integer, nullable=False),
    moment("changed_at", now=True),
    Index("ix_reporters_changed_at", "changed_at"),
)
