"""What people were handed, and open cases by what decides whom they are for."""

from typing import Final

from alembic import op

revision = "0010"
down_revision = "0009"

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
    """
    DROP INDEX ix_cases_queue
    """,
    """
    CREATE INDEX ix_cases_queue
    ON cases (queue, policy, (COALESCE(lower(language), ''::text)), rank, due_at, id)
    WHERE state = 'open'
    """,
)


def upgrade() -> None:
    """Make the table, and the index anew."""
    for statement in STATEMENTS:
        op.execute(statement)
