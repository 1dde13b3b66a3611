"""What is there as a transaction begins: items that were accepted before, and overrides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from queues.intake.answers import Accepted, OpenCase, State, summary_of_trace
from queues.store.overriding import IN_FORCE, Overrides, read_overrides
from queues.store.ranking import urgency_of
from queues.store.session import Found, ask

# One row at least, which tells the time.
_ITEMS: Final = f"""
SELECT now() AS at, {IN_FORCE} AS overrides,
       items.id, items.sender_id, items.digest, items.state, items.action, items.verdict_id,
       waiting.id AS case_id, waiting.tier AS case_tier,
       waiting.queue AS case_queue, waiting.due_at, waiting.enqueued_at, waiting.priority,
       waiting.severity, waiting.reach, waiting.probability
FROM (SELECT) AS here
LEFT JOIN items ON items.sender_id = ANY(%s)
LEFT JOIN LATERAL (
    SELECT id, tier, queue, priority, severity, reach, probability, enqueued_at, due_at FROM cases
    WHERE cases.item_id = items.id AND purpose = 'review' AND cases.state IN ('waiting', 'open')
    ORDER BY cases.id LIMIT 1
) AS waiting ON items.state = 'in_review'
"""  # noqa: S608 - made of constants
# Not joined with the above: a join would be planned over every day there is.
_VERDICTS: Final = text("""
SELECT id, release, models, inclusion_probability, trace FROM verdicts WHERE id = ANY(:verdicts)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An item that is kept already."""

    digest: bytes
    answer: Accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What is there as a transaction begins."""

    at: datetime
    """The moment, by the clock of Postgres: those of machines may differ."""
    known: Mapping[str, Known]
    """Items by the ids of their senders."""
    overrides: Overrides
    """By content."""


def look_up(
    connection: Connection, names: Sequence[str], contents: Sequence[bytes | None]
) -> Before:
    """What is known, all by one look: items, overrides and the moment.

    Args:
        connection: Of a unit of work.
        names: Ids of senders.
        contents: What people would look at, as `content_of` tells it.
    """
    wanted = [content for content in contents if content is not None]
    found = ask(connection, _ITEMS, wanted, list(names))
    items = [row for row in found if row["id"] is not None]
    return Before(
        at=found[0]["at"],
        known=_all_known(connection, items) if items else {},
        overrides=read_overrides(found[0]["overrides"]),
    )


def _all_known(connection: Connection, items: Sequence[Found]) -> dict[str, Known]:
    wanted = {"verdicts": [item["verdict_id"] for item in items]}
    verdicts = {row["id"]: row for row in connection.execute(_VERDICTS, wanted).mappings()}
    return {item["sender_id"]: _known(item, verdicts[item["verdict_id"]]) for item in items}


def _known(row: Found, verdict: RowMapping) -> Known:
    answer = Accepted(
        id=row["sender_id"],
        item_id=row["id"],
        verdict_id=row["verdict_id"],
        state=State(row["state"]),
        action=row["action"],
        summary=summary_of_trace(verdict["trace"]),
        release=verdict["release"],
        models=tuple(verdict["models"]),
        inclusion_probability=verdict["inclusion_probability"],
        case=_case(row),
        duplicate=True,
    )
    return Known(digest=bytes(row["digest"]), answer=answer)


def _case(row: Found) -> OpenCase | None:
    if row["case_id"] is None:
        return None
    return OpenCase(
        id=row["case_id"],
        tier=row["case_tier"],
        queue=row["case_queue"],
        due=row["due_at"],
        urgency=urgency_of(row),
    )
