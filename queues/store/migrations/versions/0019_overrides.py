"""What was decided about content, for whatever comes again; and alarms."""

from typing import Final

from alembic import op

revision = "0019"
down_revision = "0018"

STATEMENTS: Final = (
    """
    CREATE TABLE overrides (
        id UUID NOT NULL,
        content BYTEA NOT NULL,
        action TEXT NOT NULL,
        reasons TEXT[] DEFAULT '{}' NOT NULL,
        policy TEXT NOT NULL,
        comment TEXT,
        item_id UUID,
        made_by TEXT NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        ended_by TEXT,
        CONSTRAINT pk_overrides PRIMARY KEY (id)
    )
    """,
    """
    CREATE UNIQUE INDEX ix_overrides_content ON overrides (content) WHERE ended_at IS NULL
    """,
    """
    CREATE INDEX ix_overrides_item_id ON overrides (item_id) WHERE item_id IS NOT NULL
    """,
    """
    ALTER TABLE decisions ADD COLUMN override_id UUID
    """,
    """
    CREATE INDEX ix_decisions_override ON decisions (override_id) WHERE override_id IS NOT NULL
    """,
    """
    CREATE TABLE alarms (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        says TEXT NOT NULL,
        raised_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        cleared_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_alarms PRIMARY KEY (id)
    )
    """,
    """
    CREATE UNIQUE INDEX ix_alarms_on ON alarms (kind, name) WHERE cleared_at IS NULL
    """,
)


def upgrade() -> None:
    """Add the tables, the column and the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)
