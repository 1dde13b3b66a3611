"""A release in the shadow of the one in force: it judges what was judged, and nothing comes of it.

Upkeep reads verdicts as they are stored, with the values that counters and classifiers had, so the
way of items does not get slower. Only what differs is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, DateTime, Row, bindparam, insert, text
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from engine.errors import InvalidItem
from engine.quality import effects
from engine.quality.effects import Effect, Treatment, cells
from engine.quality.proportions import Share, weighted_share
from engine.verdict import HitStatus, Tier
from queues.ids import SKEW, id_floor
from queues.judging import Judge
from queues.policies.artefacts import stored_release
from queues.store import trials
from queues.store.locks import Lock, wait_for
from queues.store.session import Store
from queues.store.tables.releasing import shadow_differences
from queues.store.trials import Trial, TrialKind

#: Verdicts that are looked at in one unit of work.
_MOST: Final = 1_000
# In the order of their moments, which one clock tells: ids are of the clocks of many machines.
# Rows that are committed some seconds after their moment must not be passed over; and a shadow that
# is far behind does not sort all that is to come for each part.
_UNTIL: Final = text("""
SELECT least(latest, CAST(:since AS timestamptz) + interval '10 minutes') AS until, latest
FROM (SELECT now() - interval '10 seconds' AS latest) AS its
""")
_VERDICTS: Final = text("""
SELECT id, item_id, at, tier, action, input FROM verdicts
WHERE id >= :floor AND at >= :since AND (at, id) > (:since, :seen)
    AND at < :until AND release = :against AND input -> 'raw' IS NOT NULL
ORDER BY at, id LIMIT :most
""").bindparams(
    bindparam("seen", type_=UUID_TYPE(as_uuid=True)),
    bindparam("since", type_=DateTime(timezone=True)),
)
_MATRIX: Final = text("""
SELECT tier_before, action_before, tier, action, count(*) AS items,
    (array_agg(item_id ORDER BY verdict_id))[1:5] AS samples
FROM shadow_differences WHERE trial_id = :trial GROUP BY 1, 2, 3, 4
ORDER BY items DESC, 1, 2, 3, 4
""")
# The last word of people about each item. Those about duplicates are one look, and count once.
_DECIDED: Final = text("""
SELECT DISTINCT ON (its.item_id) its.item_id, its.tier_before, its.action_before, its.tier,
    its.action, made.action AS found, verdict.inclusion
FROM (SELECT * FROM shadow_differences WHERE trial_id = :trial
    ORDER BY uuid_hash(verdict_id), verdict_id LIMIT :most) AS its
JOIN cases ON cases.item_id = its.item_id
CROSS JOIN LATERAL (SELECT action, twin_of FROM decisions
    WHERE decisions.id = cases.decision_id LIMIT 1) AS made
CROSS JOIN LATERAL (SELECT inclusion_probability AS inclusion FROM verdicts
    WHERE verdicts.id = its.verdict_id LIMIT 1) AS verdict
WHERE cases.state = 'decided' AND cases.purpose IN ('review', 'sample')
    AND made.twin_of IS NULL AND verdict.inclusion > 0
