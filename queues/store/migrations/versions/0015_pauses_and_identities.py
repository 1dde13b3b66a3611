"""People who say that they stop, who they are at their provider, and sign-ins under way there."""

from typing import Final

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS: Final = (
    """
    ALTER TABLE accounts ADD COLUMN paused_at TIMESTAMP WITH TIME ZONE
    """,
    """
    CREATE TABLE identities (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        account_id UUID NOT NULL,
        linked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_identities PRIMARY KEY (issuer, subject),
        CONSTRAINT uq_identities_account_id_issuer UNIQUE (account_id, issuer),
        CONSTRAINT fk_identities_account_id FOREIGN KEY (account_id)
            REFERENCES accounts (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE oidc_requests (
        state BYTEA NOT NULL,
        browser BYTEA NOT NULL,
        nonce TEXT NOT NULL,
        verifier TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_oidc_requests PRIMARY KEY (state)
    )
    """,
    """
    CREATE INDEX ix_oidc_requests_expires_at ON oidc_requests (expires_at)
    """,
)


def upgrade() -> None:
    """Add the column, and make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
