"""Starts the API for tests: a real server on a real port, in a thread of this process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from queues import keys
from queues.access import Scope
from queues.api.app import create_app
from queues.api.serving import configuration
from queues.bootstrap import Services
from queues.settings import load_settings
from queues.store.session import Store
from tests.waiting import until


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """The address of a running API."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(configuration(create_app(services)))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started or not thread.is_alive())
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def services_for(store: Store, redis_url: str, **api: object) -> Services:
    """Services on a database and a Valkey of a test."""
    return Services(
        load_settings(
            database={"url": store.url, "connections": 6}, redis={"url": redis_url}, api=api
        )
    )


def caller(url: str, store: Store, *scopes: Scope, rate: int | None = None) -> httpx.Client:
    """A client with a key for these scopes; none: for everything."""
    _, secret = keys.create(
        store, name="tester", scopes=scopes or (Scope.ADMIN,), by="cli:test", rate=rate
    )
    return httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {secret}"}, trust_env=False, timeout=20
    )
