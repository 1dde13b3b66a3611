"""Uses the servers whose addresses are given, and starts those for which there is none."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from queues.embedded.postgres import EmbeddedPostgres
from queues.embedded.server import EmbeddedServer
from queues.embedded.valkey import EmbeddedValkey


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Where the servers are, and which of them are ours."""

    database_url: str
    redis_url: str
    started: tuple[EmbeddedServer, ...]
    """Those that were started here; they end with the context."""

    def revive(self) -> list[str]:
        """Start those again that have ended, at their addresses; what they are called.

        Raises:
            ServerFailed: one does not start any more.
        """
        ended = [server for server in self.started if not server.running]
        for server in ended:
            server.restart()
        return [server.server for server in ended]


@contextmanager
def chosen_servers(
    folder: Path, *, database_url: str | None, redis_url: str | None
) -> Iterator[Chosen]:
    """Both servers, for as long as the context lasts; to be used in the main thread.

    Args:
        folder: where the data of servers of our own is.
        database_url: of a running PostgreSQL; None: one of our own.
        redis_url: of a running Redis or Valkey; None: one of our own.

    Raises:
        TierwiseError: a server of our own cannot be started; see `EmbeddedServer.start`.
    """
    with ExitStack() as ours:
        started: list[EmbeddedServer] = []
        if database_url is None:
            started.append(ours.enter_context(EmbeddedPostgres(folder / "postgres")))
            database_url = started[-1].url
        if redis_url is None:
            started.append(ours.enter_context(EmbeddedValkey(folder / "valkey")))
            redis_url = started[-1].url
        yield Chosen(database_url=database_url, redis_url=redis_url, started=tuple(started))
