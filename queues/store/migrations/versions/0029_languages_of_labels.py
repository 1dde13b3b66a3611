"""Languages of labels, quality samples of rules, and languages a certificate does not hold in."""

from typing import Final

from alembic import op

revision = "0029"
down_revision = "0028"

STATEMENTS: Final = (
    "ALTER TABLE certifying_labels ADD COLUMN language TEXT DEFAULT '' NOT NULL",
    """
    UPDATE certifying_labels SET language = lower(cases.language) FROM cases
    WHERE cases.id = certifying_labels.case_id AND cases.language IS NOT NULL
    """,
    "ALTER TABLE certificates ADD COLUMN withheld JSONB DEFAULT '{}' NOT NULL",
    """
    CREATE TABLE certifying_samples (
        rule TEXT NOT NULL,
        case_id UUID NOT NULL,
        verdict_id UUID NOT NULL,
        release TEXT NOT NULL,
        model TEXT NOT NULL,
        language TEXT NOT NULL,
        wrong BOOLEAN NOT NULL,
        chance DOUBLE PRECISION NOT NULL,
        CONSTRAINT pk_certifying_samples PRIMARY KEY (case_id, rule)
    )
    """,
    """
    CREATE INDEX ix_certifying_samples_rule ON certifying_samples
        (rule, release, model, verdict_id)
    """,
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
