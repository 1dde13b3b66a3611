"""Decisions that are carried out now, with all that follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from engine.overriding import deciding_override
from queues.enforcement.states import ActionState

# Whoever decides about an item locks it too: what is in force is carried out, not what was.
_LOCK: Final = text("""
SELECT id FROM items
WHERE id IN (SELECT item_id FROM actions WHERE id = ANY(:decisions) AND state = 'pending')
ORDER BY id FOR NO KEY UPDATE
""")
_ENFORCE: Final = text("""
UPDATE actions SET
    state = CASE WHEN items.decision_id = actions.id
        THEN CAST(:enforced AS text) ELSE CAST(:superseded AS text) END,
    enforced_at = CASE WHEN items.decision_id = actions.id THEN now() END
FROM items
WHERE actions.id = ANY(:decisions) AND actions.state = :pending AND items.id = actions.item_id
RETURNING actions.id, actions.state
""")
_STATES: Final = {
    "pending": ActionState.PENDING.value,
    "enforced": ActionState.ENFORCED.value,
    "superseded": ActionState.SUPERSEDED.value,
}
_IN_FORCE: Final = text("""
UPDATE items SET action = actions.action FROM actions
WHERE actions.id = ANY(:decisions) AND items.decision_id = actions.id
  AND items.action <> actions.action
""")
# Each table is asked by ids that are known: only then the days that hold them are looked at, and
# not all days there are.
_DECISIONS: Final = text("""
SELECT decisions.id, decisions.item_id, decisions.verdict_id, decisions.case_id,
    decisions.made_by, decisions.tier, decisions.action, decisions.reasons, decisions.policy,
    decisions.supersedes, decisions.at AS decided_at, actions.automated, now() AS at
FROM decisions JOIN actions ON actions.id = decisions.id
WHERE decisions.id = ANY(:ids) AND actions.id = ANY(:ids) ORDER BY decisions.id
""")
_ITEMS: Final = text("""
SELECT id, sender_id, kind, author_id, language, received_at, state = 'erased' AS erased
FROM items WHERE id = ANY(:ids)
""")
_VERDICTS: Final = text("SELECT id, cause, trace, input FROM verdicts WHERE id = ANY(:ids)")
_PURPOSES: Final = text("SELECT id, purpose FROM cases WHERE id = ANY(:ids)")
_BEFORE: Final = text("SELECT id, action, made_by, verdict_id FROM decisions WHERE id = ANY(:ids)")
_MESSAGES: Final = text("""
SELECT id, trace ->> 'message' AS message FROM verdicts WHERE id = ANY(:ids)
""")


Row = Mapping[str, Any]
Rows = Mapping[UUID | None, Row]

_NOTHING: Final[Row] = {}
_OF_DECISION: Final = (
    "id",
    "item_id",
    "made_by",
    "tier",
    "action",
    "policy",
    "automated",
    "decided_at",
    "at",
)
_OF_ITEM: Final = ("sender_id", "kind", "author_id", "language", "received_at", "erased")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One decision that is carried out now: the row of it, its item, and what was before."""

    id: UUID
    """Of the decision, and of the action."""
    item_id: UUID
    made_by: str
    tier: str
    action: str
    reasons: tuple[str, ...]
    policy: str | None
    automated: bool
    purpose: str | None
    """Of the case people decided; None: the machine decided."""
    decided_at: datetime
    at: datetime
    """When it is carried out."""
    sender_id: str
    kind: str
    author_id: str | None
    language: str | None
    received_at: datetime
    erased: bool
    cause: str
    trace: Mapping[str, Any]
    input: Mapping[str, Any]
    action_before: str | None
    """Of the decision this one replaces."""
    made_by_before: str | None
    message_before: str | None

    @property
    def changes(self) -> bool:
        """Whether it does anything that the decision before it did not."""
        return self.action != self.action_before

    @property
    def override(self) -> str | None:
        """What decided in place of rules, if the machine did."""
        found = deciding_override(self.trace)
        return None if found is None else str(found["id"])

    @property
    def rules(self) -> Sequence[Mapping[str, Any]]:
        """The rules that took part in the verdict."""
        rules = self.trace.get("rules", ())
        return [rule for rule in rules if rule["status"] in {"live", "missing", "uncertified"}]


def carry_out(connection: Connection, decisions: Sequence[UUID]) -> list[Carried]:
    """Mark pending actions as carried out and their items as such; returns what was marked.

    What another decision has replaced before it was carried out is marked `superseded` and left:
    it would undo what came later.
    """
    given = {"decisions": sorted(decisions)}
    connection.execute(_LOCK, given)
    marked = connection.execute(_ENFORCE, {**given, **_STATES}).all()
    enforced = [row.id for row in marked if row.state == ActionState.ENFORCED]
    if not enforced:
        return []
    given = {"decisions": sorted(enforced)}
    connection.execute(_IN_FORCE, given)
    return _loaded(connection, enforced)


def _loaded(connection: Connection, decisions: Sequence[UUID]) -> list[Carried]:
    found = connection.execute(_DECISIONS, {"ids": sorted(decisions)}).mappings()
    rows = [dict(row) for row in found]
    items = _by_id(connection, _ITEMS, (row["item_id"] for row in rows))
    verdicts = _by_id(connection, _VERDICTS, (row["verdict_id"] for row in rows))
    purposes = _by_id(connection, _PURPOSES, (row["case_id"] for row in rows))
    before = _by_id(connection, _BEFORE, (row["supersedes"] for row in rows))
    messages = _by_id(connection, _MESSAGES, (row["verdict_id"] for row in before.values()))
    return [
        _carried(
            row,
            items[row["item_id"]],
            verdicts[row["verdict_id"]],
            purpose=purposes.get(row["case_id"], _NOTHING).get("purpose"),
            before=before.get(row["supersedes"], _NOTHING),
            messages=messages,
        )
        for row in rows
    ]


def _carried(
    row: Row, item: Row, verdict: Row, *, purpose: str | None, before: Row, messages: Rows
) -> Carried:
    return Carried(
        **{name: row[name] for name in _OF_DECISION},
        **{name: item[name] for name in _OF_ITEM},
        reasons=tuple(row["reasons"]),
        purpose=purpose,
        cause=verdict["cause"],
        trace=verdict["trace"],
        input=verdict["input"],
        action_before=before.get("action"),
        made_by_before=before.get("made_by"),
        message_before=messages.get(before.get("verdict_id"), _NOTHING).get("message"),
    )


def _by_id(connection: Connection, question: TextClause, ids: Iterable[UUID | None]) -> Rows:
    """Rows by their id; nothing is asked where there is nothing to ask for."""
    wanted = sorted(set(filter(None, ids)))
    if not wanted:
        return {}
    rows = connection.execute(question, {"ids": wanted}).mappings()
    return {row["id"]: dict(row) for row in rows}
