"""Sums by hour, and triggers that mark hours in which something changed."""

from typing import Final

from alembic import op

revision = "0018"
down_revision = "0017"

_KEY: Final = """
        hour TIMESTAMP WITH TIME ZONE NOT NULL,
        tier TEXT NOT NULL,
        policy TEXT NOT NULL,
        queue TEXT NOT NULL,
        language TEXT NOT NULL,
"""
_DAY_KEY: Final = """
        day TIMESTAMP WITH TIME ZONE NOT NULL,
        by TEXT NOT NULL,
        name TEXT NOT NULL,
        tier TEXT NOT NULL,
"""
_BY: Final = "PRIMARY KEY (hour, tier, policy, queue, language"

TABLES: Final = (
    f"""
    CREATE TABLE rollup_flows ({_KEY}
        items BIGINT NOT NULL,
        decided BIGINT NOT NULL,
        open BIGINT NOT NULL,
        over_bins SMALLINT[] NOT NULL,
        over_times INTEGER[] NOT NULL,
        gone_bins SMALLINT[] NOT NULL,
        gone_times INTEGER[] NOT NULL,
        since DOUBLE PRECISION[] NOT NULL,
        CONSTRAINT pk_rollup_flows {_BY})
    )
    """,
    f"""
    CREATE TABLE rollup_deadlines ({_KEY}
        due BIGINT NOT NULL,
        on_time BIGINT NOT NULL,
        CONSTRAINT pk_rollup_deadlines {_BY})
    )
    """,
    f"""
    CREATE TABLE rollup_work ({_KEY}
        reviewer TEXT NOT NULL,
        votes BIGINT NOT NULL,
        timed BIGINT NOT NULL,
        paced BIGINT NOT NULL,
        seconds DOUBLE PRECISION NOT NULL,
        squares DOUBLE PRECISION NOT NULL,
        CONSTRAINT pk_rollup_work {_BY}, reviewer)
    )
    """,
    f"""
    CREATE TABLE rollup_looks ({_KEY}
        sampled BOOLEAN NOT NULL,
        acted BOOLEAN NOT NULL,
        found BOOLEAN NOT NULL,
        blind BOOLEAN NOT NULL,
        inclusion DOUBLE PRECISION NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_looks {_BY}, sampled, acted, found, blind, inclusion)
    )
    """,
    f"""
    CREATE TABLE rollup_ballots ({_KEY}
        said TEXT[] NOT NULL,
        times BIGINT NOT NULL,
        CONSTRAINT pk_rollup_ballots {_BY}, said)
    )
    """,
    f"""
    CREATE TABLE rollup_appeals ({_KEY}
        filed BIGINT NOT NULL,
        open BIGINT NOT NULL,
        upheld BIGINT NOT NULL,
        overturned BIGINT NOT NULL,
        CONSTRAINT pk_rollup_appeals {_BY})
    )
    """,
    f"""
    CREATE TABLE rollup_day_flows ({_DAY_KEY}
        items BIGINT NOT NULL,
        decided BIGINT NOT NULL,
        open BIGINT NOT NULL,
        over_bins SMALLINT[] NOT NULL,
        over_times INTEGER[] NOT NULL,
        gone_bins SMALLINT[] NOT NULL,
        gone_times INTEGER[] NOT NULL,
        since DOUBLE PRECISION[] NOT NULL,
        CONSTRAINT pk_rollup_day_flows PRIMARY KEY (day, by, name, tier)
    )
    """,
    f"""
    CREATE TABLE rollup_day_deadlines ({_DAY_KEY}
        due BIGINT NOT NULL,
        on_time BIGINT NOT NULL,
        CONSTRAINT pk_rollup_day_deadlines PRIMARY KEY (day, by, name, tier)
    )
    """,
    f"""
    CREATE TABLE rollup_day_work ({_DAY_KEY}
        reviewer TEXT NOT NULL,
        votes BIGINT NOT NULL,
        timed BIGINT NOT NULL,
        paced BIGINT NOT NULL,
        seconds DOUBLE PRECISION NOT NULL,
        squares DOUBLE PRECISION NOT NULL,
        CONSTRAINT pk_rollup_day_work PRIMARY KEY (day, by, name, tier, reviewer)
    )
    """,
    """
    CREATE TABLE rollup_costs (
        hour TIMESTAMP WITH TIME ZONE NOT NULL,
        squares DOUBLE PRECISION NOT NULL,
        CONSTRAINT pk_rollup_costs PRIMARY KEY (hour)
    )
    """,
    """
    CREATE TABLE rollup_marks (
        part TEXT NOT NULL,
        hour TIMESTAMP WITH TIME ZONE NOT NULL
    )
    """,
    """
    CREATE TABLE rollup_state (
        id SMALLINT NOT NULL,
        until TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_rollup_state PRIMARY KEY (id)
    )
    """,
    "INSERT INTO rollup_state (id) VALUES (1)",
)

