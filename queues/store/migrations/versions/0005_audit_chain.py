"""Audit events that nobody can change, and the chain over them."""

from typing import Final

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS: Final = (
    # Another server counts transactions from elsewhere; the chain goes on where it was.
    """
    CREATE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint'
    """,
    """
    CREATE TABLE audit_events (
        id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        actor TEXT NOT NULL,
        kind TEXT NOT NULL,
        item_id UUID,
        subject TEXT,
        details JSON NOT NULL,
        digest BYTEA NOT NULL,
        transaction BIGINT DEFAULT pg_current_xact_id()::text::bigint + audit_offset() NOT NULL,
        CONSTRAINT pk_audit_events PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    """
    CREATE TABLE audit_events_rest PARTITION OF audit_events DEFAULT
    """,
    """
    CREATE INDEX ix_audit_events_item ON audit_events (item_id)
    """,
    """
    CREATE INDEX ix_audit_events_transaction ON audit_events (transaction)
    """,
    """
    CREATE TABLE audit_blocks (
        number BIGINT NOT NULL,
        until BIGINT NOT NULL,
        events BYTEA STORAGE EXTERNAL NOT NULL,
        digests BYTEA STORAGE EXTERNAL NOT NULL,
        count INTEGER NOT NULL,
        previous BYTEA NOT NULL,
        digest BYTEA NOT NULL,
        sealed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_audit_blocks PRIMARY KEY (number)
    )
    """,
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit rows are never changed or deleted'
            USING HINT = 'whole days go with their partition, by `tierwise retention`';
    END $$
    """,
    """
    CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_events_stay_all BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_blocks_stay BEFORE UPDATE OR DELETE ON audit_blocks
        FOR EACH ROW EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER audit_blocks_stay_all BEFORE TRUNCATE ON audit_blocks
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
