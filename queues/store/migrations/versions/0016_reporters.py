"""What became of reports, how reliable whoever made them is, and what appeals ask for."""

from typing import Final

from alembic import op

revision = "0016"
down_revision = "0015"

STATEMENTS: Final = (
    "ALTER TABLE reports ADD COLUMN found TEXT",
    "ALTER TABLE reports ADD COLUMN outcome TEXT",
    "ALTER TABLE reports ADD COLUMN told_at TIMESTAMP WITH TIME ZONE",
    "CREATE INDEX ix_reports_reporter ON reports (reporter)",
    """
    CREATE TABLE reporters (
        reporter TEXT NOT NULL,
        upheld INTEGER NOT NULL,
        dismissed INTEGER NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_reporters PRIMARY KEY (reporter)
    )
    """,
    "CREATE INDEX ix_reporters_changed_at ON reporters (changed_at)",
    "ALTER TABLE appeals ADD COLUMN asks TEXT DEFAULT 'milder' NOT NULL",
    "CREATE INDEX ix_appeals_by ON appeals (by)",
    # Whoever appeals against what was left up wants something done.
    """
    UPDATE appeals SET asks = 'stricter' FROM decisions
    WHERE decisions.id = appeals.decision_id AND decisions.action = 'publish'
    """,
)


def upgrade() -> None:
    """Add the columns, the table and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)
