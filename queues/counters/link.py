"""The way to Redis for callers that cannot wait: it gives up quickly and does not try too often."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha1
from importlib.resources import files
from typing import Any, Final, TypeVar

import redis
import structlog
from redis.backoff import NoBackoff
from redis.exceptions import NoScriptError
from redis.exceptions import TimeoutError as RedisTimeout
from redis.retry import Retry

from queues.counters.breaker import Breaker
from queues.errors import Unavailable

T = TypeVar("T")

#: Says what is complete; README.md tells what stands in it.
MARKS: Final = "tw:counters"

#: Seconds after which a process that has nothing to count says what it counts all the same.
_QUIET: Final = 10.0
_RESTING: Final = "did not answer a moment ago"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What Redis has to be told by a process that just came, or came back."""

    arriving: bool
    """Whether it may be another server than before, or one that was started again."""
    missed_for: float | None
    """Events of the last so many seconds may be missing, as calls failed; None: none are."""
    since: float | None
    """The same as a moment of this process."""


class Script:
    """A program in Lua beside this module, which Redis runs without letting others in between."""

    def __init__(self, name: str) -> None:
        self._text = (files("queues.counters") / name).read_text(encoding="utf-8")
        self._sha = sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def run(self, client: redis.Redis, calls: Sequence[Sequence[bytes | str]]) -> list[Any]:
        """Run it with the arguments of each call, all in one round trip."""
        try:
            return self._send(client, calls)
        except NoScriptError:
            # Redis is new, or was emptied.
            client.script_load(self._text)
            return self._send(client, calls)

    def _send(self, client: redis.Redis, calls: Sequence[Sequence[bytes | str]]) -> list[Any]:
        pipeline = client.pipeline(transaction=False)
        for arguments in calls:
            pipeline.evalsha(self._sha, 1, MARKS, *arguments)
        return pipeline.execute()


class Link:
    """A Redis or Valkey, and whether it answers. Threads may share one."""

    def __init__(self, url: str, *, timeout: float) -> None:
        """Nothing is connected yet.

        Args:
            url: `redis://:password@host:port/database`.
            timeout: Seconds to wait for an answer.
        """
        self.url = url
        self.timeout = timeout
        self.client = redis.Redis.from_url(
            url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),  # trying again is decided here
            protocol=2,
        )
        self._breaker = Breaker()
        self._lock = threading.Lock()
        self._arriving = True
        self._missing_since: float | None = None
        self._last_told = float("-inf")

    def call(self, work: Callable[[redis.Redis], T]) -> T:
        """Do something that may be done twice.

        Raises:
            Unavailable: Redis is away, or was a moment ago.
        """
        if not self._breaker.admits():
            raise _away(_RESTING)
        try:
            result = self._attempt(work)
        except redis.RedisError as error:
            self._arriving = True
            # What stands may lead to a server that is none any more.
            self.client.connection_pool.disconnect(inuse_connections=False)
            if self._breaker.failed():
                _log.warning("redis_away", reason=str(error))
            raise _away(str(error)) from error
        if self._breaker.away_for is not None:
            _log.info("redis_back", after=self._breaker.away_for)
            self._breaker.succeeded()
        return result

    @property
    def news(self) -> News:
        """What Redis does not know yet."""
        with self._lock:
            since = self._missing_since
            age = None if since is None else time.monotonic() - since
            return News(arriving=self._arriving, missed_for=age, since=since)

    def told(self, news: News) -> None:
        """Redis knows it now."""
        with self._lock:
            self._arriving = False
            self._last_told = time.monotonic()
            if self._missing_since == news.since:
                self._missing_since = None

    @property
    def quiet(self) -> bool:
        """Whether Redis has not been told anything for a while."""
        return time.monotonic() - self._last_told > _QUIET

    def missed(self) -> None:
        """Events could not be counted."""
        with self._lock:
            if self._missing_since is None:
                self._missing_since = time.monotonic()

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def _attempt(self, work: Callable[[redis.Redis], T]) -> T:
        try:
            return work(self.client)
        except RedisTimeout:
            raise
        except redis.ConnectionError:
            # The server may have been started again, or have closed what was idle.
            self._arriving = True
            self.client.connection_pool.disconnect(inuse_connections=False)
            return work(self.client)


def _away(reason: str) -> Unavailable:
    return Unavailable("redis", reason)
