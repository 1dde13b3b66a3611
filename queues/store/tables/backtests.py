"""Policies tried on what came, a part at a time, and what was forecast of them."""

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID

from queues.store.tables.columns import identity, metadata, moment, word

#: Backtests that workers share. Those of one machine leave nothing but their forecast.
backtests = Table(
    "backtests",
    metadata,
    identity(),
    word("old"),  # names of releases
    word("new"),
    Column("plan", JSONB, nullable=False),  # what the counts depend on
    Column("terms", JSONB, nullable=False),  # what work costs
    Column("sources", JSON, nullable=False),  # of policies that are no stored release: name → files
    word("state"),  # running, done, cancelled, failed
    word("asked_by"),
    moment("asked_at", now=True),
    moment("ended_at", optional=True),
    Column("sums", JSON, nullable=True),  # of all parts, once there are all
)

#: Parts of them: what a worker counted, once it has.
backtest_parts = Table(
    "backtest_parts",
    metadata,
    identity(),
    Column(
        "backtest_id",
        UUID(as_uuid=True),
        ForeignKey("backtests.id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("number", Integer, nullable=False),
    Column("sums", JSON, nullable=True),
    moment("done_at", optional=True),
    UniqueConstraint("backtest_id", "number"),
)

#: What was forecast of a policy, and what then happened.
forecasts = Table(
    "forecasts",
    metadata,
    identity(),
    word("old"),
    word("new"),
    moment("since"),  # the window that it is told from
    moment("until"),
    Column("horizon", Double, nullable=False),  # days
    Column("terms", JSONB, nullable=False),
    Column("figures", JSONB, nullable=False),  # name → value, low, high
    word("made_by"),
    moment("made_at", now=True),
    moment("scored_at", optional=True),
    Column("outcome", JSONB, nullable=True),  # from, until, name → what it was
    Index("ix_forecasts_new", "new"),
)
