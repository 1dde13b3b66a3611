"""Lets callers in: reads their key, asks what it is for, and counts their requests."""

from math import ceil
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Scope as AsgiScope

from queues.access import Caller, Scope
from queues.api.exchange import Exchange, exchange_of
from queues.api.runtime import Runtime
from queues.errors import KeyMissing, RateLimited, ScopeMissing

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
        RateLimited: the key has been used more often than it may be.
    """
    key = key_of(request.scope)
    access = runtime.services.access
    caller = access.known(key)
    if caller is None:
        caller = await run_in_threadpool(access.authenticate, key)
    exchange = exchange_of(request.scope)
    exchange.caller = caller
    await _count(exchange, runtime, caller)
    if scope is not None and not caller.may(scope):
        raise ScopeMissing(scope.value)
    return caller


async def _count(exchange: Exchange, runtime: Runtime, caller: Caller) -> None:
    """Count a request of a key, and say what its limits are (RateLimit headers of the IETF)."""
    rate = caller.rate or runtime.settings.api.rate
    limiter, key = runtime.services.limiter, str(caller.id)
    wait = limiter.admit_at_once(key)
    if wait is None:
        wait = await run_in_threadpool(limiter.admit, key, rate)
    exchange.headers.append((b"ratelimit-policy", b'"key";q=%d;w=60' % rate))
    if wait:
        exchange.headers.append((b"ratelimit", b'"key";r=0;t=%d' % ceil(wait)))
        raise RateLimited(rate, wait)


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
