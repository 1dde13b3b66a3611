"""Items that were accepted before, as they stand now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from queues.intake.answers import Accepted, OpenCase, State

_ITEMS: Final = text("""
SELECT items.id, items.sender_id, items.digest, items.state, items.action, items.verdict_id,
       verdicts.release, verdicts.models, verdicts.inclusion_probability, verdicts.trace,
       waiting.id AS case_id, waiting.tier AS case_tier, waiting.queue AS case_queue,
       waiting.due_at AS case_due
FROM items
JOIN verdicts ON verdicts.id = items.verdict_id
LEFT JOIN LATERAL (
    SELECT id, tier, queue, due_at FROM cases
    WHERE cases.item_id = items.id AND purpose = 'review' AND cases.state IN ('waiting', 'open')
    ORDER BY cases.id LIMIT 1
) AS waiting ON items.state = 'in_review'
WHERE items.sender_id = ANY(:names)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An item that is kept already."""

    digest: bytes
    answer: Accepted


def look_up(connection: Connection, names: Sequence[str]) -> Mapping[str, Known]:
    """The items among these ids of senders that are known."""
    if not names:
        return {}
    found = connection.execute(_ITEMS, {"names": list(names)}).mappings()
    return {row["sender_id"]: _known(row) for row in found}


def _known(row: RowMapping) -> Known:
    answer = Accepted(
        id=row["sender_id"],
        item_id=row["id"],
        verdict_id=row["verdict_id"],
        state=State(row["state"]),
        action=row["action"],
        trace=row["trace"],
        release=row["release"],
        models=tuple(row["models"]),
        inclusion_probability=row["inclusion_probability"],
        case=_case(row),
        duplicate=True,
    )
    return Known(digest=bytes(row["digest"]), answer=answer)


def _case(row: Mapping[Any, Any]) -> OpenCase | None:
    if row["case_id"] is None:
        return None
    return OpenCase(
        id=row["case_id"], tier=row["case_tier"], queue=row["case_queue"], due=row["case_due"]
    )
