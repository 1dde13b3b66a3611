"""How an item stands, in few words and quickly: decided, or where it waits and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.waiting import Wait
from queues.casework.waits import Waits
from queues.store.naming import item_named
from queues.store.ranking import TELLING, urgency_of
from queues.store.session import Store

_ITEM: Final = text(
    "SELECT id, sender_id, state, action, decided_at, decision_id FROM items WHERE id = :item"
)
_DECISION: Final = text(
    "SELECT id, made_by, tier, action, reasons, policy, at FROM decisions WHERE id = :id"
)
_CASE: Final = text(
    f"SELECT id, tier, queue, state, rank, {', '.join(TELLING)} FROM cases"  # noqa: S608 - as said
    " WHERE item_id = :item AND purpose = 'review' AND state IN ('waiting', 'open')"
    " ORDER BY id DESC LIMIT 1"
)
# As cases are handed out: see `queues.store.ranking`. Beyond so many nobody cares how many more.
_AHEAD: Final = text(
    "SELECT count(*) FROM (SELECT FROM cases"
    " WHERE state = 'open' AND queue = :queue AND tier = :tier AND id <> :id"
    " AND (rank, due_at, id) < (:rank, :due_at, :id) LIMIT 10000) AS ahead"
)


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
    place: int
    """1 is next. Cases before it are counted up to 10,000; until it can be claimed, all of about
    its rank are taken to be before it, as they were some seconds ago."""
    due: datetime
    expected_wait: Wait | None
    """At the pace of the last hour or day; None where nothing was decided in it."""


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

    def __init__(self, store: Store, waits: Waits) -> None:
        self._store = store
        self._waits = waits

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
            case = _case(connection, item["id"]) if reviewed else None
            ahead = _ahead(connection, case)
        return Outcome(
            id=item["sender_id"],
            item_id=item["id"],
            state=item["state"],
            action=item["action"],
            decided_at=item["decided_at"],
            decision=decision,
            case=None if case is None else self._place(case, ahead),
        )

    def _place(self, case: Mapping[Any, Any], ahead: int | None) -> Place:
        outlook = self._waits.current()
        names, urgency = (case["tier"], case["queue"]), urgency_of(case)
        if ahead is None:
            expected = outlook.expect(*names, urgency)
            place, wait = expected.place, expected.expected_wait
        else:
            place = ahead + 1
            wait = outlook.wait(*names, urgency, ahead=ahead)
        return Place(
            id=case["id"],
            tier=case["tier"],
            queue=case["queue"],
            place=place,
            due=case["due_at"],
            expected_wait=wait,
        )


def _case(connection: Connection, item: UUID) -> Mapping[Any, Any] | None:
    """The review that an item waits for."""
    return connection.execute(_CASE, {"item": item}).mappings().one_or_none()


def _ahead(connection: Connection, case: Mapping[Any, Any] | None) -> int | None:
    """How many cases are before an open one."""
    if case is None or case["state"] != "open":
        return None
    found: int = connection.execute(_AHEAD, dict(case)).scalar_one()
    return found


def _decided(connection: Connection, decision: UUID | None) -> Decided | None:
    if decision is None:
        return None
    row = connection.execute(_DECISION, {"id": decision}).mappings().one_or_none()
    return None if row is None else Decided(**{**row, "reasons": tuple(row["reasons"])})
