"""Runs backtests over the log: here, in processes of this machine, or by workers, part by part."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.backtesting.processes import in_processes
from engine.backtesting.report import NothingReadable, Report, report_of
from engine.backtesting.storing import read, written
from engine.backtesting.sums import Sums
from engine.backtesting.terms import Terms
from engine.rules.release import Release
from queues.backtesting import forecasts, policies, sharing
from queues.backtesting.forecasts import Kept
from queues.backtesting.judging import Bench, Here, bench_of
from queues.backtesting.plan import Part, Plan, plan_of
from queues.backtesting.policies import Files, Tried
from queues.backtesting.pricing import handling
from queues.ids import id_floor, moment_of
from queues.sections import Rates, Wellness
from queues.store.outbox import Task, take
from queues.store.session import Store

_HOUR: Final = 3_600.0

_NOW: Final = text("SELECT now()")
_FIRST: Final = text("SELECT id FROM items WHERE id >= :since ORDER BY id LIMIT 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When what is looked at came."""

    length: timedelta
    """So far back, or to the first item that is there."""
    until: datetime | None = None
    """The first moment after it; None: now. With one, the same is asked to the byte again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A backtest that can begin."""

    plan: Plan
    terms: Terms
    old: Tried
    new: Tried

    @property
    def sources(self) -> dict[str, Files]:
        """Files of policies that are no stored release, by name."""
        found = {each.release.name: each.files for each in (self.old, self.new)}
        return {name: files for name, files in found.items() if files is not None}


