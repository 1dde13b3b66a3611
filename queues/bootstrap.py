"""Composes the service: the only place that chooses who provides what."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import structlog

from queues.adjudication import Adjudication
from queues.store.secrets import secret_of

if TYPE_CHECKING:
    from engine.reliability import Prior
    from engine.urgency import Weights
    from queues.backlog import Backlog
    from queues.backtesting.running import Backtests
    from queues.casework.appeals import Appeals
    from queues.casework.waits import Waits
    from queues.certifying import Certifier, Signing
    from queues.intake import Intake
    from queues.intake.rejudging import Rejudging
    from queues.learning import Trainings
    from queues.learning.suggesting import Suggesting
    from queues.learning.trainer import Trainer
    from queues.measurement.drift.looking import Watching
    from queues.measurement.rollups import Rollups
    from queues.measurement.rules import RuleReports
    from queues.overrides import Overrides
    from queues.pictures import Gallery
    from queues.policies.drafts import Drafts
    from queues.quality.blinding import Blinding
    from queues.quality.calibrations import Calibrations
    from queues.quality.golds import Golds
    from queues.quality.validations import Validations
    from queues.releasing import Guard, Releasing, Shadowing
    from queues.reports import Reports
    from queues.review import Review, Workbook
    from queues.signals.asking import Sources
    from queues.signals.orders import Signals

_log = structlog.get_logger(__name__)


class Services(Adjudication):
    """What one process works with, each made when it is first asked for.

    Nothing here survives a fork: a process that forks makes its own in each child.
    """

    @cached_property
    def certifier(self) -> "Certifier":
        """Issues certificates, and ends them."""
        from queues.certifying import Certifier

        return Certifier(
            store=self.store,
            bindings=self.bindings,
            policy=self.policy,
            blinding=self.blinding,
            given=self.settings.certifying,
        )

    @cached_property
    def signing(self) -> "Signing":
        """Takes sign-offs."""
        from queues.certifying import Signing

        return Signing(store=self.store, bindings=self.bindings, given=self.settings.certifying)

    @cached_property
    def rollups(self) -> "Rollups":
        """Keeps the sums that figures are told from."""
        from queues.measurement.rollups import Rollups

        settings = self.settings
        return Rollups(store=self.store, rates=settings.rates, wellness=settings.wellness)

    @cached_property
    def rule_reports(self) -> "RuleReports":
        """Tells how the rules in force do."""
        from queues.measurement.rules import Changes, RuleReports
        from queues.policies.differences import stored_policy

        return RuleReports(
            store=self.store,
            release=self.release,
            changes=Changes.by(lambda name: stored_policy(self.store, name)),
            rates=self.settings.rates,
            wellness=self.settings.wellness,
        )

    @cached_property
    def releasing(self) -> "Releasing":
        """Brings releases into force step by step."""
        from queues.releasing import Releasing

        return Releasing(store=self.store, given=self.settings.releases)

    @cached_property
    def drafts(self) -> "Drafts":
        """Keeps what people write before it is a release."""
        from queues.policies.drafts import Drafts

        return Drafts(store=self.store)

    @cached_property
    def shadowing(self) -> "Shadowing":
        """Lets a release judge without effect."""
        from queues.releasing import Shadowing

        return Shadowing(store=self.store)

    @cached_property
    def guard(self) -> "Guard":
        """Takes back releases that do harm."""
        from queues.releasing import Guard

        return Guard(store=self.store, given=self.settings.releases)

    @cached_property
    def backlog(self) -> "Backlog":
        """Counts what waits."""
        from queues.backlog import Backlog

        return Backlog(self.store, attempts=self.settings.outbox.attempts)

    @cached_property
    def intake(self) -> "Intake":
        """Takes items in."""
        from queues.intake import Intake
        from queues.intake.ordering import Orders
        from queues.standing import facts_for

        return Intake(
            store=self.store,
            judging=self.arms,
            orders=Orders(self.settings.signals),
            author_facts=facts_for,
            longest_text=self.settings.api.max_text,
            reach=self.settings.priority.reach,
        )

    @cached_property
    def rejudging(self) -> "Rejudging":
        """Judges items once more."""
        from queues.intake.rejudging import Rejudging

        reach = self.settings.priority.reach
        return Rejudging(store=self.store, judging=self.arms, reach=reach)

    @cached_property
    def reports(self) -> "Reports":
        """Takes what users say about items."""
        from queues.reports import Reports

        return Reports(
            store=self.store,
            judging=self.arms,
            rejudging=self.rejudging,
            prior=self.prior,
        )

    @property
    def prior(self) -> "Prior":
        """What is thought of people who have not reported yet."""
        from engine.reliability import Prior

        given = self.settings.reports
        return Prior(right=given.prior_right, wrong=given.prior_wrong)

    @cached_property
    def review(self) -> "Review":
        """The work of people on cases."""
        from queues.review import Review

        return Review(
            store=self.store,
            policy=self.policy,
            settings=self.settings.review,
            wellness=self.settings.wellness,
            blinding=self.blinding,
        )

    @cached_property
    def workbook(self) -> "Workbook":
        """What people have to do with cases, told to themselves."""
        from queues.review import Workbook

        return Workbook(
            store=self.store,
            policy=self.policy,
            settings=self.settings.review,
            wellness=self.settings.wellness,
            blinding=self.blinding,
        )

    @cached_property
    def blinding(self) -> "Blinding":
        """From whom the machine's suggestion is hidden; raises Unavailable."""
        from queues.quality.blinding import Blinding

        given = self.settings.review
        return Blinding(
            share=given.blind_share,
            counting=self.settings.certifying.blind_share if self._asks else 0.0,
            overlap=given.overlap,
            overlap_by_queue=given.overlap_by_queue,
            key=secret_of(self.store, "blinding"),
        )

    @cached_property
    def calibrations(self) -> "Calibrations":
        """Sessions in which several people decide the same."""
        from queues.quality.calibrations import Calibrations

        return Calibrations(store=self.store, policy=self.policy, weights=self.weights)

    @cached_property
    def validations(self) -> "Validations":
        """Draws final decisions that a senior looks at once more; raises Unavailable."""
        from queues.quality.validations import Validations

        given = self.settings.review
        return Validations(
            store=self.store,
            policy=self.policy,
            share=given.validation,
            most=given.validation_open,
            key=secret_of(self.store, "validation"),
        )

    @cached_property
    def trainings(self) -> "Trainings":
        """Asks for trainings of models."""
        from queues.learning import Trainings

        return Trainings(store=self.store, learning=self.settings.learning)

    @cached_property
    def suggesting(self) -> "Suggesting":
        """Chooses items that models learn most from."""
        from queues.learning.suggesting import Suggesting

        return Suggesting(store=self.store, learning=self.settings.learning, policy=self.policy)

    def trainer(self, progress: Callable[[str], None] = lambda _: None) -> "Trainer":
        """Trains models in this process."""
        from queues.learning.trainer import Trainer

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
        from queues.backtesting.running import Backtests

        given = self.settings
        return Backtests(self.store, given.rates, given.wellness)

    @cached_property
    def golds(self) -> "Golds":
        """Items whose right answer is known."""
        from queues.quality.golds import Golds

        return Golds(store=self.store, policy=self.policy)

    @cached_property
    def overrides(self) -> "Overrides":
        """What was decided about content, for whatever comes again."""
        from queues.overrides import Overrides

        longest = self.settings.overrides.longest
        return Overrides(store=self.store, policy=self.policy, longest=longest)

    @cached_property
    def drift(self) -> "Watching":
        """Tells what has moved."""
        from queues.measurement.drift.looking import Watching
        from queues.policies.naming import RulesOfReleases, ScoresOfModels

        return Watching(
            store=self.store,
            vocabulary=lambda: self.policy().vocabulary,
            rules_of=RulesOfReleases(self.store),
            scores_of=ScoresOfModels(self.store),
            settings=self.settings.drift,
        )

    @cached_property
    def appeals(self) -> "Appeals":
        """Takes appeals."""
        from queues.casework.appeals import Appeals

        return Appeals(
            store=self.store,
            release=self.release,
            window=self.settings.appeals.window,
            most=self.settings.appeals.most,
            reach=self.settings.priority.reach,
        )

    @cached_property
    def weights(self) -> "Weights":
        """How much each of what makes a case urgent counts."""
        from queues.store.ranking import weights_of

        return weights_of(self.settings.review.ageing, self.settings.priority)

    @cached_property
    def waits(self) -> "Waits":
        """Tells how long cases will wait."""
        from queues.casework.waits import Waits

        given = self.settings
        return Waits(self.store, ageing=given.review.ageing, priority=given.priority)

    @cached_property
    def gallery(self) -> "Gallery":
        """Fetches pictures of items."""
        from queues.pictures import Gallery

        return Gallery(settings=self.settings.pictures)

    @cached_property
    def sources(self) -> "Sources":
        """Connections to sources of slow signals."""
        from queues.signals.asking import Sources

        return Sources()

    @cached_property
    def signals(self) -> "Signals":
        """Sees to slow signals."""
        from queues.signals.orders import Signals

        return Signals(store=self.store, sources=self.settings.signals, http=self.sources)

    def close(self) -> None:
        """Let go of what was made."""
        if "provider_sign_in" in vars(self):
            self.provider_sign_in.close()
        if "sources" in vars(self):
            self.sources.close()
        super().close()
