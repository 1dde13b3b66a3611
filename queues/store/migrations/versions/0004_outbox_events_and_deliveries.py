"""What leaves the house: outbox, events, webhooks and deliveries."""

from typing import Final

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS: Final = (
    """
    CREATE TABLE outbox (
        id BIGINT GENERATED ALWAYS AS IDENTITY,
        task TEXT NOT NULL,
        queue TEXT NOT NULL,
        priority SMALLINT NOT NULL,
        subject UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        sent_at TIMESTAMP WITH TIME ZONE,
        attempts SMALLINT DEFAULT '0' NOT NULL,
        CONSTRAINT pk_outbox PRIMARY KEY (id)
    )
    """,
    """
    CREATE INDEX ix_outbox_sent ON outbox (queue, priority, sent_at)
    WHERE sent_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_outbox_unsent ON outbox (queue, priority, id)
    WHERE sent_at IS NULL
    """,
    """
    CREATE TABLE events (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        item_id UUID,
        payload JSON NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_events PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    """
    CREATE TABLE events_rest PARTITION OF events DEFAULT
    """,
    """
    CREATE INDEX ix_events_item ON events (item_id)
    """,
    """
    CREATE TABLE webhooks (
        id UUID NOT NULL,
        url TEXT NOT NULL,
        kinds TEXT[] DEFAULT '{}' NOT NULL,
        active BOOLEAN DEFAULT true NOT NULL,
        about TEXT,
        created_by TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_webhooks PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE webhook_secrets (
        id UUID NOT NULL,
        webhook_id UUID NOT NULL,
        secret TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_webhook_secrets PRIMARY KEY (id),
        CONSTRAINT fk_webhook_secrets_webhook_id FOREIGN KEY(webhook_id)
            REFERENCES webhooks (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_webhook_secrets_webhook ON webhook_secrets (webhook_id)
    """,
    """
    CREATE TABLE deliveries (
        id UUID NOT NULL,
        event_id UUID NOT NULL,
        webhook_id UUID NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER DEFAULT '0' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        next_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        delivered_at TIMESTAMP WITH TIME ZONE,
        last_status INTEGER,
        last_error TEXT,
        CONSTRAINT pk_deliveries PRIMARY KEY (id),
        CONSTRAINT uq_deliveries_event_id_webhook_id UNIQUE (event_id, webhook_id),
        CONSTRAINT fk_deliveries_webhook_id FOREIGN KEY(webhook_id)
            REFERENCES webhooks (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_deliveries_dead ON deliveries (webhook_id, id)
    WHERE state = 'dead'
    """,
    """
    CREATE INDEX ix_deliveries_pending ON deliveries (webhook_id, next_at)
    WHERE state = 'pending'
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
