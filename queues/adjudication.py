"""Composes what judges items: the release in force, its models, counters and licences."""

from functools import cached_property
from typing import TYPE_CHECKING

import structlog

from queues.entrance import Entrance, address_of
from queues.errors import Unavailable
from queues.listening import Listener
from queues.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.certifying import Hashes
    from engine.rules.model import Policy
    from engine.rules.release import Release
    from queues.arms import Arms
    from queues.certifying import Licences
    from queues.counters.sharing import SharedCounters
    from queues.judging import Judge
    from queues.people import Policies
    from queues.policies.inforce import Active, InForce


_log = structlog.get_logger(__name__)


class Adjudication(Entrance):
    """What judges in one process, each made when it is first asked for. `bootstrap` has the rest.

    Nothing here survives a fork: a process that forks makes its own in each child.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._arms: tuple[Active, Arms] | None = None
        self._bindings: tuple[Active, Mapping[str, Hashes]] | None = None

    @cached_property
    def listener(self) -> Listener:
        """Hears what other processes tell; to be started when all have said what they want."""
        return Listener(self.store)

    @cached_property
    def in_force(self) -> "InForce":
        """The release and models in force; whoever needs them current calls `watch`."""
        from queues.policies.inforce import InForce

        return InForce(self.store, listener=self.listener)

    @cached_property
    def counters(self) -> "SharedCounters":
        """Counts for all processes together."""
        from queues.counters.sharing import SharedCounters

        counters = self.settings.counters
        return SharedCounters(
            self.store, self.redis_url, lateness=counters.lateness, timeout=counters.timeout
        )

    def judge(self) -> "Judge":
        """The release in force, ready to judge; raises Unavailable where there is none."""
        return self.arms().control

    def arms(self) -> "Arms":
        """What is in force and what is tried, ready to judge; raises Unavailable."""
        active, known = self.in_force.active, self._arms
        if known is None or known[0] is not active:
            self._check_reach(active.release.policy)
            known = self._arms = (active, self._arms_of(active))
        if self._asks:
            self.licences.keep_current()
        return known[1]

    def _arms_of(self, active: "Active") -> "Arms":
        from queues.arms import Arms, Canary
        from queues.store.trials import Unit

        control, tried = self._judge_of(active, active.release), active.canary
        if tried is None:
            return Arms(control=control)
        trial = tried.trial
        canary = Canary(
            judge=self._judge_of(active, tried.release),
            share=trial.share or 0.0,
            unit=trial.unit or Unit.ITEM,
            salt=str(trial.id),
        )
        return Arms(control=control, canary=canary)

    def _judge_of(self, active: "Active", release: "Release") -> "Judge":
        from queues.judging import Judge

        licence = self.licences.of(release.policy, active.fills) if self._asks else None
        return Judge(
            release,
            active.classifiers,
            self.counters.of(release),
            strict=self.settings.api.strict,
            licence=licence,
        )

    @property
    def _asks(self) -> bool:
        """Whether rules have to be certified or signed off."""
        return self.settings.certifying.on

    @cached_property
    def licences(self) -> "Licences":
        """What is known of certificates; whoever needs it current calls `follow`."""
        from queues.certifying import Licences

        return Licences(self.store, self.settings.certifying, listener=self.listener)

    def bindings(self) -> "Mapping[str, Hashes]":
        """What certificates of the rules in force are bound to; raises Unavailable."""
        from queues.certifying import bindings_of

        active, known = self.in_force.active, self._bindings
        if known is None or known[0] is not active:
            found = bindings_of(active.release.policy, active.fills)
            known = self._bindings = (active, found)
        return known[1]

    def release(self) -> "Release":
        """The release in force; raises Unavailable where there is none."""
        return self.in_force.active.release

    def policy(self) -> "Policy":
        """The policy in force; raises Unavailable where there is none."""
        return self.release().policy

    def policies(self) -> "Policies":
        """Names of the policies of the release in force; None: none is, or it cannot be opened."""
        from queues.people import policies_of

        try:
            return policies_of(self.policy())
        except Unavailable:
            return None

    def follow(self) -> None:
        """Take into use whatever comes into force from now on; to be called after any fork."""
        self.in_force.watch()
        if self._asks:
            self.licences.watch()
        self.listener.start()

    def _check_reach(self, policy: "Policy") -> None:
        """Say which fields that somebody wants to tell the reach of items never will."""
        from engine.gauging import unusable

        given = self.settings.priority
        if "reach" not in given.model_fields_set:
            return
        for name in unusable(given.reach, policy.vocabulary):
            _log.warning("priority.reach: the vocabulary has no such field of numbers", field=name)

    @cached_property
    def redis_url(self) -> str:
        """The address of Redis."""
        return address_of("redis.url", self.settings.redis.url)

    def close(self) -> None:
        """Let go of what was made."""
        if "counters" in vars(self):
            self.counters.close()
        if "in_force" in vars(self):
            self.in_force.close()
        if "licences" in vars(self):
            self.licences.close()
        if "listener" in vars(self):
            self.listener.close()
        if "store" in vars(self):
            self.store.close()
