"""Users report items: what they say becomes `reports.*` fields, and the item is judged again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from engine.item import Value
from engine.reliability import Prior
from queues import reporters
from queues.arms import Arms, Judging
from queues.errors import NotFound
from queues.ids import as_id, new_id
from queues.judging import Facts, Judge
from queues.messages import fields_of
from queues.reporters import RELIABILITY, WEIGHT, Ruling
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store

#: The fields that reports fill, where the vocabulary declares them.
COUNT: Final = "reports.count"
REASONS: Final = "reports.reasons"

_FIND: Final = text("""
SELECT id, sender_id, verdict_id, action FROM items
WHERE (sender_id = ANY(:names) OR id = ANY(CAST(:ids AS uuid[]))) AND state <> 'erased'
ORDER BY id FOR NO KEY UPDATE
""")
_INPUTS: Final = text("SELECT item_id, input FROM verdicts WHERE id = ANY(:verdicts)")
_DECIDED: Final = text("""
SELECT id AS item_id, sender_id, kind, author_id, language, decision_id FROM items
WHERE id = ANY(:items) AND state = 'decided' AND decision_id IS NOT NULL
""")
_DECISIONS: Final = text("""
SELECT id, made_by, tier, action, reasons, at FROM decisions WHERE id = ANY(:ids)
""")
_ADD: Final = text("""
INSERT INTO reports (id, item_id, reporter, reasons, comment, found)
VALUES (:id, :item_id, :reporter, :reasons, :comment, :found)
ON CONFLICT (item_id, reporter) DO NOTHING
""")
_SUM: Final = text("""
SELECT item_id, count(DISTINCT reports.id) AS count,
       array_remove(array_agg(DISTINCT reason), NULL) AS reasons
FROM reports LEFT JOIN LATERAL unnest(reports.reasons) AS reason ON true
WHERE item_id = ANY(:items) GROUP BY item_id
""")

Row = Mapping[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one person says about one item."""

    item: str
    """Our id, or the sender's."""
    reporter: str
    reasons: tuple[str, ...] = ()
    comment: str | None = field(default=None, repr=False)


class Again(Protocol):
    """Judges items once more, in a transaction."""

    def again(
        self, connection: Connection, arms: Arms, facts: Mapping[UUID, Facts], *, cause: str
    ) -> None:
        """Judge items with new facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Takes reports."""

    store: Store
    judging: Judging
    rejudging: Again
    prior: Prior = field(default_factory=Prior)
    """What is thought of people who have not reported yet."""

    def report(self, reports: Sequence[Report], *, actor: str) -> list[UUID]:
        """Keep reports, one a person and item, and judge the items again where one is new.

        Where nobody is going to decide about an item any more, whoever reports it is told at once.

        Returns:
            The item of each report.

        Raises:
            NotFound: an item is not known; nothing is kept.
        """
        arms = self.judging()
        with self.store.transaction() as connection:
            items, rows = _find(connection, sorted({report.item for report in reports}))
            if missing := [report.item for report in reports if report.item not in items]:
                kind = "item"
                raise NotFound(kind, missing[0])
            fresh = [each for each in reports if _add(connection, each, rows[items[each.item]])]
            if fresh:
                self._judge(connection, arms, [rows[items[report.item]] for report in fresh])
                at = connection.execute(select(func.now())).scalar_one()
                record(connection, [_audited(at, each, items[each.item], actor) for each in fresh])
        return [items[report.item] for report in reports]

    def _judge(self, connection: Connection, arms: Arms, rows: Sequence[Row]) -> None:
        """Judge items again, and answer reports of those that are decided."""
        judge = arms.control
        wanted = [row["verdict_id"] for row in rows]
        inputs = connection.execute(_INPUTS, {"verdicts": wanted}).mappings()
        before = {
            row["item_id"]: fields_of(judge.reader, {"raw": row["input"]["raw"]}, {})
            for row in inputs
        }
        facts = _facts(connection, judge, before, self.prior)
        self.rejudging.again(connection, arms, facts, cause="reports")
        rulings = _rulings(connection, before)
        reporters.settle(connection, judge.release.policy, rulings, anew=False)


