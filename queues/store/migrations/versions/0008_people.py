"""Accounts of people, their sessions and invitations, and attempts to sign in."""

from typing import Final

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS: Final = (
    """
    CREATE TABLE accounts (
        id UUID NOT NULL,
        name TEXT NOT NULL,
        display_name TEXT NOT NULL,
        roles TEXT[] DEFAULT '{}' NOT NULL,
        languages TEXT[] DEFAULT '{}' NOT NULL,
        policies TEXT[] DEFAULT '{}' NOT NULL,
        opted_out TEXT[] DEFAULT '{}' NOT NULL,
        time_zone TEXT DEFAULT 'UTC' NOT NULL,
        shifts JSONB DEFAULT '[]' NOT NULL,
        time_off JSONB DEFAULT '[]' NOT NULL,
        hourly_rate DOUBLE PRECISION,
        exposure INTEGER,
        severe_in_a_row INTEGER,
        blur BOOLEAN,
        password TEXT,
        created_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        signed_in_at TIMESTAMP WITH TIME ZONE,
        disabled_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_accounts PRIMARY KEY (id),
        CONSTRAINT uq_accounts_name UNIQUE (name)
    )
    """,
    """
    CREATE TABLE sessions (
        id UUID NOT NULL,
        account_id UUID NOT NULL,
        digest BYTEA NOT NULL,
        address TEXT,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        last_used_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (id),
        CONSTRAINT uq_sessions_digest UNIQUE (digest),
        CONSTRAINT fk_sessions_account_id FOREIGN KEY (account_id)
            REFERENCES accounts (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_sessions_account_id ON sessions (account_id)
    """,
    """
    CREATE TABLE invitations (
        account_id UUID NOT NULL,
        digest BYTEA NOT NULL,
        created_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_invitations PRIMARY KEY (account_id),
        CONSTRAINT uq_invitations_digest UNIQUE (digest),
        CONSTRAINT fk_invitations_account_id FOREIGN KEY (account_id)
            REFERENCES accounts (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE sign_in_attempts (
        subject BYTEA NOT NULL,
        level DOUBLE PRECISION NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_sign_in_attempts PRIMARY KEY (subject)
    )
    """,
    """
    CREATE INDEX ix_sign_in_attempts_at ON sign_in_attempts (at)
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
