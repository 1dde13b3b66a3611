"""What people are writing about cases that they have in hand."""

from typing import Final

from alembic import op

revision = "0026"
down_revision = "0025"

STATEMENTS: Final = (
    """
    CREATE TABLE drafts (
        case_id UUID NOT NULL,
        reviewer TEXT NOT NULL,
        text TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_drafts PRIMARY KEY (case_id, reviewer),
        CONSTRAINT fk_drafts_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_drafts_at ON drafts (at)",
)


def upgrade() -> None:
    """Add the table."""
    for statement in STATEMENTS:
        op.execute(statement)
