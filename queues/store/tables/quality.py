"""What people's decisions are measured with."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
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
