"""Composes what the API works with, beside what every process has."""

from functools import cached_property
from typing import TYPE_CHECKING

from queues.bootstrap import Services
from queues.errors import Unavailable

if TYPE_CHECKING:
    from celery import Celery

    from queues.limiting import Limiter
    from queues.readiness import Readiness
    from queues.records.outcomes import Outcomes


class Storefront(Services):
    """What one process of the API works with, each made when it is asked for."""

    @cached_property
    def outcomes(self) -> "Outcomes":
        """Tells how items stand."""
        from queues.records.outcomes import Outcomes

        return Outcomes(self.store, self.waits)

    @cached_property
    def readiness(self) -> "Readiness":
        """Says what is missing."""
        from queues.readiness import Readiness

        return Readiness(
            {
                "database": self.store.ping,
                "broker": self._reach_broker,
                "release": self.judge,
                "models": self._look_at_models,
            }
        )

    @cached_property
    def limiter(self) -> "Limiter":
        """Says when a key has asked too often."""
        from queues.clock import SystemClock
        from queues.limiting import Limiter

        return Limiter(self.redis_url, timeout=self.settings.counters.timeout, clock=SystemClock())

    @cached_property
    def _celery(self) -> "Celery":
        from queues.messaging.worker import celery_app

        return celery_app(self.settings)

    def close(self) -> None:
        """Let go of what was made."""
        if "limiter" in vars(self):
            self.limiter.close()
        super().close()

    def _reach_broker(self) -> None:
        """Raise Unavailable if it is away."""
        # Its connection is for one thread, and any may ask.
        from queues.messaging.broker import Broker

        broker = Broker(self._celery)
        try:
            broker.check()
        finally:
            broker.close()

    def _look_at_models(self) -> None:
        """Raise Unavailable if those in force by the book are not in use here."""
        trouble = self.in_force.blocked
        if trouble is not None:
            part = "models"
            raise Unavailable(part, trouble)
