"""What people's decisions are measured with."""

from sqlalchemy import (
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: Items whose right answer is known; shown to people among others.
golds = Table(
    "golds",
    metadata,
    identity(),
    word("source"),  # the set: what `gold: { from: … }` of a queue names
    reference("item_id"),
    word("action"),  # the right one
    words("reasons"),
    word("policy"),
    word("severity"),
    word("language", optional=True),
    word("added_by"),
    moment("added_at", now=True),
    moment("retired_at", optional=True),
    UniqueConstraint("source", "item_id"),
    ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
    Index("ix_golds_item", "item_id"),
)

#: Sessions in which several people decide the same items, blind.
calibrations = Table(
    "calibrations",
    metadata,
    identity(),
    word("name"),
    words("reviewers"),
    word("made_by"),
    moment("made_at", now=True),
    moment("until"),
    moment("closed_at", optional=True),
)

#: The items of a session, with the right answer where it is known.
calibration_items = Table(
    "calibration_items",
    metadata,
    reference("calibration_id"),
    reference("item_id"),
    Column("action", Text, nullable=True),
    PrimaryKeyConstraint("calibration_id", "item_id"),
    ForeignKeyConstraint(["calibration_id"], ["calibrations.id"], ondelete="CASCADE"),
    ForeignKeyConstraint(["item_id"], ["items.id"], ondelete="CASCADE"),
    Index("ix_calibration_items_item", "item_id"),
)

#: Final decisions that were drawn for a senior to look at, blind, each with its case.
validations = Table(
    "validations",
    metadata,
    reference("case_id"),
    reference("decision_id"),
    word("tier"),  # of the decision
    word("action"),  # of the decision
    Column("inclusion", Double, nullable=False),  # the chance at which it was drawn
    word("revised_by", optional=True),  # who made it without a vote of their own
    PrimaryKeyConstraint("case_id"),
    UniqueConstraint("decision_id"),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
)

#: A single row: of decisions made before `until`, those that are to be validated are drawn.
validation_draws = Table(
    "validation_draws",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    moment("until"),
)

#: What is not what it was; one row each time, one at a time about one thing.
alarms = Table(
    "alarms",
    metadata,
    identity(),
    word("kind"),  # score, label, error, gap, rule
    word("name"),
    word("says"),
    moment("raised_at", now=True),
    moment("cleared_at", optional=True),
    Index("ix_alarms_on", "kind", "name", unique=True, postgresql_where=text("cleared_at IS NULL")),
)

#: Random bits that nobody is told, made when they are first needed.
secrets = Table(
    "secrets",
    metadata,
    word("name"),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("name"),
)
