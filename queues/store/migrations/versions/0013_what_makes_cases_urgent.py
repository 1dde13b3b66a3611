"""What makes cases urgent beside the priority of their rule.

Ranks of open cases are seconds from now on; until upkeep has ranked them anew, within a minute,
those that are open stand before all that come.
"""

from typing import Final

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS: Final = (
    """
    ALTER TABLE cases ADD COLUMN reach DOUBLE PRECISION, ADD COLUMN probability DOUBLE PRECISION
    """,
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
