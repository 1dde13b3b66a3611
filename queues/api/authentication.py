"""Lets callers in: reads their key or session, asks what they may, and counts their requests."""

from math import ceil
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Scope as AsgiScope

from queues.access import Caller, Permission, Person
from queues.api.exchange import Exchange, exchange_of
from queues.api.runtime import Runtime
from queues.errors import KeyMissing, PersonNeeded, RateLimited

_BEARER: Final = "bearer"
_KEY: Final = "key"
_MISSING: Final = "is missing; send `Authorization: Bearer KEY` (or a session), or `X-API-Key: KEY`"


async def admit(request: Request, runtime: Runtime, asks: Permission | None = None) -> Caller:
    """Let a request in, or not.

    Args:
        request: Comes with a key or a session, or not.
        runtime: Knows callers.
        asks: What the caller has to be permitted; None: it is enough to be known.

    Raises:
        KeyRefused: no key and no session, or one that opens nothing.
        ScopeMissing: the key is not for this.
        PermissionMissing: no role of the person is for this.
        RateLimited: the caller has asked more often than they may.
    """
    secret = secret_of(request.scope)
    access = runtime.services.access
    caller = access.known(secret)
    if caller is None:
        caller = await run_in_threadpool(access.authenticate, secret)
    exchange = exchange_of(request.scope)
    exchange.caller = caller
    await _count(exchange, runtime, caller)
    if asks is not None:
        caller.require(asks)
    return caller


async def admit_person(request: Request, runtime: Runtime) -> Person:
    """Let a person in, whatever their roles; raises as `admit`, and PersonNeeded for programs."""
    caller = await admit(request, runtime)
    if not isinstance(caller, Person):
        raise PersonNeeded
    return caller


async def _count(exchange: Exchange, runtime: Runtime, caller: Caller) -> None:
    """Count a request of a caller, and say what its limits are (RateLimit headers of the IETF)."""
    rate = caller.rate or runtime.settings.api.rate
    limiter, key = runtime.services.limiter, str(caller.id)
    wait = limiter.admit_at_once(key)
    if wait is None:
        wait = await run_in_threadpool(limiter.admit, key, rate)
    exchange.headers.append((b"ratelimit-policy", b'"key";q=%d;w=60' % rate))
    if wait:
        exchange.headers.append((b"ratelimit", b'"key";r=0;t=%d' % ceil(wait)))
        raise RateLimited(rate, wait)


def secret_of(scope: AsgiScope) -> str:
    """The key or session that came with a request; raises KeyMissing."""
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
