"""The servers that commands of one machine work with: those of the settings, else our own."""

import signal
import sys
from contextlib import AbstractContextManager
from types import FrameType
from typing import Final

from pydantic import SecretStr

from queues.bootstrap import Services
from queues.embedded.choice import Chosen, chosen_servers
from queues.settings import Database, Settings

DATABASE: Final = "TIERWISE_DATABASE__URL"
REDIS: Final = "TIERWISE_REDIS__URL"
_BY_SIGNAL: Final = 128


def servers_of(settings: Settings) -> AbstractContextManager[Chosen]:
    """The servers of the settings, started where they name none; raises as `chosen_servers`."""
    database, redis = settings.database.url, settings.redis.url
    return chosen_servers(
        settings.data,
        database_url=None if database is None else database.get_secret_value(),
        redis_url=None if redis is None else redis.get_secret_value(),
    )


def addresses_of(chosen: Chosen) -> dict[str, str]:
    """As processes of the service are told."""
    return {DATABASE: chosen.database_url, REDIS: chosen.redis_url}


def services_of(
    settings: Settings, chosen: Chosen, host: str, port: int, *, connections: int = 1
) -> Services:
    """Services on servers that run, to begin with: what a new system needs.

    Args:
        settings: Of this machine.
        chosen: The servers.
        host: Where the API will listen.
        port: Its port.
        connections: To the database, at most.
    """
    database = Database(url=SecretStr(chosen.database_url), connections=connections)
    api = settings.api.model_copy(update={"host": host.strip("[]"), "port": port})
    return Services(settings.model_copy(update={"database": database, "api": api}))


def end_in_order() -> None:
    """From now on SIGTERM and a closed terminal end this process as an exit does: in order."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(_BY_SIGNAL + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
