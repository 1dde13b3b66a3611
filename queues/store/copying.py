"""Writes many rows at once by COPY, several times as fast as INSERT."""

from collections.abc import Iterable, Sequence

from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection

from queues.store.session import driver


def copy_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Append rows to a table in the transaction of a connection.

    Args:
        connection: Of a unit of work.
        table: Its name.
        columns: Names, in the order of the values.
        rows: Values; JSON as text.
    """
    statement = SQL("COPY {} ({}) FROM STDIN").format(
        Identifier(table), SQL(", ").join(map(Identifier, columns))
    )
    with driver(connection).cursor() as cursor, cursor.copy(statement) as copy:
        write = copy.write_row
        for row in rows:
            write(row)
