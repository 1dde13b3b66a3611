"""Issues certificates when labels allow it, and ends them when they hold no more.

One run does everything, under a lock: two runs at once would spend the doubt twice.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from engine.certifying import Hashes
from engine.rules.model import Policy
from queues.certifying import keeping
from queues.certifying.alarms import Alarms
from queues.certifying.drawing import draw, label
from queues.certifying.ending import Watch
from queues.certifying.issuing import Run
from queues.certifying.monitoring import collect
from queues.quality.blinding import Blinding
from queues.sections import Certifying
from queues.store.locks import Lock, wait_for
from queues.store.session import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a run did, or would do."""

    drawn: int = 0
    """Labels that were drawn."""
    labelled: int = 0
    """Of which it is known now what people said, or that nobody will."""
    issued: Mapping[str, str] = field(default_factory=dict)
    """Rule → in words."""
    narrowed: Mapping[str, str] = field(default_factory=dict)
    """Rule → in which languages its certificate does not hold any more, and why."""
    revoked: Mapping[str, str] = field(default_factory=dict)
    """Rule → why."""
    failed: Mapping[str, str] = field(default_factory=dict)
    """Rule → why the look that was due did not pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certifier:
    """Sees to certificates."""

    store: Store
    bindings: Callable[[], Mapping[str, Hashes]]
    """Of the rules in force that decide by themselves; raises Unavailable where none are."""
    policy: Callable[[], Policy]
    """In force; raises Unavailable."""
    blinding: Blinding
    given: Certifying

    def reserve(self) -> int:
        """Draw alone, before somebody learns from what was decided; off: nothing.

        Raises:
            Unavailable: the database is away, or no release is in force.
        """
        if not self.given.on:
            return 0
        bindings = self.bindings()
        with self.store.transaction() as connection:
            wait_for(connection, Lock.CERTIFYING)
            return draw(connection, list(bindings), self.blinding)

    def run(self, rules: Iterable[str] | None = None, *, dry: bool = False) -> Done:
        """Draw, count, end and issue what can be now; off: nothing.

        Args:
            rules: Look at the labels of these alone; None: of all.
            dry: Change nothing, and say what would be done. A look that is not due is never made.

        Raises:
            Unavailable: the database is away, or no release is in force.
        """
        if not self.given.on:
            return Done()
        bindings = self.bindings()
        with self.store.transaction() as connection, connection.begin_nested() as work:
            wait_for(connection, Lock.CERTIFYING)
            drawn = draw(connection, list(bindings), self.blinding)
            labelled = label(connection)
            run = self._run(connection, bindings)
            run.go(None if rules is None else set(rules))
            if dry:
                work.rollback()
        return Done(
            drawn=drawn,
            labelled=labelled,
            issued=run.issued,
            narrowed=run.narrowed,
            revoked=run.revoked,
            failed=run.failed,
        )

    def _run(self, connection: Connection, bindings: Mapping[str, Hashes]) -> Run:
        """A run with all that is known of alarms."""
        now = keeping.now(connection)
        collect(connection, now, self.given)
        kept = timedelta(days=self.given.valid_days).total_seconds()
        alarms = Alarms(connection, self.policy, kept=kept)
        watch = Watch(connection=connection, alarms=alarms, given=self.given, now=now)
        return Run(connection=connection, bindings=bindings, given=self.given, now=now, watch=watch)
