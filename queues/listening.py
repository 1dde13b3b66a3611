"""Hears what other processes tell with NOTIFY: one connection for many who want to know."""

import threading
import time
from collections.abc import Callable
from typing import Final

import orjson
import psycopg
import structlog

from queues.errors import Unavailable
from queues.store.notices import CHANNEL, Topic
from queues.store.session import Store

_log = structlog.get_logger(__name__)

#: Seconds between looks at whether we shall stop.
_BREATH: Final = 0.5
#: Seconds of silence after which we ask whether the connection still stands.
_SILENCE: Final = 10.0
#: Seconds between tries to connect.
_RETRY: Final = 1.0

Told = Callable[[str], None]
Missed = Callable[[], None]


class Listener:
    """Passes notices on. Whoever is told runs in the thread of the listener, and must be quick.

    Notices that were sent while the connection was away never come: `missed` tells of the gap,
    and whoever cares looks into the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: dict[str, list[Told]] = {}
        self._missed: list[Missed] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def subscribe(self, topic: Topic, told: Told, *, missed: Missed | None = None) -> None:
        """Want to know; before `start`.

        Args:
            topic: What about.
            told: Called with the name in each notice.
            missed: Called whenever the connection stands (again): something may have been missed.
        """
        self._told.setdefault(topic.value, []).append(told)
        if missed is not None:
            self._missed.append(missed)

    def start(self) -> None:
        """Begin to listen, and go on through restarts of the database."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._store.listener() as connection:
                    self._listen(connection)
            except (Unavailable, psycopg.OperationalError) as error:
                _log.warning("cannot listen", reason=str(error).partition("\n")[0])
                self._stop.wait(_RETRY)

    def _listen(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        connection.execute(f"LISTEN {CHANNEL}".encode("ascii"))
        for missed in self._missed:
            missed()
        heard = time.monotonic()
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=_BREATH):
                heard = time.monotonic()
                self._pass_on(notice.payload)
                if self._stop.is_set():
                    return
            if time.monotonic() - heard > _SILENCE:
                connection.execute("SELECT 1")
                heard = time.monotonic()

    def _pass_on(self, payload: str) -> None:
        try:
            topic, name = orjson.loads(payload)
        except ValueError:
            _log.warning("a notice that cannot be read", length=len(payload))
            return
        for told in self._told.get(topic, ()):
            told(name)
