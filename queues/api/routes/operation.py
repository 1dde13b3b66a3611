"""For whoever runs the service: is it alive, is it ready, and what does it count."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from queues.access import Permission
from queues.api.metrics import CONTENT_TYPE
from queues.api.operations import Operation, Says, documented
from queues.api.parts import Here
from queues.backlog import Depths
from queues.casework.waits import QueueStanding
from queues.certifying import seconds_since_look
from queues.errors import Unavailable

router = APIRouter(route_class=Operation, tags=["operation"])

_READY = {"status": "ready"}


@router.get(
    "/health", **documented(Says(summary="Is the process alive?", example={"status": "ok"}))
)
def health() -> dict[str, str]:
    """Answers for this process alone: whether to start it anew, not whether to send it requests."""
    return {"status": "ok"}


@router.get("/ready", **documented(Says(summary="Can it serve requests?", example=_READY)))
def ready(here: Here) -> dict[str, str]:
    """Database, broker, release and models are there; otherwise 503 names what is missing."""
    trouble = here.services.readiness.trouble()
    if trouble:
        raise Unavailable(", ".join(trouble), "; ".join(trouble.values()), retry_after=5)
    return _READY


@router.get(
    "/metrics",
    response_class=Response,
    **documented(Says(summary="Numbers for Prometheus", asks=Permission.METRICS_READ)),
)
def metrics(here: Here) -> Response:
    """Requests and verdicts of all processes, and what waits, in the format of Prometheus."""
    waiting = _Waiting(here.services.backlog.depths(), len(here.waiting))
    pace = _Pace(here.services.waits.current().standings())
    page = here.metrics.page([waiting, pace, *_watched(here)])
    return Response(page, media_type=CONTENT_TYPE)


def _watched(here: Here) -> Iterator[Collector]:
    """How long ago somebody looked for alarms, where certificates are asked for."""
    if here.services.settings.certifying.on:
        yield _Unwatched(seconds_since_look(here.services.store))


class _Unwatched(Collector):
    """Whether certificates count."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Tell Prometheus."""
        yield GaugeMetricFamily(
            "tierwise_certificates_unwatched_seconds",
            "Since somebody looked for alarms that end certificates.",
            value=self._seconds,
        )


class _Waiting(Collector):
    """What waits, in the database and here."""

    def __init__(self, depths: Depths, requests: int) -> None:
        self._depths = depths
        self._requests = requests

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Tell Prometheus."""
        yield from self._cases()
        yield from self._lanes()
        depths = self._depths
        for name, about, value in (
            ("tierwise_waiting_requests", "Requests of this process that wait.", self._requests),
            ("tierwise_dead_letters", "Deliveries that were given up.", depths.dead_letters),
            ("tierwise_undelivered", "Deliveries on their way.", depths.undelivered),
            ("tierwise_unenforced", "Actions decided that do not hold yet.", depths.unenforced),
            (
                "tierwise_waiting_for_signals",
                "Items whose signals have not come.",
                depths.waiting_for_signals,
            ),
        ):
            yield GaugeMetricFamily(name, about, value=value)

    def _cases(self) -> Iterator[GaugeMetricFamily]:
        labels = ["tier", "queue", "state"]
        waiting = GaugeMetricFamily("tierwise_cases", "Cases that wait for people.", labels=labels)
        oldest = GaugeMetricFamily(
            "tierwise_cases_oldest_seconds", "Age of the oldest of them.", labels=labels
        )
        overdue = GaugeMetricFamily("tierwise_cases_overdue", "Those past due.", labels=labels)
        for queue in self._depths.queues:
            names = [queue.tier, queue.queue, queue.state]
            waiting.add_metric(names, queue.waiting)
            oldest.add_metric(names, queue.oldest)
            overdue.add_metric(names, queue.overdue)
        yield from (waiting, oldest, overdue)

    def _lanes(self) -> Iterator[GaugeMetricFamily]:
        unsent = GaugeMetricFamily(
            "tierwise_outbox_unsent", "Messages the relay has to send.", labels=["lane"]
        )
        unconfirmed = GaugeMetricFamily(
            "tierwise_outbox_unconfirmed", "Messages sent and not done.", labels=["lane"]
        )
        stuck = GaugeMetricFamily(
            "tierwise_outbox_stuck", "Messages nobody tries to send any more.", labels=["lane"]
        )
        oldest = GaugeMetricFamily(
            "tierwise_outbox_oldest_seconds", "Age of the oldest message.", labels=["lane"]
        )
        for lane in self._depths.lanes:
            unsent.add_metric([lane.queue], lane.unsent)
            unconfirmed.add_metric([lane.queue], lane.unconfirmed)
            stuck.add_metric([lane.queue], lane.stuck)
            oldest.add_metric([lane.queue], lane.oldest)
        yield from (unsent, unconfirmed, stuck, oldest)


class _Pace(Collector):
    """How fast people decide, and how long new cases will wait for them."""

    def __init__(self, queues: Sequence[QueueStanding]) -> None:
        self._queues = queues

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Tell Prometheus; where a wait cannot be told there is none."""
        decided = GaugeMetricFamily(
            "tierwise_cases_decided_per_hour",
            "Cases that people decided in the last hour.",
            labels=["tier", "queue"],
        )
        expected = GaugeMetricFamily(
            "tierwise_cases_expected_wait_seconds",
            "How long a new case of normal priority will wait until it is decided.",
            labels=["tier", "queue", "quantile"],
        )
        for queue in self._queues:
            names, wait = [queue.tier, queue.queue], queue.expected_wait
            decided.add_metric(names, queue.decided_per_hour)
            if wait is not None:
                expected.add_metric([*names, "0.5"], wait.p50)
                expected.add_metric([*names, "0.9"], wait.p90)
        yield from (decided, expected)
