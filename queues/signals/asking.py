"""Asks sources of slow signals for scores, over HTTP."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from queues.errors import Unavailable
from queues.settings import Signal

#: Bytes of an answer; scores of as many items as one request holds are far smaller.
_LONGEST: Final = 16_777_216


class Sources:
    """Connections to sources, for any thread."""

    def __init__(self) -> None:
        """Prepare; nothing is connected yet."""
        self._http = httpx.Client(trust_env=False, headers={"accept": "application/json"})

    def ask(self, source: Signal, items: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
        """Post `{"items": […]}`; what stands under `scores` in the answer, by id of the item.

        Raises:
            Unavailable: the source is away, slow, or answers something else.
        """
        headers = {"content-type": "application/json"}
        if source.token is not None:
            headers["authorization"] = f"Bearer {source.token.get_secret_value()}"
        try:
            with self._http.stream(
                "POST",
                str(source.url),
                content=orjson.dumps({"items": items}),
                headers=headers,
                timeout=source.timeout,
            ) as response:
                return _scores(source, response.status_code, _body(source, response))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _failed(source, str(error) or type(error).__name__) from error

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()


def _body(source: Signal, response: httpx.Response) -> bytes:
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > _LONGEST:
            raise _failed(source, f"answered more than {_LONGEST:,} bytes")
    return bytes(body)


def _scores(source: Signal, status: int, body: bytes) -> Mapping[str, object]:
    if status != HTTPStatus.OK:
        raise _failed(source, f"answered {status}")
    try:
        answer: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _failed(source, "answered no JSON") from error
    scores = answer.get("scores") if isinstance(answer, dict) else None
    if not isinstance(scores, dict):
        raise _failed(source, "answered without `scores`")
    return scores


def _failed(source: Signal, reason: str) -> Unavailable:
    return Unavailable(f"signals of {source.name}", reason)
