"""What can happen to a site, and a clockwork that lets it happen at random moments."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

import redis

from tests.faults.site import Site
from tests.receivers import Respond, answering, breaking_off

Fault = Callable[[Site, Random], None]


def kill_one(kind: str) -> Fault:
    """Kill -9 of one process of a kind, with all it started; a supervisor starts another."""

    def fault(site: Site, draw: Random) -> None:
        name = draw.choice([each for each in site.processes if each.startswith(f"{kind}-")])
        site.kill(name)
        site.start(name)

    return fault


def kill_child(site: Site, draw: Random) -> None:
    """Kill -9 of the process in which a worker does its work; its parent lives on."""
    workers = [
        name for name in site.processes if name.rpartition("-")[0] in ("auto", "single", "senior")
    ]
    site.kill_child(draw.choice(workers))


def flush_redis(site: Site, _: Random) -> None:
    """Everything that Redis holds is gone: messages, counters, limits."""
    with redis.Redis.from_url(site.valkey.url) as client:
        client.flushall()


def restart_redis(site: Site, _: Random) -> None:
    """Redis is stopped and started."""
    site.valkey.restart()


def kill_redis(site: Site, _: Random) -> None:
    """Kill -9 of Redis."""
    site.valkey.kill()
    site.kills += 1
    site.valkey.start()


def restart_postgres(site: Site, _: Random) -> None:
    """Postgres is stopped, with all its sessions, and started."""
    site.postgres.restart()


def kill_postgres(site: Site, _: Random) -> None:
    """Kill -9 of Postgres and all its sessions: it has to recover."""
    site.postgres.kill()
    site.kills += 1
    site.postgres.start()


def trouble_receiver(site: Site, draw: Random) -> None:
    """The receiver answers with errors, closes half-way, or is well again."""
    responses: list[Respond] = [
        answering(204),
        answering(500),
        answering(429, retry_after="1"),
        breaking_off(b"HTTP/1.1 20"),
    ]
    site.receiver.respond = draw.choice(responses)


#: All that happens in a soak, and how often relative to the others.
FAULTS: Final[Mapping[str, tuple[Fault, int]]] = {
    "kill an API process": (kill_one("api"), 3),
    "kill a relay": (kill_one("relay"), 3),
    "kill a courier": (kill_one("courier"), 2),
    "kill a worker for the machine": (kill_one("auto"), 3),
    "kill a worker for single reviewers": (kill_one("single"), 3),
    "kill a worker for panels": (kill_one("senior"), 3),
    "kill a child of a worker": (kill_child, 4),
    "kill beat": (kill_one("beat"), 1),
    "flush Redis": (flush_redis, 2),
    "restart Redis": (restart_redis, 1),
    "kill Redis": (kill_redis, 2),
    "restart Postgres": (restart_postgres, 1),
    "kill Postgres": (kill_postgres, 2),
    "trouble the receiver": (trouble_receiver, 2),
}


@dataclass(slots=True)
class Chaos:
    """Lets faults happen, one after another, at moments of a seed."""

    site: Site
    seed: int
    happened: list[str] = field(default_factory=list)

    def run(self, over: threading.Event, *, least: int, pause: tuple[float, float]) -> None:
        """Let faults happen until it is over, but so many kills at least.

        Args:
            over: Set when the load has ended.
            least: Kills to come to.
            pause: The shortest and the longest time between two faults, in seconds.
        """
        draw = Random(self.seed)
        names = list(FAULTS)
        weights = [FAULTS[name][1] for name in names]
        # Each once before any comes again; then as it happens.
        waiting = draw.sample(names, len(names))
        while not over.is_set() or self.site.kills < least:
            name = waiting.pop() if waiting else draw.choices(names, weights)[0]
            FAULTS[name][0](self.site, draw)
            self.happened.append(name)
            over.wait(draw.uniform(*pause)) if not over.is_set() else None
            self.site.revive()
        self.site.receiver.respond = answering(204)
