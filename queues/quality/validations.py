"""Final decisions, of machine and people alike, that a senior looks at once more, blind.

They are drawn by a hash of their id and random bits of this installation, so nobody can work out
which, and who draws again draws the same. The chance at which each was drawn stands beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from engine.rules.model import Policy
from engine.rules.vocabulary import Queue
from engine.verdict import Priority, Review, Severity, Tier
from queues.ids import id_floor
from queues.quality.purposes import Purpose
from queues.store.casework import NewCase, add_case, panel_queue
from queues.store.session import Store

#: What was decided so lately waits: transactions that decide may not have ended.
_SETTLED: Final = timedelta(seconds=10)
#: Of so much time what was decided is drawn in one transaction.
_AT_ONCE: Final = timedelta(hours=1)
#: Ids tell where to look. They are of the clock of a machine, which may be wrong by so much, and
#: that of an item is of when it came: it may have waited so long for signals.
_AROUND: Final = timedelta(hours=1)
#: Seconds that there are at least for it: it is less urgent than all else.
_DAY: Final = 86_400.0
_NAME: Final = Purpose.VALIDATION.value
#: Of decisions that name no policy.
_POLICY: Final = "general"

_MARK: Final = text("""
SELECT until, now() AS now FROM validation_draws FOR UPDATE SKIP LOCKED
""")
_MOVE: Final = text("UPDATE validation_draws SET until = :until")
_OPEN: Final = text("""
SELECT count(*) FROM cases WHERE purpose = 'validation' AND state IN ('waiting', 'open')
""")
# In force, and nobody is at the item. Where no rule asked for anything there is no decision but the
# verdict.
_FINAL: Final = """
WITH final AS MATERIALIZED (
    SELECT decisions.id, decisions.item_id, decisions.verdict_id, decisions.action,
        CASE made_by WHEN 'machine' THEN 'auto' ELSE decisions.tier END AS tier, policy, reasons,
        items.language, items.content
    FROM decisions JOIN items ON items.id = decisions.item_id AND items.decision_id = decisions.id
    WHERE decisions.id >= :floor AND decisions.id < :ceiling AND at >= :from AND at < :to
        AND items.state = 'decided'
    UNION ALL
    SELECT verdict_id, id, verdict_id, action, 'auto', NULL, '{}', language, content
    FROM items WHERE id >= :floor AND id < :ceiling AND decided_at >= :from
        AND decided_at < :to AND state = 'decided' AND decision_id IS NULL
)
"""
_COUNT: Final = text(f"{_FINAL} SELECT count(*) FROM final")  # noqa: S608 - made of constants
# Whoever revises a decision has no vote; the audit knows them. Items are locked in their order.
_DRAW: Final = text(f"""
{_FINAL}
SELECT final.*, known.severity, revised.by
FROM final
LEFT JOIN LATERAL (SELECT severity FROM cases WHERE cases.item_id = final.item_id
    ORDER BY id DESC LIMIT 1) AS known ON true
LEFT JOIN LATERAL (SELECT substr(actor, length('reviewer:') + 1) AS by FROM audit_events
    WHERE audit_events.item_id = final.item_id AND audit_events.id >= :floor
        AND kind = 'decision.made' AND starts_with(actor, 'reviewer:')
        AND details ->> 'decision' = final.id::text LIMIT 1) AS revised ON true
WHERE ('x' || encode(substr(sha256(CAST(:key AS bytea) || uuid_send(final.id)), 1, 6), 'hex'))
    ::bit(48)::bigint / power(2::float8, 48) < :share
ORDER BY final.item_id
""")  # noqa: S608 - made of constants
_NOTE: Final = text("""
INSERT INTO validations (case_id, decision_id, tier, action, inclusion, revised_by)
VALUES (:case, :decision, :tier, :action, :inclusion, :revised_by)
ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validations:
    """Draws final decisions, and opens a case of one senior for each."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force; raises Unavailable where there is none."""
    share: float
    """Of final decisions; 0: none are drawn."""
    most: int
    """That wait at once. Where there would be more, fewer are drawn, and each stands for more."""
    key: bytes = field(repr=False)
    """Makes the draw one that nobody can work out from the id of a decision."""

    def draw(self) -> int:
        """Draw from what was decided since the last time; says how many cases were opened.

        Without a share, or without a queue of panels, what was decided goes by.

        Raises:
            Unavailable: no release is in force, or the database is away.
        """
        queue = panel_queue(self.policy().vocabulary.queues)
        opened, done = 0, False
        while not done:
            with self.store.transaction() as connection:
                mark = connection.execute(_MARK).one_or_none()
                if mark is None:  # somebody else is at it
                    break
                settled = mark.now - _SETTLED
                until = min(mark.until + _AT_ONCE, settled)
                if until > mark.until:
                    if self.share and queue is not None:
                        opened += self._drawn(connection, queue, mark.until, until)
                    connection.execute(_MOVE, {"until": until})
                done = until >= settled
        return opened

    def _drawn(self, connection: Connection, queue: Queue, since: datetime, until: datetime) -> int:
        decided = {
            "from": since,
            "to": until,
            "floor": id_floor(since - _AROUND),
            "ceiling": id_floor(until + _AROUND),
        }
        room = self.most - connection.execute(_OPEN).scalar_one()
        among = connection.execute(_COUNT, decided).scalar_one()
        if room <= 0 or not among:
            return 0
        share = min(self.share, room / among)
        rows = connection.execute(_DRAW, decided | {"key": self.key, "share": share}).all()
        return sum(_opened(connection, queue, row, share) for row in rows)


def _opened(connection: Connection, queue: Queue, row: Row[Any], share: float) -> bool:
    """Open the case of one decision; False: the item has such a case already."""
    case = NewCase(
        item_id=row.item_id,
        verdict_id=row.verdict_id,
        purpose=_NAME,
        review=Review(
            tier=Tier.SENIOR,
            queue=queue.name,
            priority=Priority.LOW,
            due_in=max(queue.sla, _DAY),
            reason=next(iter(row.reasons), _NAME),
            rule=_NAME,
        ),
        policy=row.policy or _POLICY,
        severity=Severity(row.severity or Severity.MEDIUM),
        language=row.language,
        # However many see it: it is decided, and nothing is at stake.
        reach=0.0,
        content=row.content,
    )
    if not add_case(connection, case):
        return False
    noted = {
        "case": case.id,
        "decision": row.id,
        "tier": row.tier,
        "action": row.action,
        "inclusion": share,
        "revised_by": row.by,
    }
    connection.execute(_NOTE, noted)
    return True