def _audited(at: datetime, report: Report, item: UUID, actor: str) -> AuditEvent:
    return AuditEvent(
        at=at,
        actor=actor,
        kind="item.reported",
        item_id=item,
        details={"reasons": list(report.reasons)},
    )


def _find(connection: Connection, names: Sequence[str]) -> tuple[dict[str, UUID], dict[UUID, Row]]:
    """Items by the names people use for them, and how each stands."""
    ids = [found for name in names if (found := as_id(name)) is not None]
    rows = connection.execute(_FIND, {"names": names, "ids": ids}).mappings().all()
    items = {row["sender_id"]: row["id"] for row in rows}
    items |= {str(row["id"]): row["id"] for row in rows}
    return items, {row["id"]: row for row in rows}


def _add(connection: Connection, report: Report, item: Row) -> bool:
    added = connection.execute(
        _ADD,
        {
            "id": new_id(),
            "item_id": item["id"],
            "reporter": report.reporter,
            "reasons": list(report.reasons),
            "comment": report.comment,
            "found": item["action"],
        },
    )
    return bool(added.rowcount)


def _rulings(connection: Connection, items: Mapping[UUID, Facts]) -> list[Ruling]:
    """What holds of items that nobody is about to decide."""
    rows = connection.execute(_DECIDED, {"items": list(items)}).mappings().all()
    ids = {"ids": [row["decision_id"] for row in rows]}
    decisions = {row["id"]: row for row in connection.execute(_DECISIONS, ids).mappings()}
    return [_ruling(row, decisions[row["decision_id"]], items[row["item_id"]]) for row in rows]


def _ruling(item: Row, decision: Row, fields: Facts) -> Ruling:
    return Ruling(
        item_id=item["item_id"],
        sender_id=item["sender_id"],
        author_id=item["author_id"],
        language=item["language"],
        decision_id=item["decision_id"],
        action=decision["action"],
        reasons=tuple(decision["reasons"]),
        made_by=decision["made_by"],
        tier=decision["tier"],
        at=decision["at"],
        fields={**fields, "item.kind": item["kind"], "item.id": item["sender_id"]},
    )


def _facts(
    connection: Connection, judge: Judge, before: Mapping[UUID, Facts], prior: Prior
) -> dict[UUID, Facts]:
    """All reports of items: those the platform told of when it sent them, and those kept here."""
    declared = judge.release.policy.vocabulary.fields
    items = list(before)
    weighed = {RELIABILITY, WEIGHT} & declared.keys()
    weights = reporters.facts_of(connection, items, prior) if weighed else {}
    facts: dict[UUID, Facts] = {item: {} for item in items}
    for row in connection.execute(_SUM, {"items": items}).mappings():
        item = row["item_id"]
        added = {**_added(before[item], row), **_weighed(before[item], weights.get(item, {}))}
        facts[item] = {name: value for name, value in added.items() if name in declared}
    return facts


def _added(before: Facts, row: Row) -> dict[str, Value]:
    ticked = before.get(REASONS, frozenset())
    count: int = row["count"]
    reasons = frozenset[str](row["reasons"])
    return {
        COUNT: count + _number(before, COUNT),
        REASONS: reasons | (ticked if isinstance(ticked, frozenset) else frozenset()),
    }


def _weighed(before: Facts, weights: Facts) -> dict[str, Value]:
    """The weight of reports, beside what the platform weighed itself."""
    return {
        RELIABILITY: max(_number(weights, RELIABILITY), _number(before, RELIABILITY)),
        WEIGHT: _number(weights, WEIGHT) + _number(before, WEIGHT),
    }


def _number(fields: Facts, name: str) -> float:
    value = fields.get(name, 0)
    return value if isinstance(value, int | float) else 0
