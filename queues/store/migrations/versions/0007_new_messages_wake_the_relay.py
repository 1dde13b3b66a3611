"""New rows of the outbox wake the relay, with the commit that brings them."""

from typing import Final

from alembic import op

revision = "0007"
down_revision = "0006"

# However often in one transaction, it is told once.
STATEMENTS: Final = (
    """
    CREATE FUNCTION wake_relay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('tierwise_outbox', '');
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER outbox_wakes_relay AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake_relay()
    """,
)


def upgrade() -> None:
    """Make the trigger."""
    for statement in STATEMENTS:
        op.execute(statement)
