"""The Celery application: how work is queued, handed out, confirmed and repeated."""

import ssl
import warnings
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from celery import Celery
from celery.platforms import SecurityWarning

from queues.errors import InvalidSettings
from queues.messaging import acknowledging
from queues.messaging.lanes import UPKEEP, lanes
from queues.settings import Redis, Settings

_SCHEMES: Final = ("redis", "rediss", "sentinel")
_CLUSTER: Final = (
    "a Redis Cluster cannot carry Celery's queues, as a worker waits for keys on several of its "
    "nodes at once; give the address of a standalone Redis or Valkey, or of Sentinels"
)

#: After the longest task, before a message counts as lost with its worker.
_GRACE: Final = 60.0


def celery_app(settings: Settings) -> Celery:
    """The application, without tasks.

    Raises:
        InvalidSettings: the address of Redis is missing, or not one that Celery can use.
    """
    url = broker_url(settings.redis)
    acknowledging.install()
    app = Celery("tierwise", set_as_current=False)
    app.conf.update(
        broker_url=url,
        broker_use_ssl=_tls(url),
        broker_transport_options=_transport(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        **_MESSAGES,
        **_WORKERS,
        task_queues={name: {} for name in lanes()},
        task_time_limit=settings.worker.time_limit,
        worker_concurrency=settings.worker.concurrency,
        worker_soft_shutdown_timeout=settings.worker.shutdown_timeout,
    )
    return app


_MESSAGES: Final[dict[str, object]] = {
    "accept_content": ["json"],
    "result_backend": None,
    "task_acks_late": True,
    "task_create_missing_queues": False,
    "task_default_queue": UPKEEP,
    "task_ignore_result": True,
    # Sent again a few times if it takes its process down, and then left to the sweeper: put back
    # without end, one message could keep a worker from all others.
    "task_reject_on_worker_lost": True,
    "task_retry_on_worker_lost": True,
    "task_serializer": "json",
}
_WORKERS: Final[dict[str, object]] = {
    "worker_enable_remote_control": False,
    "worker_hijack_root_logger": False,
    # Whoever holds messages back holds up more urgent ones.
    "worker_prefetch_multiplier": 1,
    "worker_redirect_stdouts": False,
    "worker_send_task_events": False,
}


def broker_url(redis: Redis) -> str:
    """The address of the broker, checked as far as can be told without calling it.

    Raises:
        InvalidSettings: it is missing, of a cluster, or of something else than Redis.
    """
    if redis.url is None:
        raise InvalidSettings([_mistake("is not set")])
    url = redis.url.get_secret_value()
    scheme = urlsplit(url).scheme
    if "cluster" in scheme:
        raise InvalidSettings([_mistake(_CLUSTER)])
    if scheme not in _SCHEMES:
        raise InvalidSettings([_mistake(f"`{scheme}` is none of {', '.join(_SCHEMES)}")])
    if scheme == "sentinel" and redis.master is None:
        raise InvalidSettings(
            ["redis.master: is needed with `sentinel://`: what the Sentinels call the server"]
        )
    return url


def refuse_cluster(information: object) -> None:
    """Look at what a server says of itself (`INFO cluster`); raises InvalidSettings."""
    if isinstance(information, dict) and information.get("cluster_enabled"):
        raise InvalidSettings([_mistake(_CLUSTER)])


def program(app: Celery, tiers: Iterable[str], *, concurrency: int | None, name: str) -> Any:  # noqa: ANN401 - Celery has no types
    """A worker for some tiers, to be started in the main thread."""
    with warnings.catch_warnings():
        # Of administrators who take pickles from strangers: here messages are JSON.
        warnings.simplefilter("ignore", SecurityWarning)
        return app.Worker(
            hostname=name,
            queues=list(lanes(tiers)),
            concurrency=concurrency,
            optimization="fair",
            quiet=True,
            without_gossip=True,
            without_heartbeat=True,
            without_mingle=True,
        )


def _transport(settings: Settings) -> dict[str, object]:
    options: dict[str, object] = {
        "queue_order_strategy": "priority",
        # Each lane is one list: a priority is a lane of its own.
        "priority_steps": [0],
        "visibility_timeout": settings.worker.time_limit + _GRACE,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A server that is gone without a word is noticed; longer than a worker waits for work.
        "socket_connect_timeout": 5.0,
        "socket_keepalive": True,
        "socket_timeout": 15.0,
    }
    if settings.redis.master is not None:
        options["master_name"] = settings.redis.master
    return options


def _tls(url: str) -> dict[str, object] | None:
    """With `rediss://` certificates are checked, unless the address says otherwise itself."""
    parts = urlsplit(url)
    if parts.scheme != "rediss" or "ssl_cert_reqs" in parse_qs(parts.query):
        return None
    return {"ssl_cert_reqs": ssl.CERT_REQUIRED}


def _mistake(reason: str) -> str:
    return f"redis.url: {reason}"
