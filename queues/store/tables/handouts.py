"""What people have in hand, what they were handed, and what they would not decide."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, Table

from queues.store.tables.columns import metadata, moment, reference, word

#: Seats that are taken: who works on which case now. A vote gives the seat back.
holds = Table(
    "holds",
    metadata,
    reference("case_id"),
    word("reviewer"),
    moment("lease_until"),
    moment("at", now=True),
    PrimaryKeyConstraint("case_id", "reviewer"),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    Index("ix_holds_reviewer", "reviewer"),
)

#: Which case somebody was handed, and when last: what they have been exposed to.
handouts = Table(
    "handouts",
    metadata,
    reference("case_id"),
    word("reviewer"),
    word("severity"),  # of the case, at that time
    moment("at", now=True),
    PrimaryKeyConstraint("case_id", "reviewer"),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    Index("ix_handouts_reviewer", "reviewer", "at"),
)

#: Which case somebody gave back as it is not for them, and why: they never get it again.
skips = Table(
    "skips",
    metadata,
    reference("case_id"),
    word("reviewer"),
    word("reason"),  # of `review.skip_reasons`
    moment("at", now=True),
    PrimaryKeyConstraint("case_id", "reviewer"),
    ForeignKeyConstraint(["case_id"], ["cases.id"], ondelete="CASCADE"),
    Index("ix_skips_at", "at"),
)
