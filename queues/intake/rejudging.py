"""Items that are judged once more: signals arrived, or users reported them.

People are never overruled by a machine: where somebody decided, or is about to, a new verdict can
ask for another look, and can bring a case to a higher tier, but it changes no action.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from engine.verdict import TIER_RANK, Tier
from queues.ids import new_id
from queues.intake.accepting import write_verdict
from queues.intake.answers import State
from queues.intake.effects import Subject, act, open_case, open_cases
from queues.intake.rows import Rows
from queues.judging import Facts, Judge, Judged, typed_facts
from queues.ports import Clock
from queues.store.ledger import AuditEvent
from queues.store.notices import Topic, notify
from queues.store.outbox import PRIORITIES, Task, take
from queues.store.session import Store

_ITEMS: Final = text("""
SELECT items.id, items.state, items.tier, items.action, items.decision_id,
       verdicts.input, verdicts.trace,
       EXISTS (SELECT FROM decisions WHERE decisions.item_id = items.id AND made_by <> 'machine')
           AS decided_by_people
FROM items JOIN verdicts ON verdicts.id = items.verdict_id
WHERE items.id = ANY(:items) AND items.state <> 'erased'
ORDER BY items.id FOR UPDATE OF items
""")
_OPEN: Final = text("""
SELECT item_id, id, tier, enqueued_at FROM cases
WHERE item_id = ANY(:items) AND purpose = 'review' AND state IN ('waiting', 'open')
FOR UPDATE
""")
_ARRIVED: Final = text("""
SELECT item_id, found FROM signal_orders WHERE item_id = ANY(:items) AND found IS NOT NULL
""")
_KEEP: Final = text("""
UPDATE items SET verdict_id = :verdict, tier = :tier, state = :state, action = :action,
    decision_id = coalesce(CAST(:decision AS uuid), decision_id),
    decided_at = CASE WHEN :state = 'decided' THEN coalesce(decided_at, now()) END
WHERE id = :item
""")
_URGENT: Final = text("""
UPDATE cases SET priority = least(priority, :priority), due_at = least(due_at, :due) WHERE id = :id
""")
_ESCALATE: Final = text("""
UPDATE cases SET state = 'escalated', closed_at = now(), claimed_by = NULL, lease_until = NULL
WHERE id = :id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudging:
    """Judges items again."""

    store: Store
    judge: Callable[[], Judge]
    clock: Clock

    def arrived(self, rows: Sequence[int]) -> None:
        """Judge items whose slow signals have come or will not come; rows are of the outbox."""
        judge = self.judge()
        with self.store.transaction() as connection:
            items = take(connection, Task.JUDGE, rows)
            found: dict[UUID, dict[str, Any]] = {item: {} for item in items}
            for row in connection.execute(_ARRIVED, {"items": items}).mappings():
                found[row["item_id"]].update(row["found"])
            self.again(connection, judge, found, cause="signals")

    def again(
        self, connection: Connection, judge: Judge, facts: Mapping[UUID, Facts], *, cause: str
    ) -> None:
        """Judge items with new facts, in the transaction of a connection.

        Args:
            connection: Of a unit of work.
            judge: What judges.
            facts: By item; they are added to those of the verdict in force.
            cause: `signals` or `reports`.
        """
        items = {"items": sorted(facts)}
        standing = connection.execute(_ITEMS, items).mappings().all()
        if not standing:
            return
        cases = {row["item_id"]: row for row in connection.execute(_OPEN, items).mappings()}
        rows = Rows()
        for row, judged in zip(standing, self._judge(judge, standing, facts), strict=True):
            subject = Subject(
                item_id=row["id"],
                verdict_id=new_id(),
                judged=judged,
                policy=judge.release.policy,
            )
            write_verdict(rows, subject, judge, cause=cause)
            change = _change(connection, rows, subject, row, cases.get(row["id"]))
            connection.execute(_KEEP, change)
            rows.audit.append(_audited(subject, judge, cause))
            if change["state"] == State.DECIDED and row["state"] != State.DECIDED:
                notify(connection, Topic.DECIDED, str(subject.item_id))
        rows.write(connection)

    def _judge(
        self, judge: Judge, standing: Sequence[RowMapping], facts: Mapping[UUID, Facts]
    ) -> list[Judged]:
        raws = [row["input"]["raw"] for row in standing]
        return judge.judge(
            raws,
            [judge.reader.read(raw) for raw in raws],
            [{**typed_facts(row["input"]["facts"]), **facts[row["id"]]} for row in standing],
            self.clock.now(),
            count=False,
        )


def _change(
    connection: Connection,
    rows: Rows,
    subject: Subject,
    row: RowMapping,
    case: RowMapping | None,
) -> dict[str, object]:
    """What a new verdict changes: the new values of the row of the item."""
    change: dict[str, object] = {
        "item": subject.item_id,
        "verdict": subject.verdict_id,
        "tier": subject.verdict.tier.value,
        "state": row["state"],
        "action": row["action"],
        "decision": None,
    }
    verdict = subject.verdict
    if row["state"] == State.WAITING_FOR_SIGNALS:
        change["action"] = verdict.action
        change["decision"] = act(rows, subject)
        opened = open_cases(rows, subject)
        change["state"] = State.DECIDED if opened is None else State.IN_REVIEW
        return change
    if not row["decided_by_people"] and _stricter(subject, row["action"]):
        change["action"] = verdict.action
        change["decision"] = act(rows, subject, supersedes=row["decision_id"])
    if _raise_case(connection, rows, subject, row, case):
        change["state"] = State.IN_REVIEW
    return change


def _raise_case(
    connection: Connection,
    rows: Rows,
    subject: Subject,
    row: RowMapping,
    case: RowMapping | None,
) -> bool:
    """Bring the item before the people the new verdict asks for; says whether it waits for them."""
    review = subject.verdict.review
    if review is None:
        return case is not None
    if case is None:
        if row["decided_by_people"] and review.rule in _rules(row["trace"]):
            return False  # they knew that when they decided
        open_case(rows, subject, review, purpose="review")
        return True
    if TIER_RANK[review.tier] > TIER_RANK[Tier(case["tier"])]:
        connection.execute(_ESCALATE, {"id": case["id"]})
        open_case(
            rows,
            subject,
            review,
            purpose="review",
            enqueued_at=case["enqueued_at"],
            escalated_from=case["id"],
        )
        return True
    connection.execute(
        _URGENT,
        {
            "id": case["id"],
            "priority": PRIORITIES[review.priority],
            "due": subject.due(review),
        },
    )
    return True


def _stricter(subject: Subject, action: str) -> bool:
    actions = subject.policy.vocabulary.actions
    now = actions.get(action)
    return now is None or actions[subject.verdict.action].strictness > now.strictness


def _rules(trace: Mapping[str, Any]) -> set[str]:
    return {rule["name"] for rule in trace["rules"]}


def _audited(subject: Subject, judge: Judge, cause: str) -> AuditEvent:
    return AuditEvent(
        at=subject.judged.at,
        actor="machine",
        kind="item.judged_again",
        item_id=subject.item_id,
        subject=str(subject.verdict_id),
        details={
            "cause": cause,
            "tier": subject.verdict.tier.value,
            "action": subject.verdict.action,
            "release": judge.release.name,
        },
    )
