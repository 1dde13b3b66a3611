"""Requests to a provider: bounded in time and size, and never sent on to somebody else."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import httpx
import orjson

from queues.errors import Unavailable

PROVIDER: Final = "sign-in provider"
#: Bytes of an answer; documents of providers have some thousands.
_LONGEST: Final = 1_048_576
#: Seconds after which trying again makes sense.
_RETRY: Final = 5.0
_SLOW: Final = "is away or too slow"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider said."""

    status: int
    said: Json


def failed(where: str | None, reason: str) -> Unavailable:
    """A provider that is away, or does not do what the specification says.

    Args:
        where: The address, and what the driver says: for operators.
        reason: For whoever wants to sign in.
    """
    return Unavailable(PROVIDER, reason, _RETRY, inside=where)


class Fetching:
    """Connections to a provider, for any thread."""

    def __init__(self, timeout: float) -> None:
        """Prepare; nothing is connected yet.

        Args:
            timeout: Seconds one answer may take, all in all.
        """
        self._timeout = timeout
        self._http = httpx.Client(
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            headers={"accept": "application/json"},
        )

    def get(self, url: str, *, token: str | None = None) -> Json:
        """The object at an address; raises Unavailable."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        answer = self._ask(self._http.build_request("GET", url, headers=headers))
        if answer.status != HTTPStatus.OK:
            raise failed(url, f"answers {answer.status}")
        return answer.said

    def post(
        self, url: str, form: Mapping[str, str], *, basic: tuple[str, str] | None = None
    ) -> Answer:
        """What is answered to a form, also where that is a mistake of ours; raises Unavailable.

        Args:
            url: Where to.
            form: What is sent.
            basic: Name and secret that prove who sends it.
        """
        request = self._http.build_request("POST", url, data=dict(form))
        if basic is not None:
            request = next(httpx.BasicAuth(*basic).auth_flow(request))
        return self._ask(request)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _ask(self, request: httpx.Request) -> Answer:
        address = str(request.url)
        try:
            response = self._http.send(request, stream=True)
            try:
                body = self._body(response)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            where = f"{address}: {str(error) or type(error).__name__}"
            raise failed(where, _SLOW) from error
        if response.is_redirect:
            raise failed(address, "sends our request on to somewhere else")
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise failed(address, f"answers {response.status_code} without JSON") from error
        if not isinstance(said, dict):
            raise failed(address, f"answers {response.status_code} without an object")
        return Answer(status=response.status_code, said=said)

    def _body(self, response: httpx.Response) -> bytes:
        # The client's own limit is for each part; many small ones could take for ever.
        deadline = time.monotonic() + self._timeout
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > _LONGEST:
                raise failed(str(response.url), f"answers more than {_LONGEST:,} bytes")
            if time.monotonic() > deadline:
                raise failed(str(response.url), _SLOW)
        return bytes(body)
