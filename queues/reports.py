"""Users report items: what they say becomes `reports.*` fields, and the item is judged again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from engine.item import Value
from queues.errors import NotFound
from queues.ids import as_id, new_id
from queues.judging import Facts, Judge
from queues.store.ledger import AuditEvent, record
from queues.store.session import Store

#: The fields that reports fill, where the vocabulary declares them.
COUNT: Final = "reports.count"
REASONS: Final = "reports.reasons"

_FIND: Final = text("""
SELECT id, sender_id, verdict_id FROM items
WHERE (sender_id = ANY(:names) OR id = ANY(CAST(:ids AS uuid[]))) AND state <> 'erased'
ORDER BY id FOR NO KEY UPDATE
""")
_INPUTS: Final = text("SELECT item_id, input FROM verdicts WHERE id = ANY(:verdicts)")
_ADD: Final = text("""
INSERT INTO reports (id, item_id, reporter, reasons, comment)
VALUES (:id, :item_id, :reporter, :reasons, :comment)
ON CONFLICT (item_id, reporter) DO NOTHING
""")
_SUM: Final = text("""
SELECT item_id, count(DISTINCT reports.id) AS count,
       array_remove(array_agg(DISTINCT reason), NULL) AS reasons
FROM reports LEFT JOIN LATERAL unnest(reports.reasons) AS reason ON true
WHERE item_id = ANY(:items) GROUP BY item_id
""")


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
        self, connection: Connection, judge: Judge, facts: Mapping[UUID, Facts], *, cause: str
    ) -> None:
        """Judge items with new facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Takes reports."""

    store: Store
    judge: Callable[[], Judge]
    rejudging: Again

    def report(self, reports: Sequence[Report], *, actor: str) -> list[UUID]:
        """Keep reports, one a person and item, and judge the items again where one is new.

        Returns:
            The item of each report.

        Raises:
            NotFound: an item is not known; nothing is kept.
        """
        judge = self.judge()
        with self.store.transaction() as connection:
            items, verdicts = _find(connection, sorted({report.item for report in reports}))
            if missing := [report.item for report in reports if report.item not in items]:
                kind = "item"
                raise NotFound(kind, missing[0])
            fresh = [report for report in reports if _add(connection, report, items[report.item])]
            if fresh:
                wanted = [verdicts[items[report.item]] for report in fresh]
                inputs = connection.execute(_INPUTS, {"verdicts": wanted}).mappings()
                facts = _facts(
                    connection, judge, {row["item_id"]: row["input"]["raw"] for row in inputs}
                )
                self.rejudging.again(connection, judge, facts, cause="reports")
                at = connection.execute(select(func.now())).scalar_one()
                record(connection, [_audited(at, each, items[each.item], actor) for each in fresh])
        return [items[report.item] for report in reports]


def _audited(at: datetime, report: Report, item: UUID, actor: str) -> AuditEvent:
    return AuditEvent(
        at=at,
        actor=actor,
        kind="item.reported",
        item_id=item,
        details={"reasons": list(report.reasons)},
    )


def _find(connection: Connection, names: Sequence[str]) -> tuple[dict[str, UUID], dict[UUID, UUID]]:
    """Items by the names people use for them, and the verdict in force of each."""
    ids = [found for name in names if (found := as_id(name)) is not None]
    rows = connection.execute(_FIND, {"names": names, "ids": ids}).mappings().all()
    items = {row["sender_id"]: row["id"] for row in rows}
    items |= {str(row["id"]): row["id"] for row in rows}
    return items, {row["id"]: row["verdict_id"] for row in rows}


def _add(connection: Connection, report: Report, item: UUID) -> bool:
    added = connection.execute(
        _ADD,
        {
            "id": new_id(),
            "item_id": item,
            "reporter": report.reporter,
            "reasons": list(report.reasons),
            "comment": report.comment,
        },
    )
    return bool(added.rowcount)


def _facts(
    connection: Connection, judge: Judge, sent: Mapping[UUID, Mapping[str, object]]
) -> dict[UUID, Facts]:
    """All reports of items: those the platform told of when it sent them, and those kept here."""
    declared = judge.release.policy.vocabulary.fields
    facts: dict[UUID, Facts] = {item: {} for item in sent}
    for row in connection.execute(_SUM, {"items": list(sent)}).mappings():
        before = judge.reader.read(sent[row["item_id"]]).fields
        facts[row["item_id"]] = {
            name: value for name, value in _added(before, row).items() if name in declared
        }
    return facts


def _added(before: Facts, row: Mapping[Any, Any]) -> dict[str, Value]:
    told, ticked = before.get(COUNT, 0), before.get(REASONS, frozenset())
    count: int = row["count"]
    reasons = frozenset[str](row["reasons"])
    return {
        COUNT: count + (told if isinstance(told, int | float) else 0),
        REASONS: reasons | (ticked if isinstance(ticked, frozenset) else frozenset()),
    }
