"""Blind votes, cases that measure one person alone, gold items and calibration sessions."""

from typing import Final

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS: Final = (
    """
    ALTER TABLE votes ADD COLUMN blind BOOLEAN DEFAULT false NOT NULL
    """,
    """
    ALTER TABLE cases ADD COLUMN only_for TEXT, ADD COLUMN probe_id UUID
    """,
    """
    DROP INDEX uq_cases_open
    """,
    """
    CREATE UNIQUE INDEX uq_cases_open ON cases (item_id, purpose, tier)
    WHERE state IN ('waiting', 'open') AND only_for IS NULL
    """,
    """
    CREATE UNIQUE INDEX uq_cases_probe ON cases (probe_id, only_for, item_id)
    WHERE probe_id IS NOT NULL
    """,
    """
    DROP INDEX ix_cases_decided
    """,
    """
    CREATE INDEX ix_cases_decided ON cases (closed_at) INCLUDE (tier, queue, taken_at)
    WHERE state = 'decided' AND only_for IS NULL
    """,
    """
    CREATE TABLE golds (
        id UUID NOT NULL,
        source TEXT NOT NULL,
        item_id UUID NOT NULL,
        action TEXT NOT NULL,
        reasons TEXT[] DEFAULT '{}' NOT NULL,
        policy TEXT NOT NULL,
        severity TEXT NOT NULL,
        language TEXT,
        added_by TEXT NOT NULL,
        added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        retired_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_golds PRIMARY KEY (id),
        CONSTRAINT uq_golds_source_item_id UNIQUE (source, item_id),
        CONSTRAINT fk_golds_item_id FOREIGN KEY (item_id) REFERENCES items (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_golds_item ON golds (item_id)
    """,
    """
    CREATE TABLE calibrations (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        reviewers TEXT[] DEFAULT '{}' NOT NULL,
        made_by TEXT NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        until TIMESTAMP WITH TIME ZONE NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_calibrations PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE calibration_items (
        calibration_id UUID NOT NULL,
        item_id UUID NOT NULL,
        action TEXT,
        CONSTRAINT pk_calibration_items PRIMARY KEY (calibration_id, item_id),
        CONSTRAINT fk_calibration_items_calibration_id FOREIGN KEY (calibration_id)
            REFERENCES calibrations (id) ON DELETE CASCADE,
        CONSTRAINT fk_calibration_items_item_id FOREIGN KEY (item_id)
            REFERENCES items (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_calibration_items_item ON calibration_items (item_id)
    """,
    """
    CREATE TABLE secrets (
        name TEXT NOT NULL,
        value BYTEA NOT NULL,
        CONSTRAINT pk_secrets PRIMARY KEY (name)
    )
    """,
)


def upgrade() -> None:
    """Add the columns and tables."""
    for statement in STATEMENTS:
        op.execute(statement)
