"""Slow signals: fetched from their sources, or posted by the platform; then items are judged again.

All of it may happen twice, and late: what an order got first stays, and an item is judged again
when the last of its orders has its answer, or none is going to come.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy import func, select

from queues.errors import NotFound, Refused, Unavailable
from queues.settings import Signal
from queues.store import orders
from queues.store.ledger import AuditEvent, record
from queues.store.orders import Answer, Wanted
from queues.store.outbox import Task, take
from queues.store.session import Store

_log = structlog.get_logger(__name__)

#: Why an order that nobody answered in time has no scores.
DEADLINE: Final = "deadline"
_SOURCE: Final = "source of signals"
_ORDER: Final = "order of signals"


class Asks(Protocol):
    """Asks sources for scores."""

    def ask(self, source: Signal, items: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
        """Scores by id of the item, as the source gives them; raises Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Sees to the orders of slow signals."""

    store: Store
    sources: Sequence[Signal]
    http: Asks

    def fetch(self, rows: Sequence[int]) -> None:
        """Ask sources about items, with no transaction open meanwhile; rows are of the outbox.

        A source that fails is asked again by `chase`, until the deadline.
        """
        with self.store.transaction() as connection:
            wanted = orders.begin(connection, rows, self._names())
        answers = self._ask_all(wanted)
        with self.store.transaction() as connection:
            mine = set(take(connection, Task.FETCH_SIGNALS, rows))
            orders.settle(connection, [each for each in answers if each.item_id in mine])

    def arrived(
        self, item_id: UUID, name: str, values: Mapping[str, object], *, actor: str
    ) -> bool:
        """Take values that the platform posts itself; False: the order had its answer already.

        Args:
            item_id: The item.
            name: The source, as in the settings.
            values: Scores from 0 to 1 by field.
            actor: Who posts them, for the audit.

        Raises:
            NotFound: there is no such source, or it was not ordered for the item.
            Refused: a field that the source does not fill, or a value that is no score.
        """
        source = next((each for each in self.sources if each.name == name), None)
        if source is None:
            raise NotFound(_SOURCE, name)
        answer = Answer(item_id=item_id, name=name, found=scores_of(source, values))
        with self.store.transaction() as connection:
            settled = orders.settle(connection, [answer])
            if settled:
                at = connection.execute(select(func.now())).scalar_one()
                event = AuditEvent(
                    at=at, actor=actor, kind="signals.arrived", item_id=item_id, subject=name
                )
                record(connection, [event])
            elif not orders.ordered(connection, item_id, name):
                raise NotFound(_ORDER, f"{name} for {item_id}")
        return settled

    def chase(self) -> int:
        """Have sources asked once more for what they did not give; says about how many items.

        Those whose request is under way, or waits for a worker, are left alone.
        """
        names = self._names()
        if not names:
            return 0
        with self.store.transaction() as connection:
            return orders.chase(connection, names)

    def give_up(self) -> int:
        """Have items judged without what did not come in time; says how many orders that were."""
        with self.store.transaction() as connection:
            return orders.give_up(connection, DEADLINE)

    def _names(self) -> list[str]:
        return [source.name for source in self.sources if source.url is not None]

    def _ask_all(self, wanted: Sequence[Wanted]) -> list[Answer]:
        """Ask all sources at the same time, each about its items."""
        asked = [
            (source, about)
            for source in self.sources
            if (about := [each for each in wanted if each.name == source.name])
        ]
        if not asked:
            return []
        with ThreadPoolExecutor(len(asked)) as threads:
            found = threads.map(lambda each: self._ask(*each), asked)
            return [answer for answers in found for answer in answers]

    def _ask(self, source: Signal, wanted: Sequence[Wanted]) -> list[Answer]:
        items = [{"kind": each.kind, **each.raw, "id": each.sender_id} for each in wanted]
        try:
            scores = self.http.ask(source, items)
        except Unavailable as problem:
            _log.warning("no signals", source=source.name, items=len(items), reason=str(problem))
            return []
        return [
            _answer(source, each.item_id, scores[each.sender_id])
            for each in wanted
            if each.sender_id in scores
        ]


def scores_of(source: Signal, values: object) -> dict[str, float]:
    """Values as scores of a source; raises Refused with the field that is wrong."""
    if not isinstance(values, Mapping):
        raise Refused(source.name, "expected an object of fields and scores")
    for name, value in values.items():
        if name not in source.fields:
            raise Refused(str(name), f"is no field of `{source.name}`")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise Refused(name, "expected a number from 0 to 1")
    return {name: float(value) for name, value in values.items()}


def _answer(source: Signal, item_id: UUID, values: object) -> Answer:
    try:
        return Answer(item_id=item_id, name=source.name, found=scores_of(source, values))
    except Refused as problem:
        _log.warning("signals that are none", source=source.name, reason=str(problem))
        return Answer(item_id=item_id, name=source.name, failure=str(problem))
