"""Sends requests as fast as a server answers: `python -m tests.benchmarks.service.load`.

A process of its own, so that its work is not the server's; connections are plain sockets, as a
client with all comforts would cost more than the server under test.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
import uvloop

_OK = b"HTTP/1.1 2"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one run found."""

    seconds: float = 0.0
    items: int = 0
    failures: int = 0
    latencies: list[float] = field(default_factory=list)
    """Seconds of each request."""

    def record(self) -> dict[str, float]:
        """As one JSON object: rates a second, percentiles in milliseconds."""
        ordered = sorted(self.latencies)
        return {
            "items": self.items,
            "failures": self.failures,
            "seconds": self.seconds,
            "items_a_second": self.items / self.seconds,
            "p50_ms": _percentile(ordered, 0.50) * 1e3,
            "p95_ms": _percentile(ordered, 0.95) * 1e3,
            "p99_ms": _percentile(ordered, 0.99) * 1e3,
        }


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Requests:
    """An endless row of requests, each with ids of its own."""

    def __init__(self, url: str, key: str, texts: Sequence[str], batch: int) -> None:
        place = urlsplit(url)
        self.host, self.port = place.hostname or "127.0.0.1", place.port or 80
        self._head = (
            f"POST /v1/items HTTP/1.1\r\nhost: {place.netloc}\r\nauthorization: Bearer {key}\r\n"
            "content-type: application/json\r\ncontent-length: "
        ).encode()
        self._texts = texts
        self._batch = batch
        self._run = uuid4().hex[:12]
        self._next = 0

    def next(self) -> bytes:
        """One request, head and body."""
        items = list(self._items())
        body = orjson.dumps(items[0] if self._batch == 1 else {"items": items})
        return b"%b%d\r\n\r\n%b" % (self._head, len(body), body)

    def _items(self) -> Iterator[dict[str, str]]:
        for _ in range(self._batch):
            number = self._next
            self._next += 1
            yield {
                "id": f"{self._run}-{number}",
                "text": self._texts[number % len(self._texts)],
            }


async def press(requests: Requests, *, connections: int, seconds: float, batch: int) -> Tally:
    """Keep so many connections busy for so long."""
    tally = Tally()
    started = perf_counter()
    until = started + seconds
    await asyncio.gather(*(_connection(requests, until, batch, tally) for _ in range(connections)))
    tally.seconds = perf_counter() - started
    return tally


async def _connection(requests: Requests, until: float, batch: int, tally: Tally) -> None:
    reader, writer = await asyncio.open_connection(requests.host, requests.port, limit=2**24)
    try:
        while (started := perf_counter()) < until:
            writer.write(requests.next())
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(_length(head))
            tally.latencies.append(perf_counter() - started)
            if head.startswith(_OK):
                tally.items += batch
            else:
                tally.failures += batch
    finally:
        writer.close()


def _length(head: bytes) -> int:
    """How many bytes follow a head."""
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])


def main() -> int:
    """Send, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--texts", required=True, help="a JSON file with a list of texts")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--batch", type=int, default=1)
    given = parser.parse_args()
    key = sys.stdin.readline().strip()
    with open(given.texts, "rb") as file:  # noqa: PTH123 - a plain file
        texts = orjson.loads(file.read())
    requests = Requests(given.url, key, texts, given.batch)
    tally = uvloop.run(
        press(
            requests,
            connections=given.connections,
            seconds=given.seconds,
            batch=given.batch,
        )
    )
    sys.stdout.write(orjson.dumps(tally.record()).decode() + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
