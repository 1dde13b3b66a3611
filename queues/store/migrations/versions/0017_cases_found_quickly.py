"""Open cases are found at the front of all that wait, or in their lane, however many there are."""

from typing import Final

from alembic import op

revision = "0017"
down_revision = "0016"

STATEMENTS: Final = (
    """
    CREATE INDEX ix_cases_next ON cases (tier, rank, due_at, id) INCLUDE (queue, policy, language)
    WHERE state = 'open'
    """,
    """
    CREATE INDEX ix_cases_lane
    ON cases (COALESCE(lower(language), ''::text), queue, policy, rank, due_at, id)
    WHERE state = 'open'
    """,
    """
    DROP INDEX ix_cases_queue
    """,
    """
    CREATE INDEX ix_cases_listed ON cases (due_at, id)
    """,
    """
    ALTER TABLE votes ADD COLUMN content BYTEA
    """,
    """
    UPDATE votes SET content = cases.content FROM cases
    WHERE cases.id = votes.case_id AND cases.content IS NOT NULL
    """,
    """
    CREATE INDEX ix_votes_content ON votes (reviewer, content) WHERE content IS NOT NULL
    """,
)


def upgrade() -> None:
    """Make the indexes, and note what was voted on."""
    for statement in STATEMENTS:
        op.execute(statement)
