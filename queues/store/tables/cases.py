"""Work for people: cases, votes and appeals."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from queues.store.tables.columns import identity, metadata, moment, reference, word, words

_OPEN: Final = text("state = 'open'")

#: An item that people look at, in one tier for one purpose.
cases = Table(
    "cases",
    metadata,
    identity(),
    Column(
        "item_id", UUID(as_uuid=True), ForeignKey("items.id", ondelete="CASCADE"), nullable=False
    ),
    reference("verdict_id"),
    word("purpose"),  # review, sample, learning, appeal, overlap, gold, calibration, validation
    word("tier"),  # single, senior
    word("queue"),
    word("policy"),
    word("reason"),
    word("rule"),
    Column("priority", SmallInteger, nullable=False),  # 0 urgent, 3 high, 6 normal, 9 low
    Column("rank", BigInteger, nullable=False, server_default="0"),  # smallest first: see `ranking`
    word("severity"),
    Column("reach", Double, nullable=True),  # how many people see it, where that is known
    Column("probability", Double, nullable=True),  # that the rule is right, where a score says so
    word("language", optional=True),
    word("not_by", optional=True),  # whom the rule keeps away
    word("state"),  # waiting, open, decided, escalated, withdrawn
    moment("enqueued_at", now=True),  # first, in any tier: queue age never starts again
    moment("due_at"),
    moment("opened_at", optional=True),
    moment("announced_at", optional=True),
    moment("overdue_at", optional=True),  # when receivers were told that nobody decided in time
    moment("closed_at", optional=True),
    moment("taken_at", optional=True),  # when somebody claimed it first
    Column("seats", SmallInteger, nullable=False, server_default="1"),  # how many vote
    word("decide", server_default="majority"),  # majority, unanimous, two_plus_one
    Column("round", SmallInteger, nullable=False, server_default="1"),
    moment("round_since", optional=True),  # when a panel began to vote again
    moment("commit_at", optional=True),  # all votes are in, and count from then on
    reference("escalated_from", optional=True),
    reference("decision_id", optional=True),
    reference("appeal_id", optional=True),
    word("about", optional=True),  # the policy of the decision that is looked at again
    Column("content", LargeBinary, nullable=True),  # the same for exact duplicates
    word("only_for", optional=True),  # whom it measures: nobody else gets it
    reference("probe_id", optional=True),  # the gold or the calibration it measures with
    # One open case an item, purpose and tier: a task that runs twice opens nothing twice.
    Index(
        "uq_cases_open",
        "item_id",
        "purpose",
        "tier",
        unique=True,
        postgresql_where=text("state IN ('waiting', 'open') AND only_for IS NULL"),
    ),
    Index(
        "uq_cases_probe",
        "probe_id",
        "only_for",
        "item_id",
        unique=True,
        postgresql_where=text("probe_id IS NOT NULL"),
    ),
    Index("ix_cases_item", "item_id"),
    # In rank, and by what decides whom a case is for, then in rank: see `ranking`.
    Index(
        "ix_cases_next",
        "tier",
        "rank",
        "due_at",
        "id",
        postgresql_include=["queue", "policy", "language"],
        postgresql_where=_OPEN,
    ),
    Index(
        "ix_cases_lane",
        text("COALESCE(lower(language), ''::text)"),
        "queue",
        "policy",
        "rank",
        "due_at",
        "id",
        postgresql_where=_OPEN,
    ),
    Index("ix_cases_listed", "due_at", "id"),
    Index("ix_cases_waiting", "id", postgresql_where=text("state = 'waiting'")),
    Index("ix_cases_due", "due_at", postgresql_where=text("state IN ('waiting', 'open')")),
    # All that the pace of queues is told from, so that no row has to be looked at.
    Index(
        "ix_cases_decided",
        "closed_at",
        postgresql_include=["tier", "queue", "taken_at"],
        postgresql_where=text("state = 'decided' AND only_for IS NULL"),
    ),
    Index(
        "ix_cases_sample",
        "id",
        postgresql_include=["enqueued_at", "verdict_id"],
        postgresql_where=text("purpose = 'sample'"),
    ),
    Index("ix_cases_commit", "commit_at", postgresql_where=text("commit_at IS NOT NULL")),
    Index("ix_cases_content", "content", postgresql_where=text("content IS NOT NULL")),
)

#: What one reviewer said in one round of one case.
votes = Table(
    "votes",
    metadata,
    identity(),
    Column(
        "case_id", UUID(as_uuid=True), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False
    ),
    word("reviewer"),
    Column("round", SmallInteger, nullable=False),
    word("action"),
    words("reasons"),
    word("comment", optional=True),
    Column("active_seconds", Double, nullable=True),
    word("policy", optional=True),  # the right one, where the case was brought under another
    Column("corrections", JSONB, nullable=True),  # labels, spans and regions: see `corrections`
    Column("blind", Boolean, nullable=False, server_default="false"),  # nothing was suggested
    Column("content", LargeBinary, nullable=True),  # of the case: whoever saw a duplicate is found
    moment("at", now=True),
    UniqueConstraint("case_id", "reviewer", "round"),
    Index("ix_votes_reviewer", "reviewer", "at"),
    Index("ix_votes_content", "reviewer", "content", postgresql_where=text("content IS NOT NULL")),
)

#: An author, or somebody for them, asks for another look at a decision.
appeals = Table(
    "appeals",
    metadata,
    identity(),
    Column(
        "item_id", UUID(as_uuid=True), ForeignKey("items.id", ondelete="CASCADE"), nullable=False
    ),
    reference("decision_id"),
    word("by"),
    Column("number", SmallInteger, nullable=False),  # 1 for the first appeal of an item
    word("statement", optional=True),  # what the person wrote
    word("asks", server_default="milder"),  # milder (the author), stricter (who reported it)
    word("state"),  # open, upheld (the decision stands), overturned, withdrawn (erased)
    moment("at", now=True),
    moment("closed_at", optional=True),
    UniqueConstraint("decision_id"),
    UniqueConstraint("item_id", "number"),
    Index("ix_appeals_by", "by"),
)
