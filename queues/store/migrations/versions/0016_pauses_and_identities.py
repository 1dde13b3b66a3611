"""People who say that they stop."""

from typing import Final

from alembic import op

revision = "0016"
down_revision = "0011"

STATEMENTS: Final = (
    """
    ALTER TABLE accounts ADD COLUMN paused_at TIMESTAMP WITH TIME ZONE
    """,
)


def upgrade() -> None:
    """Add the column."""
    for statement in STATEMENTS:
        op.execute(statement)
