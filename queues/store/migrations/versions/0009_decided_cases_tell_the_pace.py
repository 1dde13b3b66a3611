"""When a case was first taken up, and an index of what was decided lately: the pace of queues."""

from typing import Final

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS: Final = (
    "ALTER TABLE cases ADD COLUMN taken_at TIMESTAMP WITH TIME ZONE",
    """
    CREATE INDEX ix_cases_decided ON cases (closed_at) INCLUDE (tier, queue, taken_at)
    WHERE state = 'decided'
    """,
)


def upgrade() -> None:
    """Add the column and the index."""
    for statement in STATEMENTS:
        op.execute(statement)
