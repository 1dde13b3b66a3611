"""Work for people: cases, votes and appeals."""

from typing import Final

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS: Final = (
    """
    CREATE TABLE cases (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        verdict_id UUID NOT NULL,
        purpose TEXT NOT NULL,
        tier TEXT NOT NULL,
        queue TEXT NOT NULL,
        policy TEXT NOT NULL,
        reason TEXT NOT NULL,
        rule TEXT NOT NULL,
        priority SMALLINT NOT NULL,
        rank BIGINT DEFAULT '0' NOT NULL,
        severity TEXT NOT NULL,
        language TEXT,
        not_by TEXT,
        state TEXT NOT NULL,
        enqueued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        due_at TIMESTAMP WITH TIME ZONE NOT NULL,
        opened_at TIMESTAMP WITH TIME ZONE,
        announced_at TIMESTAMP WITH TIME ZONE,
        overdue_at TIMESTAMP WITH TIME ZONE,
        closed_at TIMESTAMP WITH TIME ZONE,
        claimed_by TEXT,
        lease_until TIMESTAMP WITH TIME ZONE,
        seats SMALLINT DEFAULT '1' NOT NULL,
        decide TEXT DEFAULT 'majority' NOT NULL,
        round SMALLINT DEFAULT '1' NOT NULL,
        escalated_from UUID,
        decision_id UUID,
        appeal_id UUID,
        CONSTRAINT pk_cases PRIMARY KEY (id),
        CONSTRAINT fk_cases_item_id FOREIGN KEY(item_id)
            REFERENCES items (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_cases_due ON cases (due_at)
    WHERE state IN ('waiting', 'open')
    """,
    """
    CREATE INDEX ix_cases_item ON cases (item_id)
    """,
    """
    CREATE INDEX ix_cases_lease ON cases (lease_until)
    WHERE claimed_by IS NOT NULL
    """,
    """
    CREATE INDEX ix_cases_queue ON cases (queue, rank, due_at, id)
    WHERE state = 'open'
    """,
    """
    CREATE INDEX ix_cases_waiting ON cases (id)
    WHERE state = 'waiting'
    """,
    """
    CREATE UNIQUE INDEX uq_cases_open ON cases (item_id, purpose, tier)
    WHERE state IN ('waiting', 'open')
    """,
    """
    CREATE TABLE votes (
        id UUID NOT NULL,
        case_id UUID NOT NULL,
        reviewer TEXT NOT NULL,
        round SMALLINT NOT NULL,
        action TEXT NOT NULL,
        reasons TEXT[] DEFAULT '{}' NOT NULL,
        comment TEXT,
        active_seconds DOUBLE PRECISION,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_votes PRIMARY KEY (id),
        CONSTRAINT uq_votes_case_id_reviewer_round UNIQUE (case_id, reviewer, round),
        CONSTRAINT fk_votes_case_id FOREIGN KEY(case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE appeals (
        id UUID NOT NULL,
        item_id UUID NOT NULL,
        decision_id UUID NOT NULL,
        by TEXT NOT NULL,
        number SMALLINT NOT NULL,
        statement TEXT,
        state TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        closed_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_appeals PRIMARY KEY (id),
        CONSTRAINT uq_appeals_decision_id UNIQUE (decision_id),
        CONSTRAINT uq_appeals_item_id_number UNIQUE (item_id, number),
        CONSTRAINT fk_appeals_item_id FOREIGN KEY(item_id)
            REFERENCES items (id) ON DELETE CASCADE
    )
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
