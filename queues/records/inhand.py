"""The item of a case in somebody's hands, as they may see it; reading is an audit event."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from queues.quality.blinding import Looked
from queues.quality.contents import blind_content
from queues.review import ClaimLost
from queues.review.holds import held
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
        found = held(connection, reviewer, [case])
        if not found:
            raise ClaimLost(case, None)
        claimed = found[0]
        item = connection.execute(_ITEM, {"item": claimed.item_id}).one()
        given = {"verdict": item.verdict_id}
        raw: Mapping[str, Any] = connection.execute(_INPUT, given).scalar_one() or {}
        event = AuditEvent(at=item.at, actor=actor, kind="item.read", item_id=claimed.item_id)
        record(connection, [event])
    blind = hides(claimed, reviewer)
    return ItemInHand(
        case_id=case,
        blind=blind,
        kind=item.kind,
        language=item.language,
        content=blind_content(raw) if blind else raw,
    )
