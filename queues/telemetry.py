"""How every process of the service logs: one line an event, for people or for machines."""

import logging
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from queues.settings import Logging

#: Libraries that say more than anybody wants to know.
_TALKATIVE: Final = (
    "celery.app.trace",
    "celery.beat",
    "celery.worker.strategy",
    "httpcore",
    "httpx",
    "urllib3",
)


def configure(settings: Logging) -> None:
    """Log to standard error from now on, our events and those of libraries alike."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(settings),
            ],
        )
    )
    logging.basicConfig(level=settings.level.upper(), handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def failure(error: BaseException) -> dict[str, str]:
    """What a log may say of an unexpected error: what it is and where, not the data it is about.

    Messages of databases quote rows, and rows hold what people wrote; the first line does not.
    """
    places = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return {
        "error": type(error).__name__,
        "reason": str(error).partition("\n")[0],
        "where": " < ".join(reversed(places[-8:])),
    }


def _rendering(settings: Logging) -> list[Processor]:
    # By default both would show the local variables of every frame, and those hold what people
    # wrote, and passwords.
    if settings.json_lines:
        traces = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [
            structlog.processors.ExceptionRenderer(traces),
            structlog.processors.JSONRenderer(),
        ]
    plain = structlog.dev.plain_traceback
    return [
        _named,
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain),
    ]


def _named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Names of loggers are for machines."""
    event.pop("logger", None)
    return event
