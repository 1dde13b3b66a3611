"""A case that somebody holds or voted on, to look at it once more: its item, and its appeal.

Reading is an audit event.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.quality.contents import blind_content
from queues.records.desks import Passage, sorted_out
from queues.records.menus import Menu, menu_of
from queues.review import ClaimLost, Review
from queues.review.holds import Claimed, held
from queues.store.ledger import AuditEvent, record

_ITEM: Final = text("SELECT kind, language, verdict_id, now() AS at FROM items WHERE id = :item")
# Whoever has voted may look once more at what they voted on.
_VOTED: Final = text("""
SELECT cases.id, cases.item_id, cases.purpose, cases.tier, cases.queue, cases.round
FROM cases WHERE cases.id = :case AND EXISTS (SELECT FROM votes
    WHERE votes.case_id = cases.id AND votes.reviewer = :reviewer)
""")
_APPEAL: Final = text("""
SELECT appeals.number, appeals.asks, appeals.statement, appeals.at, appeals.decision_id
FROM appeals JOIN cases ON cases.appeal_id = appeals.id WHERE cases.id = :case
""")
_DECISION: Final = text("""
SELECT action, reasons, tier, made_by, at FROM decisions WHERE id = :decision
""")
_INPUT: Final = text("SELECT input -> 'raw' AS raw FROM verdicts WHERE id = :verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealedDecision:
    """A decision that somebody appealed against."""

    action: str
    reasons: tuple[str, ...]
    tier: str
    made_by: str
    """`machine`, `person` or `panel`."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealInHand:
    """What an appeal says. What leans one way is null while it is decided blind."""

    number: int
    """1 for the first of the item."""
    statement: str | None = field(repr=False)
    """What whoever appeals wrote."""
    at: datetime | None
    asks: str | None
    """`milder`, or `stricter` where whoever reported the item appeals."""
    decision: AppealedDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """A case as somebody may see it who holds it or voted on it."""

    case_id: UUID
    blind: bool
    kind: str
    language: str | None
    texts: tuple[Passage, ...]
    """What is to be read, the main one first."""
    appeal: AppealInHand | None
    """null: nobody appealed."""
    menu: Menu
    """What can be decided instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A case that somebody voted on."""

    id: UUID
    item_id: UUID
    purpose: str
    tier: str
    queue: str
    round: int


def read(review: Review, case: UUID, reviewer: str, *, actor: str) -> LookBack:
    """The item of a case that a reviewer holds or voted on; notes who read it.

    Args:
        review: The work of people on cases.
        case: Which.
        reviewer: Who has it, or voted on it.
        actor: Who reads, for the audit.

    Raises:
        ClaimLost: it is not theirs, or there is no such case.
    """
    policy = review.policy()
    with review.store.transaction() as connection:
        looked = _looked_at(connection, case, reviewer)
        item = connection.execute(_ITEM, {"item": looked.item_id}).one()
        given = {"verdict": item.verdict_id}
        raw: dict[str, Any] = connection.execute(_INPUT, given).scalar_one() or {}
        event = AuditEvent(at=item.at, actor=actor, kind="item.read", item_id=looked.item_id)
        record(connection, [event])
        blind = review.blinding.hides(looked, reviewer, policy.vocabulary.queues)
        appeal = _appeal(connection, case, blind=blind)
    texts, _ = sorted_out(blind_content(raw) if blind else raw, policy.vocabulary)
    return LookBack(
        case_id=case,
        blind=blind,
        kind=item.kind,
        language=item.language,
        texts=texts,
        appeal=appeal,
        menu=menu_of(policy, review.settings.skip_reasons),
    )


def _looked_at(connection: Connection, case: UUID, reviewer: str) -> Claimed | _Case:
    """The case, where a reviewer may read its item; raises ClaimLost where they may not."""
    found = held(connection, reviewer, [case])
    if found:
        return found[0]
    given = {"case": case, "reviewer": reviewer}
    voted = connection.execute(_VOTED, given).mappings().one_or_none()
    if voted is None:
        raise ClaimLost(case, None)
    return _Case(**voted)


def _appeal(connection: Connection, case: UUID, *, blind: bool) -> AppealInHand | None:
    row = connection.execute(_APPEAL, {"case": case}).one_or_none()
    if row is None:
        return None
    if blind:
        return AppealInHand(
            number=row.number, statement=row.statement, at=None, asks=None, decision=None
        )
    about = {"decision": row.decision_id}
    decision = connection.execute(_DECISION, about).mappings().one()
    return AppealInHand(
        number=row.number,
        statement=row.statement,
        at=row.at,
        asks=row.asks,
        decision=AppealedDecision(**{**decision, "reasons": tuple(decision["reasons"])}),
    )
