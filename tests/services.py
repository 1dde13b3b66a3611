"""Real servers for tests: one PostgreSQL and one Valkey a run, an empty database a test.

Nothing is imported before it is needed: tests that touch nothing do not wait for it.
"""

import fcntl
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    import psycopg

    from queues.embedded import EmbeddedPostgres, EmbeddedValkey
    from queues.store.session import Store

_NAME: Final = "tierwise-test-"
_TEMPLATE: Final = "tierwise_template"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder of one run inside is its own
_ROOM: Final = 2 * 1024**3
"""In bytes, what a run may write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """The servers that all tests share: to be filled and emptied, not to be stopped."""

    postgres: "EmbeddedPostgres"
    valkey: "EmbeddedValkey"

    @contextmanager
    def database(self, *, template: str) -> Iterator[str]:
        """A new database, made from another; its address. Dropped afterwards."""
        name = f"test_{secrets.token_hex(8)}"
        with self._administration() as connection:
            connection.execute(
                f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY".encode("ascii")
            )
        yield self.address(name)
        with self._administration() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode("ascii"))

    def address(self, database: str) -> str:
        """The address of one of the databases."""
        return f"{self.postgres.url.rpartition('/')[0]}/{database}"

    def add(self, database: str) -> None:
        """Make an empty database."""
        with self._administration() as connection:
            connection.execute(f"CREATE DATABASE {database}".encode("ascii"))

    def _administration(self) -> "psycopg.Connection[tuple[object, ...]]":
        import psycopg  # noqa: PLC0415 - see above

        return psycopg.connect(self.postgres.url.replace("+psycopg", ""), autocommit=True)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey, quick rather than durable."""
    from queues.embedded import EmbeddedPostgres, EmbeddedValkey  # noqa: PLC0415 - see above

    with (
        tempfile.TemporaryDirectory(prefix=_NAME, dir=_quick_folder()) as folder,
        EmbeddedPostgres(Path(folder, "postgres"), durable=False) as postgres,
        EmbeddedValkey(Path(folder, "valkey"), durable=False) as valkey,
    ):
        yield Servers(postgres=postgres, valkey=valkey)


@pytest.fixture(scope="session")
def template(servers: Servers) -> str:
    """The name of a database with all tables and no rows."""
    from queues.store.migrating import migrate  # noqa: PLC0415 - see above

    servers.add(_TEMPLATE)
    migrate(servers.address(_TEMPLATE))
    return _TEMPLATE


@pytest.fixture
def store(servers: Servers, template: str) -> Iterator["Store"]:
    """A store of its own for this test: all tables, no rows."""
    from queues.store.session import Store  # noqa: PLC0415 - see above

    with servers.database(template=template) as url:
        store = Store(url)
        yield store
        store.close()


@pytest.fixture
def redis_url(servers: Servers) -> str:
    """The address of a Valkey that holds nothing."""
    import redis  # noqa: PLC0415 - see above

    with redis.Redis.from_url(servers.valkey.url) as client:
        client.flushall()
    return servers.valkey.url


def _quick_folder() -> Path | None:
    """In memory where there is room: a database, which is 300 files, is copied in 20 ms there."""
    if not _MEMORY.is_dir():
        return None
    for left in _MEMORY.glob(f"{_NAME}*"):
        _clear(left)
    return _MEMORY if shutil.disk_usage(_MEMORY).free > _ROOM else None


def _clear(left: Path) -> None:
    """Remove the folder of a run that was killed: nobody holds its lock."""
    try:
        with (left / "postgres" / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    except OSError:
        return  # held by another run, or not made yet
