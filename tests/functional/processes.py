"""Starts processes of the service as a person does, and makes sure that none is left."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import text

from queues.store.session import Store

ROOT = Path(__file__).resolve().parents[2]
#: Seconds for what takes two on an idle machine.
PATIENCE = 120.0


class Running:
    """A process of the service, with all it started."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log

    @property
    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text(encoding="utf-8")

    def kill(self) -> None:
        """End it at once, as the system does when memory runs out; and only it."""
        self.process.kill()
        self.process.wait()

    def kill_all(self) -> None:
        """End it and all that it started, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(
    folder: Path, store: Store, redis_url: str, *arguments: str, **settings: str
) -> Iterator[Running]:
    """A process until the end of the block, told to stop then.

    Args:
        folder: Where it writes.
        store: Its database.
        redis_url: Its broker.
        arguments: Of `tierwise`.
        settings: Names and values, such as `outbox__group="1"`.
    """
    log = folder / f"{arguments[0]}-{len(list(folder.iterdir()))}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "queues.cli", *arguments],
            cwd=folder,
            env=_environment(store, redis_url, settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield Running(process, log)
        process.terminate()
        process.wait(PATIENCE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def pids(store: Store, kind: str) -> list[int]:
    """The processes of a kind that say that they run, the youngest last."""
    with store.read() as connection:
        found = connection.execute(
            text("SELECT pid FROM processes WHERE kind = :kind ORDER BY id"), {"kind": kind}
        )
        return list(found.scalars())


def _environment(store: Store, redis_url: str, settings: Mapping[str, str]) -> dict[str, str]:
    named = {f"TIERWISE_{name.upper()}": value for name, value in settings.items()}
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TIERWISE_DATABASE__URL": store.url,
        "TIERWISE_REDIS__URL": redis_url,
        **named,
    }
