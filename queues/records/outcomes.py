"""How an item stands, in few words and quickly: decided, or where it waits and for how long."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.ids import id_floor
from queues.store.naming import item_named
from queues.store.session import Store

_ITEM: Final = text(
    "SELECT id, sender_id, state, action, decided_at, decision_id FROM items WHERE id = :item"
)
_DECISION: Final = text(
    "SELECT id, made_by, tier, action, reasons, policy, at FROM decisions WHERE id = :id"
)
_CASE: Final = text(
    "SELECT id, tier, queue, state, due_at, rank FROM cases"
    " WHERE item_id = :item AND purpose = 'review' AND state IN ('waiting', 'open')"
    " ORDER BY id DESC LIMIT 1"
)
# As cases are handed out: see `queues.store.ranking`. Beyond so many nobody cares how many more.
_AHEAD: Final = text(
    "SELECT count(*) FROM (SELECT FROM cases WHERE state = 'open' AND queue = :queue AND id <> :id"
    " AND (rank, due_at, id) < (:rank, :due_at, :id) LIMIT 10000) AS ahead"
)
# Cases of the last day are read by their ids.
_PACE: Final = text(
    "SELECT count(*) FROM cases WHERE queue = :queue AND id >= :floor"
    " AND state IN ('decided', 'escalated') AND closed_at > now() - interval '1 hour'"
)
_NOW: Final = text("SELECT now()")
_HOUR: Final = 3_600.0
_DAY: Final = timedelta(days=1)
#: Seconds for which the pace of a queue is remembered.
_REMEMBER: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided about an item."""

    id: UUID
    made_by: str
    """`machine`, `person` or `panel`."""
    tier: str
    action: str
    reasons: tuple[str, ...]
    policy: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an item waits for people."""

    id: UUID
    """Of the case."""
    tier: str
    queue: str
    place: int | None
    """1 is next; None before it can be claimed."""
    due: datetime
    expected_wait_seconds: float | None
    """At the pace of the last hour; None where nothing was decided in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an item stands."""

    id: str
    item_id: UUID
    state: str
    action: str
    """In force now."""
    decided_at: datetime | None
    decision: Decided | None
    """None also where no rule asked for one: it is published."""
    case: Place | None

    @property
    def pending(self) -> bool:
        """Whether something is still to come."""
        return self.state in {"waiting_for_signals", "in_review"}


class Outcomes:
    """Tells how items stand."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._paces: dict[str, tuple[int, float]] = {}

    def identify(self, name: str) -> UUID:
        """Our id of an item, by the id of its sender or by ours; raises NotFound."""
        with self._store.read() as connection:
            return item_named(connection, name)

    def tell(self, name: str) -> Outcome:
        """How an item stands, by the id of its sender or by ours; raises NotFound."""
        with self._store.read() as connection:
            identity = item_named(connection, name)
            item = connection.execute(_ITEM, {"item": identity}).mappings().one()
            decision = _decided(connection, item["decision_id"])
            reviewed = item["state"] == "in_review"
            case = self._place(connection, item["id"]) if reviewed else None
        return Outcome(
            id=item["sender_id"],
            item_id=item["id"],
            state=item["state"],
            action=item["action"],
            decided_at=item["decided_at"],
            decision=decision,
            case=case,
        )

    def _place(self, connection: Connection, item: UUID) -> Place | None:
        case = connection.execute(_CASE, {"item": item}).mappings().one_or_none()
        if case is None:
            return None
        place = None
        if case["state"] == "open":
            place = connection.execute(_AHEAD, dict(case)).scalar_one() + 1
        pace = self._pace(connection, case["queue"])
        return Place(
            id=case["id"],
            tier=case["tier"],
            queue=case["queue"],
            place=place,
            due=case["due_at"],
            expected_wait_seconds=round(place * _HOUR / pace, 1) if place and pace else None,
        )

    def _pace(self, connection: Connection, queue: str) -> int:
        """Cases of a queue that were closed within the last hour."""
        pace, until = self._paces.get(queue, (0, 0.0))
        if time.monotonic() >= until:
            now = connection.execute(_NOW).scalar_one()
            given = {"queue": queue, "floor": id_floor(now - _DAY)}
            pace = connection.execute(_PACE, given).scalar_one()
            self._paces[queue] = (pace, time.monotonic() + _REMEMBER)
        return pace


def _decided(connection: Connection, decision: UUID | None) -> Decided | None:
    if decision is None:
        return None
    row = connection.execute(_DECISION, {"id": decision}).mappings().one_or_none()
    return None if row is None else Decided(**{**row, "reasons": tuple(row["reasons"])})
