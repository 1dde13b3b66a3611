"""Gold items: the right answer is known, and people are shown them among others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.model import Policy
from queues.errors import Conflict, NotFound, Refused
from queues.ids import new_id
from queues.store.ledger import AuditEvent, record
from queues.store.naming import item_named
from queues.store.session import Store

_GOLD: Final = "gold item"
_PUBLISH: Final = "publish"
_PANEL: Final = "panel"

_ITEM: Final = text("""
SELECT items.id, items.sender_id, items.state, items.language, items.decision_id,
    (SELECT cases.policy FROM cases WHERE cases.item_id = items.id AND cases.only_for IS NULL
     ORDER BY cases.id DESC LIMIT 1) AS policy,
    (SELECT cases.severity FROM cases WHERE cases.item_id = items.id AND cases.only_for IS NULL
     ORDER BY cases.id DESC LIMIT 1) AS severity, now() AS at
FROM items WHERE items.id = :item FOR KEY SHARE
""")
_DECISION: Final = text("SELECT made_by, action, reasons, policy FROM decisions WHERE id = :id")
_ADD: Final = text("""
INSERT INTO golds (id, source, item_id, action, reasons, policy, severity, language, added_by)
VALUES (:id, :source, :item, :action, :reasons, :policy, :severity, :language, :by)
ON CONFLICT (source, item_id) DO UPDATE SET action = excluded.action, reasons = excluded.reasons,
    policy = excluded.policy, severity = excluded.severity, language = excluded.language,
    added_by = excluded.added_by, added_at = now(), retired_at = NULL
RETURNING id
""")
_RETIRE: Final = text("""
UPDATE golds SET retired_at = coalesce(retired_at, now()) WHERE id = :gold
RETURNING item_id, source, retired_at = now() AS now, now() AS at
""")
# Nobody is asked any more; whoever is at it may finish.
_CALL_BACK: Final = text("""
UPDATE cases SET state = 'withdrawn', closed_at = now()
WHERE probe_id = :gold AND state IN ('waiting', 'open')
    AND commit_at IS NULL AND NOT EXISTS (SELECT FROM holds
        WHERE holds.case_id = cases.id AND holds.lease_until >= now())
""")
_LIST: Final = text("""
SELECT golds.id, golds.source, golds.item_id, items.sender_id, golds.action, golds.reasons,
    golds.policy, golds.severity, golds.language, golds.added_by, golds.added_at, golds.retired_at,
    used.shown, used.last_shown_at, used.answered, used.right
FROM golds JOIN items ON items.id = golds.item_id CROSS JOIN LATERAL (
    SELECT count(DISTINCT cases.id) AS shown, max(cases.taken_at) AS last_shown_at,
        count(votes.id) AS answered,
        count(votes.id) FILTER (WHERE votes.action = golds.action) AS right
    FROM cases LEFT JOIN votes ON votes.case_id = cases.id WHERE cases.probe_id = golds.id
) AS used
WHERE (CAST(:source AS text) IS NULL OR golds.source = :source)
    AND (CAST(:id AS uuid) IS NULL OR golds.id = :id)
    AND (:retired OR golds.retired_at IS NULL)
