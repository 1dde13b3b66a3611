"""What leaves the house: messages to tasks, events, and their deliveries."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, UUID

from queues.store.tables.columns import BY_DAY, identity, metadata, moment, reference, word, words

_UNSENT: Final = text("sent_at IS NULL")
_SENT: Final = text("sent_at IS NOT NULL")

#: Work for Celery, written in the transaction that makes it necessary; the task deletes its row.
outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    word("task"),
    word("queue"),
    Column("priority", SmallInteger, nullable=False),
    reference("subject"),
    moment("created_at", now=True),
    moment("sent_at", optional=True),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Index("ix_outbox_unsent", "queue", "priority", "id", postgresql_where=_UNSENT),
    Index("ix_outbox_sent", "queue", "priority", "sent_at", postgresql_where=_SENT),
)

#: Something a receiver outside may want to know. The id is what it can deduplicate by.
events = Table(
    "events",
    metadata,
    identity(),
    word("kind"),
    reference("item_id", optional=True),
    Column("payload", JSON, nullable=False),
    moment("at", now=True),
    Index("ix_events_item", "item_id"),
    postgresql_partition_by=BY_DAY,
)

#: Who is told.
webhooks = Table(
    "webhooks",
    metadata,
    identity(),
    word("url"),
    words("kinds"),  # of events; empty: all
    Column("active", Boolean, nullable=False, server_default=text("true")),
    word("about", optional=True),
    word("created_by"),
    moment("created_at", now=True),
)

#: Secrets deliveries are signed with; several are valid while one takes the place of another.
webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    identity(),
    Column(
        "webhook_id",
        UUID(as_uuid=True),
        ForeignKey("webhooks.id", ondelete="CASCADE"),
        nullable=False,
    ),
    word("secret"),
    moment("created_at", now=True),
    moment("expires_at", optional=True),
    Index("ix_webhook_secrets_webhook", "webhook_id"),
)

#: One event on its way to one receiver.
deliveries = Table(
    "deliveries",
    metadata,
    identity(),
    reference("event_id"),
    Column(
        "webhook_id",
        UUID(as_uuid=True),
        ForeignKey("webhooks.id", ondelete="CASCADE"),
        nullable=False,
    ),
    word("state"),  # pending, delivered, dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    moment("created_at", now=True),
    moment("next_at", now=True),
    moment("delivered_at", optional=True),
    Column("last_status", Integer, nullable=True),
    word("last_error", optional=True),
    UniqueConstraint("event_id", "webhook_id"),
    Index(
        "ix_deliveries_pending", "webhook_id", "next_at", postgresql_where=text("state = 'pending'")
    ),
    Index("ix_deliveries_dead", "webhook_id", "id", postgresql_where=text("state = 'dead'")),
)
