"""Limits hold for all processes together, cost little, and let people work without Redis."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import redis

from queues.clock import SystemClock
from queues.embedded import EmbeddedValkey
from queues.limiting import Limiter


@contextmanager
def limiter(url: str, timer: Callable[[], float] = lambda: 0.0) -> Iterator[Limiter]:
    """A limiter of a process of its own, for which time stands still."""
    limiter = Limiter(url, timeout=5.0, clock=SystemClock(), timer=timer)
    yield limiter
    limiter.close()


def admitted(limiter: Limiter, key: str, rate: int, most: int) -> int:
    """How many requests in a row get in, of so many at most."""
    tries = (limiter.admit(key, rate) for _ in range(most))
    return sum(1 for _ in takewhile(lambda wait: wait == 0.0, tries))


def test_processes_share_a_limit(redis_url: str) -> None:
    """Together they let in no more than the rate, and no less by more than they hold back."""
    with limiter(redis_url) as one, limiter(redis_url) as other:
        assert admitted(one, "a", 1_000, 5) == 5
        assert admitted(other, "a", 1_000, 2_000) == 990
        assert admitted(one, "a", 1_000, 2_000) == 5
        assert 0.0 < one.admit("a", 1_000) <= 60.0
        assert 0.0 < other.admit("a", 1_000) <= 60.0


def test_the_last_part_of_a_share_is_handed_out(redis_url: str) -> None:
    """A rate that is no multiple of the share is used up all the same."""
    with limiter(redis_url) as one:
        assert admitted(one, "a", 333, 1_000) == 333


def test_keys_have_limits_of_their_own(redis_url: str) -> None:
    """One key that asks too often does not hold up another."""
    with limiter(redis_url) as one:
        assert admitted(one, "a", 3, 10) == 3
        assert admitted(one, "b", 5, 10) == 5


def test_who_must_not_wait_is_let_in_from_what_is_held(redis_url: str) -> None:
    """Without a question, as long as something is left; together the limit holds."""
    with limiter(redis_url) as one:
        assert one.admit_at_once("a") is None
        assert one.admit("a", 300) == 0.0
        assert [one.admit_at_once("a") for _ in range(3)] == [0.0, 0.0, None]
        assert admitted(one, "a", 300, 400) == 297
        refused = one.admit_at_once("a")
        assert refused is not None
        assert refused > 0.0


def test_most_requests_cost_no_round_trip(redis_url: str) -> None:
    """A process asks Redis for a hundredth at a time, and not for each one that is refused."""
    with limiter(redis_url) as one, redis.Redis.from_url(redis_url) as client:
        before = client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]
        assert admitted(one, "a", 10_000, 1_000) == 1_000
        assert admitted(one, "b", 1, 1) == 1
        assert all(one.admit("b", 1) for _ in range(1_000))
        calls = client.info("commandstats")["cmdstat_evalsha"]["calls"] - before
        assert calls <= 10 + 1 + 3 + 2  # two scripts are loaded on the way


def test_what_was_not_used_is_void_after_a_minute(redis_url: str) -> None:
    """A share that was taken long ago cannot be spent on top of a new one."""
    times = [0.0]
    with limiter(redis_url, lambda: times[0]) as one, limiter(redis_url) as other:
        assert one.admit("a", 1_000) == 0.0
        times[0] = 60.0
        assert one.admit("a", 1_000) == 0.0
        assert admitted(other, "a", 1_000, 2_000) == 980


def test_without_redis_each_process_limits_by_itself(tmp_path: Path) -> None:
    """Requests are let in while Redis is away, and no more of them than a key may make."""
    with EmbeddedValkey(tmp_path / "valkey", durable=False) as valkey, limiter(valkey.url) as one:
        assert admitted(one, "a", 200, 2) == 2
        valkey.kill()
        # One more where a minute of the clock begins meanwhile: the last one is rounded down.
        assert admitted(one, "a", 200, 300) in (200, 201)
