"""What each release was made from, what processes cannot use, and verdicts by their moments."""

from typing import Final

from alembic import op

revision = "0032"
down_revision = "0031"

STATEMENTS: Final = (
    "ALTER TABLE releases ADD COLUMN base TEXT",
    # What was in force when it was published.
    """
    UPDATE releases SET base = (
        SELECT names[1] FROM activations
        WHERE kind = 'release' AND at <= releases.published_at AND names[1] <> releases.name
        ORDER BY id DESC LIMIT 1
    )
    """,
    "ALTER TABLE processes ADD COLUMN trouble TEXT",
    "ALTER TABLE trials ADD COLUMN seen_at TIMESTAMP WITH TIME ZONE",
    "UPDATE trials SET seen_at = (SELECT at FROM verdicts WHERE id = trials.seen)",
    # Rows come in the order of their moments: a few numbers for each megabyte are enough.
    "CREATE INDEX ix_verdicts_at ON verdicts USING brin (at) WITH (autosummarize = on)",
)


def upgrade() -> None:
    """Add the columns and the index."""
    for statement in STATEMENTS:
        op.execute(statement)
