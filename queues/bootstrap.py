"""Composes the service: the only place that chooses who provides what."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import structlog

from engine.certifying import Hashes
from engine.gauging import unusable
from engine.reliability import Prior
from engine.rules.model import Policy
from engine.rules.release import Release
from engine.urgency import Weights
from queues.arms import Arms, Canary
from queues.backlog import Backlog
from queues.casework.appeals import Appeals
from queues.casework.waits import Waits
from queues.certifying import Certifier, Licences, Signing, bindings_of
from queues.counters.sharing import SharedCounters
from queues.entrance import Entrance, address_of
from queues.errors import Unavailable
from queues.intake import Intake
from queues.intake.ordering import Orders
from queues.intake.rejudging import Rejudging
from queues.judging import Judge
from queues.learning import Trainings
from queues.listening import Listener
from queues.measurement.rollups import Rollups
from queues.measurement.rules import Changes, RuleReports
from queues.overrides import Overrides
from queues.people import Policies, policies_of
from queues.policies.differences import stored_policy
from queues.policies.drafts import Drafts
from queues.policies.inforce import Active, InForce
from queues.policies.naming import RulesOfReleases
from queues.quality.blinding import Blinding
from queues.quality.calibrations import Calibrations
from queues.quality.golds import Golds
from queues.releasing import Guard, Releasing, Shadowing
from queues.reports import Reports
from queues.review import Review
from queues.settings import Settings
from queues.signals.asking import Sources
from queues.signals.orders import Signals
from queues.standing import facts_for
from queues.store.ranking import weights_of
from queues.store.secrets import secret_of
from queues.store.trials import Unit

if TYPE_CHECKING:
    from queues.backtesting.running import Backtests
    from queues.learning.trainer import Trainer
    from queues.measurement.drift.looking import Watching

_log = structlog.get_logger(__name__)


class Services(Entrance):
    """What one process works with, each made when it is first asked for.

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
    def in_force(self) -> InForce:
        """The release and models in force; whoever needs them current calls `watch`."""
        return InForce(self.store, listener=self.listener)

    @cached_property
    def counters(self) -> SharedCounters:
        """Counts for all processes together."""
        counters = self.settings.counters
        return SharedCounters(
            self.store, self.redis_url, lateness=counters.lateness, timeout=counters.timeout
        )

    def judge(self) -> Judge:
        """The release in force, ready to judge; raises Unavailable where there is none."""
        return self.arms().control

    def arms(self) -> Arms:
        """What is in force and what is tried, ready to judge; raises Unavailable."""
        active, known = self.in_force.active, self._arms
        if known is None or known[0] is not active:
            self._check_reach(active.release.policy)
            known = self._arms = (active, self._arms_of(active))
        if self._asks:
            self.licences.keep_current()
        return known[1]

    def _arms_of(self, active: Active) -> Arms:
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

    def _judge_of(self, active: Active, release: Release) -> Judge:
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
    def licences(self) -> Licences:
        """What is known of certificates; whoever needs it current calls `follow`."""
        return Licences(self.store, self.settings.certifying, listener=self.listener)

    def bindings(self) -> Mapping[str, Hashes]:
        """What certificates of the rules in force are bound to; raises Unavailable."""
        active, known = self.in_force.active, self._bindings
        if known is None or known[0] is not active:
            found = bindings_of(active.release.policy, active.fills)
            known = self._bindings = (active, found)
        return known[1]

    @cached_property
    def certifier(self) -> Certifier:
        """Issues certificates, and ends them."""
        return Certifier(
            store=self.store,
            bindings=self.bindings,
            blinding=self.blinding,
            given=self.settings.certifying,
        )

    @cached_property
    def signing(self) -> Signing:
        """Takes sign-offs."""
        return Signing(store=self.store, bindings=self.bindings, given=self.settings.certifying)

    def follow(self) -> None:
        """Take into use whatever comes into force from now on; to be called after any fork."""
        self.in_force.watch()
        if self._asks:
            self.licences.watch()
        self.listener.start()

    def _check_reach(self, policy: Policy) -> None:
        """Say which fields that somebody wants to tell the reach of items never will."""
        given = self.settings.priority
        if "reach" not in given.model_fields_set:
            return
        for name in unusable(given.reach, policy.vocabulary):
            _log.warning("priority.reach: the vocabulary has no such field of numbers", field=name)

    @cached_property
    def rollups(self) -> Rollups:
        """Keeps the sums that figures are told from."""
        settings = self.settings
        return Rollups(store=self.store, rates=settings.rates, wellness=settings.wellness)

    @cached_property
    def rule_reports(self) -> RuleReports:
        """Tells how the rules in force do."""
        return RuleReports(
            store=self.store,
            release=self.release,
            changes=Changes.by(lambda name: stored_policy(self.store, name)),
            rates=self.settings.rates,
            wellness=self.settings.wellness,
        )

    @cached_property
    def releasing(self) -> Releasing:
        """Brings releases into force step by step."""
        return Releasing(store=self.store, given=self.settings.releases)

    @cached_property
    def drafts(self) -> Drafts:
        """Keeps what people write before it is a release."""
        return Drafts(store=self.store)

    @cached_property
    def shadowing(self) -> Shadowing:
        """Lets a release judge without effect."""
        return Shadowing(store=self.store)

    @cached_property
    def guard(self) -> Guard:
        """Takes back releases that do harm."""
        return Guard(store=self.store, given=self.settings.releases)

    @cached_property
    def backlog(self) -> Backlog:
        """Counts what waits."""
        return Backlog(self.store, attempts=self.settings.outbox.attempts)

    @cached_property
    def intake(self) -> Intake:
        """Takes items in."""
        return Intake(
            store=self.store,
            judging=self.arms,
            orders=Orders(self.settings.signals),
            author_facts=facts_for,
            longest_text=self.settings.api.max_text,
            reach=self.settings.priority.reach,
        )

    @cached_property
    def rejudging(self) -> Rejudging:
        """Judges items once more."""
        reach = self.settings.priority.reach
        return Rejudging(store=self.store, judging=self.arms, reach=reach)

    @cached_property
    def reports(self) -> Reports:
        """Takes what users say about items."""
        return Reports(
            store=self.store,
            judging=self.arms,
            rejudging=self.rejudging,
            prior=self.prior,
        )

    @property
    def prior(self) -> Prior:
        """What is thought of people who have not reported yet."""
        given = self.settings.reports
        return Prior(right=given.prior_right, wrong=given.prior_wrong)

    def release(self) -> Release:
        """The release in force; raises Unavailable where there is none."""
        return self.in_force.active.release

    def policy(self) -> Policy:
        """The policy in force; raises Unavailable where there is none."""
        return self.release().policy

    def policies(self) -> Policies:
        """Names of the policies of the release in force; None: none is, or it cannot be opened."""
        try:
            return policies_of(self.policy())
        except Unavailable:
            return None

    @cached_property
    def review(self) -> Review:
        """The work of people on cases."""
        return Review(
            store=self.store,
            policy=self.policy,
            settings=self.settings.review,
            wellness=self.settings.wellness,
            blinding=self.blinding,
        )

    @cached_property
    def blinding(self) -> Blinding:
        """From whom the machine's suggestion is hidden; raises Unavailable."""
        given = self.settings.review
        return Blinding(
            share=given.blind_share,
            counting=self.settings.certifying.blind_share if self._asks else 0.0,
            overlap=given.overlap,
            overlap_by_queue=given.overlap_by_queue,
            key=secret_of(self.store, "blinding"),
        )

    @cached_property
    def calibrations(self) -> Calibrations:
        """Sessions in which several people decide the same."""
        return Calibrations(store=self.store, policy=self.policy, weights=self.weights)

    @cached_property
    def trainings(self) -> Trainings:
        """Asks for trainings of models."""
        return Trainings(store=self.store, learning=self.settings.learning)

    def trainer(self, progress: Callable[[str], None] = lambda _: None) -> "Trainer":
        """Trains models in this process."""
        from queues.learning.trainer import Trainer  # noqa: PLC0415 - slow, and for few processes

        given = self.settings
        return Trainer(
            store=self.store,
            learning=given.learning,
            rules=given.rules,
            reserve=self.certifier.reserve,
            progress=progress,
        )

    @cached_property
    def backtests(self) -> "Backtests":
        """Tries policies on what came."""
        from queues.backtesting.running import Backtests  # noqa: PLC0415 - for few processes

        given = self.settings
        return Backtests(self.store, given.rates, given.wellness)

    @cached_property
    def golds(self) -> Golds:
        """Items whose right answer is known."""
        return Golds(store=self.store, policy=self.policy)

    @cached_property
    def overrides(self) -> Overrides:
        """What was decided about content, for whatever comes again."""
        longest = self.settings.overrides.longest
        return Overrides(store=self.store, policy=self.policy, longest=longest)

    @cached_property
    def drift(self) -> "Watching":
        """Tells what has moved."""
        from queues.measurement.drift.looking import Watching  # noqa: PLC0415 - a second to load

        return Watching(
            store=self.store,
            vocabulary=lambda: self.policy().vocabulary,
            rules_of=RulesOfReleases(self.store),
            settings=self.settings.drift,
        )

    @cached_property
    def appeals(self) -> Appeals:
        """Takes appeals."""
        return Appeals(
            store=self.store,
            release=self.release,
            window=self.settings.appeals.window,
            most=self.settings.appeals.most,
            reach=self.settings.priority.reach,
        )

    @cached_property
    def weights(self) -> Weights:
        """How much each of what makes a case urgent counts."""
        return weights_of(self.settings.review.ageing, self.settings.priority)

    @cached_property
    def waits(self) -> Waits:
        """Tells how long cases will wait."""
        given = self.settings
        return Waits(self.store, ageing=given.review.ageing, priority=given.priority)

    @cached_property
    def sources(self) -> Sources:
        """Connections to sources of slow signals."""
        return Sources()

    @cached_property
    def signals(self) -> Signals:
        """Sees to slow signals."""
        return Signals(store=self.store, sources=self.settings.signals, http=self.sources)

    @cached_property
    def redis_url(self) -> str:
        """The address of Redis."""
        return address_of("redis.url", self.settings.redis.url)

    def close(self) -> None:
        """Let go of what was made."""
        if "provider_sign_in" in vars(self):
            self.provider_sign_in.close()
        if "sources" in vars(self):
            self.sources.close()
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
