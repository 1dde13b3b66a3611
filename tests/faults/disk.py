"""`python -m tests.faults.disk FOLDER`: the disk of Postgres fills up, and is cleared again.

To be run in a mount namespace of its own: the disk is one in memory that nobody else sees, and that
is gone with the last process in there.
"""

import contextlib
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import psycopg

from tests.faults.load import Sender, items
from tests.faults.policy import written
from tests.faults.promises import check, settle
from tests.faults.site import Site
from tests.waiting import until

_SIZE: Final = "512m"
#: One of each kind: what becomes of them is what is looked at.
_PARTS: Final[Mapping[str, tuple[int, Sequence[str]]]] = {
    "api": (1, ("api",)),
    "relay": (1, ("relay",)),
    "courier": (1, ("courier",)),
    "beat": (1, ("beat",)),
    "worker": (1, ("worker", "--queues", "auto,single,senior")),
}
_ITEMS: Final = 160
_BATCH: Final = 40
#: Answers of a full disk, before Postgres gives up for it.
_ENOUGH: Final = 10
_CHUNK: Final = bytes(2**20)
_PROBLEM: Final = "application/problem+json"
_FULL: Final = "database: its disk is full"


@dataclass(slots=True)
class Posting:
    """Posts batch after batch to the one API process, and keeps what it is told."""

    site: Site
    answers: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    problems: Counter[str] = field(default_factory=Counter)
    """How often what was wrong."""
    _http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    def once(self) -> None:
        """Post a batch. It is answered: each item, or the request with a problem to wait for."""
        answer = self._http.post(
            f"{self.site.urls[0]}/v1/items",
            json={"items": items(uuid4().hex[:8], _BATCH)},
            headers={"authorization": f"Bearer {self.site.key}"},
        )
        if answer.is_success:
            results = answer.json()["results"]
            self.answers |= {one["id"]: one for one in results}
            return
        assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE, answer.text
        assert answer.headers["content-type"] == _PROBLEM
        assert int(answer.headers["retry-after"]) >= 1
        problem = answer.json()
        assert problem["part"] == "database", problem
        self.problems[problem["detail"]] += 1

    def until(self, happened: Callable[[], object]) -> None:
        """Go on until something happened."""

        def looked() -> object:
            self.once()
            return happened()

        until(looked, within=240)

    def all(self) -> None:
        """Post as senders do who wait and try again, until each item is answered."""
        self.answers |= Sender(self.site, items(uuid4().hex[:8], _ITEMS), batch=8).finish().answers


def main() -> int:
    """Fill the disk under a site, go on, clear it, and see that nothing is lost."""
    folder = Path(sys.argv[1])
    disk = folder / "postgres"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=700", "tmpfs", str(disk))
    subprocess.run(mount, check=True)
    with Site(folder, written(folder), parts=_PARTS) as site:
        posting = Posting(site)
        try:
            _fill_and_clear(site, posting, disk / "ballast")
        finally:
            _tell(posting, disk)
        assert check(site, posting.answers).lost == 0
        assert {process.starts for process in site.processes.values()} == {1}
    return 0


def _fill_and_clear(site: Site, posting: Posting, ballast: Path) -> None:
    posting.all()
    settle(site)  # by then all processes are at work
    _keep_no_log(site)
    _fill(ballast)
    posting.until(lambda: posting.problems[_FULL] >= _ENOUGH)
    posting.until(lambda: _gave_up(site, ballast))
    posting.until(lambda: len(posting.problems) > 1)
    ballast.unlink()
    site.postgres.start()  # as an operator does, who has made room
    site.await_ready()
    posting.all()
    settle(site)


def _keep_no_log(site: Site) -> None:
    """Files of its log that Postgres is done with are not kept to be written over.

    Else it may get on with these for as long as anybody looks, however full the disk is: each time
    that it gives up it makes a checkpoint, and has files again.
    """
    with psycopg.connect(_address(site), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET wal_recycle = off")
        connection.execute("ALTER SYSTEM SET min_wal_size = '32MB'")
        connection.execute("SELECT pg_reload_conf()")


def _fill(ballast: Path) -> None:
    """Fill a disk to the last byte with this file, and again what was let go of since."""
    with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(_CHUNK)


def _gave_up(site: Site, ballast: Path) -> bool:
    """Whether Postgres has ended, as it may not go on without room for its log.

    What it has to write before it does anything is asked to go on in another file, which it soon
    would by itself. Something is written first: a file that nothing was written in is not left,
    and requests that are refused write nothing.
    """
    _fill(ballast)
    with (
        contextlib.suppress(psycopg.Error),
        psycopg.connect(_address(site), connect_timeout=5) as connection,
    ):
        connection.execute("SELECT pg_logical_emit_message(false, 'full', 'disk')")
        connection.execute("SELECT pg_switch_wal()")
    return not site.postgres.running


def _address(site: Site) -> str:
    return site.postgres.url.replace("+psycopg", "")


def _tell(posting: Posting, disk: Path) -> None:
    """What senders were told and how much room there was in the end, for who reads a failure."""
    sys.stdout.write(f"{shutil.disk_usage(disk).free} bytes free\n")
    sys.stdout.write(f"{len(posting.answers)} items answered\n")
    for problem, times in posting.problems.most_common():
        sys.stdout.write(f"{times} × {problem}\n")


if __name__ == "__main__":
    sys.exit(main())
