"""Seats that several hold at once, decisions that wait to be committed, and what people add."""

from typing import Final

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS: Final = (
    """
    CREATE TABLE holds (
        case_id UUID NOT NULL,
        reviewer TEXT NOT NULL,
        lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_holds PRIMARY KEY (case_id, reviewer),
        CONSTRAINT fk_holds_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_holds_reviewer ON holds (reviewer)
    """,
    """
    INSERT INTO holds (case_id, reviewer, lease_until)
    SELECT id, claimed_by, lease_until FROM cases
    WHERE claimed_by IS NOT NULL AND lease_until IS NOT NULL AND state = 'open'
    """,
    """
    DROP INDEX ix_cases_lease
    """,
    """
    ALTER TABLE cases
        DROP COLUMN claimed_by,
        DROP COLUMN lease_until,
        ADD COLUMN round_since TIMESTAMP WITH TIME ZONE,
        ADD COLUMN commit_at TIMESTAMP WITH TIME ZONE,
        ADD COLUMN about TEXT,
        ADD COLUMN content BYTEA
    """,
    """
    CREATE INDEX ix_cases_commit ON cases (commit_at) WHERE commit_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_cases_content ON cases (content) WHERE content IS NOT NULL
    """,
    """
    ALTER TABLE votes
        ADD COLUMN policy TEXT,
        ADD COLUMN corrections JSONB
    """,
    """
    ALTER TABLE decisions ADD COLUMN twin_of UUID
    """,
    """
    CREATE TABLE ratings (
        case_id UUID NOT NULL,
        reviewer TEXT NOT NULL,
        verdict_id UUID NOT NULL,
        rating TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_ratings PRIMARY KEY (case_id, reviewer),
        CONSTRAINT fk_ratings_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE comments (
        id UUID NOT NULL,
        case_id UUID NOT NULL,
        round SMALLINT NOT NULL,
        author TEXT NOT NULL,
        text TEXT,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_comments PRIMARY KEY (id),
        CONSTRAINT fk_comments_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE INDEX ix_comments_case ON comments (case_id)
    """,
)


def upgrade() -> None:
    """Make the tables, and move what is claimed."""
    for statement in STATEMENTS:
        op.execute(statement)
