"""What happens to a release before it is in force."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

#: Steps of releases; rows are never changed.
release_steps = Table(
    "release_steps",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    word("release"),
    word("step"),  # tested, approved, excepted
    word("by"),
    word("note", optional=True),
    Column("details", JSONB, nullable=True),
    moment("at", now=True),
    Index("ix_release_steps_release", "release", "id"),
)

#: Releases that are tried beside the one in force; one of each kind at a time.
trials = Table(
    "trials",
    metadata,
    identity(),
    word("kind"),  # canary, shadow
    word("release"),
    word("against"),  # what was in force then
    Column("share", Double, nullable=True),  # of a canary
    word("unit", optional=True),  # item, author
    word("started_by"),
    moment("started_at", now=True),
    word("ended_by", optional=True),
    moment("ended_at", optional=True),
    word("why", optional=True),
    reference("seen", optional=True),  # the last verdict that a shadow has looked at
    moment("seen_at", optional=True),  # all before is looked at
    Column("judged", BigInteger, nullable=False, server_default="0"),
    Column("unreadable", BigInteger, nullable=False, server_default="0"),
    Index("uq_trials_kind", "kind", unique=True, postgresql_where=text("ended_at IS NULL")),
    Index("ix_trials_release", "release", "id"),
)

#: What a shadow would have done otherwise.
shadow_differences = Table(
    "shadow_differences",
    metadata,
    reference("trial_id"),
    reference("verdict_id"),
    reference("item_id"),
    word("tier_before"),
    word("action_before"),
    word("tier"),
    word("action"),
    words("rules"),
    PrimaryKeyConstraint("trial_id", "verdict_id"),
)
