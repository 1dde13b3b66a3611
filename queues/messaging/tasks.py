"""What workers do: each task calls one service, which does its work in one transaction.

Tasks carry rows of the outbox. A row goes with the transaction that does its work; a task that
fails leaves its rows, and the sweeper has them sent again. So nothing here retries, and nothing is
done twice however often a message comes.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from celery import Celery
from celery.schedules import schedule

from queues.auditing import seal
from queues.errors import Unavailable
from queues.messaging.asking import steady_now
from queues.messaging.lanes import UPKEEP
from queues.messaging.workshop import Workshop
from queues.records import retention
from queues.store.outbox import Task
from queues.store.partitions import prepare
from queues.store.session import DATABASE
from queues.telemetry import failure

_log = structlog.get_logger(__name__)

#: Seconds before work is tried again for which the database had no time.
_PAUSES: Final = (0.05, 0.5, 2.0, 5.0)

#: Tasks on rows of the outbox.
WORK: Final[Mapping[Task, Callable[[Workshop, list[int]], object]]] = {
    Task.BACKTEST: lambda work, rows: work.backtests.work(rows),
    Task.CONVENE: lambda work, rows: work.opening.convene(rows),
    Task.DECIDE_TWINS: lambda work, rows: work.review.decide_twins(rows),
    Task.ENFORCE: lambda work, rows: work.enforcement.enforce(rows),
    Task.FETCH_SIGNALS: lambda work, rows: work.signals.fetch(rows),
    Task.JUDGE: lambda work, rows: work.rejudging.arrived(rows),
    Task.OPEN: lambda work, rows: work.opening.open_cases(rows),
    Task.TRAIN: lambda work, rows: work.trainer().work(rows),
    Task.TALLY: lambda work, rows: work.review.tally(rows),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """Something beat asks for again and again. Twice at once, or not for a while, does no harm."""

    every: float
    """Seconds."""
    run: Callable[[Workshop], object]


#: What keeps the rest going, by name.
UPKEEPS: Final[Mapping[str, Upkeep]] = {
    "apply_retention": Upkeep(
        every=3_600.0, run=lambda work: retention.apply(work.store, work.settings.retention)
    ),
    "certify": Upkeep(every=60.0, run=lambda work: work.certifier.run()),
    "chase_signals": Upkeep(every=5.0, run=lambda work: work.signals.chase()),
    "commit_decisions": Upkeep(every=2.0, run=lambda work: work.review.commit_due()),
    "draw_validations": Upkeep(every=15.0, run=lambda work: work.validations.draw()),
    "escalate_overdue": Upkeep(every=15.0, run=lambda work: work.escalation.escalate()),
    "expire_leases": Upkeep(every=10.0, run=lambda work: work.review.expire_leases()),
    "expire_overrides": Upkeep(every=60.0, run=lambda work: work.overrides.expire()),
    "fold_rollups": Upkeep(every=60.0, run=lambda work: work.rollups.fold()),
    "follow_shadow": Upkeep(every=15.0, run=lambda work: work.shadowing.follow()),
    "give_up_signals": Upkeep(every=5.0, run=lambda work: work.signals.give_up()),
    "guard_releases": Upkeep(every=30.0, run=lambda work: work.guard.watch()),
    "prepare_days": Upkeep(every=3_600.0, run=lambda work: prepare(work.store)),
    "rank_cases": Upkeep(every=60.0, run=lambda work: work.opening.rank()),
    "report_backlog": Upkeep(every=300.0, run=lambda work: work.backlog.report()),
    "report_late": Upkeep(every=15.0, run=lambda work: work.escalation.report_late()),
    "score_forecasts": Upkeep(
        every=3_600.0,
        run=lambda work: work.backtests.score_forecasts("machine"),
    ),
    "seal_audit": Upkeep(every=10.0, run=lambda work: seal(work.store)),
    "start_trainings": Upkeep(every=60.0, run=lambda work: work.trainings.ask_due()),
    "suggest_items": Upkeep(every=900.0, run=lambda work: work.suggesting.suggest()),
    "sweep_idle": Upkeep(every=60.0, run=lambda work: work.sweeping.awaken()),
    "sweep_outbox": Upkeep(every=5.0, run=lambda work: work.sweeping.sweep()),
    "watch_drift": Upkeep(every=900.0, run=lambda work: work.drift.watch()),
}


def install(app: Celery, work: Workshop) -> None:
    """Give an application its tasks and the schedule of beat.

    Args:
        app: The application.
        work: What tasks work with; nothing of it is made before the first task runs.
    """
    for task, run in WORK.items():
        limit = work.settings.learning.time_limit if task is Task.TRAIN else None
        _add(app, task.value, _on_rows(task.value, run, work), limit)
    for name, upkeep in UPKEEPS.items():
        _add(app, f"{UPKEEP}.{name}", _alone(name, upkeep.run, work))
    app.conf.beat_schedule = {
        name: {
            "task": f"{UPKEEP}.{name}",
            "schedule": schedule(timedelta(seconds=upkeep.every), nowfun=steady_now, app=app),
            "options": {"queue": UPKEEP},
        }
        for name, upkeep in UPKEEPS.items()
    }


def _add(app: Celery, name: str, run: Callable[..., None], limit: float | None = None) -> None:
    """A task; `limit`: seconds it may take, by default as all others."""
    given = {} if limit is None else {"time_limit": limit}
    # Sent again at once, and at most so often, if it takes its process down with it.
    # Celery would hand it to every other application of the process as well.
    app.task(run, name=name, max_retries=2, default_retry_delay=0, shared=False, **given)


def _on_rows(
    name: str, run: Callable[[Workshop, list[int]], object], work: Workshop
) -> Callable[[list[int]], None]:
    def task(rows: list[int]) -> None:
        _guarded(name, lambda: run(work, rows), len(rows))

    return task


def _alone(name: str, run: Callable[[Workshop], object], work: Workshop) -> Callable[[], None]:
    def task() -> None:
        _guarded(name, lambda: run(work), 0)

    return task


def _guarded(name: str, run: Callable[[], object], rows: int) -> None:
    """Do it; what goes wrong ends here, as the rows that stay say all that is needed."""
    try:
        _patiently(name, run)
    except Unavailable as problem:
        _log.warning("task failed", task=name, rows=rows, reason=str(problem))
    except Exception as error:  # noqa: BLE001 - the edge of a task
        _log.error("task failed", task=name, rows=rows, **failure(error))


def _patiently(name: str, run: Callable[[], object]) -> None:
    """Do it, again and again while the database is away or two wait for each other.

    Otherwise a worker would go through all that waits for it in a moment, and do none of it.
    """
    pause = threading.Event()
    for seconds in _PAUSES:
        try:
            run()
        except Unavailable as problem:
            if problem.part != DATABASE:
                raise
            _log.info("once more", task=name, reason=problem.reason, again_in=seconds)
            pause.wait(seconds)
        else:
            return
    run()
