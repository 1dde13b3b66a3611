"""Starts the API for tests: a real server on a real port, in a thread of this process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
import uvicorn
from sqlalchemy import text

from queues import keys
from queues.access import Role, Scope
from queues.api.app import create_app
from queues.api.serving import configuration
from queues.casework.opening import Opening
from queues.people import Profile
from queues.settings import load_settings
from queues.store.session import Store
from queues.storefront import Storefront
from tests.waiting import until

#: Of everybody in tests.
PASSWORD: Final = "correct horse battery"  # noqa: S105 - not of anybody
#: Argon2 as quick as it can be.
CHEAP: Final = {"memory": 64, "passes": 1, "lanes": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A running API, and a platform that calls it."""

    url: str
    store: Store
    services: Storefront
    http: httpx.Client
    """Calls with a key for everything."""

    def calling(
        self, *scopes: Scope, name: str = "tester", rate: int | None = None
    ) -> httpx.Client:
        """Calls with a key for these scopes."""
        _, secret = keys.create(self.store, name=name, scopes=scopes, by="cli:test", rate=rate)
        return self.showing(secret)

    def signed_in(self, name: str, *roles: Role) -> httpx.Client:
        """Calls as a new person with these roles."""
        services = self.services
        profile = Profile(display_name=name.title(), roles=roles)
        services.accounts.add(name, profile, by="cli:test")
        invitation = services.invitations.invite(name, by="cli:test")
        token = invitation.link.partition("#")[2]
        signed = services.invitations.accept(token, PASSWORD)
        return self.showing(signed.opened.token)

    def showing(self, secret: str) -> httpx.Client:
        """Calls with a key or a session."""
        return _client(self.url, {"Authorization": f"Bearer {secret}"})

    def anonymous(self) -> httpx.Client:
        """Calls without a key."""
        return _client(self.url, {})

    def open_cases(self) -> None:
        """Do the workers' part: open what waits to be opened."""
        question = text("SELECT id FROM outbox WHERE task = 'single.open'")
        with self.store.read() as connection:
            rows = list(connection.execute(question).scalars())
        opening = Opening(store=self.store, policy=self.services.policy, ageing=14_400.0)
        opening.open_cases(rows)

    def count(self, table: str) -> int:
        """Rows of a table."""
        with self.store.read() as connection:
            question = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - names in tests
            found: int = connection.execute(question).scalar_one()
        return found


@contextmanager
def platform(services: Storefront) -> Iterator[Platform]:
    """An API that serves, with a key for everything."""
    store = Store(services.store.url)
    _, secret = keys.create(store, name="admin", scopes=[Scope.ADMIN], by="cli:test")
    with (
        serving(services) as url,
        _client(url, {"Authorization": f"Bearer {secret}"}) as http,
    ):
        yield Platform(url=url, store=store, services=services, http=http)
    store.close()


@contextmanager
def serving(services: Storefront) -> Iterator[str]:
    """The address of a running API."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(configuration(create_app(services), services.settings.api))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started or not thread.is_alive())
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def services_for(url: str, redis_url: str, **sections: Any) -> Storefront:  # noqa: ANN401
    """Storefront on a database and a Valkey of a test, with settings as in the file."""
    given: dict[str, Any] = {
        "database": {"url": url, "connections": 6},
        "redis": {"url": redis_url},
        "logging": {"level": "error"},
        "passwords": CHEAP,
        # What is hidden by chance is tested where it is tested.
        "review": {"grace": 0, "blind_share": 0, "overlap": 0},
    }
    return Storefront(load_settings(**given | sections))


def _client(url: str, headers: dict[str, str]) -> httpx.Client:
    return httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=20)
