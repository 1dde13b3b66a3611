"""Runs trainings, one at a time: gathers, trains, asks the gate, and lets in or refuses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Connection

from engine.errors import TierwiseError
from queues.errors import Conflict, Unavailable
from queues.learning import concluding, runs
from queues.learning.mirror import mirror
from queues.learning.runs import Begun, Training
from queues.learning.targets import Target, targets
from queues.learning.trial import Trial, gathered, tried
from queues.learning_settings import Learning
from queues.store.outbox import Task, take
from queues.store.session import Store
from queues.telemetry import failure

_TRAINING: Final = "training"
_RETRY_AFTER: Final = 60.0
_log = structlog.get_logger(__name__)


def _nothing() -> None:
    """Nothing is set aside."""


def _silent(_: str) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """Trains in this process."""

    store: Store
    learning: Learning
    rules: Path | None = None
    """The folder of the rules, which has the challenges."""
    reserve: Callable[[], object] = field(default=_nothing)
    """Sets aside, before anything is read, what certificates are to be earned with."""
    progress: Callable[[str], None] = field(default=_silent)

    def work(self, rows: list[int]) -> int:
        """Run what rows of the outbox ask for; says how many trainings.

        Raises:
            Unavailable: another process trains; the rows stay.
        """
        try:
            with runs.alone(self.store):
                return sum(self._took(row) for row in rows)
        except Conflict as busy:
            raise Unavailable(_TRAINING, busy.why, _RETRY_AFTER) from busy

    def run(self, asked: list[UUID]) -> list[Training]:
        """Run trainings that were asked for in this process.

        Raises:
            Conflict: another process trains; they stay asked for, and `Trainings.ask_due` sends
                them to a worker.
        """
        with runs.alone(self.store):
            begun = (self._begun(run) for run in asked)
            return [self._train(each) for each in begun if each is not None]

    def try_out(self, target: Target) -> Trial:
        """What would come of it: nothing is written down, and nothing comes into force.

        Raises:
            TierwiseError: As it would fail.
        """
        self.reserve()
        material = gathered(self.store, target, self.learning)
        return tried(material, self.learning, self.rules, self.progress)

    def _took(self, row: int) -> bool:
        """Run what a row asks for, unless somebody has. The row goes as the training begins."""
        with self.store.transaction() as connection:
            asked = take(connection, Task.TRAIN, [row])
            begun = [runs.begin(connection, run) for run in asked]
        return any(self._train(each) for each in begun if each is not None)

    def _begun(self, run: UUID) -> Begun | None:
        with self.store.transaction() as connection:
            return runs.begin(connection, run)

    def _train(self, begun: Begun) -> Training:
        """Run one, to its end."""
        self.progress(f"learning `{begun.name}`")
        figures: Mapping[str, Any] | None = None
        try:
            figures = self._learn(begun)
        except Unavailable:
            raise  # the next one finds it, and closes it
        except TierwiseError as problem:
            self._failed(begun, str(problem))
        except Exception as problem:  # noqa: BLE001 - whatever it is, the run says that it ended
            self._failed(begun, f"it broke off ({type(problem).__name__}), see the log")
            _log.error("training failed", name=begun.name, **failure(problem))
        with self.store.read() as connection:
            ended = runs.shown(connection, begun.id)
        if self.learning.mlflow is not None:
            mirror(ended, figures, self.learning.mlflow)
        return ended

    def _learn(self, begun: Begun) -> Mapping[str, Any]:
        """Learn, and conclude; the figures of the gate."""
        with self.store.read() as connection:
            target = self._target(connection, begun)
        self.reserve()
        material = gathered(self.store, target, self.learning)
        with self.store.transaction() as connection:
            concluding.note(connection, begun, material)
        trial = tried(material, self.learning, self.rules, self.progress)
        with self.store.transaction() as connection:
            outcome = concluding.conclude(connection, begun, trial)
        _log.info("training ended", name=begun.name, outcome=outcome)
        return trial.figures

    def _target(self, connection: Connection, begun: Begun) -> Target:
        """The model by the settings and what is in force now, as both may have changed."""
        for target in targets(connection, self.learning):
            if target.name == begun.name:
                return target
        why = f"the settings do not want `{begun.name}` to be learnt any more"
        raise Conflict(_TRAINING, why)

    def _failed(self, begun: Begun, why: str) -> None:
        with self.store.transaction() as connection:
            concluding.fail(connection, begun, why)
