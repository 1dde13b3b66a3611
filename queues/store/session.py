"""Connections to Postgres, and the unit of work: the only place that commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final, LiteralString

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from queues.errors import Unavailable

#: What `Unavailable` calls it.
DATABASE: Final = "database"
_BUSY: Final = "all connections are in use"
_FULL: Final = "its disk is full"
#: Seconds after which a connection is asked whether it is still there.
_REST: Final = 1.0
_RESTS_SINCE: Final = "rests_since"
_AWAY: Final = "it cannot be used now"
_LOST: Final = "the connection was lost"

Found = dict[str, Any]
"""A row, by the names of its columns."""


class Store:
    """Postgres, as services see it."""

    def __init__(self, url: str, *, connections: int = 4, wait: float = 5.0) -> None:
        """Prepare a pool; nothing is connected yet.

        Args:
            url: `postgresql+psycopg://user:password@host:port/database`.
            connections: How many at once at most.
            wait: Seconds to wait for one before `Unavailable` is raised.
        """
        self.url = url
        self.engine: Engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=connections,
            max_overflow=0,
            pool_timeout=wait,
            # Errors quote parameters otherwise, and parameters hold what people wrote.
            hide_parameters=True,
            connect_args={"connect_timeout": 5, "application_name": "tierwise"},
        )
        event.listen(self.engine, "checkin", _rests)
        event.listen(self.engine, "checkout", _answers)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One unit of work: committed at the end, rolled back if anything is raised.

        Raises:
            Unavailable: the database is down, or has no connection free.
        """
        with _reachable(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A look at one consistent state; nothing can be changed.

        Raises:
            Unavailable: as in `transaction`.
        """
        with _reachable(), self.engine.connect() as connection:
            options = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            yield options
            connection.rollback()

    def listener(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection of its own, outside the pool, for NOTIFY; the caller closes it."""
        url = make_url(self.url).set(drivername="postgresql")
        try:
            return psycopg.connect(
                url.render_as_string(hide_password=False), autocommit=True, connect_timeout=5
            )
        except psycopg.OperationalError as error:
            raise _unreachable(error) from error

    def ping(self) -> None:
        """Ask whether the database answers; raises Unavailable."""
        with self.read() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def driver(connection: Connection) -> psycopg.Connection[tuple[object, ...]]:
    """The connection of psycopg below one of SQLAlchemy, in the same transaction: for COPY."""
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)  # noqa: S101 - the only driver there is
    return found


def ask(connection: Connection, statement: LiteralString, *values: object) -> list[Found]:
    """The rows of a prepared statement of psycopg (`%s`), without the work of SQLAlchemy.

    For what is asked for every item. A transaction that begins with it begins on the same way.
    """
    below = driver(connection)
    with below.pipeline(), below.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(statement, values, prepare=True, binary=True).fetchall()


def _rests(_: object, record: ConnectionPoolEntry) -> None:
    """Note when a connection came back to the pool."""
    record.info[_RESTS_SINCE] = monotonic()


def _answers(connection: psycopg.Connection, record: ConnectionPoolEntry, _: object) -> None:
    """Ask a connection that has rested whether its server is still there; if not, all are replaced.

    One that was just in use is not asked, as that takes as long as a small transaction: so where
    one is gone, as after a restart of the server, the others must not be trusted either.
    """
    since = record.info.get(_RESTS_SINCE)
    if since is None or monotonic() - since < _REST:
        return
    try:
        connection.execute("")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise InvalidatePoolError from error


@contextmanager
def _reachable() -> Iterator[None]:
    """Turn what the driver says of a database that is away into what a service can answer."""
    try:
        yield
    except PoolTimeout as error:
        raise _unavailable(_BUSY) from error
    except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
        # Where the driver was spoken to without SQLAlchemy, its errors come as they are.
        cause = error if isinstance(error, psycopg.Error) else error.orig or error
        if isinstance(cause, psycopg.errors.DiskFull):
            raise _unavailable(_FULL, retry_after=30) from error
        raise _unreachable(cause) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise _unavailable(_LOST) from error
        raise


def _unavailable(reason: str, retry_after: float = 1.0) -> Unavailable:
    return Unavailable(DATABASE, reason, retry_after)


def _unreachable(error: BaseException) -> Unavailable:
    first_line = next(iter(str(error).splitlines()), type(error).__name__)
    return Unavailable(DATABASE, _AWAY, inside=first_line)
