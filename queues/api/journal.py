"""The log of requests: one line each, cheap enough for thousands a second.

It looks like the log of everything else (see `queues.telemetry`) and goes where that goes, but
past the machinery that would cost more than the request.
"""

import sys
from typing import Any, Final

import orjson
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from queues.settings import Logging

_LEVELS: Final = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def journal(settings: Logging) -> FilteringBoundLogger:
    """A logger for requests; `info` and above are shown as the settings say."""
    rendering = _for_machines if settings.json_lines else _for_people
    logger: FilteringBoundLogger = structlog.wrap_logger(
        structlog.BytesLogger(sys.stderr.buffer),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            rendering,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[settings.level]),
        cache_logger_on_first_use=True,
    ).bind()
    return logger


def _for_machines(_logger: WrappedLogger, method: str, event: EventDict) -> bytes:
    return orjson.dumps({**event, "level": method, "logger": __name__})


def _for_people(_logger: WrappedLogger, method: str, event: EventDict) -> bytes:
    moment, what = event.pop("timestamp"), event.pop("event")
    rest = " ".join(f"{name}={_shown(value)}" for name, value in event.items())
    return f"{moment} [{method:<9}] {what:<30} {rest}".encode()


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever is logged
    return f"{value:g}" if isinstance(value, float) else str(value)
