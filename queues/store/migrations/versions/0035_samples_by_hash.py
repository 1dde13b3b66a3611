"""Samples that are drawn by a hash are found without reading what is not in them."""

from typing import Final

from alembic import op

revision = "0035"
down_revision = "0034"

STATEMENTS: Final = (
    """
    CREATE INDEX ix_verdicts_in_8 ON verdicts (id) INCLUDE (at)
    WHERE cause = 'received' AND (uuid_hash(id) & 7) = 0
    """,
    """
    CREATE INDEX ix_verdicts_in_128 ON verdicts (id) INCLUDE (at)
    WHERE cause = 'received' AND (uuid_hash(id) & 127) = 0
    """,
    """
    CREATE INDEX ix_cases_sample ON cases (id) INCLUDE (enqueued_at, verdict_id)
    WHERE purpose = 'sample'
    """,
    """
    CREATE INDEX ix_decisions_people ON decisions (id) INCLUDE (item_id, at, case_id)
    WHERE made_by <> 'machine' AND twin_of IS NULL AND inclusion_probability > 0
    """,
)


def upgrade() -> None:
    """Make the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)
