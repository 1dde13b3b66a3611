"""What models have learnt from, and items that were chosen to be learnt from."""

from typing import Final

from alembic import op

revision = "0030"
down_revision = "0029"

STATEMENTS: Final = (
    """
    CREATE TABLE learnt_labels (
        name TEXT NOT NULL,
        decision_id UUID NOT NULL,
        training_id UUID NOT NULL,
        CONSTRAINT pk_learnt_labels PRIMARY KEY (name, decision_id)
    )
    """,
    # Of what was promoted so far: the first that has each.
    """
    INSERT INTO learnt_labels (name, decision_id, training_id)
    SELECT DISTINCT ON (made.name, label.id) made.name, label.id, made.id FROM training_runs AS made
    CROSS JOIN LATERAL (
        SELECT CAST(json_array_elements_text(made.manifest -> 'training') AS uuid) AS id
    ) AS label
    WHERE made.state = 'promoted' AND made.manifest IS NOT NULL
    ORDER BY made.name, label.id, made.ended_at
    """,
    """
    CREATE TABLE suggestions (
        case_id UUID NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        model TEXT NOT NULL,
        score TEXT NOT NULL,
        strategy TEXT NOT NULL,
        worth DOUBLE PRECISION NOT NULL,
        place INTEGER NOT NULL,
        CONSTRAINT pk_suggestions PRIMARY KEY (case_id),
        CONSTRAINT fk_suggestions_case_id FOREIGN KEY (case_id)
            REFERENCES cases (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_suggestions_made_at ON suggestions (made_at)",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
