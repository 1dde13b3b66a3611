"""A release in the shadow of the one in force: it judges what was judged, and nothing comes of it.

Upkeep reads verdicts as they are stored, with the values that counters and classifiers had, so the
way of items does not get slower. Only what differs is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, text
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from engine.errors import InvalidItem
from engine.verdict import HitStatus
from queues.ids import id_floor
from queues.judging import Judge
from queues.policies.artefacts import stored_release
from queues.store import trials
from queues.store.locks import Lock, wait_for
from queues.store.session import Store
from queues.store.tables.releasing import shadow_differences
from queues.store.trials import Trial, TrialKind

#: Verdicts that are looked at in one unit of work.
_MOST: Final = 1_000
# What an id says is when its row was begun; rows that are committed later must not be passed over.
_VERDICTS: Final = text("""
SELECT id, item_id, at, tier, action, input FROM verdicts
WHERE id > :seen AND at >= :since AND at < now() - interval '10 seconds'
    AND release = :against AND input -> 'raw' IS NOT NULL
ORDER BY id LIMIT :most
""").bindparams(bindparam("seen", type_=UUID_TYPE(as_uuid=True)))
_MATRIX: Final = text("""
SELECT tier_before, action_before, tier, action, count(*) AS items,
    (array_agg(item_id ORDER BY verdict_id))[1:5] AS samples
FROM shadow_differences WHERE trial_id = :trial GROUP BY 1, 2, 3, 4
ORDER BY items DESC, 1, 2, 3, 4
""")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowing:
    """Lets a shadow look at what comes in."""

    store: Store

    def follow(self) -> int:
        """Look at verdicts since the last time; says how many."""
        total = 0
        while (looked := self._look()) == _MOST:
            total += looked
        return total + looked

    def _look(self) -> int:
        with self.store.transaction() as connection:
            wait_for(connection, Lock.SHADOWING)
            trial = trials.running(connection, TrialKind.SHADOW)
            if trial is None:
                return 0
            rows = _unseen(connection, trial)
            if not rows:
                return 0
            judge = Judge(stored_release(connection, trial.release))
            found, unreadable = _judged(judge, trial, rows)
            if found:
                connection.execute(insert(shadow_differences), found)
            seen = rows[-1]["id"]
            trials.looked_at(connection, trial.id, seen=seen, judged=len(rows), bad=unreadable)
        return len(rows)


def differences(connection: Connection, trial: Trial) -> list[Cell]:
    """What a shadow would have done otherwise, the most frequent first."""
    rows = connection.execute(_MATRIX, {"trial": trial.id}).mappings()
    return [Cell(**{**row, "samples": tuple(row["samples"])}) for row in rows]


def _unseen(connection: Connection, trial: Trial) -> Sequence[Mapping[str, Any]]:
    given = {
        "seen": trial.seen or id_floor(trial.started_at),
        "since": trial.started_at,
        "against": trial.against,
        "most": _MOST,
    }
    return [dict(row) for row in connection.execute(_VERDICTS, given).mappings()]


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
