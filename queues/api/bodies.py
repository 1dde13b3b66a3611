"""Reads the bodies of requests: JSON within bounds, refused before it is understood.

- RequestRefused: what came cannot be a request
  - TooLarge: more bytes than are taken (carries most)
  - NotJson: the body is no JSON (carries reason)
  - TooDeep: values are nested too deep (carries most)
  - WrongMediaType: the body is of another type (carries given)
  - BadCharacter: character 0, which no text has (carries where)
"""

from typing import Final

import orjson
from starlette.requests import Request

from queues.errors import ServiceError

#: Objects and lists inside one another.
DEEPEST: Final = 32


class RequestRefused(ServiceError):
    """What came cannot be a request."""


class TooLarge(RequestRefused):
    """The body has more bytes than are taken."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        return f"the body is larger than {self.most:,} bytes"


class NotJson(RequestRefused):
    """The body is no JSON."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the body is no JSON: {self.reason}"


class TooDeep(RequestRefused):
    """Values are nested too deep."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        return f"objects and lists are nested deeper than {self.most}"


class WrongMediaType(RequestRefused):
    """The body is of another type."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given

    def __str__(self) -> str:
        return f"send `application/json`, not `{self.given}`"


class BadCharacter(RequestRefused):
    """A text has character 0, which can be neither stored nor seen."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where

    def __str__(self) -> str:
        return f"{self.where} has a character 0"


async def read_json(request: Request, *, most: int) -> object:
    """The JSON of a request; None where there is no body.

    Args:
        request: Its body has not been read yet.
        most: Bytes; no more than these are ever held.

    Raises:
        RequestRefused: too large, of another type, no JSON, or nested too deep.
    """
    body = await _read(request, most)
    if not body:
        return None
    given = request.headers.get("content-type", "")
    if not _is_json(given):
        raise WrongMediaType(given[:100])
    return parsed(body)


def parsed(body: bytes) -> object:
    """JSON within bounds.

    Raises:
        NotJson: it is none; `NaN` and half surrogates are none either.
        TooDeep: objects and lists stand deeper inside one another than `DEEPEST`.
    """
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        reason = f"{error.msg}, line {error.lineno}, column {error.colno}"
        raise NotJson(reason) from error
    # Counting brackets costs nothing, and hardly any body has enough of them to be deep.
    if body.count(b"{") + body.count(b"[") > DEEPEST and _deeper(value, DEEPEST):
        raise TooDeep(DEEPEST)
    return value


async def _read(request: Request, most: int) -> bytes:
    announced = request.headers.get("content-length")
    if announced is not None and announced.isdecimal() and int(announced) > most:
        raise TooLarge(most)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(most)
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _is_json(media_type: str) -> bool:
    if media_type == "application/json":
        return True
    name = media_type.partition(";")[0].strip().lower()
    return name == "application/json" or (
        name.startswith("application/") and name.endswith("+json")
    )


def _deeper(value: object, most: int) -> bool:
    """Whether containers stand inside one another more than so often."""
    level = [value]
    for _ in range(most + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
