"""Decisions, what is done about them, and statements of reasons."""

from typing import Final

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS: Final = (
    """
    CREATE TABLE decisions (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        verdict_id UUID NOT NULL,
        case_id UUID,
        made_by TEXT NOT NULL,
        tier TEXT NOT NULL,
        action TEXT NOT NULL,
        reasons TEXT[] DEFAULT '{}' NOT NULL,
        policy TEXT,
        inclusion_probability DOUBLE PRECISION NOT NULL,
        supersedes UUID,
        comment TEXT,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_decisions PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    """
    CREATE TABLE decisions_rest PARTITION OF decisions DEFAULT
    """,
    """
    CREATE INDEX ix_decisions_item ON decisions (item_id)
    """,
    """
    CREATE TABLE actions (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        action TEXT NOT NULL,
        automated BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        enforced_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_actions PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    """
    CREATE TABLE actions_rest PARTITION OF actions DEFAULT
    """,
    """
    CREATE INDEX ix_actions_pending ON actions (id)
    WHERE state = 'pending'
    """,
    """
    CREATE TABLE statements (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        fields JSONB NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_statements PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    """
    CREATE TABLE statements_rest PARTITION OF statements DEFAULT
    """,
    """
    CREATE TABLE strikes (
        decision_id UUID NOT NULL,
        policy TEXT NOT NULL,
        author_id TEXT NOT NULL,
        item_id UUID NOT NULL,
        strikes INTEGER NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        taken_back_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_strikes PRIMARY KEY (decision_id, policy)
    )
    """,
    """
    CREATE INDEX ix_strikes_author ON strikes (author_id, expires_at)
    WHERE taken_back_at IS NULL
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
