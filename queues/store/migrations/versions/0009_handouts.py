"""What people were handed, and when."""

from typing import Final

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS: Final = (
    """
    CREATE TABLE handouts (
        case_id UUID NOT NULL,
        reviewer TEXT NOT NULL,
        severity TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_handouts PRIMARY KEY (case_id, reviewer),
        CONSTRAINT fk_handouts_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_handouts_reviewer ON handouts (reviewer, at)
    """,
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)