ORDER BY golds.id DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A gold item, and what became of it."""

    id: UUID
    source: str
    """The set it belongs to; a queue names it in `gold: { from: … }`."""
    item_id: UUID
    sender_id: str
    action: str
    """The right one."""
    reasons: tuple[str, ...]
    policy: str
    severity: str
    language: str | None
    added_by: str
    added_at: datetime
    retired_at: datetime | None
    """Since then nobody is shown it; None: it is in use."""
    shown: int
    """To so many people."""
    last_shown_at: datetime | None
    answered: int
    right: int
    """Answers with the right action. Near all of many: it may be too easy, or has got about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The right answer, where it is not what a panel decided."""

    action: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Golds:
    """What can be done with gold items."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""

    def add(self, item: str, source: str, *, by: str, answer: Answer | None = None) -> Gold:
        """Add an item to a set; one that is in it gets this answer, and is in use again.

        Args:
            item: Decided; the sender's id, or ours.
            source: The name of the set.
            by: Who adds it.
            answer: The right one; by default what a panel decided.

        Raises:
            NotFound: there is no such item.
            Conflict: it is not decided, or it was erased.
            Refused: no panel decided it and there is no answer, or the policy does not know it.
        """
        policy = self.policy()
        with self.store.transaction() as connection:
            row = connection.execute(_ITEM, {"item": item_named(connection, item)}).one()
            if row.state != "decided":
                raise _undecided(row.sender_id, row.state)
            decided = _decision(connection, row.decision_id)
            answer = _checked(answer, policy) if answer is not None else _of_panel(decided)
            gold: UUID = connection.execute(
                _ADD,
                {
                    "id": new_id(),
                    "source": source,
                    "item": row.id,
                    "action": answer.action,
                    "reasons": list(answer.reasons),
                    "policy": _policy(answer, policy, decided) or row.policy or _NO_POLICY,
                    "severity": row.severity or _MEDIUM,
                    "language": row.language,
                    "by": by,
                },
            ).scalar_one()
            details = {"source": source, "action": answer.action, "reasons": list(answer.reasons)}
            _tell(connection, "gold.added", row.id, gold, by=by, at=row.at, details=details)
            return _listed(connection, gold=gold)[0]

    def listed(
        self, *, source: str | None = None, retired: bool = False, limit: int = 100
    ) -> list[Gold]:
        """Gold items, the last added first.

        Args:
            source: Of this set; None: of all.
            retired: Also those that are not in use any more.
            limit: How many at most.
        """
        with self.store.read() as connection:
            return _listed(connection, source=source, retired=retired, limit=limit)

    def retire(self, gold: UUID, *, by: str) -> Gold:
        """Show it to nobody any more; what was answered still counts. Raises NotFound."""
        with self.store.transaction() as connection:
            row = connection.execute(_RETIRE, {"gold": gold}).one_or_none()
            if row is None:
                raise NotFound(_GOLD, str(gold))
            if row.now:
                connection.execute(_CALL_BACK, {"gold": gold})
                details = {"source": row.source}
                _tell(
                    connection, "gold.retired", row.item_id, gold, by=by, at=row.at, details=details
                )
            return _listed(connection, gold=gold)[0]


#: Of items on which no policy was ever asked.
_NO_POLICY: Final = "general"
_MEDIUM: Final = "medium"


def _undecided(item: str, state: str) -> Conflict:
    return Conflict(f"item `{item}`", f"it is {state}, not decided")


def _listed(
    connection: Connection,
    *,
    source: str | None = None,
    gold: UUID | None = None,
    retired: bool = True,
    limit: int = 1,
) -> list[Gold]:
    given = {"source": source, "id": gold, "retired": retired, "limit": limit}
    rows = connection.execute(_LIST, given).mappings()
    return [Gold(**{**row, "reasons": tuple(row["reasons"])}) for row in rows]


def _decision(connection: Connection, decision: UUID | None) -> Any:  # noqa: ANN401 - a row, or None
    """The decision in force."""
    if decision is None:
        return None
    return connection.execute(_DECISION, {"id": decision}).one_or_none()


def _of_panel(decided: Any) -> Answer:  # noqa: ANN401 - a row, or None
    if decided is None or decided.made_by != _PANEL:
        what = "action"
        raise Refused(what, "is missing; no panel decided this item, so say what is right")
    return Answer(action=decided.action, reasons=tuple(decided.reasons))


def _checked(answer: Answer, policy: Policy) -> Answer:
    """An answer in the words of the policy; `keep` is `publish`."""
    action = _PUBLISH if answer.action == "keep" else answer.action
    field = "action"
    if action not in policy.vocabulary.actions:
        raise Refused(field, f"the policy has no action `{action}`")
    field = "reasons"
    unknown = [name for name in answer.reasons if name not in policy.vocabulary.reasons]
    if unknown:
        raise Refused(field, f"the policy has no reason `{unknown[0]}`")
    return Answer(action=action, reasons=answer.reasons)


def _policy(answer: Answer, policy: Policy, decided: Any) -> str | None:  # noqa: ANN401 - a row
    """The policy of the first reason, else that of the decision."""
    first: Sequence[str] = answer.reasons[:1]
    for name in first:
        if (reason := policy.vocabulary.reasons.get(name)) is not None:
            return reason.policy
    return None if decided is None else decided.policy


def _tell(  # noqa: PLR0913 - as an audit event has it
    connection: Connection,
    kind: str,
    item: UUID,
    gold: UUID,
    *,
    by: str,
    at: datetime,
    details: Mapping[str, object],
) -> None:
    event = AuditEvent(at=at, actor=by, kind=kind, item_id=item, subject=str(gold), details=details)
    record(connection, [event])
