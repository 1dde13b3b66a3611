"""Opens cases: from now on people can take them, in the order of their rank."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, SmallInteger, case, func, literal, select, update

from engine.rules.model import Policy
from engine.rules.vocabulary import Panel
from engine.verdict import Tier
from queues.quality.purposes import Purpose
from queues.sections import Priority
from queues.store.announcements import News, announce
from queues.store.events import EventKind
from queues.store.outbox import Task, take
from queues.store.ranking import rank_of, weights_of
from queues.store.session import Store
from queues.store.tables.cases import cases

#: Of queues that name no panel, or that the policy in force does not know any more.
_PANEL: Final = Panel(reviewers=3, decide="majority")
_BY_ONE: Final = cases.c.purpose == Purpose.VALIDATION.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Makes cases ready for people."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    ageing: float
    """Seconds of waiting that weigh as much as one step of priority."""
    priority: Priority = field(default_factory=Priority)
    """What else makes a case urgent."""

    def open_cases(self, rows: Sequence[int]) -> None:
        """Open cases that one reviewer decides; rows are of the outbox."""
        with self.store.transaction() as connection:
            self._open(connection, Tier.SINGLE, take(connection, Task.OPEN, rows), {})

    def convene(self, rows: Sequence[int]) -> None:
        """Open cases that a panel decides, as large as its queue says; rows are of the outbox.

        Raises:
            Unavailable: no release is in force; the cases go on waiting.
        """
        seats = _seats(self.policy())
        with self.store.transaction() as connection:
            self._open(connection, Tier.SENIOR, take(connection, Task.CONVENE, rows), seats)

    def rank(self) -> int:
        """Give open cases the rank they should have; says how many had another.

        Their priority was raised meanwhile, or settings are others now.
        """
        rank = self._rank
        # Those that somebody is at come the next time: nobody is waited for with cases in hand.
        others = select(cases.c.id).where(cases.c.state == "open", cases.c.rank != rank)
        free = others.with_for_update(skip_locked=True)
        statement = update(cases).where(cases.c.id.in_(free))
        with self.store.transaction() as connection:
            return connection.execute(statement.values(rank=rank)).rowcount

    @property
    def _rank(self) -> ColumnElement[int]:
        return rank_of(weights_of(self.ageing, self.priority))

    def _open(
        self,
        connection: Connection,
        tier: Tier,
        subjects: Sequence[UUID],
        seats: Mapping[str, object],
    ) -> None:
        """Open what still waits, and tell of it; what was opened before stays as it is."""
        waiting = (
            select(cases.c.id)
            .where(cases.c.id.in_(subjects), cases.c.state == "waiting", cases.c.tier == tier.value)
            .order_by(cases.c.id)
            .with_for_update()
        )
        opened = connection.execute(
            update(cases)
            .where(cases.c.id.in_(waiting))
            .values(
                state="open",
                opened_at=func.now(),
                announced_at=func.now(),
                rank=self._rank,
                **seats,
            )
            .returning(cases.c.id)
        )
        news = [News(case_id=identity, about={}) for identity in opened.scalars()]
        announce(connection, EventKind.CASE_OPENED, news)


def _seats(policy: Policy) -> dict[str, object]:
    """The values of `seats` and `decide`, by the queue of a case; one person validates."""
    panels = {name: queue.panel for name, queue in policy.vocabulary.queues.items() if queue.panel}
    seats = {name: panel.reviewers for name, panel in panels.items()}
    decide = {name: str(panel.decide) for name, panel in panels.items()}
    return {
        "seats": case(
            (_BY_ONE, 1), else_=_by_queue(seats, literal(_PANEL.reviewers, SmallInteger))
        ),
        "decide": case((_BY_ONE, "majority"), else_=_by_queue(decide, literal(_PANEL.decide))),
    }


def _by_queue(
    known: Mapping[str, int] | Mapping[str, str], usual: ColumnElement[Any]
) -> ColumnElement[Any]:
    """What holds in the queue of a case."""
    return case(known, value=cases.c.queue, else_=usual) if known else usual
