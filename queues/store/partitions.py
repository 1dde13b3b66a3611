"""Days of the tables that grow: made ahead of time, dropped when they are over."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from queues.ids import id_floor
from queues.store.session import Store
from queues.store.tables import metadata

#: Tables split by day, by name.
PARTITIONED: Final = tuple(
    table.name
    for table in metadata.sorted_tables
    if table.dialect_options["postgresql"].get("partition_by")
)

#: Days made ahead: beat may be down for a week before rows fall into the default partition.
AHEAD: Final = 7


def prepare(store: Store) -> int:
    """Make what is missing for today and the days to come; says how many partitions that were.

    A new partition needs its table for itself for a moment. Where somebody holds the table for
    long, it is left for the next time, instead of all others waiting behind us.
    """
    with store.transaction() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        today = connection.execute(text("SELECT (now() AT TIME ZONE 'UTC')::date")).scalar_one()
        return prepare_days(connection, today)


def prepare_days(connection: Connection, today: date, *, ahead: int = AHEAD) -> int:
    """Make the partitions of today and some days more; says how many were missing.

    Rows of days without a partition of their own go into the default partition, where they are
    found as well; only dropping them takes longer.
    """
    present = set(_present(connection))
    made = 0
    for table in PARTITIONED:
        for day in (today + timedelta(days=number) for number in range(ahead + 1)):
            name = f"{table}_{day:%Y%m%d}"
            if name not in present and not _stray_rows(connection, table, day):
                first, after = _bounds(day)
                connection.execute(
                    text(
                        f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} "
                        f"FOR VALUES FROM ('{first}') TO ('{after}')"
                    )
                )
                made += 1
    return made


def days(connection: Connection, table: str) -> list[tuple[date, str]]:
    """The days of a table that have partitions of their own, in order, and their names."""
    prefix = f"{table}_"
    found = []
    for name in _present(connection):
        stamp = name.removeprefix(prefix)
        if name.startswith(prefix) and stamp.isdigit():
            found.append((datetime.strptime(stamp, "%Y%m%d").replace(tzinfo=UTC).date(), name))
    return sorted(found)


def _present(connection: Connection) -> list[str]:
    children = (
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = ANY(CAST(:parents AS regclass[]))"
    )
    return list(connection.execute(text(children), {"parents": list(PARTITIONED)}).scalars())


def _stray_rows(connection: Connection, table: str, day: date) -> bool:
    """Whether rows of this day lie in the default partition: then it cannot be split off."""
    first, after = _bounds(day)
    rows = f"SELECT FROM {table}_rest WHERE id >= :first AND id < :after"
    question = f"SELECT EXISTS ({rows})"
    found = connection.execute(text(question), {"first": first, "after": after})
    return bool(found.scalar_one())


def _bounds(day: date) -> tuple[str, str]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return str(id_floor(start)), str(id_floor(start + timedelta(days=1)))
