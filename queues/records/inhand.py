"""The item of a case in somebody's hands, as they may see it; reading is an audit event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.quality.blinding import Looked
from queues.quality.contents import blind_content
from queues.review import ClaimLost
from queues.review.holds import Claimed, held
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store

_ITEM: Final = text("SELECT kind, language, verdict_id, now() AS at FROM items WHERE id = :item")
_INPUT: Final = text("SELECT input -> 'raw' AS raw FROM verdicts WHERE id = :verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemInHand:
    """What a reviewer decides about."""

    case_id: UUID
    blind: bool
    kind: str
    language: str | None
    content: Mapping[str, Any]
    """What was sent; of a blind case without scores, ids and dates."""


def read(
    store: Store, case: UUID, reviewer: str, *, actor: str, hides: Callable[[Looked, str], bool]
) -> ItemInHand:
    """The item of a case; notes who read it.

    Args:
        store: Where it is.
        case: Which.
        reviewer: Who has it.
        actor: Who reads, for the audit.
        hides: Whether a case is blind for a reviewer.

    Raises:
        ClaimLost: it is not theirs, or there is no such case.
    """
    with store.transaction() as connection:
        claimed = claimed_by(connection, reviewer, case)
        return item_of(connection, claimed, actor=actor, blind=hides(claimed, reviewer))


def claimed_by(connection: Connection, reviewer: str, case: UUID) -> Claimed:
    """A case that a reviewer has in hand; raises ClaimLost where they have it not."""
    found = held(connection, reviewer, [case])
    if not found:
        raise ClaimLost(case, None)
    return found[0]


def item_of(connection: Connection, claimed: Claimed, *, actor: str, blind: bool) -> ItemInHand:
    """The item of a case that somebody has; notes who read it.

    Args:
        connection: Of the transaction.
        claimed: The case.
        actor: Who reads, for the audit.
        blind: Whether they decide without the machine's suggestion.
    """
    item = connection.execute(_ITEM, {"item": claimed.item_id}).one()
    given = {"verdict": item.verdict_id}
    raw: Mapping[str, Any] = connection.execute(_INPUT, given).scalar_one() or {}
    event = AuditEvent(at=item.at, actor=actor, kind="item.read", item_id=claimed.item_id)
    record(connection, [event])
    return ItemInHand(
        case_id=claimed.id,
        blind=blind,
        kind=item.kind,
        language=item.language,
        content=blind_content(raw) if blind else raw,
    )
