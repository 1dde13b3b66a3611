"""Looks at a reference window and the current one, tells what has moved, and keeps alarms."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import text

from engine.quality.measures import State
from engine.rules.vocabulary import Vocabulary
from queues.measurement.drift import figures, windows
from queues.measurement.drift.alarms import Alarm, AlarmKind, keep
from queues.measurement.drift.drawing import Span
from queues.measurement.drift.report import (
    DriftReport,
    PerformanceFigure,
    RuleFigure,
    Standing,
    Window,
)
from queues.measurement.drift.windows import History, RulesOf, ScoresOf, Seen
from queues.measurement.feigned import simulated_since
from queues.sections import Drift
from queues.store.session import Store

#: There are no older rows, and ids have no room for them.
_FIRST: Final = timedelta(days=365 * 25)
_ALL: Final = "all"
#: What items of the reference say is read of so many times as many as now: of the two windows the
#: smaller one is what scores and words can be told by.
_OF_ITEMS: Final = 2

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Tells what has moved."""

    store: Store
    vocabulary: Callable[[], Vocabulary]
    """That in force; raises Unavailable where there is none."""
    rules_of: RulesOf
    scores_of: ScoresOf
    settings: Drift

    def look(
        self,
        *,
        since: datetime | None = None,
        reference_since: datetime | None = None,
        words: bool = True,
    ) -> DriftReport:
        """What has moved from the reference window to the current one.

        Args:
            since: When the current window begins; None: as long ago as the settings say.
            reference_since: When the reference begins; None: as the settings say.
            words: Whether words of texts are compared, which takes longest.

        Raises:
            Unavailable: there is no release in force, or the database is away.
        """
        given, vocabulary = self.settings, self.vocabulary()
        most, most_before = given.verdicts, int(given.verdicts * given.history)
        with self.store.read() as connection:
            now: datetime = connection.execute(text("SELECT now()")).scalar_one()
            reference, current = self._spans(now, since, reference_since)
            history = windows.history(connection, reference, most_before)
            few = min(_OF_ITEMS * most, most_before)
            past = windows.seen(connection, reference, vocabulary, self.scores_of, few)
            present = windows.seen(connection, current, vocabulary, self.scores_of, most)
            before = windows.labels(connection, reference, most_before)
            labels = windows.labels(connection, current, most)
            samples = [
                (span, windows.sample(connection, span, most))
                for span in _backwards(current, given.windows)
            ]
            feigned = simulated_since(connection, reference.since)
        found = DriftReport(
            simulated=feigned,
            reference=_window(reference, history, history.matched.total()),
            current=_window(current, present, len(present.matched)),
            scores=figures.scores(past, present, given),
            labels=figures.labels(before, labels, given),
            vocabulary=figures.vocabulary(past, present, given) if words else None,
            performance=figures.errors(samples, present, given),
            rules=self._rules(history, present),
            alarms=(),
        )
        return _with_alarms(found)

    def watch(self) -> tuple[int, int]:
        """Raise alarms that are new and clear those that are gone; how many of each."""
        found = self.look(words=False)
        untold = {
            about for about, standing in _standings(found) if standing.state is not State.KNOWN
        }
        with self.store.transaction() as connection:
            raised, cleared = keep(connection, found.alarms, untold)
        if raised or cleared:
            _log.warning("alarms of drift", raised=raised, cleared=cleared)
        return raised, cleared

    def _spans(
        self, now: datetime, since: datetime | None, reference_since: datetime | None
    ) -> tuple[Span, Span]:
        """The reference, which ends where the current window begins at the latest, and that."""
        given = self.settings
        begin = _within(since or now - timedelta(seconds=given.current), now)
        length = timedelta(seconds=given.reference)
        first = reference_since or given.reference_since
        before = min(_within(first, now) if first else _within(begin - length, now), begin)
        end = min(before + length, begin) if first else begin
        return Span(since=before, until=end), Span(since=begin, until=now)

    def _rules(self, history: History, present: Seen) -> tuple[RuleFigure, ...]:
        """Rules, of as many verdicts now as the history is long enough for."""
        enough = int(history.matched.total() / self.settings.history)
        matched = present.matched
        if enough >= self.settings.least:
            matched = matched[:enough]
        return figures.rules(
            windows.passes(history.matched, self.rules_of),
            windows.passes(Counter(matched), self.rules_of),
            self.settings,
        )


def _within(moment: datetime, now: datetime) -> datetime:
    return min(max(moment, now - _FIRST), now)


def _backwards(current: Span, count: int) -> list[Span]:
    """So many windows as long as the current one, which is the last of them."""
    length, now = current.until - current.since, current.until
    ends = [now - place * length for place in reversed(range(count))]
    return [Span(since=_within(end - length, now), until=_within(end, now)) for end in ends]


def _window(span: Span, found: Seen | History, read: int) -> Window:
    return Window(
        since=span.since,
        until=span.until,
        verdicts=found.verdicts,
        whole=found.whole,
        read=read,
    )


def _standings(found: DriftReport) -> Iterator[tuple[tuple[AlarmKind, str], Standing]]:
    """What each figure is about that can alarm, and whether it can be told."""
    for score in found.scores:
        yield (AlarmKind.SCORE, score.field), score.standing
    for label in found.labels:
        yield (AlarmKind.LABEL, label.policy or _ALL), label.standing
    yield (AlarmKind.ERROR, _ALL), found.performance.standing
    yield (AlarmKind.GAP, _ALL), found.performance.gap.standing
    for rule in found.rules:
        yield (AlarmKind.RULE, rule.rule), rule.standing


def _with_alarms(found: DriftReport) -> DriftReport:
    return replace(found, alarms=tuple(_alarms(found)))


def _alarms(found: DriftReport) -> Iterator[Alarm]:
    """What alarms, in words."""
    for score in found.scores:
        if score.alarm:
            says = f"scores have moved: PSI {score.psi:.3g}, KS {score.ks:.3g}"
            yield Alarm(kind=AlarmKind.SCORE, name=score.field, says=says)
    for label in found.labels:
        if label.alarm and label.before is not None and label.now is not None:
            says = (
                f"people find violations in {label.now.value:.1%},"
                f" before in {label.before.value:.1%} (PSI {label.psi:.3g})"
            )
            yield Alarm(kind=AlarmKind.LABEL, name=label.policy or _ALL, says=says)
    yield from _alarms_of_errors(found.performance)
    for rule in found.rules:
        if rule.alarm:
            says = f"{rule.change}: passes {rule.now:.2%}, before {rule.before:.2%}"
            yield Alarm(kind=AlarmKind.RULE, name=rule.rule, says=says)


def _alarms_of_errors(found: PerformanceFigure) -> Iterator[Alarm]:
    if found.alarm:
        says = f"more than {found.limit:.1%} are wrong, in {found.above} windows"
        yield Alarm(kind=AlarmKind.ERROR, name=_ALL, says=says)
    if found.gap.alarm:
        says = f"errors are {found.gap.value:+.1%} from what scores say"
        yield Alarm(kind=AlarmKind.GAP, name=_ALL, says=says)
