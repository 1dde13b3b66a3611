"""Composes what workers, relays and beat work with, beside what every process has."""

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Final

from queues.bootstrap import Services
from queues.settings import config_folder

if TYPE_CHECKING:
    from celery import Celery

    from queues.casework.escalation import Escalation
    from queues.casework.opening import Opening
    from queues.enforcement import Enforcement
    from queues.messaging.broker import Broker
    from queues.messaging.relay import Relay
    from queues.messaging.sweeping import Sweeping
    from queues.presence import Presence

_OFTEN: Final = (
    "queues.arms",
    "queues.casework.opening",
    "queues.enforcement",
    "queues.intake.rejudging",
    "queues.policies.inforce",
    "queues.review",
)


def load_ahead() -> None:
    """Load what most tasks work with, so that it is there when a process forks, and shared."""
    for name in _OFTEN:
        import_module(name)


class Workshop(Services):
    """What one process of a worker, a relay or beat works with, each made when it is asked for."""

    _presence: "Presence | None" = None

    @cached_property
    def app(self) -> "Celery":
        """The Celery application; the one thing here that may be made before a fork."""
        from queues.messaging.worker import celery_app

        return celery_app(self.settings)

    @cached_property
    def broker(self) -> "Broker":
        """The lanes of Celery; for one thread."""
        from queues.messaging.broker import Broker

        return Broker(self.app)

    @cached_property
    def relay(self) -> "Relay":
        """Sends the outbox."""
        from queues.messaging.relay import Relay

        outbox = self.settings.outbox
        return Relay(store=self.store, broker=self.broker, batch=outbox.batch, group=outbox.group)

    @cached_property
    def sweeping(self) -> "Sweeping":
        """Sends again what was lost."""
        from queues.messaging.sweeping import Sweeping

        outbox = self.settings.outbox
        return Sweeping(
            store=self.store,
            lanes=self.broker,
            confirm_within=outbox.confirm_within,
            attempts=outbox.attempts,
        )

    @cached_property
    def opening(self) -> "Opening":
        """Opens cases."""
        from queues.casework.opening import Opening

        return Opening(
            store=self.store,
            policy=self.policy,
            ageing=self.settings.review.ageing,
            priority=self.settings.priority,
        )

    @cached_property
    def escalation(self) -> "Escalation":
        """Sees to what is overdue."""
        from queues.casework.escalation import Escalation

        return Escalation(store=self.store, policy=self.policy)

    @cached_property
    def enforcement(self) -> "Enforcement":
        """Carries out what was decided."""
        from queues.enforcement import Enforcement
        from queues.statements import load_transparency

        folder = config_folder()
        return Enforcement(
            store=self.store,
            policy=self.policy,
            settings=self.settings,
            wording=load_transparency(folder and folder / "transparency.toml"),
        )

    def appear(self, kind: str) -> None:
        """Show others that this process runs, until `close`."""
        from queues.presence import Presence

        self._presence = Presence(self.store, kind, self._using, trouble=self._trouble)
        if "in_force" in vars(self):
            self.in_force.tell(self._presence.wake)
        self._presence.start()

    def close(self) -> None:
        """Let go of what was made."""
        if self._presence is not None:
            self._presence.close()
        if "broker" in vars(self):
            self.broker.close()
        super().close()

    def _using(self) -> tuple[str | None, tuple[str, ...]]:
        """What this process judges with; one that judges nothing: nothing."""
        return self.in_force.standing if "in_force" in vars(self) else (None, ())

    def _trouble(self) -> str | None:
        return self.in_force.trouble if "in_force" in vars(self) else None
