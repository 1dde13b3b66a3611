"""What is known of an item, for whoever may read it; each reading is itself an audit event."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import RowMapping

from queues.quality.blinding import Reader, unknown_to_reviewers
from queues.quality.contents import blind_content
from queues.store.ledger import AuditEvent, record
from queues.store.naming import floor_of, item_named
from queues.store.session import Store

_ITEM: Final = text("SELECT * FROM items WHERE id = :item")
_VERDICTS: Final = text(
    "SELECT id, at, cause, release, models, tier, action, inclusion_probability,"
    " CASE WHEN id = :verdict THEN trace END AS trace,"
    " CASE WHEN id = :verdict THEN input END AS input"
    " FROM verdicts WHERE item_id = :item AND id >= :floor ORDER BY id"
)
_DECISIONS: Final = text(
    "SELECT decisions.id, verdict_id, case_id, made_by, tier, decisions.action, reasons, policy,"
    " inclusion_probability, supersedes, override_id, comment, at, actions.state AS enforcement,"
    " actions.enforced_at"
    " FROM decisions LEFT JOIN actions ON actions.id = decisions.id AND actions.id >= :floor"
    " WHERE decisions.item_id = :item AND decisions.id >= :floor ORDER BY decisions.id"
)
_CASES: Final = text(
    "SELECT id, purpose, tier, queue, state, reason, rule, enqueued_at, due_at, closed_at"
    " FROM cases WHERE item_id = :item ORDER BY id"
)
_REPORTS: Final = text("SELECT count(*) FROM reports WHERE item_id = :item")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictEntry:
    """What the rules said at one moment."""

    id: UUID
    at: datetime
    cause: str
    """`received`, `signals` or `reports`."""
    release: str
    models: tuple[str, ...]
    tier: str
    action: str
    inclusion_probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionEntry:
    """What was decided, by the machine or by people."""

    id: UUID
    verdict_id: UUID
    case_id: UUID | None
    made_by: str
    """`machine`, `person` or `panel`."""
    tier: str
    action: str
    reasons: tuple[str, ...]
    policy: str | None
    inclusion_probability: float
    supersedes: UUID | None
    """The decision that this one took the place of."""
    override_id: UUID | None
    """What was decided about the same content, and was applied instead of rules."""
    comment: str | None
    at: datetime
    enforcement: str | None
    """`pending`, `enforced`, or `superseded`; None where nothing had to be done."""
    enforced_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEntry:
    """A place where people look at the item, or did."""

    id: UUID
    purpose: str
    tier: str
    queue: str
    state: str
    reason: str
    rule: str
    enqueued_at: datetime
    due_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All there is to know about an item."""

    id: str
    """The sender's."""
    item_id: UUID
    kind: str
    author_id: str | None
    language: str | None
    received_at: datetime | None
    state: str | None
    tier: str | None
    action: str | None
    """In force now."""
    decided_at: datetime | None
    content: Mapping[str, Any] | None
    """What was sent; None once it is erased."""
    verdict: Mapping[str, Any] | None
    """The verdict in force with its rules and what they saw; None once it is erased."""
    decision: DecisionEntry | None
    """In force; None where nobody had to decide, or nobody has yet."""
    verdicts: tuple[VerdictEntry, ...]
    decisions: tuple[DecisionEntry, ...]
    cases: tuple[CaseEntry, ...]
    reports: int | None
    hidden: bool = False
    """Whether the reader is to decide about it blind: then all that was found or decided is left
    out."""


def read(store: Store, name: str, *, actor: str, reader: Reader | None = None) -> Dossier:
    """Everything about an item; notes who read it.

    Args:
        store: Where it all stands.
        name: The id its sender gave it, or ours.
        actor: Who reads, for the audit.
        reader: The same, where it is somebody who reviews.

    Raises:
        NotFound: there is no such item.
    """
    with store.transaction() as connection:
        identity = item_named(connection, name)
        item = connection.execute(_ITEM, {"item": identity}).mappings().one()
        given = {"item": identity, "verdict": item["verdict_id"], "floor": floor_of(identity)}
        verdicts = connection.execute(_VERDICTS, given).mappings().all()
        decisions = connection.execute(_DECISIONS, given).mappings().all()
        cases = connection.execute(_CASES, given).mappings().all()
        reports = connection.execute(_REPORTS, given).scalar_one()
        at = connection.execute(text("SELECT now()")).scalar_one()
        record(connection, [AuditEvent(at=at, actor=actor, kind="item.read", item_id=item["id"])])
        hidden = reader is not None and reader.blind_to_item(connection, identity)
    entries = tuple(_decision(row) for row in decisions)
    in_force = next((row for row in verdicts if row["id"] == item["verdict_id"]), None)
    whole = Dossier(
        id=item["sender_id"],
        item_id=item["id"],
        **{name: item[name] for name in _COLUMNS},
        content=_content(in_force),
        verdict=None if in_force is None else in_force["trace"],
        decision=next((each for each in entries if each.id == item["decision_id"]), None),
        verdicts=tuple(_verdict(row) for row in verdicts),
        decisions=entries,
        cases=tuple(CaseEntry(**row) for row in cases if _may_stand(row, reader)),
        reports=reports,
    )
    return _blind(whole) if hidden else whole


def _may_stand(case: Mapping[Any, Any], reader: Reader | None) -> bool:
    """Whether somebody may know that there is this case."""
    return reader is None or not unknown_to_reviewers(case["purpose"])


_COLUMNS: Final = (
    "kind",
    "author_id",
    "language",
    "received_at",
    "state",
    "tier",
    "action",
    "decided_at",
)


def _blind(whole: Dossier) -> Dossier:
    """What somebody may know who is to decide about an item blind."""
    return replace(
        whole,
        received_at=None,
        state=None,
        tier=None,
        action=None,
        decided_at=None,
        content=None if whole.content is None else blind_content(whole.content),
        verdict=None,
        decision=None,
        verdicts=(),
        decisions=(),
        cases=(),
        reports=None,
        hidden=True,
    )


def _content(verdict: RowMapping | None) -> Mapping[str, Any] | None:
    if verdict is None or verdict["input"] is None:
        return None
    found: Mapping[str, Any] | None = verdict["input"].get("raw")
    return found


def _verdict(row: RowMapping) -> VerdictEntry:
    shown = {name: value for name, value in row.items() if name not in {"trace", "input"}}
    return VerdictEntry(**{**shown, "models": tuple(row["models"])})


def _decision(row: RowMapping) -> DecisionEntry:
    return DecisionEntry(**{**row, "reasons": tuple(row["reasons"])})
