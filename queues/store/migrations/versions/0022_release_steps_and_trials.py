"""What happened to a release before it is in force, and releases that are tried beside it."""

from typing import Final

from alembic import op

revision = "0022"
down_revision = "0021"

STATEMENTS: Final = (
    """
    CREATE TABLE release_steps (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        release TEXT NOT NULL,
        step TEXT NOT NULL,
        by TEXT NOT NULL,
        note TEXT,
        details JSONB,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_release_steps PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_release_steps_release ON release_steps (release, id)",
    """
    CREATE TABLE trials (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        release TEXT NOT NULL,
        against TEXT NOT NULL,
        share DOUBLE PRECISION,
        unit TEXT,
        started_by TEXT NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        ended_by TEXT,
        ended_at TIMESTAMP WITH TIME ZONE,
        why TEXT,
        seen UUID,
        judged BIGINT DEFAULT '0' NOT NULL,
        unreadable BIGINT DEFAULT '0' NOT NULL,
        CONSTRAINT pk_trials PRIMARY KEY (id)
    )
    """,
    "CREATE UNIQUE INDEX uq_trials_kind ON trials (kind) WHERE ended_at IS NULL",
    "CREATE INDEX ix_trials_release ON trials (release, id)",
    """
    CREATE TABLE shadow_differences (
        trial_id UUID NOT NULL,
        verdict_id UUID NOT NULL,
        item_id UUID NOT NULL,
        tier_before TEXT NOT NULL,
        action_before TEXT NOT NULL,
        tier TEXT NOT NULL,
        action TEXT NOT NULL,
        rules TEXT[] DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_shadow_differences PRIMARY KEY (trial_id, verdict_id)
    )
    """,
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
