"""Which processes run, and what each of them judges with."""

import os
import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from queues.errors import Unavailable
from queues.ids import new_id
from queues.store import activations
from queues.store.activations import Kind
from queues.store.session import Store
from queues.store.tables.policies import processes

#: Seconds between signs of life.
BEAT: Final = 5.0
#: Silence after which a process counts as gone.
GONE_AFTER: Final = timedelta(seconds=60)
#: Kinds of processes that judge items.
JUDGING: Final = frozenset({"api", "worker"})

_log = structlog.get_logger(__name__)

#: The names of the release and of the models in use; of a process without any: (None, ()).
Using = Callable[[], tuple[str | None, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process that gave a sign of life lately."""

    id: UUID
    kind: str
    host: str
    pid: int
    release: str | None
    models: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    trouble: str | None
    """Why it does not use what is in force, or a canary beside it; None: it does."""
    behind: bool
    """Whether it judges with something else than what is in force."""


class Presence:
    """Signs of life of this process; made after any fork."""

    def __init__(
        self,
        store: Store,
        kind: str,
        using: Using,
        *,
        trouble: Callable[[], str | None] = lambda: None,
        beat: float = BEAT,
    ) -> None:
        """Prepare; nothing is written yet.

        Args:
            store: Where signs of life are written.
            kind: What this process is: `api`, `worker`, `relay`, `courier`, `beat`.
            using: Tells what it judges with; called at every sign of life.
            trouble: Tells what it cannot use that it should, likewise.
            beat: Seconds between them.
        """
        self.id = new_id()
        self._store = store
        self._kind = kind
        self._using = using
        self._trouble = trouble
        self._beat = beat
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="presence", daemon=True)

    def start(self) -> None:
        """Give signs of life from now on, in a thread of its own."""
        self._thread.start()

    def wake(self) -> None:
        """Give a sign of life at once, as something else is used now."""
        self._wake.set()

    def close(self) -> None:
        """Say that this process is gone."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        try:
            with self._store.transaction() as connection:
                connection.execute(delete(processes).where(processes.c.id == self.id))
        except Unavailable as problem:
            _log.warning("cannot say goodbye", reason=str(problem))

    def beat(self) -> None:
        """Give one sign of life now, and forget processes that gave none for long.

        Raises:
            Unavailable: the database is away.
        """
        release, models = self._using()
        using = {"release": release, "models": list(models), "trouble": self._trouble()}
        row = insert(processes).values(
            id=self.id,
            kind=self._kind,
            host=platform.node(),
            pid=os.getpid(),
            **using,
        )
        now = func.clock_timestamp()
        row = row.on_conflict_do_update(
            index_elements=[processes.c.id],
            set_={**using, "seen_at": now},
        )
        gone = processes.c.seen_at < now - GONE_AFTER
        with self._store.transaction() as connection:
            connection.execute(row)
            connection.execute(delete(processes).where(gone))

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            if self._stop.is_set():  # between the two, so that the wake was for this
                return
            try:
                self.beat()
            except Unavailable as problem:
                _log.warning("no sign of life", reason=str(problem))
            self._wake.wait(self._beat)


def present(store: Store) -> list[Process]:
    """The processes that gave a sign of life lately, by kind and start."""
    with store.read() as connection:
        release = activations.in_force(connection, Kind.RELEASE)
        models = activations.in_force(connection, Kind.MODELS) or ()
        recent = processes.c.seen_at >= func.clock_timestamp() - GONE_AFTER
        question = select(processes).where(recent).order_by(processes.c.kind, processes.c.id)
        rows = connection.execute(question).mappings().all()
    wanted = (release[0] if release else None, models)
    return [
        Process(
            **{**row, "models": tuple(row["models"])},
            behind=row["kind"] in JUDGING and (row["release"], tuple(row["models"])) != wanted,
        )
        for row in rows
    ]


def stragglers(store: Store) -> list[Process]:
    """The processes that judge with something else than what is in force."""
    return [process for process in present(store) if process.behind]


def troubled(connection: Connection, release: str) -> list[str]:
    """Why processes cannot use a release, each reason once."""
    question = select(processes.c.trouble).where(
        processes.c.trouble.contains(f"`{release}`"),
        processes.c.seen_at >= func.clock_timestamp() - GONE_AFTER,
    )
    return sorted(connection.execute(question.distinct()).scalars())
