"""A Valkey of our own, which keeps what it is told through restarts."""

import signal
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from queues.embedded.binaries import find_valkey
from queues.embedded.ports import LOOPBACK
from queues.embedded.privileges import Privileges
from queues.embedded.server import EmbeddedServer

_NO_RETRY: Final = Retry(NoBackoff(), 0)


class EmbeddedValkey(EmbeddedServer):
    """Valkey, which speaks the protocol of Redis. Not durable: written when the system likes."""

    server: ClassVar[str] = "Valkey"
    politely: ClassVar[signal.Signals] = signal.SIGTERM

    @property
    def url(self) -> str:
        """For redis-py and Celery; database 0."""
        return f"redis://:{self.folder.password()}@{LOOPBACK}:{self.port}/0"

    def _program(self) -> Path:
        return find_valkey()

    def _stands_in(self) -> Path:
        return self.folder.path / "data"

    def _pid_file(self) -> Path:
        return self._stands_in() / "valkey.pid"

    def _prepare(self, privileges: Privileges) -> None:  # noqa: ARG002 - nothing runs before it
        self.folder.make("data")

    def _configure(self, port: int) -> Sequence[str]:
        # In a file: arguments are shown to everybody on the machine, and the password is one.
        self.folder.write(
            "valkey.conf",
            f"""\
bind {LOOPBACK}
port {port}
requirepass {self.folder.password()}
dir data
appendonly yes
appendfsync {"everysec" if self.durable else "no"}
save ""
maxmemory-policy noeviction
tcp-keepalive 60
pidfile valkey.pid
""",
        )
        return ["valkey.conf"]

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=0.5, retry=_NO_RETRY) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _settle(self) -> None:
        """Nothing remains."""
