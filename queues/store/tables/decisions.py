"""What was decided, by machine or people, and what was done about it."""

from sqlalchemy import Boolean, Column, Double, Index, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from queues.store.tables.columns import BY_DAY, identity, metadata, moment, reference, word, words

#: One row each time the machine acts or people decide; a later one says which it replaces.
decisions = Table(
    "decisions",
    metadata,
    identity(),
    reference("item_id"),
    reference("verdict_id"),
    reference("case_id", optional=True),
    word("made_by"),  # machine, person, panel
    word("tier"),  # auto, single, senior
    word("action"),
    words("reasons"),
    word("policy", optional=True),
    Column("inclusion_probability", Double, nullable=False),
    reference("supersedes", optional=True),
    word("comment", optional=True),
    reference("twin_of", optional=True),  # the decision of an exact duplicate, taken over
    moment("at", now=True),
    reference("override_id", optional=True),  # what decided about this content in place of rules
    Index("ix_decisions_item", "item_id"),
    Index("ix_decisions_override", "override_id", postgresql_where=text("override_id IS NOT NULL")),
    # Labels, among the many that the machine decided alone.
    Index(
        "ix_decisions_people",
        "id",
        postgresql_include=["item_id", "at", "case_id"],
        postgresql_where=text(
            "made_by <> 'machine' AND twin_of IS NULL AND inclusion_probability > 0"
        ),
    ),
    postgresql_partition_by=BY_DAY,
)

#: What is done about a decision. The id is the decision's: one decision acts once.
actions = Table(
    "actions",
    metadata,
    identity(),
    reference("item_id"),
    word("action"),
    Column("automated", Boolean, nullable=False),
    word("state"),  # pending, enforced, superseded (another decision came before it acted)
    moment("created_at", now=True),
    moment("enforced_at", optional=True),
    Index("ix_actions_pending", "id", postgresql_where=text("state = 'pending'")),
    postgresql_partition_by=BY_DAY,
)

#: Statements of reasons of restricting decisions. The id is the decision's.
statements = Table(
    "statements",
    metadata,
    identity(),
    reference("item_id"),
    Column("fields", JSONB, nullable=False),  # as in the EU Transparency Database
    moment("at", now=True),
    postgresql_partition_by=BY_DAY,
)
