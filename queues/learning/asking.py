"""When a training is started: by the number of new decisions, by time, or by hand."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.errors import Conflict
from queues.learning import runs
from queues.learning.labels import count_new, last_seen
from queues.learning.runs import Training, Trigger
from queues.learning.targets import Target, target_of, targets
from queues.learning_settings import Learning
from queues.store.session import Store

#: Trainings of a model that died one after the other, after which nobody tries by themselves.
_PATIENCE: Final = 3
_TRAINING: Final = "training"
_NOTHING_TO_LEARN: Final = "`[learning] scores` names no score that is to be learnt"

_DIED: Final = text("""
SELECT count(*) FROM training_runs WHERE name = :name AND state = 'abandoned'
    AND asked_at > coalesce((
        SELECT max(asked_at) FROM training_runs
        WHERE name = :name AND state IN ('promoted', 'refused', 'failed')), '-infinity')
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainings:
    """Asks for trainings, and tells of them. Needs no scikit-learn."""

    store: Store
    learning: Learning

    def ask_due(self) -> int:
        """Ask workers for what is due, or was asked for and never begun; says for how many."""
        if not self.learning.scores:
            return 0
        self._close_dead()
        with self.store.transaction() as connection:
            asked = runs.send_stranded(connection)
            for target in targets(connection, self.learning):
                trigger = self._due(connection, target)
                if trigger is not None:
                    asked += self._ask(connection, target, trigger, "machine") is not None
        return asked

    def ask(self, *, score: str | None, by: str) -> list[Training]:
        """Ask workers to train, by hand.

        Args:
            score: The model that fills this score alone; None: all of them.
            by: Who asks.

        Returns:
            What was asked for.

        Raises:
            Conflict: there is nothing new to learn, or all are asked for already.
            Refused: no setting names the score.
        """
        with self.store.transaction() as connection:
            asked = [
                self._ask(connection, target, Trigger.HAND, by)
                for target in self.wanted(connection, score)
            ]
            found = [runs.shown(connection, run) for run in asked if run is not None]
        if not found:
            why = "it is asked for already, or under way"
            raise Conflict(_TRAINING, why)
        return found

    def ask_here(self, *, score: str | None, by: str) -> list[UUID]:
        """The same, for whoever runs them in this very process; errors as in `ask`.

        What waits for a worker is taken over. What this process does not begin, a worker does.
        """
        with self.store.transaction() as connection:
            asked = [
                runs.asked_for(connection, target.name)
                or runs.ask(connection, target, Trigger.HAND, by)
                for target in self.wanted(connection, score)
            ]
        return [run for run in asked if run is not None]

    def wanted(self, connection: Connection, score: str | None) -> list[Target]:
        """What somebody wants to be trained, of what has anything new; errors as in `ask`."""
        named = self.named(connection, score)
        found = [target for target in named if not self._learnt(connection, target)]
        if not found:
            why = "there is no decision that the last one has not seen"
            raise Conflict(_TRAINING, why)
        return found

    def named(self, connection: Connection, score: str | None) -> list[Target]:
        """What somebody names: the model that fills a score, or all; errors as in `ask`."""
        known = targets(connection, self.learning)
        if not known:
            raise Conflict(_TRAINING, _NOTHING_TO_LEARN)
        return list(known) if score is None else [target_of(known, score)]

    def listed(self, most: int) -> list[Training]:
        """The last one first."""
        return runs.listed(self.store, most)

    def _close_dead(self) -> None:
        """Close what runs by the book and in no process: it would keep its place for ever."""
        with self.store.read() as connection:
            running = runs.any_running(connection)
        if running:
            with suppress(Conflict), runs.alone(self.store):
                pass

    def _ask(
        self, connection: Connection, target: Target, trigger: Trigger, by: str
    ) -> UUID | None:
        run = runs.ask(connection, target, trigger, by)
        if run is not None:
            runs.send_to_worker(connection, run)
        return run

    def _due(self, connection: Connection, target: Target) -> Trigger | None:
        """Why a training is due; None: it is not."""
        if connection.execute(_DIED, {"name": target.name}).scalar_one() >= _PATIENCE:
            return None
        seen = last_seen(connection, target.name)
        now, beginning = self._times(connection)
        new = count_new(connection, seen, beginning)
        if new >= self.learning.labels:
            return Trigger.COUNT
        late = seen is None or now - seen.ended_at >= timedelta(seconds=self.learning.every)
        return Trigger.SCHEDULE if new and self.learning.every and late else None

    def _learnt(self, connection: Connection, target: Target) -> bool:
        """Whether all there is was learnt already, in the same way, with an outcome."""
        seen = last_seen(connection, target.name)
        if seen is None or seen.state == "failed":
            return False
        same = seen.scores == {score: list(its) for score, its in target.scores.items()}
        _, beginning = self._times(connection)
        return same and count_new(connection, seen, beginning) == 0

    def _times(self, connection: Connection) -> tuple[datetime, datetime]:
        """Now, and the moment before which decisions are not learnt from."""
        now: datetime = connection.execute(text("SELECT now()")).scalar_one()
        return now, now - timedelta(days=self.learning.days)
