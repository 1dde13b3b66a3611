"""Sums by day of first answers, of all and by rule and model, and of what several said."""

from typing import Final

from alembic import op

revision = "0025"
down_revision = "0024"

TABLES: Final = (
    """
    CREATE TABLE rollup_day_looks (
        day TIMESTAMP WITH TIME ZONE NOT NULL,
        by TEXT NOT NULL,
        name TEXT NOT NULL,
        tier TEXT NOT NULL,
        queue TEXT NOT NULL,
        sampled BOOLEAN NOT NULL,
        acted BOOLEAN NOT NULL,
        found BOOLEAN NOT NULL,
        blind BOOLEAN NOT NULL,
        inclusion DOUBLE PRECISION NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_day_looks PRIMARY KEY (day, by, name, tier, queue,
            sampled, acted, found, blind, inclusion)
    )
    """,
    """
    CREATE TABLE rollup_day_flags (
        day TIMESTAMP WITH TIME ZONE NOT NULL,
        tier TEXT NOT NULL,
        queue TEXT NOT NULL,
        sampled BOOLEAN NOT NULL,
        acted BOOLEAN NOT NULL,
        found BOOLEAN NOT NULL,
        inclusion DOUBLE PRECISION NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_day_flags PRIMARY KEY (day, tier, queue,
            sampled, acted, found, inclusion, kind, name)
    )
    """,
    """
    CREATE TABLE rollup_day_ballots (
        day TIMESTAMP WITH TIME ZONE NOT NULL,
        tier TEXT NOT NULL,
        said TEXT[] NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_day_ballots PRIMARY KEY (day, tier, said)
    )
    """,
)
_DAY: Final = "date_trunc('day', hour, 'UTC') AS day"
_LOOKS: Final = "day, by, name, tier, queue, sampled, acted, found, blind, inclusion"
_FLAGS: Final = "day, tier, queue, sampled, acted, found, inclusion, kind, name"
#: From the hours that are there: nothing has to be summed up again.
FILLING: Final = (
    f"""
    INSERT INTO rollup_day_looks ({_LOOKS}, times)
    SELECT {_LOOKS}, sum(times) FROM (
        SELECT {_DAY}, its.*, tier, queue, sampled, acted, found, blind, inclusion, times
        FROM rollup_looks CROSS JOIN LATERAL (VALUES ('tier', ''), ('policy', policy),
            ('language', language)) AS its (by, name)
    ) AS hours GROUP BY {_LOOKS}
    """,  # noqa: S608 - names of ours
    f"""
    INSERT INTO rollup_day_flags ({_FLAGS}, times)
    SELECT {_FLAGS}, sum(times) FROM (SELECT {_DAY}, * FROM rollup_flags) AS hours
    GROUP BY {_FLAGS}
    """,  # noqa: S608 - names of ours
    f"""
    INSERT INTO rollup_day_ballots (day, tier, said, times)
    SELECT day, tier, said, sum(times) FROM (SELECT {_DAY}, * FROM rollup_ballots) AS hours
    GROUP BY day, tier, said
    """,  # noqa: S608 - names of ours
)


def upgrade() -> None:
    """Add the tables, and add up the days that there are."""
    for statement in (*TABLES, *FILLING):
        op.execute(statement)
