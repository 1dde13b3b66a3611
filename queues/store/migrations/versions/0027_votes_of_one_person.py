"""What somebody voted lately is found without a look at what everybody did."""

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Add the index."""
    op.execute("CREATE INDEX ix_votes_reviewer ON votes (reviewer, at)")
