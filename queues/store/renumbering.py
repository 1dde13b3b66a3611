"""Lets the audit chain go on where a database was restored into another server.

Another server counts transactions from another number; audit events go on from the highest that
the chain knows, by an offset that `audit_offset()` holds.
"""

from typing import Final

from sqlalchemy import Connection, text

#: No server counts so far: a number above it was forged, and is left to be found.
_MOST: Final = 2**62


def continue_transactions(connection: Connection) -> bool:
    """Raise the offset if this server counts from below what was counted; says whether it did."""
    number, highest = connection.execute(
        text(
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint, greatest("
            " (SELECT max(until) FROM audit_blocks),"
            " (SELECT max(transaction) + 1 FROM audit_events WHERE transaction < :most), 0)"
        ),
        {"most": _MOST},
    ).one()
    offset = connection.execute(text("SELECT audit_offset()")).scalar_one()
    if number + offset >= highest:
        return False
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION audit_offset() RETURNS bigint LANGUAGE sql IMMUTABLE"
            f" AS 'SELECT {highest - number:d}::bigint'"
        )
    )
    return True
