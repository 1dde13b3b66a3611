"""A service to measure: durable servers of its own, the shipped policy, a trained classifier."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from queues import keys
from queues.access import Scope
from queues.embedded import EmbeddedPostgres, EmbeddedValkey
from queues.policies import models, releases
from queues.store.migrating import migrate
from queues.store.session import Store

ROOT: Final = Path(__file__).parents[3]
_LISTENING: Final = re.compile(rb"listening on (\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything a measurement needs."""

    folder: Path
    postgres: EmbeddedPostgres
    valkey: EmbeddedValkey
    store: Store
    key: str
    texts: Path
    """A JSON file with a list of texts."""

    def environment(self, **settings: str) -> dict[str, str]:
        """As processes of the service are told."""
        return {
            **os.environ,
            "TIERWISE_DATABASE__URL": self.postgres.url,
            "TIERWISE_REDIS__URL": self.valkey.url,
            "TIERWISE_API__RATE": "1000000000",
            "TIERWISE_LOGGING__LEVEL": "error",
            **{f"TIERWISE_{name.upper()}": value for name, value in settings.items()},
        }


@contextlib.contextmanager
def ground(texts: bytes, model: Path) -> Iterator[Ground]:
    """Servers, a database with release and model in force, and a key."""
    with (
        tempfile.TemporaryDirectory(prefix="tierwise-bench-", dir=ROOT / "out") as name,
        EmbeddedPostgres(Path(name, "postgres")) as postgres,
        EmbeddedValkey(Path(name, "valkey")) as valkey,
    ):
        folder = Path(name)
        (folder / "texts.json").write_bytes(texts)
        migrate(postgres.url)
        store = Store(postgres.url)
        try:
            published = releases.publish_folder(store, ROOT / "rules", by="bench", message="bench")
            releases.activate(store, published.name, by="bench")
            version = models.publish_model(store, model.read_bytes(), by="bench").version
            models.activate_models(store, [version], by="bench", note="bench")
            _, key = keys.create(store, name="bench", scopes=[Scope.ADMIN], by="bench")
            yield Ground(
                folder=folder,
                postgres=postgres,
                valkey=valkey,
                store=store,
                key=key,
                texts=folder / "texts.json",
            )
        finally:
            store.close()


def trained(folder: Path) -> Path:
    """A classifier of made-up items, where nobody names another."""
    for words in (
        ("sample", str(folder / "bench.jsonl")),
        (
            *("train", str(folder / "bench.jsonl"), "--label", "truth.toxic"),
            *("--score", "score.hate", "--out", str(folder / "bench.model")),
        ),
    ):
        subprocess.run(
            [sys.executable, "-m", "queues.cli", *words], check=True, stdout=subprocess.DEVNULL
        )
    return folder / "bench.model"


@contextlib.contextmanager
def running(where: Ground, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of the service, for as long as the context lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "queues.cli", *arguments],
        env=where.environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        cwd=where.folder,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def api(where: Ground, processes: int) -> Iterator[tuple[str, int]]:
    """The API: where it answers, and the number of its process."""
    arguments = ("api", "--port", "0", "--processes", str(processes))
    with running(where, *arguments) as process:
        assert process.stdout is not None
        found = _LISTENING.search(process.stdout.readline())
        assert found is not None
        url = found.group(1).decode()
        while not _ready(url):
            assert process.poll() is None
        yield url, process.pid


def press(
    where: Ground, url: str, *, batch: int, connections: int, seconds: float
) -> dict[str, float]:
    """What the load generator, in a process of its own, found."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.benchmarks.service.load", url),
            *("--texts", str(where.texts), "--batch", str(batch)),
            *("--connections", str(connections), "--seconds", str(seconds)),
        ],
        input=where.key.encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    found: dict[str, float] = httpx.Response(200, content=done.stdout).json()
    return found


def resident(pid: int) -> int:
    """Bytes in memory of a process and those it started."""
    total = 0
    for each in (pid, *_below(pid)):
        with contextlib.suppress(OSError):
            pages = int(Path("/proc", str(each), "statm").read_text(encoding="ascii").split()[1])
            total += pages * os.sysconf("SC_PAGE_SIZE")
    return total


def _below(pid: int) -> Sequence[int]:
    found: list[int] = []
    for path in Path("/proc", str(pid), "task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, path.read_text(encoding="ascii").split()):
                found += [child, *_below(child)]
    return found


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready", timeout=5).is_success
    except httpx.TransportError:
        return False
