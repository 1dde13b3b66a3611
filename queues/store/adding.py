"""Adds many rows to many tables on one way to the server and back.

Each table takes one prepared statement with an array for each column, however many rows there are.
Sent together they take a third of the time of a COPY for each table where rows are few, as COPY
waits for the server twice, and about as long where they are many.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from psycopg.errors import UniqueViolation
from psycopg.pq import PipelineStatus
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Connection

from engine.errors import TierwiseError
from queues.store.session import driver

Row = Sequence[object]

#: A column of lists: each stands as one text in the array of its column, as an array of arrays
#: would have to be rectangular.
_LIST: Final = "text[]"


class AlreadyThere(TierwiseError):
    """A row of the same key was written by another transaction."""

    def __init__(self, table: str, constraint: str) -> None:
        super().__init__(table, constraint)
        self.table = table
        self.constraint = constraint

    def __str__(self) -> str:
        return f"`{self.table}` has such a row already (`{self.constraint}`)"


class Table:
    """A table and those of its columns that are given when a row is added."""

    def __init__(self, name: str, /, **columns: str) -> None:
        """Describe it.

        Args:
            name: The table.
            columns: The type of each column, in the order of the values of a row; values of JSON
                are text.
        """
        self.name = name
        self.statement = _statement(name, columns).as_bytes()
        self._lists = [place for place, kind in enumerate(columns.values()) if kind == _LIST]

    def arrays(self, rows: Sequence[Row]) -> list[list[object]]:
        """The values of rows, column by column."""
        columns = list(map(list, zip(*rows, strict=True)))
        for place in self._lists:
            columns[place] = list(map(_written, columns[place]))
        return columns


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows to a table in the transaction of a connection.

    Raises:
        AlreadyThere: a row of the same key was written meanwhile; the transaction is over.
    """
    if rows:
        with together(connection):
            driver(connection).execute(table.statement, table.arrays(rows), prepare=True)


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Send all statements of a context at once, and wait for the server once, at its end.

    A context within another is part of it.

    Raises:
        AlreadyThere: as `add_rows`.
    """
    below = driver(connection)
    if below.pgconn.pipeline_status != PipelineStatus.OFF:
        yield
        return
    try:
        with below.pipeline():
            yield
    except UniqueViolation as error:
        raise AlreadyThere(str(error.diag.table_name), str(error.diag.constraint_name)) from error


def _statement(name: str, columns: dict[str, str]) -> Composed:
    # %b: values travel in binary form.
    arrays = [SQL("%b::" + ("text" if kind == _LIST else kind) + "[]") for kind in columns.values()]
    values = [
        Identifier(column) + SQL("::text[]" if kind == _LIST else "")
        for column, kind in columns.items()
    ]
    return SQL("INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS given ({})").format(
        Identifier(name),
        SQL(", ").join(map(Identifier, columns)),
        SQL(", ").join(values),
        SQL(", ").join(arrays),
        SQL(", ").join(map(Identifier, columns)),
    )


def _written(values: object) -> str:
    """A list of texts as Postgres writes it."""
    assert isinstance(values, list | tuple)  # noqa: S101 - what such a column takes
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
