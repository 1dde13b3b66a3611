"""Composes the service: the only place that chooses who provides what."""

from functools import cached_property

from pydantic import SecretStr

from queues.errors import InvalidSettings
from queues.settings import Settings
from queues.store.session import Store


class Services:
    """What one process works with, each made when it is first asked for.

    Nothing here survives a fork: a process that forks makes its own in each child.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def store(self) -> Store:
        """Postgres."""
        database = self.settings.database
        return Store(_address("database.url", database.url), connections=database.connections)

    @cached_property
    def redis_url(self) -> str:
        """The address of Redis."""
        return _address("redis.url", self.settings.redis.url)

    def close(self) -> None:
        """Let go of what was made."""
        if "store" in vars(self):
            self.store.close()


def _address(name: str, url: SecretStr | None) -> str:
    if url is None:
        variable = "TIERWISE_" + name.upper().replace(".", "__")
        mistake = f"{name}: is not set (in config/tierwise.toml, or {variable} in the environment)"
        raise InvalidSettings([mistake])
    return url.get_secret_value()
