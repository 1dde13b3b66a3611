"""What people write before it is a release."""

from typing import Final

from alembic import op

revision = "0028"
down_revision = "0027"

STATEMENTS: Final = (
    """
    CREATE TABLE policy_drafts (
        account_id UUID NOT NULL,
        base TEXT NOT NULL,
        changes JSON NOT NULL,
        revision UUID NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_policy_drafts PRIMARY KEY (account_id),
        CONSTRAINT fk_policy_drafts_account_id FOREIGN KEY (account_id)
            REFERENCES accounts (id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
