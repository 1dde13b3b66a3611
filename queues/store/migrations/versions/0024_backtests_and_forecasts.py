"""Policies tried on what came, and what was forecast of them."""

from typing import Final

from alembic import op

revision = "0024"
down_revision = "0023"

STATEMENTS: Final = (
    """
    CREATE TABLE backtests (
        id UUID NOT NULL,
        old TEXT NOT NULL,
        new TEXT NOT NULL,
        plan JSONB NOT NULL,
        terms JSONB NOT NULL,
        sources JSON NOT NULL,
        state TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        asked_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE,
        sums JSON,
        CONSTRAINT pk_backtests PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE backtest_parts (
        id UUID NOT NULL,
        backtest_id UUID NOT NULL,
        number INTEGER NOT NULL,
        sums JSON,
        done_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_backtest_parts PRIMARY KEY (id),
        CONSTRAINT uq_backtest_parts_backtest_id_number UNIQUE (backtest_id, number),
        CONSTRAINT fk_backtest_parts_backtest_id FOREIGN KEY (backtest_id)
            REFERENCES backtests (id) ON DELETE CASCADE
    )
    """,
    """
    CREATE TABLE forecasts (
        id UUID NOT NULL,
        old TEXT NOT NULL,
        new TEXT NOT NULL,
        since TIMESTAMP WITH TIME ZONE NOT NULL,
        until TIMESTAMP WITH TIME ZONE NOT NULL,
        horizon DOUBLE PRECISION NOT NULL,
        terms JSONB NOT NULL,
        figures JSONB NOT NULL,
        made_by TEXT NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        scored_at TIMESTAMP WITH TIME ZONE,
        outcome JSONB,
        CONSTRAINT pk_forecasts PRIMARY KEY (id)
    )
    """,
    "CREATE INDEX ix_forecasts_new ON forecasts (new)",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
