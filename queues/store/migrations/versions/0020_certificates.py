"""Certificates of rules, sign-offs, and the labels that certificates are earned with."""

from typing import Final

from alembic import op

revision = "0020"
down_revision = "0019"

STATEMENTS: Final = (
    """
    CREATE TABLE certificates (
        id UUID NOT NULL,
        rule TEXT,
        policy TEXT,
        language TEXT,
        direction TEXT,
        threshold DOUBLE PRECISION,
        release TEXT NOT NULL,
        model TEXT,
        calibrator TEXT,
        sample TEXT[] DEFAULT '{}' NOT NULL,
        sample_hash TEXT NOT NULL,
        labels INTEGER NOT NULL,
        errors INTEGER NOT NULL,
        error_limit DOUBLE PRECISION NOT NULL,
        doubt DOUBLE PRECISION NOT NULL,
        upper DOUBLE PRECISION NOT NULL,
        issued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        ended_by TEXT,
        why TEXT,
        CONSTRAINT pk_certificates PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_certificates_rule ON certificates (rule, id)
    """,
    """
    CREATE UNIQUE INDEX uq_certificates_rule ON certificates (rule)
    WHERE revoked_at IS NULL AND rule IS NOT NULL
    """,
    """
    CREATE TABLE sign_offs (
        id UUID NOT NULL,
        rule TEXT NOT NULL,
        release TEXT NOT NULL,
        by TEXT NOT NULL,
        ground TEXT NOT NULL,
        reason TEXT NOT NULL,
        since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        until TIMESTAMP WITH TIME ZONE NOT NULL,
        withdrawn_at TIMESTAMP WITH TIME ZONE,
        withdrawn_by TEXT,
        CONSTRAINT pk_sign_offs PRIMARY KEY (id)
    )
    """,
    """
    CREATE UNIQUE INDEX uq_sign_offs_rule ON sign_offs (rule)
    WHERE withdrawn_at IS NULL
    """,
    """
    CREATE TABLE certifying_labels (
        rule TEXT NOT NULL,
        case_id UUID NOT NULL,
        release TEXT NOT NULL,
        model TEXT NOT NULL,
        item_id UUID NOT NULL,
        content BYTEA,
        acting BOOLEAN NOT NULL,
        wrong BOOLEAN,
        left_out BOOLEAN DEFAULT 'false' NOT NULL,
        CONSTRAINT pk_certifying_labels PRIMARY KEY (case_id, rule)
    )
    """,
    """
    CREATE INDEX ix_certifying_labels_content ON certifying_labels (rule, content)
    """,
    """
    CREATE INDEX ix_certifying_labels_item ON certifying_labels (item_id)
    """,
    """
    CREATE INDEX ix_certifying_labels_open ON certifying_labels (case_id)
    WHERE wrong IS NULL AND NOT left_out
    """,
    """
    CREATE TABLE certifying_series (
        rule TEXT NOT NULL,
        release TEXT NOT NULL,
        model TEXT NOT NULL,
        since UUID NOT NULL,
        spent INTEGER DEFAULT '0' NOT NULL,
        before INTEGER DEFAULT '0' NOT NULL,
        CONSTRAINT pk_certifying_series PRIMARY KEY (rule, release, model)
    )
    """,
    """
    CREATE TABLE certifying_marks (
        name TEXT NOT NULL,
        upto UUID NOT NULL,
        CONSTRAINT pk_certifying_marks PRIMARY KEY (name)
    )
    """,
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
