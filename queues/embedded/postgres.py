"""A PostgreSQL of our own: made, started, stopped and recovered without an administrator."""

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

import psycopg

from queues.embedded.binaries import POSTGRES_VERSION, find_postgres
from queues.embedded.errors import FolderUnusable
from queues.embedded.leftovers import can_be_seen
from queues.embedded.ports import LOOPBACK
from queues.embedded.privileges import Privileges
from queues.embedded.server import EmbeddedServer

_USER: Final = "tierwise"
_DATABASE: Final = "tierwise"
_STATE: Final = 7
"""The line of `postmaster.pid` that tells the state, counted from 0."""

# For two cores and moderate memory.
_SETTINGS: Final = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    # Who looks at years of days holds a lock on each.
    "max_locks_per_transaction": "256",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    # Parallel queries need room in /dev/shm, which containers are short of, and gain little here.
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "min_wal_size": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    # Queues are tables whose rows come and go: without this, dead rows are waded through.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
    # Somebody who holds a transaction open and says nothing holds up everybody.
    "idle_in_transaction_session_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] ",
    # Statements and details of errors hold what people wrote, which no log may.
    "log_checkpoints": "off",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_DURABLE: Final = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_FAST: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL with one empty database. Not durable means quick, and lost at a power failure."""

    server: ClassVar[str] = "PostgreSQL"
    politely: ClassVar[signal.Signals] = signal.SIGINT
    """A fast stop: sessions are ended, nothing committed is lost."""

    @property
    def url(self) -> str:
        """For SQLAlchemy on psycopg."""
        return (
            f"postgresql+psycopg://{_USER}:{self.folder.password()}"
            f"@{LOOPBACK}:{self.port}/{_DATABASE}"
        )

    def _program(self) -> Path:
        return find_postgres().postgres

    def _stands_in(self) -> Path:
        return self.folder.path / "data"

    def _pid_file(self) -> Path:
        return self._stands_in() / "postmaster.pid"

    def _prepare(self, privileges: Privileges) -> None:
        data = self._stands_in()
        if data.exists():
            self._check_version(data)
            if can_be_seen():
                # Whoever wrote it is gone, but its number may be another process by now, and
                # PostgreSQL would take that one for itself.
                self._pid_file().unlink(missing_ok=True)
        else:
            self._make(privileges)

    def _make(self, privileges: Privileges) -> None:
        """Make the data folder under another name first: half of one is not taken for one."""
        self.folder.password()
        self.folder.remove("data.new")
        command = [
            str(find_postgres().initdb),
            "--pgdata=data.new",
            f"--username={_USER}",
            "--pwfile=password",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # Of PostgreSQL itself: an upgrade of the system does not change the order of texts,
            # under which every index on a text would break.
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            *([] if self.durable else ["--no-sync"]),
        ]
        if privileges.run(command, self.folder) != 0:
            raise self._failed(what="could not make its data folder")
        (self.folder.path / "data.new").rename(self._stands_in())

    def _check_version(self, data: Path) -> None:
        try:
            version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        except OSError as error:
            raise FolderUnusable(str(data), "it holds no PostgreSQL data") from error
        if version != str(POSTGRES_VERSION):
            raise FolderUnusable(
                str(data),
                f"it is of PostgreSQL {version}, and {POSTGRES_VERSION} is installed; "
                "carry the data over with pg_dump or pg_upgrade",
            )

    def _configure(self, port: int) -> Sequence[str]:
        settings = _SETTINGS | (_DURABLE if self.durable else _FAST) | {"port": str(port)}
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        self.folder.write(
            "data/postgresql.conf",
            "# Written at every start. What stands in local.conf beside this file wins.\n"
            + "".join(lines)
            + "include = 'local.conf'\n",
        )
        if not (self._stands_in() / "local.conf").exists():
            self.folder.write("data/local.conf", "# Settings of your own.\n")
        return ["-D", str(self._stands_in())]

    def _answers(self) -> bool:
        """Read what `pg_ctl` reads: whose file it is, and how far they are."""
        try:
            text = self._pid_file().read_text("ascii")
        except OSError:
            return False
        lines = [line.strip() for line in text.splitlines()]
        return lines[:1] == [str(self.pid)] and lines[_STATE : _STATE + 1] == ["ready"]

    def _settle(self) -> None:
        """Make the database at the first start."""
        with psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            user=_USER,
            password=self.folder.password(),
            dbname="postgres",
            autocommit=True,
        ) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {_DATABASE}")