class Backtests:
    """Tries policies on what came."""

    def __init__(self, store: Store, rates: Rates, wellness: Wellness) -> None:
        """Prepare.

        Args:
            store: Where the log is.
            rates: What an hour of people costs.
            wellness: What the terms of people are told from.
        """
        self._store = store
        self._rates = rates
        self._wellness = wellness
        self._bench: tuple[UUID, Bench] | None = None

    def score_forecasts(self, by: str) -> list[Kept]:
        """Compare forecasts whose days are over with what happened; those that were."""
        return forecasts.score(self._store, self._rates, self._wellness, by)

    def prepare(  # two policies, a window, and how
        self,
        new: str,
        old: str | None,
        window: Window,
        terms: Terms,
        *,
        priced: bool,
        folders: bool = True,
    ) -> Prepared:
        """Find both policies, and say what is to be counted.

        Args:
            new: The policy that is tried: a folder, or the name of a release.
            old: The same of the policy it is compared with; None: the release in force.
            window: Of what came.
            terms: What work costs, and the horizon.
            folders: Whether policies may be folders of this machine.
            priced: Whether that holds; else it is told from what people did in the window.

        Raises:
            InvalidPolicy: a folder has mistakes.
            NotFound: there is no such release.
        """
        with self._store.read() as connection:
            found = (
                policies.tried(connection, old, folders=folders),
                policies.tried(connection, new, folders=folders),
            )
            since, until, hours = _window(connection, window)
            counted_by = policies.judged_by(connection, since, until)
            usual = terms.handling
            if not priced:
                spent = (since, until, usual, self._rates, self._wellness)
                usual = handling(connection, *spent)
        plan = plan_of(found[0].release, found[1].release, counted_by, since, until)
        told = Terms(handling=usual, hours=hours or None, horizon=terms.horizon)
        return Prepared(plan=plan, terms=told, old=found[0], new=found[1])

    def here(self, given: Prepared, processes: int, progress: Callable[[int, int], None]) -> Sums:
        """Run it in processes of this machine; nothing is stored.

        Args:
            given: What `prepare` found.
            processes: That judge.
            progress: Told how many parts are done, and of how many.

        Raises:
            ProcessDied: one of them was killed.
        """
        bench, parts = (
            self._bench_of(given.plan, given.old.release, given.new.release),
            given.plan.parts,
        )
        total = bench.golden()
        if processes == 1 or len(parts) <= 1:
            self._added(total, map(bench.compare, parts), progress, len(parts))
            return total
        with _compiled(given.old.release, given.new.release) as (old, new):
            place = Here(url=self._store.url, plan=given.plan, old=old, new=new)
            found = in_processes(parts, bench_of, (place,), min(processes, len(parts)))
            self._added(total, found, progress, len(parts))
        return total

    def share(self, given: Prepared, by: str) -> UUID:
        """Have workers run it; says its id.

        Args:
            given: What `prepare` found.
            by: Who asks, such as `cli:ana`.
        """
        with self._store.transaction() as connection:
            backtest = sharing.share(connection, given.plan, given.terms, given.sources, by)
            if not given.plan.parts:
                bench = self._bench_of(given.plan, given.old.release, given.new.release)
                self._finish(connection, backtest, given.plan, bench)
        return backtest

    def work(self, rows: list[int]) -> int:
        """Work on parts that rows of the outbox ask for; says on how many.

        Each is a transaction of its own: its row goes with what was counted, so a part that a dead
        worker had is another's, and counts once.
        """
        return sum(self._worked(row) for row in rows)

    def standing(self, backtest: UUID, attempts: int) -> sharing.Standing:
        """How far a shared one is; raises NotFound."""
        with self._store.read() as connection:
            return sharing.standing(connection, backtest, attempts)

    def report(self, backtest: UUID) -> Report | None:
        """What a shared one has found; None: it is not done.

        Raises:
            NothingReadable: no item of the log could be compared.
        """
        with self._store.read() as connection:
            found = sharing.found(connection, backtest)
            if found is None:
                return None
            standing = sharing.standing(connection, backtest, 0)
        return report_of(read(found[1]), standing.old, standing.new, found[0])

    def cancel(self, backtest: UUID, state: sharing.State = sharing.State.CANCELLED) -> None:
        """Stop a shared one: nothing of what was counted stays."""
        with self._store.transaction() as connection:
            sharing.end(connection, backtest, state)

    def _added(
        self, total: Sums, found: Iterable[Sums], progress: Callable[[int, int], None], parts: int
    ) -> None:
        for number, sums in enumerate(found, start=1):
            total.add(sums)
            progress(number, parts)

    def _worked(self, row: int) -> bool:
        with self._store.transaction() as connection:
            subjects = take(connection, Task.BACKTEST, [row])
            found = [sharing.part(connection, each) for each in subjects]
            for each in found:
                if each is not None:
                    bench = self._shared(connection, each)
                    sharing.keep(connection, each.id, written(bench.compare(each.part)))
                    self._finish(connection, each.backtest, each.plan, bench)
        return any(each is not None for each in found)

    def _finish(self, connection: Connection, backtest: UUID, plan: Plan, bench: Bench) -> None:
        """Add up what was counted, and keep what is forecast, if this was the last part."""
        known = sharing.last(connection, backtest)
        if known is None:
            return
        terms, counted = known
        total = bench.golden()
        for each in counted:
            total.add(read(each))
        by = sharing.standing(connection, backtest, 0).asked_by
        sharing.end(connection, backtest, sharing.State.DONE, written(total))
        with suppress(NothingReadable):
            forecasts.keep(connection, report_of(total, plan.old, plan.new, terms), plan, by)

    def _shared(self, connection: Connection, asked: sharing.Asked) -> Bench:
        """The policies of a backtest, opened once for all of its parts that come here."""
        known = self._bench
        if known is None or known[0] != asked.backtest:
            names = asked.plan.old, asked.plan.new
            old, new = (policies.again(connection, name, asked.sources) for name in names)
            known = self._bench = asked.backtest, self._bench_of(asked.plan, old, new)
        return known[1]

    def _bench_of(self, plan: Plan, old: Release, new: Release) -> Bench:
        return Bench(self._store, plan, old, new)


def _window(connection: Connection, window: Window) -> tuple[datetime, datetime, float]:
    """From which hour to when, and for how many hours there are items, one at least."""
    now: datetime = connection.execute(_NOW).scalar_one()
    until = now if window.until is None else min(now, window.until)
    since = _hour(until - window.length)
    first: UUID | None = connection.execute(_FIRST, {"since": id_floor(since)}).scalar()
    # Ids have the clocks of whoever took items in, which may be a little ahead.
    begun = until if first is None else min(until, moment_of(first))
    if begun == until:
        return until, until, 0.0
    return _hour(begun), until, max(1.0, (until - begun).total_seconds() / _HOUR)


def _hour(moment: datetime) -> datetime:
    """The beginning of its hour: parts begin there."""
    return moment.replace(minute=0, second=0, microsecond=0)


@contextmanager
def _compiled(old: Release, new: Release) -> Iterator[tuple[Path, Path]]:
    with TemporaryDirectory(prefix="tierwise-") as folder:
        paths = Path(folder, "old.release"), Path(folder, "new.release")
        old.save(paths[0])
        new.save(paths[1])
        yield paths


__all__ = ["Backtests", "Part", "Prepared", "Window"]
