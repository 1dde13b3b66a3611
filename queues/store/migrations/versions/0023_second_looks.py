"""Sums of first answers by rule and model, and of panels that look again at one's decision."""

from typing import Final

from alembic import op

revision = "0023"
down_revision = "0022"

_KEY: Final = """
        hour TIMESTAMP WITH TIME ZONE NOT NULL,
        tier TEXT NOT NULL,
        policy TEXT NOT NULL,
        queue TEXT NOT NULL,
        language TEXT NOT NULL,
"""
_WATCHED: Final = (
    *("state", "purpose", "tier", "queue", "policy", "language", "decide"),
    # A decision that is revised is another one of the same case.
    *("enqueued_at", "due_at", "closed_at", "decision_id"),
)
_OLD, _NEW = (", ".join(f"{row}.{column}" for column in _WATCHED) for row in ("OLD", "NEW"))

STATEMENTS: Final = (
    f"""
    CREATE TABLE rollup_flags ({_KEY}
        sampled BOOLEAN NOT NULL,
        acted BOOLEAN NOT NULL,
        found BOOLEAN NOT NULL,
        inclusion DOUBLE PRECISION NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_flags PRIMARY KEY (hour, tier, policy, queue, language,
            sampled, acted, found, inclusion, kind, name)
    )
    """,
    f"""
    CREATE TABLE rollup_panels ({_KEY}
        looked BIGINT NOT NULL,
        overturned BIGINT NOT NULL,
        CONSTRAINT pk_rollup_panels PRIMARY KEY (hour, tier, policy, queue, language)
    )
    """,
    "DROP TRIGGER changed_cases_are_marked ON cases",
    f"""
    CREATE TRIGGER changed_cases_are_marked AFTER UPDATE ON cases
    FOR EACH ROW WHEN (({_OLD}) IS DISTINCT FROM ({_NEW}))
    EXECUTE FUNCTION mark_changed_cases()
    """,
    # Hours that are summed up have none of these yet: they are all summed up again, and until
    # that is through figures are told from rows.
    "UPDATE rollup_state SET until = NULL",
)


def upgrade() -> None:
    """Add the tables, watch decisions of cases, and have all hours summed up again."""
    for statement in STATEMENTS:
        op.execute(statement)
