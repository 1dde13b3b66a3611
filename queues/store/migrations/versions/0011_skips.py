"""Cases that people gave back with a reason, and are not handed again."""

from typing import Final

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS: Final = (
    """
    CREATE TABLE skips (
        case_id UUID NOT NULL,
        reviewer TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_skips PRIMARY KEY (case_id, reviewer),
        CONSTRAINT fk_skips_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_skips_at ON skips (at)
    """,
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)
