"""Threads that take turns at every statement, in an order that is given: races that repeat.

Each thread stops before it begins, before a statement is sent and before it commits, and goes on
when it is its turn. One that waits for a lock of Postgres is passed over until it has it.
"""

import threading
from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, event, text

from queues.store.session import Store, driver
from tests.waiting import until

if TYPE_CHECKING:
    import psycopg

#: Seconds in which a statement that waits for nobody is through, mostly; it is asked after them.
_SOON: Final = 0.004
_GIVEN_UP: Final = 60.0
_BLOCKED: Final = "SELECT cardinality(pg_blocking_pids(pid)) > 0 FROM unnest(%s::int[]) AS pid"
#: Two that wait for each other are told so by Postgres after that time; usually a second.
_DEADLOCK_AFTER: Final = "100ms"


class _State(Enum):
    WAITING = auto()
    RUNNING = auto()
    DONE = auto()


class _Player(threading.Thread):
    """Somebody who takes turns with others."""

    def __init__(self, deed: Callable[[], object], changed: threading.Condition) -> None:
        super().__init__(daemon=True)
        self.state = _State.WAITING
        self.pid: int | None = None
        """Of the server's process that works for them now."""
        self.outcome: object = None
        """What came of it; an exception where it failed."""
        self._deed = deed
        self._changed = changed

    def run(self) -> None:
        """Do it, turn by turn."""
        self.stop()
        try:
            self.outcome = self._deed()
        except Exception as failure:  # noqa: BLE001 - told to whoever looks at the outcome
            self.outcome = failure
        with self._changed:
            self.state = _State.DONE
            self._changed.notify_all()

    def stop(self, pid: int | None = None) -> None:
        """Wait for the next turn; called in their own thread."""
        with self._changed:
            self.pid, self.state = pid, _State.WAITING
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.state is _State.RUNNING)

    def go(self) -> None:
        """It is their turn."""
        with self._changed:
            self.state = _State.RUNNING
            self._changed.notify_all()


class Turns:
    """Runs deeds that work with one store at the same time, switching where it is told to."""

    def __init__(self, store: Store) -> None:
        """Prepare the store: each of its statements becomes a place to switch at."""
        with store.transaction() as connection:
            name = connection.execute(text("SELECT current_database()")).scalar_one()
            sooner = f"ALTER DATABASE {name} SET deadlock_timeout = '{_DEADLOCK_AFTER}'"
            connection.execute(text(sooner))
        store.close()
        self._changed = threading.Condition()
        self._asks: psycopg.Connection[tuple[object, ...]] = store.listener()
        # What is asked below SQLAlchemy is no place to switch at; a transaction may begin with it.
        event.listen(store.engine, "begin", self._stop)
        event.listen(store.engine, "before_cursor_execute", self._before_statement)
        event.listen(store.engine, "commit", self._stop)

    def close(self) -> None:
        """Let go of the connection that looks who waits."""
        self._asks.close()

    def run(self, deeds: Sequence[Callable[[], object]], turns: Sequence[int]) -> list[object]:
        """Do all deeds at once; what came of each, an exception where it failed.

        Args:
            deeds: What is done.
            turns: How many statements the first does, then the second, and so on in turn. After
                the last of these numbers each goes on to its end.
        """
        players = [_Player(deed, self._changed) for deed in deeds]
        for player in players:
            player.start()
        number = 0
        for length in turns:
            self._go_on(players, players[number % len(players)], length)
            number += 1
        while any(player.state is not _State.DONE for player in players):
            self._go_on(players, players[number % len(players)], None)
            number += 1
        for player in players:
            player.join()
        return [player.outcome for player in players]

    def _go_on(self, players: Sequence[_Player], player: _Player, most: int | None) -> None:
        """Let one do so many statements, or all; fewer if they end or have to wait."""
        done = 0
        self._await_rest(players)
        while player.state is _State.WAITING and (most is None or done < most):
            player.go()
            self._await_rest(players)
            done += 1

    def _await_rest(self, players: Sequence[_Player]) -> None:
        """Until everybody stands still: before a statement, at the end, or before a lock."""

        def rest() -> bool:
            with self._changed:
                self._changed.wait_for(lambda: not _running(players), timeout=_SOON)
                running = _running(players)
            still = any(player.state is _State.WAITING for player in players)
            # Where all wait for locks, Postgres will tell one of them that it has to give up.
            return not running or (still and self._are_blocked(running))

        until(rest, within=_GIVEN_UP)

    def _are_blocked(self, players: Sequence[_Player]) -> bool:
        pids = [player.pid for player in players]
        return None not in pids and all(
            blocked for (blocked,) in self._asks.execute(_BLOCKED, [pids])
        )

    def _before_statement(self, connection: Connection, *_: object) -> None:
        self._stop(connection)

    def _stop(self, connection: Connection) -> None:
        player = threading.current_thread()
        if isinstance(player, _Player):
            player.stop(driver(connection).info.backend_pid)


def _running(players: Sequence[_Player]) -> list[_Player]:
    return [player for player in players if player.state is _State.RUNNING]