ORDER BY its.item_id, cases.id DESC
""")
_MOST_LOOKED_UP: Final = 20_000
_PUBLISH: Final = "publish"
_FIRST: Final = UUID(int=0)
_DECIDING: Final = (HitStatus.LIVE, HitStatus.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Items that the shadow would have treated otherwise, in one way."""

    tier_before: str
    action_before: str
    tier: str
    action: str
    items: int
    samples: tuple[UUID, ...]
    """The first of them."""
    upheld: int
    """Items of which people say what the shadow would have done."""
    overturned: int
    """Items of which people say otherwise."""
    precision: Share
    """How often the shadow is right, over all such items: weighted by 1/π."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowing:
    """Lets a shadow look at what comes in."""

    store: Store

    def follow(self) -> int:
        """Look at verdicts since the last time; says how many."""
        total, more = 0, True
        while more:
            looked, more = self._look()
            total += looked
        return total

    def _look(self) -> tuple[int, bool]:
        """Look at one part; how many verdicts that was, and whether there are more parts."""
        with self.store.transaction() as connection:
            wait_for(connection, Lock.SHADOWING)
            trial = trials.running(connection, TrialKind.SHADOW)
            if trial is None:
                return 0, False
            rows, until = _unseen(connection, trial)
            if not rows and until is None:
                return 0, False
            self._judge(connection, trial, rows, until)
        return len(rows), until is not None or len(rows) == _MOST

    def _judge(
        self,
        connection: Connection,
        trial: Trial,
        rows: Sequence[Mapping[str, Any]],
        until: datetime | None,
    ) -> None:
        found: list[dict[str, object]] = []
        unreadable = 0
        if rows:
            judge = Judge(stored_release(connection, trial.release))
            found, unreadable = _judged(judge, trial, rows)
        if found:
            connection.execute(insert(shadow_differences), found)
        trials.looked_at(
            connection,
            trial.id,
            seen=rows[-1]["id"] if until is None else None,
            seen_at=rows[-1]["at"] if until is None else until,
            judged=len(rows),
            bad=unreadable,
        )


def differences(connection: Connection, trial: Trial) -> list[Cell]:
    """What a shadow would have done otherwise, the most frequent first, and what people say of it.

    People decided what the release in force sent to them, or what was drawn as a sample: the first
    20,000 differences by a hash are looked up.
    """
    told = {(each.before, each.after): each for each in cells((), _decided(connection, trial))}
    rows = connection.execute(_MATRIX, {"trial": trial.id}).all()
    return [_cell(row, told.get((_before(row), _after(row)))) for row in rows]


def _decided(connection: Connection, trial: Trial) -> list[Effect]:
    """Differences about whose items people decided."""
    given = {"trial": trial.id, "most": _MOST_LOOKED_UP}
    return [
        Effect(
            item=str(row.item_id),
            before=_before(row),
            after=_after(row),
            violating=row.found != _PUBLISH,
            weight=1 / row.inclusion,
        )
        for row in connection.execute(_DECIDED, given)
    ]


def _cell(row: Row[Any], told: effects.Cell | None) -> Cell:
    nobody = weighted_share([], [])
    return Cell(
        tier_before=row.tier_before,
        action_before=row.action_before,
        tier=row.tier,
        action=row.action,
        items=row.items,
        samples=tuple(row.samples),
        upheld=0 if told is None else told.upheld,
        overturned=0 if told is None else told.overturned,
        precision=nobody if told is None else told.precision,
    )


def _before(row: Row[Any]) -> Treatment:
    return Treatment(Tier(row.tier_before), row.action_before)


def _after(row: Row[Any]) -> Treatment:
    return Treatment(Tier(row.tier), row.action)


def _unseen(
    connection: Connection, trial: Trial
) -> tuple[Sequence[Mapping[str, Any]], datetime | None]:
    """The next verdicts, and the moment up to which these are all, if there is more after it."""
    since = trial.seen_at or trial.started_at
    until, latest = connection.execute(_UNTIL, {"since": since}).one()
    given = {
        "seen": _FIRST if trial.seen is None or trial.seen_at is None else trial.seen,
        "since": since,
        "until": until,
        "floor": id_floor(since - SKEW),
        "against": trial.against,
        "most": _MOST,
    }
    rows = [dict(row) for row in connection.execute(_VERDICTS, given).mappings()]
    return rows, until if until < latest and len(rows) < _MOST else None


def _judged(
    judge: Judge, trial: Trial, rows: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, object]], int]:
    """What differs, and how many items the shadow's vocabulary cannot read."""
    found: list[dict[str, object]] = []
    unreadable = 0
    for row in rows:
        try:
            verdict = judge.verdict_on(row["input"], row["at"])
        except InvalidItem:
            unreadable += 1
            continue
        if (verdict.tier, verdict.action) == (row["tier"], row["action"]):
            continue
        found.append(
            {
                "trial_id": trial.id,
                "verdict_id": row["id"],
                "item_id": row["item_id"],
                "tier_before": row["tier"],
                "action_before": row["action"],
                "tier": verdict.tier.value,
                "action": verdict.action,
                "rules": [hit.rule for hit in verdict.hits if hit.status in _DECIDING],
            }
        )
    return found, unreadable
