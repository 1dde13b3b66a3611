"""Trainings, what came of them, and which version of a model is in force."""

from typing import Final

from alembic import op

revision = "0021"
down_revision = "0020"

STATEMENTS: Final = (
    """
    CREATE TABLE training_runs (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        scores JSONB NOT NULL,
        state TEXT NOT NULL,
        trigger TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        asked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE,
        ended_at TIMESTAMP WITH TIME ZONE,
        until TIMESTAMP WITH TIME ZONE,
        recent UUID[] DEFAULT '{}' NOT NULL,
        labels INTEGER,
        rows INTEGER,
        manifest JSON,
        figures JSONB,
        reasons TEXT[] DEFAULT '{}' NOT NULL,
        remarks TEXT[] DEFAULT '{}' NOT NULL,
        champion TEXT,
        challenger TEXT,
        CONSTRAINT pk_training_runs PRIMARY KEY (id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_training_runs_open ON training_runs (name)
    WHERE state IN ('asked', 'running')
    """,
    "CREATE INDEX ix_training_runs_name ON training_runs (name, id)",
    "CREATE INDEX ix_training_runs_challenger ON training_runs (challenger)",
    """
    CREATE TABLE model_aliases (
        name TEXT NOT NULL,
        alias TEXT NOT NULL,
        version TEXT NOT NULL,
        since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_model_aliases PRIMARY KEY (name, alias)
    )
    """,
    "ALTER TABLE models ADD COLUMN figures JSONB",
    # What is in force is the champion of its name.
    """
    INSERT INTO model_aliases (name, alias, version, since)
    SELECT models.name, 'champion', models.version, active.at FROM (
        SELECT names, at FROM activations WHERE kind = 'models' ORDER BY id DESC LIMIT 1
    ) AS active JOIN models ON models.version = ANY (active.names)
    """,
)


def upgrade() -> None:
    """Add the tables and the column."""
    for statement in STATEMENTS:
        op.execute(statement)