# The hour in an id of version 7, whatever the time zone of whoever asks; and the bin of a wait:
# 0 below a hundredth of a second, then each 2 % longer than the one before.
FUNCTIONS: Final = (
    """
    CREATE FUNCTION rollup_hour(id uuid) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_timestamp(
            ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 3600000 * 3600)
    $$
    """,
    """
    CREATE FUNCTION rollup_hour(at timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_timestamp(floor(extract(epoch FROM at) / 3600)::bigint * 3600)
    $$
    """,
    """
    CREATE FUNCTION rollup_bin(seconds double precision) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN seconds < 0.01 THEN 0
            ELSE 1 + floor(ln(seconds / 0.01) / ln(1.02::double precision)) END::smallint
    $$
    """,
)

# Each transaction adds rows of its own, so none waits for another, and whoever takes a row away
# sees what its transaction changed. Ids never change, so what changed names its hours.
_MARK: Final = "INSERT INTO rollup_marks (part, hour) SELECT DISTINCT"
_FROM: Final = {
    "items": f"""{_MARK} 'machine', rollup_hour(id) FROM changed
        WHERE tier IN ('auto', 'none')""",
    "cases": f"""{_MARK} 'people', hour FROM changed CROSS JOIN LATERAL
        (VALUES (rollup_hour(id)), (rollup_hour(item_id)), (rollup_hour(due_at))) AS its (hour)""",
    "votes": f"""{_MARK} 'people', hour FROM changed
        LEFT JOIN cases ON cases.id = changed.case_id CROSS JOIN LATERAL
        (VALUES (rollup_hour(case_id)), (rollup_hour(cases.item_id))) AS its (hour)
        WHERE hour IS NOT NULL""",
    "appeals": f"{_MARK} 'appeals', rollup_hour(id) FROM changed",
}
#: What has to be another for a change to count; ranks and leases change all the time.
_WATCHED: Final = {
    "items": ("state", "tier", "language", "received_at", "decided_at", "decision_id"),
    "cases": (
        *("state", "purpose", "tier", "queue", "policy", "language", "decide"),
        *("enqueued_at", "due_at", "closed_at"),
    ),
    "votes": ("reviewer", "round", "action", "blind", "active_seconds"),
    "appeals": ("state",),
}


def _made(table: str, marking: str) -> tuple[str, ...]:
    old, new = (
        ", ".join(f"{row}.{column}" for column in _WATCHED[table]) for row in ("OLD", "NEW")
    )
    # A row at a time, where one is changed at a time; a later deadline counts in both hours.
    one = marking.replace("FROM changed", "FROM (SELECT NEW.* UNION ALL SELECT OLD.*) AS changed")
    return (
        f"""
        CREATE FUNCTION mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {marking};
            RETURN NULL;
        END $$
        """,
        f"""
        CREATE FUNCTION mark_changed_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {one};
            RETURN NULL;
        END $$
        """,
        f"""
        CREATE TRIGGER added_{table}_are_marked AFTER INSERT ON {table}
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_{table}()
        """,
        f"""
        CREATE TRIGGER deleted_{table}_are_marked AFTER DELETE ON {table}
        REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mark_{table}()
        """,
        f"""
        CREATE TRIGGER changed_{table}_are_marked AFTER UPDATE ON {table}
        FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}))
        EXECUTE FUNCTION mark_changed_{table}()
        """,
    )


TRIGGERS: Final = tuple(
    statement for table, marking in _FROM.items() for statement in _made(table, marking)
)


def upgrade() -> None:
    """Make the tables, the functions and the triggers."""
    for statement in (*TABLES, *FUNCTIONS, *TRIGGERS):
        op.execute(statement)
