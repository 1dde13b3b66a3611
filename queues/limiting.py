"""Limits how often a key may ask, for all processes together."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import redis
import structlog
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.backoff import NoBackoff
from redis.retry import Retry

from queues.counters.breaker import Breaker
from queues.ports import Clock

#: The part of a minute's requests that a process takes at once and then hands out by itself.
_SHARE: Final = 100
_WINDOW: Final = 60.0
#: Bounds of the seconds for which a process refuses without asking again.
_LEAST: Final = 0.05
_MOST: Final = 1.0

_log = structlog.get_logger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class _Allowance:
    """What this process may hand out to a key."""

    left: int = 0
    until: float = 0.0
    """The moment at which what is left is void."""
    refused_until: float = 0.0


class Limiter:
    """Requests of keys within the last minute, counted in Redis (`limits`: sliding window counter).

    A process takes a hundredth of a minute's requests at once, so most requests cost no round
    trip, and a key may be up to so many off for each process: too many, as what was taken may be
    used up to a minute later, or too few, as what was taken may not be used at all. While Redis
    is away, each process limits by itself, so a key may ask the more often the more there are.
    """

    def __init__(
        self,
        redis_url: str,
        *,
        timeout: float,
        clock: Clock,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is connected yet.

        Args:
            redis_url: `redis://:password@host:port/database`.
            timeout: Seconds to wait for Redis.
            clock: The present moment, by which `limits` goes.
            timer: Seconds of a clock that never goes back.
        """
        pool = redis.ConnectionPool.from_url(
            redis_url,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            # Once more, as servers close connections that are idle; not for one that is silent.
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
            protocol=2,
        )
        storage = RedisStorage("redis://", connection_pool=pool, key_prefix="tw:limits")
        self._pool = pool
        self._shared = SlidingWindowCounterRateLimiter(storage)
        self._alone: SlidingWindowCounterRateLimiter | None = None
        self._breaker = Breaker()
        self._clock = clock
        self._timer = timer
        self._lock = threading.Lock()
        self._allowances: dict[str, _Allowance] = {}

    def admit(self, key: str, rate: int) -> float:
        """Let a request in, or say how long it should wait.

        Args:
            key: Who asks.
            rate: Requests a minute.

        Returns:
            0 lets it in; otherwise seconds after which asking again may help.
        """
        with self._lock:
            allowance = self._allowances.setdefault(key, _Allowance())
            now = self._timer()
            if now < allowance.refused_until:
                return allowance.refused_until - now
            if not allowance.left or now >= allowance.until:
                allowance.left = self._take(key, rate)
                allowance.until = now + _WINDOW
            if not allowance.left:
                wait = self._wait(key, rate)
                allowance.refused_until = now + min(wait, _MOST)
                return wait
            allowance.left -= 1
            return 0.0

    def admit_at_once(self, key: str) -> float | None:
        """The same without waiting for anybody; None where `admit` has to be asked.

        For callers that must not wait, such as an event loop: most requests are let in here.
        """
        if not self._lock.acquire(blocking=False):
            return None
        try:
            allowance, now = self._allowances.get(key), self._timer()
            if allowance is None:
                return None
            if now < allowance.refused_until:
                return allowance.refused_until - now
            if not allowance.left or now >= allowance.until:
                return None
            allowance.left -= 1
            return 0.0
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the connections."""
        self._pool.disconnect()

    def _take(self, key: str, rate: int) -> int:
        """Requests to hand out: a hundredth of a minute's, or what is left of them."""
        limit = RateLimitItemPerMinute(rate)
        share = max(1, rate // _SHARE)

        def take(limiter: SlidingWindowCounterRateLimiter) -> int:
            if limiter.hit(limit, key, cost=share):
                return share
            left = min(limiter.get_window_stats(limit, key).remaining, share)
            return left if left > 0 and limiter.hit(limit, key, cost=left) else 0

        return self._ask(take)

    def _wait(self, key: str, rate: int) -> float:
        """Seconds until a request is free again."""
        limit = RateLimitItemPerMinute(rate)
        free_at = self._ask(lambda limiter: limiter.get_window_stats(limit, key).reset_time)
        return min(max(free_at - self._clock.now().timestamp(), _LEAST), _WINDOW)

    def _ask(self, question: Callable[[SlidingWindowCounterRateLimiter], T]) -> T:
        """Ask Redis or, while it is away, ourselves."""
        if self._breaker.admits():
            try:
                answer = question(self._shared)
            except redis.RedisError as error:
                if self._breaker.failed():
                    _log.warning("limits_without_redis", reason=str(error))
            else:
                self._breaker.succeeded()
                return answer
        if self._alone is None:
            self._alone = SlidingWindowCounterRateLimiter(MemoryStorage())
        return question(self._alone)
