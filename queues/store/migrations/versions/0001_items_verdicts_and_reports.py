"""Items, their verdicts, ordered signals and reports."""

from typing import Final

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS: Final = (
    """
    CREATE TABLE items (
        id UUID NOT NULL,
        sender_id TEXT NOT NULL,
        digest BYTEA NOT NULL,
        kind TEXT NOT NULL,
        author_id TEXT,
        language TEXT,
        received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        state TEXT NOT NULL,
        tier TEXT NOT NULL,
        action TEXT NOT NULL,
        verdict_id UUID NOT NULL,
        decision_id UUID,
        decided_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_items PRIMARY KEY (id),
        CONSTRAINT uq_items_sender_id UNIQUE (sender_id)
    )
    """,
    """
    CREATE INDEX ix_items_author ON items (author_id, id)
    WHERE author_id IS NOT NULL
    """,
    """
    CREATE INDEX ix_items_removed ON items (author_id, decided_at)
    WHERE action = 'remove'
    """,
    """
    CREATE INDEX ix_items_unfinished ON items (state, id)
    WHERE state IN ('waiting_for_signals', 'in_review')
    """,
    """
    CREATE TABLE verdicts (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        cause TEXT NOT NULL,
        release TEXT NOT NULL,
        models TEXT[] NOT NULL,
        tier TEXT NOT NULL,
        action TEXT NOT NULL,
        inclusion_probability DOUBLE PRECISION NOT NULL,
        input JSON NOT NULL,
        trace JSON NOT NULL,
        CONSTRAINT pk_verdicts PRIMARY KEY (id)
    ) PARTITION BY RANGE (id)
    """,
    """
    CREATE TABLE verdicts_rest PARTITION OF verdicts DEFAULT
    """,
    """
    CREATE INDEX ix_verdicts_item ON verdicts (item_id)
    """,
    """
    CREATE TABLE signal_orders (
        item_id UUID NOT NULL,
        name TEXT NOT NULL,
        ordered_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        deadline_at TIMESTAMP WITH TIME ZONE NOT NULL,
        arrived_at TIMESTAMP WITH TIME ZONE,
        found JSONB,
        failure TEXT,
        CONSTRAINT pk_signal_orders PRIMARY KEY (item_id, name),
        CONSTRAINT fk_signal_orders_item_id FOREIGN KEY(item_id)
            REFERENCES items (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_signal_orders_deadline ON signal_orders (deadline_at)
    WHERE arrived_at IS NULL AND failure IS NULL
    """,
    """
    CREATE TABLE reports (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        reporter TEXT NOT NULL,
        reasons TEXT[] DEFAULT '{}' NOT NULL,
        comment TEXT,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_reports PRIMARY KEY (id),
        CONSTRAINT uq_reports_item_id_reporter UNIQUE (item_id, reporter),
        CONSTRAINT fk_reports_item_id FOREIGN KEY(item_id)
            REFERENCES items (id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
