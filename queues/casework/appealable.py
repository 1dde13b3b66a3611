"""What can be appealed now, by whom, and how often: looked at under the lock of the item."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from engine.verdict import Tier
from queues.errors import Conflict, NotFound
from queues.ids import as_id
from queues.store.casework import Asks

_ITEM: Final = "item"
_PUBLISH: Final = "publish"

_FIND: Final = text("""
SELECT id FROM items WHERE sender_id = :name
UNION ALL SELECT id FROM items WHERE id = CAST(:ours AS uuid)
""")
# Nothing but the row itself is read here: whoever waited for the lock would see the rest as it was
# before.
_LOCK: Final = text("""
SELECT id, state, language, author_id, verdict_id, decision_id, now() AS at
FROM items WHERE id = :item FOR NO KEY UPDATE
""")
_DECISION: Final = text("""
SELECT tier, policy, action, made_by, at AS decided_at,
    at + make_interval(secs => :window) AS until,
    at + make_interval(secs => :window) < now() AS too_late
FROM decisions WHERE id = :decision
""")
_SENT: Final = text("SELECT input -> 'raw' AS raw FROM verdicts WHERE id = :verdict")
_EARLIER: Final = text("""
SELECT id, decision_id, by, number, asks, state, at, closed_at FROM appeals
WHERE item_id = :item ORDER BY number
""")
# Where it was handed on, the case that has it now.
_CASE: Final = text("""
SELECT id AS case_id, tier, queue, due_at FROM cases
WHERE item_id = :item AND appeal_id = :appeal ORDER BY id DESC LIMIT 1
""")
_REPORTED: Final = text("""
SELECT EXISTS (SELECT FROM reports WHERE item_id = :item AND reporter = :by)
""")

Row = Mapping[Any, Any]


def locked(connection: Connection, name: str) -> Row:
    """An item by the name somebody uses, locked; with its appeals so far as `earlier`.

    Raises:
        NotFound: there is no such item.
    """
    names = {"name": name, "ours": as_id(name)}
    identity = connection.execute(_FIND, names).scalars().first()
    if identity is None:
        raise NotFound(_ITEM, name)
    item = connection.execute(_LOCK, {"item": identity}).mappings().one()
    earlier = connection.execute(_EARLIER, {"item": identity}).mappings().all()
    return {**item, "earlier": earlier}


def open_appeal(connection: Connection, item: Row) -> Row | None:
    """The appeal of an item that is open, with its case, if there is one."""
    found = _open_of(item["earlier"])
    if found is None:
        return None
    given = {"item": item["id"], "appeal": found["id"]}
    return {**found, **connection.execute(_CASE, given).mappings().one()}


def appealable(
    connection: Connection, item: Row, name: str, by: str, *, window: float, most: int
) -> Row:
    """The decision in force of a locked item, which can be appealed, and what else is needed.

    Args:
        connection: Of the transaction that locked it.
        item: As `locked` has it.
        name: What it was called, for whoever is refused.
        by: Who appeals.
        window: Seconds after a decision during which it can be appealed.
        most: How often an item can be appealed for the same.

    Returns:
        The row of the item with `tier`, `policy`, `made_by`, `raw`, `number` and `asks`.

    Raises:
        Conflict: it cannot, with the reason.
    """
    given = {"decision": item["decision_id"], "window": window}
    decision: Row = connection.execute(_DECISION, given).mappings().one_or_none() or {}
    _check_item(name, item, decision)
    _check_decision(name, decision)
    asks = _asks(connection, item, decision, by)
    _check_side(name, item, decision, asks, by)
    _check_number(name, item["earlier"], asks, most)
    sent = connection.execute(_SENT, {"verdict": item["verdict_id"]}).mappings().one()
    number = 1 + max((each["number"] for each in item["earlier"]), default=0)
    return {**item, **decision, **sent, "number": number, "asks": asks}


def refusal(item: str, why: str) -> Conflict:
    """What is said to whoever cannot appeal."""
    return Conflict(f"appeal of item `{item}`", why)


def tier_of(row: Row) -> Tier:
    """Who made the decision that is appealed: a machine also where it holds back for people."""
    return Tier.AUTO if row["made_by"] == "machine" else Tier(row["tier"])


def _asks(connection: Connection, item: Row, decision: Row, by: str) -> Asks:
    """What somebody wants who appeals: who reported an item wants more done, all others less."""
    if decision["action"] == _PUBLISH:
        return Asks.STRICTER
    if by == item["author_id"]:
        return Asks.MILDER
    given = {"item": item["id"], "by": by}
    reported = connection.execute(_REPORTED, given).scalar_one()
    return Asks.STRICTER if reported else Asks.MILDER


def _check_item(name: str, item: Row, decision: Row) -> None:
    """Refuse what nobody can appeal as things stand."""
    found = _open_of(item["earlier"])
    if found is not None:
        raise refusal(name, f"an appeal is open already, since {_moment(found['at'])}")
    for refused, why in (
        (item["state"] == "erased", "it was erased"),
        (item["state"] != "decided", "people are about to decide"),
        (not decision, "nothing was decided about it"),
    ):
        if refused:
            raise refusal(name, why)
    before = [each for each in item["earlier"] if each["decision_id"] == item["decision_id"]]
    if before:
        why = f"this decision was appealed before, at {_moment(before[0]['at'])}"
        raise refusal(name, why)


def _check_decision(name: str, decision: Row) -> None:
    if decision["too_late"]:
        decided, until = _moment(decision["decided_at"]), _moment(decision["until"])
        why = f"it was decided at {decided}, too long ago; it could be appealed until {until}"
        raise refusal(name, why)


def _check_side(name: str, item: Row, decision: Row, asks: Asks, by: str) -> None:
    if asks is Asks.STRICTER and by == item["author_id"]:
        decided = _moment(decision["decided_at"])
        raise refusal(name, f"it is published since {decided}: nothing is kept from its author")


def _check_number(name: str, earlier: Sequence[Row], asks: Asks, most: int) -> None:
    """Refuse an appeal too many; those of one side do not use up what the other one has."""
    same = [each for each in earlier if each["asks"] == asks.value]
    if len(same) >= most:
        last = same[-1]["closed_at"]
        raise refusal(
            name,
            f"it was appealed {len(same)} times for a {asks.value} decision, as often as can be"
            f" (`appeals.most`); the last answer came at {_moment(last)}",
        )


def _open_of(earlier: Sequence[Row]) -> Row | None:
    return next((each for each in earlier if each["state"] == "open"), None)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
