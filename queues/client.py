"""Asks a running Tierwise, again and again until it answers; posts items above all."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle, islice
from typing import Any, Final, Self

import httpx
import orjson

from engine.errors import TierwiseError

Raw = Mapping[str, object]
Answer = Mapping[str, Any]

#: Answers after which the same request makes sense once more.
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT: Final = 5.0
_SHORTEST_WAIT: Final = 0.05
_BATCH: Final = "/v1/items"
_REFUSED: Final = 400


class NoAnswer(TierwiseError):
    """A server refused a request, or none could be reached for too long."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server said."""

    url: str
    status: int
    body: Answer

    @property
    def refused(self) -> bool:
        """Whether it is a problem."""
        return self.status >= _REFUSED

    def accepted(self) -> Answer:
        """The body; raises NoAnswer where the request was refused, or nobody of ours answered."""
        if not self.body:
            raise NoAnswer(self.url, f"answered {self.status}, and not as Tierwise does")
        if self.refused:
            detail = self.body.get("detail") or self.body.get("title") or ""
            raise NoAnswer(self.url, f"answered {self.status}: {detail}")
        return self.body


@dataclass(slots=True, kw_only=True)
class Client:
    """Posts items to one or several servers in turn; used as `async with Client(…)`."""

    urls: Sequence[str]
    key: str = field(repr=False)
    patience: float = 60.0
    """Seconds to go on with one request before giving up."""
    retried: int = 0
    """How often a request was made once more."""
    _http: httpx.AsyncClient = field(init=False)
    _next: Any = field(init=False)

    async def __aenter__(self) -> Self:
        """Open connections."""
        self._http = httpx.AsyncClient(
            headers={"authorization": f"Bearer {self.key}", "content-type": "application/json"},
            timeout=httpx.Timeout(30.0, connect=2.0),
            trust_env=False,
        )
        self._next = cycle(self.urls)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close them."""
        await self._http.aclose()

    async def post(self, raws: Sequence[Raw]) -> list[Answer]:
        """Post a batch; an answer for each item, in order.

        Raises:
            NoAnswer: the request as a whole is refused, or nobody answers.
        """
        reply = await self.call("POST", _BATCH, {"items": raws})
        return list(reply.accepted()["results"])

    async def post_one(self, raw: Raw) -> Answer:
        """Post one item; its answer, or the problem with it."""
        return (await self.call("POST", _BATCH, raw)).body

    async def read(self, item: str) -> Answer:
        """An item as it stands."""
        return (await self.call("GET", f"{_BATCH}/{item}")).accepted()

    async def call(
        self, method: str, path: str, sent: object = None, *, patience: float | None = None
    ) -> Reply:
        """Ask for anything of the API, again while a server is away or busy.

        Args:
            method: Of HTTP.
            path: From `/` on.
            sent: The body, made JSON; None: there is none.
            patience: Seconds to go on, where it is not that of the client.

        Raises:
            NoAnswer: nobody answers for too long. Refusals are answers.
        """
        content = None if sent is None else orjson.dumps(sent)
        loop = asyncio.get_running_loop()
        until = loop.time() + (self.patience if patience is None else patience)
        for attempt in count():
            url = f"{next(self._next)}{path}"
            try:
                response = await self._http.request(method, url, content=content)
            except httpx.TransportError as error:
                reason, wait = str(error) or type(error).__name__, _backoff(attempt)
            else:
                if response.status_code not in _AGAIN:
                    return Reply(url=url, status=response.status_code, body=_read(response))
                reason = f"answered {response.status_code}"
                wait = _told(response.headers.get("retry-after"), attempt)
            if loop.time() + wait > until:
                raise NoAnswer(url, reason)
            self.retried += 1
            await asyncio.sleep(wait)
        raise AssertionError  # `count` does not end


async def post_all(
    client: Client, raws: Iterable[Raw], *, batch: int, at_once: int
) -> AsyncIterator[tuple[Raw, Answer]]:
    """Post many items, a few requests at a time, in constant memory; answers in order.

    Args:
        client: Where to.
        raws: The items.
        batch: Items in a request; 1 posts each alone.
        at_once: Requests under way at once.
    """
    source = iter(raws)
    while chunks := _chunks(source, batch, at_once):
        for chunk, answers in zip(
            chunks, await asyncio.gather(*(_post(client, chunk) for chunk in chunks)), strict=True
        ):
            for raw, answer in zip(chunk, answers, strict=True):
                yield raw, answer


def _chunks(source: Iterable[Raw], batch: int, at_once: int) -> list[list[Raw]]:
    chunks = (list(islice(source, batch)) for _ in range(at_once))
    return [chunk for chunk in chunks if chunk]


async def _post(client: Client, chunk: Sequence[Raw]) -> list[Answer]:
    return [await client.post_one(chunk[0])] if len(chunk) == 1 else await client.post(chunk)


def _read(response: httpx.Response) -> Answer:
    """The body; of something that is no server of ours, nothing."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _told(retry_after: str | None, attempt: int) -> float:
    """What the server asks for, within reason."""
    if retry_after and retry_after.isdigit():
        return min(max(float(retry_after), _backoff(attempt)), _LONGEST_WAIT)
    return _backoff(attempt)


def _backoff(attempt: int) -> float:
    return min(_SHORTEST_WAIT * 2.0 ** min(attempt, 10), _LONGEST_WAIT)
