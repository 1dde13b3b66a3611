"""Lets callers in: reads their key, asks what it is for, and counts their requests."""

from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Scope as AsgiScope

from queues.access import Caller, Scope
from queues.api.exchange import exchange_of
from queues.api.runtime import Runtime
from queues.errors import KeyMissing, ScopeMissing

_BEARER: Final = "bearer"
_KEY: Final = "key"
_MISSING: Final = "is missing; send `Authorization: Bearer KEY` or `X-API-Key: KEY`"


async def admit(request: Request, runtime: Runtime, scope: Scope | None = None) -> Caller:
    """Let a request in, or not.

    Args:
        request: Comes with a key, or not.
        runtime: Knows callers.
        scope: What the key has to be for; None: any key will do.

    Raises:
        KeyRefused: no key, or one that opens nothing.
        ScopeMissing: the key is not for this.
        TooManyRequests: the key has been used more often than it may be.
    """
    key = key_of(request.scope)
    access = runtime.services.access
    caller = access.known(key)
    if caller is None:
        caller = await run_in_threadpool(access.authenticate, key)
    exchange_of(request.scope).caller = caller
    if scope is not None and not caller.may(scope):
        raise ScopeMissing(scope.value)
    return caller


def key_of(scope: AsgiScope) -> str:
    """The key that came with a request; raises KeyMissing."""
    found: str | None = None
    for name, value in scope["headers"]:
        if name == b"authorization":
            given: str = value.decode("latin-1")
            kind, _, key = given.partition(" ")
            if kind.lower() == _BEARER and key:
                return key.strip()
        elif name == b"x-api-key":
            found = value.decode("latin-1").strip()
    if not found:
        raise KeyMissing(_KEY, _MISSING)
    return found
