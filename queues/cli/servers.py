"""The servers that commands of one machine work with: those of the settings, else our own."""

import signal
import sys
from contextlib import AbstractContextManager
from types import FrameType
from typing import Final

from queues.embedded.choice import Chosen, chosen_servers
from queues.settings import Settings

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


def end_in_order() -> None:
    """From now on SIGTERM and a closed terminal end this process as an exit does: in order."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(_BY_SIGNAL + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
