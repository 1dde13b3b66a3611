"""Decisions that a senior looks at once more, blind; exact duplicates are counted once."""

from typing import Final

from alembic import op

revision = "0031"
down_revision = "0030"

_WATCHED: Final = (
    *("state", "purpose", "tier", "queue", "policy", "language", "decide"),
    # What an item said is forgotten when it is erased: then it is like no other.
    *("enqueued_at", "due_at", "closed_at", "decision_id", "content"),
)
_OLD, _NEW = (", ".join(f"{row}.{column}" for column in _WATCHED) for row in ("OLD", "NEW"))

STATEMENTS: Final = (
    """
    CREATE TABLE validations (
        case_id UUID NOT NULL,
        decision_id UUID NOT NULL,
        tier TEXT NOT NULL,
        action TEXT NOT NULL,
        inclusion DOUBLE PRECISION NOT NULL,
        revised_by TEXT,
        CONSTRAINT pk_validations PRIMARY KEY (case_id),
        CONSTRAINT uq_validations_decision_id UNIQUE (decision_id),
        CONSTRAINT fk_validations_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE validation_draws (
        id SMALLINT NOT NULL,
        until TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_validation_draws PRIMARY KEY (id)
    )
    """,
    # What was decided before is not drawn any more.
    "INSERT INTO validation_draws (id, until) VALUES (1, now())",
    """
    CREATE TABLE rollup_validations (
        hour TIMESTAMP WITH TIME ZONE NOT NULL,
        tier TEXT NOT NULL,
        policy TEXT NOT NULL,
        queue TEXT NOT NULL,
        language TEXT NOT NULL,
        upheld BOOLEAN NOT NULL,
        inclusion DOUBLE PRECISION NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_validations
            PRIMARY KEY (hour, tier, policy, queue, language, upheld, inclusion)
    )
    """,
    # Of items that came before nobody knows what is alike: each counts.
    "ALTER TABLE items ADD COLUMN content BYTEA",
    *(
        statement
        for table in ("rollup_flows", "rollup_day_flows")
        for column in ("distinct_decided", "odd")
        for statement in (
            f"ALTER TABLE {table} ADD COLUMN {column} BIGINT NOT NULL DEFAULT 0",
            f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT",
        )
    ),
    "DROP TRIGGER changed_cases_are_marked ON cases",
    f"""
    CREATE TRIGGER changed_cases_are_marked AFTER UPDATE ON cases
    FOR EACH ROW WHEN (({_OLD}) IS DISTINCT FROM ({_NEW}))
    EXECUTE FUNCTION mark_changed_cases()
    """,
    # Until all hours are summed up again, figures are told from rows.
    "UPDATE rollup_state SET until = NULL",
)


def upgrade() -> None:
    """Add the tables and columns, and have all hours summed up again."""
    for statement in STATEMENTS:
        op.execute(statement)
