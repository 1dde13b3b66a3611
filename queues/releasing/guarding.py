"""Takes back what does harm: a canary that differs by more than it may, a release that alarms.

A canary is compared with its control, drawn by chance at the same time. A release in force can only
be compared with the one before it, at another time of day: its limits are wide, as what else has
changed since is in them too.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, text

from engine.errors import InvalidPolicy, InvalidRelease
from engine.overriding import ENGINE_FAILED
from engine.quality.sequential import difference
from queues.errors import Conflict
from queues.policies import rollbacks
from queues.policies.artefacts import stored_release
from queues.releasing.comparing import Metric, Standing, compared, sums
from queues.releasing.steps import tell
from queues.rollouts import Releases
from queues.store import activations, trials
from queues.store.events import EventKind, NewEvent, emit
from queues.store.notices import Topic, notify
from queues.store.session import Store
from queues.store.trials import TrialKind

_MACHINE: Final = "machine"
#: The two that came into force last, and not by going back; when, and the moment now.
_LAST: Final = text("""
SELECT id, names[1] AS name, at, undoes, now() AS now FROM activations
WHERE kind = 'release' ORDER BY id DESC LIMIT 2
""")
_CASES: Final = text("""
SELECT queue, count(*) FILTER (WHERE enqueued_at >= :at) AS since,
    count(*) FILTER (WHERE enqueued_at < :at) AS before
FROM cases WHERE enqueued_at >= :from AND purpose = 'review' GROUP BY queue ORDER BY queue
""")
#: Cases below which a queue is not called full; before a flood there counted at least as many.
_LEAST_CASES: Final = 50
#: Points of a share that has multiplied, below which that is no alarm.
_LEAST_POINTS: Final = 0.05
_UNIT: Final = "id::text"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Watches what was just changed."""

    store: Store
    given: Releases

    def watch(self) -> None:
        """Look once at what is tried, and at what came into force lately."""
        self._canary()
        self._active()

    def _canary(self) -> None:
        # Adding up takes long, and nobody who takes something back shall wait for it.
        with self.store.read() as connection:
            trial = trials.running(connection, TrialKind.CANARY)
            if trial is None:
                return
            found = compared(connection, trial, self.given)
        wrong = [each.says for each in found if each.standing is Standing.STOP]
        if not wrong:
            return
        why = "; ".join(wrong)
        with self.store.transaction() as connection:
            activations.lock(connection)
            running = trials.running(connection, TrialKind.CANARY)
            if running is None or running.id != trial.id:  # somebody was quicker
                return
            trials.end(connection, by=_MACHINE, why=why, kind=TrialKind.CANARY)
            _tell(connection, trial.release, "canary", why)
            notify(connection, Topic.RELEASE, trial.release)
        _log.warning("canary stopped", release=trial.release, why=why)

    def _active(self) -> None:
        with self.store.read() as connection:
            name = activations.in_force(connection, activations.Kind.RELEASE)
            wrong = list(self._alarms(connection))
        if not wrong or name is None:
            return
        why = "; ".join(wrong)
        try:
            with self.store.transaction() as connection:
                activations.lock(connection)
                done = rollbacks.take_back(connection, by=_MACHINE, note=why, only=name[0])
                _tell(connection, name[0], "release", why)
        except Conflict as no:  # somebody was quicker, or the one before cannot be loaded
            _log.warning("release not taken back", release=name[0], why=why, reason=str(no))
            return
        _log.warning("release taken back", release=name[0], in_force=done.name, why=why)

    def _alarms(self, connection: Connection) -> Iterator[str]:
        """What has changed by more than it may since the release in force came."""
        rows = connection.execute(_LAST).all()
        if len(rows) < 2 or rows[0].undoes is not None:  # noqa: PLR2004 - it, and the one before
            return
        now, before = rows
        age = now.now - now.at
        if age > timedelta(seconds=self.given.watch):
            return
        since = max(now.at - age, before.at)
        yield from self._shares(connection, now, before.name, since)
        yield from self._load(connection, now, before.name, since)

    def _shares(
        self,
        connection: Connection,
        now: Any,  # noqa: ANN401 - a row
        before: str,
        since: datetime,
    ) -> Iterator[str]:
        given = self.given
        found = sums(connection, _UNIT, since=since, until=None, release=now.name, against=before)
        for metric, limit in (
            (Metric.PEOPLE, given.alarm_people),
            (Metric.RESTRICTED, given.alarm_restricted),
            (Metric.FAILED, given.alarm_failed),
        ):
            group, control = found[metric, now.name], found[metric, before]
            moved = difference(group, control)
            if moved is None:
                continue
            told = (
                f"{metric}: {group.share:.1%} of {group.items:,} items, {control.share:.1%} of"
                f" {control.items:,} before"
            )
            if moved.low > limit or moved.high < -limit:
                yield f"{told}; {limit:.0%} is allowed"
            elif metric is Metric.RESTRICTED and moved.low > max(
                _LEAST_POINTS, (given.alarm_restricted_times - 1) * control.share
            ):
                yield f"{told}; {given.alarm_restricted_times:g} times is allowed"

    def _load(
        self,
        connection: Connection,
        now: Any,  # noqa: ANN401 - a row
        before: str,
        since: datetime,
    ) -> Iterator[str]:
        """More cases come than in as long before: in all queues together, or in one of them."""
        hours, hours_before = ((now.now - now.at), (now.at - since))
        rows = connection.execute(_CASES, {"at": now.at, "from": since}).all()

        def times(came: int, earlier: int) -> float:
            if came < _LEAST_CASES:
                return 0.0
            longer: float = hours_before / hours
            return came / max(earlier, _LEAST_CASES) * longer

        found = times(sum(row.since for row in rows), sum(row.before for row in rows))
        if found > self.given.alarm_load:
            yield f"load: {found:.1f} times the cases; {self.given.alarm_load:g} is allowed"
        for row in rows:
            found = times(row.since, row.before)
            if found > self.given.alarm_load and row.queue in _queues_of(connection, before):
                yield (
                    f"load of queue `{row.queue}`: {found:.1f} times the cases;"
                    f" {self.given.alarm_load:g} is allowed"
                )


def _queues_of(connection: Connection, name: str) -> Collection[str]:
    """The queues of a release: one that is new takes over what others had."""
    try:
        known = stored_release(connection, name).policy.vocabulary.queues
    except (InvalidPolicy, InvalidRelease) as problem:
        _log.warning("queues are not known", release=name, problem=str(problem))
        return ()
    return {*known, ENGINE_FAILED}


def _tell(connection: Connection, name: str, kind: str, why: str) -> None:
    """Receivers and the audit are told."""
    about = {"kind": kind, "name": name, "says": why}
    tell(connection, EventKind.RELEASE_STOPPED.value, name, _MACHINE, about)
    at: datetime = connection.execute(text("SELECT now()")).scalar_one()
    event = NewEvent(kind=EventKind.RELEASE_STOPPED, item_id=None, payload={**about, "at": at})
    emit(connection, [event])
