"""Releases, models, processes and keys."""

from typing import Final

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS: Final = (
    """
    CREATE TABLE releases (
        name TEXT NOT NULL,
        sources JSON NOT NULL,
        compiled BYTEA NOT NULL,
        message TEXT NOT NULL,
        published_by TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_releases PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE models (
        version TEXT NOT NULL,
        name TEXT NOT NULL,
        artefact BYTEA NOT NULL,
        published_by TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_models PRIMARY KEY (version)
    )
    """,
    """
    CREATE TABLE activations (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        kind TEXT NOT NULL,
        names TEXT[] DEFAULT '{}' NOT NULL,
        by TEXT NOT NULL,
        note TEXT,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        undoes BIGINT,
        CONSTRAINT pk_activations PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_activations_kind ON activations (kind, id)
    """,
    """
    CREATE TABLE processes (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        host TEXT NOT NULL,
        pid INTEGER NOT NULL,
        release TEXT,
        models TEXT[] DEFAULT '{}' NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_processes PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE api_keys (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        digest BYTEA NOT NULL,
        scopes TEXT[] DEFAULT '{}' NOT NULL,
        rate INTEGER,
        created_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE,
        revoked_at TIMESTAMP WITH TIME ZONE,
        last_used_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_api_keys PRIMARY KEY (id),
        CONSTRAINT uq_api_keys_digest UNIQUE (digest)
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
