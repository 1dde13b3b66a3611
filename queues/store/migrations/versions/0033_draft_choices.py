"""What people have begun to choose about a case is kept as what they write is."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the column."""
    op.execute("ALTER TABLE drafts ADD COLUMN choices TEXT DEFAULT '' NOT NULL")
